#include "cli/net_options.h"

#include <gtest/gtest.h>

#include <initializer_list>

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
    const auto& forwards = std::get<UserNet>(nets->front().network).forwards;
    ASSERT_EQ(forwards.size(), 2u);
    EXPECT_EQ(forwards[0].protocol, host::PortForward::Protocol::tcp);
    EXPECT_FALSE(forwards[0].host.is_any());
    EXPECT_EQ(forwards[0].host.port(), 2222);
    EXPECT_TRUE(forwards[0].guest.is_any());
    EXPECT_EQ(forwards[0].guest.port(), 22);
    EXPECT_EQ(forwards[1].protocol, host::PortForward::Protocol::udp);
    EXPECT_TRUE(forwards[1].host.is_any());
    EXPECT_FALSE(forwards[1].guest.is_any());
    EXPECT_EQ(forwards[1].guest.port(), 53);
}

TEST(NetOptions, TakesForwardsByIpv6) {
    const auto nets =
        parse_nets({"user,hostfwd=tcp:[::1]:2222-:22,hostfwd=udp:[::]:5353-[fd00:10:0:2::9]:53"});
    ASSERT_TRUE(nets) << nets.error().message;
    const auto& forwards = std::get<UserNet>(nets->front().network).forwards;
    ASSERT_EQ(forwards.size(), 2u);
    for (const auto& forward : forwards) {
        EXPECT_EQ(forward.host.family(), AF_INET6);
        EXPECT_EQ(forward.guest.family(), AF_INET6);
    }
    EXPECT_TRUE(forwards[0].guest.is_any());
    EXPECT_FALSE(forwards[1].guest.is_any());
}

TEST(NetOptions, TakesTheEndsOfACable) {
    using Role = SocketNet::Role;
    const auto nets =
        parse_nets({"socket,listen=:5000", "socket,connect=[::1]:5000,mtu=9000",
                    "socket,listen=unix:/run/a,,b", "socket,connect=unix:wire,mac=02:00:00:00:00:01"});
    ASSERT_TRUE(nets) << nets.error().message;
    const auto end = [&](std::size_t i) { return std::get<SocketNet>((*nets)[i].network); };
    EXPECT_EQ(end(0).role, Role::listener);
    EXPECT_EQ(end(0).address.port(), 5000);
    EXPECT_EQ((*nets)[0].mtu, 1500);
    EXPECT_EQ(end(1).role, Role::connector);
    EXPECT_EQ(end(1).address.family(), AF_INET6);
    EXPECT_EQ((*nets)[1].mtu, 9000);
    EXPECT_EQ(end(2).address.path(), "/run/a,b");
    EXPECT_EQ(end(3).role, Role::connector);
    EXPECT_EQ(end(3).address.path(), "wire");
}

TEST(NetOptions, GivesTheEndsOfACableDifferentAddresses) {
    const auto near = parse_nets({"socket,listen=:5000"}),
               far = parse_nets({"socket,connect=127.0.0.1:5000"});
    ASSERT_TRUE(near && far);
    EXPECT_NE(near->front().mac, far->front().mac);
}

void expect_refused(std::initializer_list<std::string> texts) {
    for (const std::string& text : texts) {
        const auto nets = parse_nets({text});
        ASSERT_FALSE(nets) << text;
        EXPECT_EQ(nets.error().blame, Blame::user);
        EXPECT_TRUE(nets.error().message.starts_with("--net ")) << nets.error().message;
    }
}

TEST(NetOptions, RefusesNonsense) {
    expect_refused({"", "tapp", "user,mac=1", "user,mac=52-54-00-12-34-56", "user,mac=01:00:00:00:00:00"});
    expect_refused({"user,mac=52:54:00:12:34:5g", "user,mac=+1:54:00:12:34:56", "user,hostfwd="});
    expect_refused({"user,hostfwd=tcp::0-:22", "user,hostfwd=tcp::70000-:22", "user,hostfwd=tcp::22"});
    expect_refused({"user,hostfwd=icmp::1-:1", "user,hostfwd=tcp-:22", "user,hostfwd=tcp:there:22-:22"});
    expect_refused(
        {"user,hostfwd=tcp:[::1]:2-10.0.2.15:2", "user,hostfwd=tcp::2-[fd00::1]:2", "user,ipv6=yes"});
    expect_refused({"user,ipv6=off,hostfwd=tcp:[::1]:2-:2", "tap,interface=t,ipv6=on"});
    expect_refused({"user,hostfwd=tcp::2222-:22x", "user,mac=52:54:00:12:34:56,mac=x"});
    EXPECT_FALSE(parse_nets({"user", "user,mac=52:54:00:12:34:56"}));
    EXPECT_FALSE(parse_nets(std::vector<std::string>(9, "user")));
}

TEST(NetOptions, TakesTapDevices) {
    const auto nets =
        parse_nets({"tap,interface=tap0", "tap,interface=tap1", "tap,interface=x,mac=02:00:00:00:00:01"});
    ASSERT_TRUE(nets) << nets.error().message;
    EXPECT_EQ(std::get<TapNet>((*nets)[0].network).name, "tap0");
    EXPECT_NE((*nets)[0].mac, (*nets)[1].mac);
    EXPECT_EQ((*nets)[0].mac, parse_nets({"user", "tap,interface=tap0"})->at(1).mac) << "whatever its number";
    expect_refused({"tap", "tap,interface=", "tap,interface=sixteenletterlong", "tap,interface=a b"});
    expect_refused(
        {"tap,interface=tap%d", "tap,interface=a/b", "tap,interface=.", "tap,interface=t,mtu=1500"});
    expect_refused({"user,interface=tap0"});
}

TEST(NetOptions, RefusesCablesWithoutAnEnd) {
    expect_refused({"socket", "socket,listen=:1,connect=127.0.0.1:1", "socket,listen=5000"});
    expect_refused({"socket,listen=127.0.0.1:0", "socket,connect=:5000", "socket,connect=host:5000"});
    expect_refused({"socket,listen=unix:", "socket,listen=:1,mtu=67", "socket,listen=:1,mtu=65536"});
    expect_refused({"socket,listen=:1,mtu=x", "socket,listen=:1,hostfwd=tcp::22-:22"});
    expect_refused({"user,listen=:5000", "user,mtu=1500"});
}

} // namespace
} // namespace ringer::cli
