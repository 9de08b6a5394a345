#include "host/control_socket.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <string>

namespace ringer::host::control_socket {

namespace {

struct Address {
    explicit Address(pid_t pid) {
        // An abstract name begins with a zero byte, and its length is told.
        const std::string name = fmt::format("ringer-control-{}", pid);
        value.sun_family = AF_UNIX;
        std::memcpy(value.sun_path + 1, name.data(), name.size());
        size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    }
    const sockaddr* generic() const { return reinterpret_cast<const sockaddr*>(&value); }

    sockaddr_un value{};
    socklen_t size;
};

Descriptor make_socket() { return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

} // namespace

Descriptor listen_as(pid_t pid) {
    constexpr int most_waiting = 8;
    Descriptor listener = make_socket();
    const Address address(pid);
    if (!listener || bind(listener.get(), address.generic(), address.size) != 0 ||
        listen(listener.get(), most_waiting) != 0)
        return {};
    return listener;
}

Descriptor connect_to(pid_t pid) {
    Descriptor connection = make_socket();
    const Address address(pid);
    if (!connection || connect(connection.get(), address.generic(), address.size) != 0) return {};
    return connection;
}

std::optional<Peer> peer_of(const Descriptor& connection) {
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
    return Peer{credentials.pid, credentials.uid};
}

} // namespace ringer::host::control_socket
