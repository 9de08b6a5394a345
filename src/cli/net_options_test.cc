#include "cli/net_options.h"

#include <gtest/gtest.h>

namespace ringer::cli {
namespace {

TEST(NetOptions, GivesEachInterfaceAnAddress) {
    const auto nets = parse_nets({"user", "user,mac=02:00:0a:bb:CC:0d", "type=user"});
    ASSERT_TRUE(nets) << nets.error().message;
    EXPECT_EQ((*nets)[0].mac, (device::MacAddress{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}));
    EXPECT_EQ((*nets)[1].mac, (device::MacAddress{0x02, 0x00, 0x0a, 0xbb, 0xcc, 0x0d}));
    EXPECT_EQ((*nets)[2].mac, (device::MacAddress{0x52, 0x54, 0x00, 0x12, 0x34, 0x58}));
}

TEST(NetOptions, TakesForwards) {
    const auto nets = parse_nets({"user,hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=udp::5353-10.0.2.20:53"});
    ASSERT_TRUE(nets) << nets.error().message;
    const auto& forwards = nets->front().forwards;
    ASSERT_EQ(forwards.size(), 2u);
    EXPECT_EQ(forwards[0].protocol, host::PortForward::Protocol::tcp);
    EXPECT_EQ(forwards[0].host_address.s_addr, htonl(0x7f00'0001));
    EXPECT_EQ(forwards[0].host_port, 2222);
    EXPECT_EQ(forwards[0].guest_address.s_addr, 0u);
    EXPECT_EQ(forwards[0].guest_port, 22);
    EXPECT_EQ(forwards[1].protocol, host::PortForward::Protocol::udp);
    EXPECT_EQ(forwards[1].host_address.s_addr, 0u);
    EXPECT_EQ(forwards[1].guest_address.s_addr, htonl(0x0a00'0214));
}

TEST(NetOptions, RefusesNonsense) {
    for (const std::string text :
         {"", "tapp", "user,mac=1", "user,mac=52-54-00-12-34-56", "user,mac=01:00:00:00:00:00",
          "user,mac=52:54:00:12:34:5g", "user,mac=+1:54:00:12:34:56",
          "user,hostfwd=", "user,hostfwd=tcp::0-:22", "user,hostfwd=tcp::70000-:22", "user,hostfwd=tcp::22",
          "user,hostfwd=icmp::1-:1", "user,hostfwd=tcp-:22", "user,hostfwd=tcp:localhost:22-:22",
          "user,hostfwd=tcp::2222-:22x", "user,mac=52:54:00:12:34:56,mac=x"}) {
        const auto nets = parse_nets({text});
        ASSERT_FALSE(nets) << text;
        EXPECT_EQ(nets.error().blame, Blame::user);
        EXPECT_TRUE(nets.error().message.starts_with("--net ")) << nets.error().message;
    }
    EXPECT_FALSE(parse_nets({"user", "user,mac=52:54:00:12:34:56"}));
    EXPECT_FALSE(parse_nets(std::vector<std::string>(9, "user")));
}

} // namespace
} // namespace ringer::cli
