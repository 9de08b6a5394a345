#include "host/process.h"

#include "host/code_memory.h"
#include "host/descriptor.h"
#include "host/failure.h"
#include "host/shadow_space.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <string>

namespace ringer::host {

namespace {

std::array<bool, 3> missing_streams{};

Nanoseconds read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<u64>(time.tv_sec) * 1'000'000'000 + static_cast<u64>(time.tv_nsec);
}

} // namespace

void fill_standard_streams() {
    for (int number = 0; number < 3; ++number) {
        if (fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
        missing_streams[static_cast<std::size_t>(number)] = true;
        // The lowest free number is the one that is missing.
        [[maybe_unused]] const int filled = ::open("/dev/null", O_RDWR);
    }
}

bool standard_input_missing() { return missing_streams[STDIN_FILENO]; }
bool standard_output_missing() { return missing_streams[STDOUT_FILENO]; }

namespace {

int write_text(int descriptor, std::string_view text) {
    return write_all(descriptor, std::span(reinterpret_cast<const u8*>(text.data()), text.size()));
}

} // namespace

Result<void> print(std::string_view text) {
    const int code = standard_output_missing() ? EBADF : write_text(STDOUT_FILENO, text);
    if (code != 0)
        return host_error("standard output: cannot be written ({}); redirect it to a file or a terminal",
                          reason(code));
    return {};
}

void print_error(std::string_view text) { (void)write_text(STDERR_FILENO, text); }

namespace {

/// What CodeMemory holds is mapped twice, and the host counts it as often.
u64 code_memory_counted_twice() {
    std::ifstream mappings("/proc/self/smaps");
    u64 to_write = 0, to_execute = 0;
    u64* counted = nullptr;
    const std::string name = std::string(" /memfd:") + CodeMemory::object_name;
    for (std::string line; std::getline(mappings, line);) {
        if (line.find(name) != std::string::npos)
            counted = line.find(" r-xs ") != std::string::npos ? &to_execute : &to_write;
        if (!counted || !line.starts_with("Rss:")) continue;
        *counted += std::stoull(line.substr(4)) * 1024;
        counted = nullptr;
    }
    return std::min(to_write, to_execute);
}

} // namespace

std::string user_name() {
    const passwd* const entry = getpwuid(geteuid());
    return entry ? entry->pw_name : fmt::format("{}", geteuid());
}

u64 peak_memory() {
    // getrusage() also counts the program that called exec(); this does not.
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            return std::stoull(line.substr(6)) * 1024 - code_memory_counted_twice() -
                   HostShadowSpace::most_mapped();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<u64>(usage.ru_maxrss) * 1024;
}

Nanoseconds cpu_time() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

Nanoseconds monotonic_time() { return read_clock(CLOCK_MONOTONIC); }

u64 time_of_day() { return read_clock(CLOCK_REALTIME) / 1'000'000'000; }

} // namespace ringer::host
