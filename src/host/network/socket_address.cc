#include "host/network/socket_address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

namespace ringer::host {

std::optional<SocketAddress> SocketAddress::of_ip(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    const std::string_view digits = text.substr(colon + 1);
    u16 port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
    std::string address(text.substr(0, colon));
    SocketAddress result;
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
        in6_addr ipv6{};
        if (inet_pton(AF_INET6, address.c_str(), &ipv6) != 1) return std::nullopt;
        return of_ip(ipv6, port);
    }
    if (address == "localhost") address = "127.0.0.1";
    result.value_.ip.sin_family = AF_INET;
    result.value_.ip.sin_port = htons(port);
    if (!address.empty() && inet_pton(AF_INET, address.c_str(), &result.value_.ip.sin_addr) != 1)
        return std::nullopt;
    return result;
}

SocketAddress SocketAddress::of_ip(const in6_addr& address, u16 port) {
    SocketAddress result;
    result.value_.ipv6.sin6_family = AF_INET6;
    result.value_.ipv6.sin6_port = htons(port);
    result.value_.ipv6.sin6_addr = address;
    return result;
}

std::optional<SocketAddress> SocketAddress::of_path(std::string_view path) {
    SocketAddress result;
    if (path.empty() || path.size() >= sizeof(result.value_.local.sun_path)) return std::nullopt;
    result.value_.local.sun_family = AF_UNIX;
    std::memcpy(result.value_.local.sun_path, path.data(), path.size());
    return result;
}

socklen_t SocketAddress::size() const {
    switch (family()) {
    case AF_INET: return sizeof(value_.ip);
    case AF_INET6: return sizeof(value_.ipv6);
    default: return sizeof(value_.local);
    }
}

bool SocketAddress::is_any() const {
    if (family() == AF_INET) return value_.ip.sin_addr.s_addr == INADDR_ANY;
    return family() == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&value_.ipv6.sin6_addr);
}

u16 SocketAddress::port() const {
    return ntohs(family() == AF_INET6 ? value_.ipv6.sin6_port : value_.ip.sin_port);
}

std::string SocketAddress::path() const { return family() == AF_UNIX ? value_.local.sun_path : ""; }

} // namespace ringer::host
