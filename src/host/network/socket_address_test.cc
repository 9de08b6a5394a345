#include "host/network/socket_address.h"

#include <gtest/gtest.h>

namespace ringer::host {
namespace {

TEST(SocketAddress, IsAPortOfAnIpAddress) {
    const auto ip = SocketAddress::of_ip("127.0.0.1:5000");
    ASSERT_TRUE(ip);
    EXPECT_EQ(ip->family(), AF_INET);
    EXPECT_EQ(ip->port(), 5000);
    EXPECT_FALSE(ip->is_any());
    EXPECT_EQ(reinterpret_cast<const sockaddr_in*>(ip->generic())->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    const auto ipv6 = SocketAddress::of_ip("[fe80::1]:65535");
    ASSERT_TRUE(ipv6);
    EXPECT_EQ(ipv6->family(), AF_INET6);
    EXPECT_EQ(ipv6->port(), 65535);
    EXPECT_EQ(ipv6->size(), sizeof(sockaddr_in6));
    EXPECT_FALSE(SocketAddress::of_ip("localhost:1")->is_any());
    EXPECT_TRUE(SocketAddress::of_ip(":5000")->is_any());
    EXPECT_TRUE(SocketAddress::of_ip("[::]:5000")->is_any());
}

TEST(SocketAddress, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"", "5000", ":", ":0", ":65536", ":-1", ":5000x", "127.0.0.1", "1.2.3:5", "::1:5000", "[::1]",
          "[127.0.0.1]:5", "[::1:5000", "[]:5", "]:5"})
        EXPECT_FALSE(SocketAddress::of_ip(text)) << text;
}

TEST(SocketAddress, IsAPath) {
    const auto local = SocketAddress::of_path("/run/wire");
    ASSERT_TRUE(local);
    EXPECT_EQ(local->family(), AF_UNIX);
    EXPECT_EQ(local->path(), "/run/wire");
    EXPECT_FALSE(local->is_any());
    EXPECT_FALSE(SocketAddress::of_path(""));
    EXPECT_TRUE(SocketAddress::of_path(std::string(107, 'x')));
    EXPECT_FALSE(SocketAddress::of_path(std::string(108, 'x')));
}

} // namespace
} // namespace ringer::host
