#include "host/child_program.h"

#include "host/failure.h"
#include "host/stop_signals.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace ringer::host {

namespace {

/// The number that a program finds the first socket under, and one that is in nobody's way.
constexpr int first_listener = 3, out_of_the_way = 10;
constexpr int cannot_execute = 127;
constexpr std::size_t most_words = 400;

/// The program's path; empty where PATH does not lead to it.
std::string find_program(std::string_view name) {
    const char* const path = std::getenv("PATH");
    std::string_view folders = path ? path : "/usr/bin:/bin";
    while (!folders.empty()) {
        const std::size_t colon = std::min(folders.find(':'), folders.size());
        std::string candidate = fmt::format("{}/{}", folders.substr(0, colon), name);
        if (access(candidate.c_str(), X_OK) == 0) return candidate;
        folders.remove_prefix(std::min(colon + 1, folders.size()));
    }
    return {};
}

/// All that the child needs, made before there is one: it may then call nothing that allocates memory, for
/// another thread may have been in the middle of that.
struct Plan {
    std::string program;
    std::vector<std::string> words;
    std::string process_id = "LISTEN_PID=0000000000", count = "LISTEN_FDS=1";
    std::vector<char*> arguments{}, environment{};
    int listener = -1, says = -1, nothing = -1;

    void complete() {
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        for (char** each = environ; *each; ++each)
            if (!std::string_view(*each).starts_with("LISTEN_")) environment.push_back(*each);
        if (listener >= 0) environment.insert(environment.end(), {process_id.data(), count.data()});
        environment.push_back(nullptr);
    }

    [[noreturn]] void carry_out() {
        setsid();
        end_at_stop_signals();
        std::signal(SIGPIPE, SIG_DFL);
        char* const number = process_id.data() + process_id.find('=') + 1;
        *std::to_chars(number, process_id.data() + process_id.size(), getpid()).ptr = '\0';
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
        dup2(says, STDERR_FILENO);
        if (listener >= 0) dup2(listener, first_listener);
        execve(program.c_str(), arguments.data(), environment.data());
        _exit(cannot_execute);
    }
};

/// The same open file under another number, so that dup2() makes a copy that exec() leaves open.
Descriptor put_out_of_the_way(const Descriptor& file) {
    return Descriptor(fcntl(file.get(), F_DUPFD_CLOEXEC, out_of_the_way));
}

} // namespace

Result<ChildProgram> ChildProgram::start(std::string_view subject, const Program& program,
                                         const std::vector<std::string>& arguments, Descriptor listener) {
    Plan plan{.program = find_program(program.name), .words = {std::string(program.name)}};
    if (plan.program.empty())
        return host_error("{}: needs the program {}, which is not there; install the package {}", subject,
                          program.name, program.package);
    plan.words.insert(plan.words.end(), arguments.begin(), arguments.end());
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return host_error("{}: {} cannot be started ({}); close some files", subject, program.name,
                          reason(errno));
    Descriptor said(ends[0]), says(ends[1]);
    fcntl(said.get(), F_SETFL, 0);
    Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const Descriptor says_there = put_out_of_the_way(says), nothing_there = put_out_of_the_way(nothing);
    const Descriptor listener_there = listener ? put_out_of_the_way(listener) : Descriptor();
    plan.says = says_there.get();
    plan.nothing = nothing_there.get();
    plan.listener = listener_there.get();
    plan.complete();
    const pid_t process = fork();
    if (process == 0) plan.carry_out();
    if (process < 0)
        return host_error("{}: {} cannot be started ({}); free some memory", subject, program.name,
                          reason(errno));
    return ChildProgram(std::string(program.name), process, std::move(said));
}

ChildProgram::ChildProgram(ChildProgram&& other) noexcept
    : name_(std::move(other.name_)), process_(std::exchange(other.process_, -1)),
      said_(std::move(other.said_)) {}

ChildProgram::~ChildProgram() { (void)wait(); }

int ChildProgram::wait() {
    if (process_ < 0) return -1;
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ChildProgram::words() {
    std::string text;
    std::array<char, 4096> piece;
    for (;;) {
        const ssize_t count = ::read(said_.get(), piece.data(), piece.size());
        if (count > 0) text.append(piece.data(), static_cast<std::size_t>(count));
        if (count == 0 || (count < 0 && errno != EINTR)) break;
    }
    while (text.ends_with('\n')) text.pop_back();
    std::ranges::replace(text, '\n', ' ');
    const std::string prefix = name_ + ": ";
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
    return text.size() > most_words ? text.substr(0, most_words) + " ..." : text;
}

} // namespace ringer::host
