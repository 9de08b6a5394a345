#include "host/control_client.h"

#include "host/control_socket.h"
#include "host/failure.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <string_view>

namespace ringer::host {

namespace {

constexpr int patience_seconds = 30;
/// No picture of an adapter is larger.
constexpr std::size_t largest = std::size_t{64} << 20;

/// The answer to one line; `what` it is, for errors.
Result<std::vector<u8>> ask(pid_t pid, std::string_view line, std::string_view what) {
    const Descriptor connection = control_socket::connect_to(pid);
    const auto peer = connection ? control_socket::peer_of(connection) : std::nullopt;
    if (!peer || peer->pid != pid || peer->user != geteuid())
        return user_error(
            "--pid {}: is no machine that this user runs; give the process id of a 'ringer run'", pid);
    const timeval limit{.tv_sec = patience_seconds, .tv_usec = 0};
    setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    const auto request = std::span(reinterpret_cast<const u8*>(line.data()), line.size());
    if (send(connection.get(), request.data(), request.size(), MSG_NOSIGNAL) != ssize_t(request.size()))
        return host_error("--pid {}: cannot be asked ({})", pid, reason(errno));
    std::vector<u8> answer;
    std::array<u8, 65536> piece;
    for (;;) {
        const ssize_t count = read(connection.get(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return host_error("--pid {}: did not send {} ({})", pid, what, reason(errno));
        if (count == 0) break;
        answer.insert(answer.end(), piece.begin(), piece.begin() + count);
        if (answer.size() > largest) return host_error("--pid {}: sends more than {}", pid, what);
    }
    if (answer.empty())
        return host_error("--pid {}: ended, or was too busy, before it sent {}; try again", pid, what);
    return answer;
}

} // namespace

Result<std::vector<u8>> request_screenshot(pid_t pid) { return ask(pid, "screenshot\n", "a picture"); }

Result<std::string> request_balloon(pid_t pid, std::optional<u64> size) {
    const std::string line = size ? fmt::format("balloon {}\n", *size) : "balloon\n";
    const auto answer = TRY(ask(pid, line, "the balloon's state"));
    return std::string(answer.begin(), answer.end());
}

} // namespace ringer::host
