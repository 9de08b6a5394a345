#pragma once

#include "base/types.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <optional>
#include <string>
#include <string_view>

namespace ringer::host {

/// Where a socket is: at a port of an IP address, or at a path.
class SocketAddress {
  public:
    /// "[ADDRESS]:PORT", with an IPv6 address in brackets and a port that is not 0. Names of hosts are not
    /// looked up, but for "localhost". Without an address: all of the host's (IPv4).
    static std::optional<SocketAddress> of_ip(std::string_view text);

    static SocketAddress of_ip(const in6_addr& address, u16 port);

    /// nullopt: the path is empty, or too long for a socket.
    static std::optional<SocketAddress> of_path(std::string_view path);

    int family() const { return value_.generic.sa_family; }
    const sockaddr* generic() const { return &value_.generic; }
    socklen_t size() const;

    /// Whether it stands for all addresses of a host.
    bool is_any() const;
    /// Of an IP address.
    u16 port() const;
    /// Of a Unix socket, else empty.
    std::string path() const;

  private:
    union Value {
        sockaddr generic;
        sockaddr_in ip;
        sockaddr_in6 ipv6;
        sockaddr_un local;
    };
    Value value_{.local = {}};
};

} // namespace ringer::host
