#include "host/screenshot_client.h"

#include "host/failure.h"
#include "host/screenshot_socket.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace ringer::host {

namespace {

constexpr int patience_seconds = 30;
/// No picture of an adapter is larger.
constexpr std::size_t largest = std::size_t{64} << 20;

} // namespace

Result<std::vector<u8>> request_screenshot(pid_t pid) {
    const Descriptor connection = screenshot_socket::connect_to(pid);
    const auto peer = connection ? screenshot_socket::peer_of(connection) : std::nullopt;
    if (!peer || peer->pid != pid || peer->user != geteuid())
        return user_error(
            "--pid {}: is no machine that this user runs; give the process id of a 'ringer run'", pid);
    const timeval limit{.tv_sec = patience_seconds, .tv_usec = 0};
    setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    std::vector<u8> file;
    std::array<u8, 65536> piece;
    for (;;) {
        const ssize_t count = read(connection.get(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return host_error("--pid {}: did not send a picture ({})", pid, reason(errno));
        if (count == 0) break;
        file.insert(file.end(), piece.begin(), piece.begin() + count);
        if (file.size() > largest) return host_error("--pid {}: sends more than a picture", pid);
    }
    if (file.empty())
        return host_error("--pid {}: ended, or was too busy, before it sent a picture; try again", pid);
    return file;
}

} // namespace ringer::host
