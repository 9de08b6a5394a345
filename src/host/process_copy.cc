#include "host/process_copy.h"

#include "host/code_memory.h"
#include "host/failure.h"
#include "host/stop_signals.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

namespace ringer::host {

namespace {

constexpr char ready = 'r';

bool send_all(int channel, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = send(channel, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno != EINTR)
            return false;
    }
    return true;
}

/// At least one byte; empty when nothing more will come.
std::string_view receive_some(int channel, std::span<char> buffer) {
    for (;;) {
        const ssize_t count = recv(channel, buffer.data(), buffer.size(), 0);
        if (count > 0) return {buffer.data(), static_cast<std::size_t>(count)};
        if (count == 0 || errno != EINTR) return {};
    }
}

/// All that comes until the other side has said everything.
std::string receive_all(int channel) {
    std::string bytes;
    std::array<char, 4096> buffer;
    for (;;) {
        const std::string_view some = receive_some(channel, buffer);
        if (some.empty()) return bytes;
        bytes += some;
    }
}

/// The life of a copy. A request begins with `ready`, to tell an empty one from the end of the process that
/// would have sent it.
[[noreturn]] void serve(int channel, const std::function<std::string(std::string_view)>& work) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    end_at_stop_signals();
    if (!CodeMemory::separate() || !send_all(channel, {&ready, 1})) _exit(1);
    const std::string request = receive_all(channel);
    if (request.empty()) _exit(0);
    const std::string answer = work(std::string_view(request).substr(1));
    _exit(send_all(channel, answer) ? 0 : 1);
}

} // namespace

Result<ProcessCopy> ProcessCopy::make(const std::function<std::string(std::string_view)>& work) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return host_error("a copy of the process: no channel to it ({}); close some files", reason(errno));
    Descriptor here(ends[0]), there(ends[1]);
    const pid_t process = fork();
    if (process == 0) {
        here.close();
        serve(there.get(), work);
    }
    if (process < 0)
        return host_error("a copy of the process: the host refused it ({}); give less --memory",
                          reason(errno));
    there.close();
    ProcessCopy copy(process, std::move(here));
    char answer = 0;
    if (receive_some(copy.channel_.get(), {&answer, 1}).empty())
        return host_error("a copy of the process: ended before it was ready; free some memory");
    return copy;
}

ProcessCopy::ProcessCopy(ProcessCopy&& other) noexcept
    : process_(std::exchange(other.process_, -1)), channel_(std::move(other.channel_)) {}

ProcessCopy& ProcessCopy::operator=(ProcessCopy&& other) noexcept {
    std::swap(process_, other.process_);
    std::swap(channel_, other.channel_);
    return *this;
}

ProcessCopy::~ProcessCopy() {
    if (process_ < 0) return;
    kill(process_, SIGKILL);
    reap();
}

Result<std::string> ProcessCopy::ask(std::string_view request) {
    send_all(channel_.get(), {&ready, 1});
    send_all(channel_.get(), request);
    shutdown(channel_.get(), SHUT_WR);
    std::string answer = receive_all(channel_.get());
    const int status = reap();
    if (WIFSIGNALED(status))
        return host_error("a copy of the process: was ended by signal {}; run the command again",
                          WTERMSIG(status));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return host_error("a copy of the process: ended without an answer; run the command again");
    return answer;
}

int ProcessCopy::reap() {
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return status;
}

} // namespace ringer::host
