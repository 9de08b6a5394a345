#include "host/network/user_network.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace ringer::host {
namespace {

/// A socket that listens on a free port of 127.0.0.1, with that port.
struct Listener {
    Listener() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        EXPECT_EQ(bind(descriptor, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(listen(descriptor, 1), 0);
        EXPECT_EQ(getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size), 0);
        port = ntohs(address.sin_port);
    }
    ~Listener() { close(descriptor); }
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    u16 port = 0;
};

PortForward forward_of(u16 port) {
    return {.host = SocketAddress::of_ip("127.0.0.1:" + std::to_string(port)).value(),
            .guest = SocketAddress::of_ip(":22").value(),
            .text = "tcp:..."};
}

/// "Who has 10.0.2.2?", asked by 10.0.2.15.
std::vector<u8> arp_request() {
    std::vector<u8> frame(6, 0xff);
    const std::array<u8, 6> mac{0x52, 0x54, 0, 0x12, 0x34, 0x56};
    frame.insert(frame.end(), mac.begin(), mac.end());
    for (const u8 byte : {0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1}) frame.push_back(byte);
    frame.insert(frame.end(), mac.begin(), mac.end());
    for (const u8 byte : {10, 0, 2, 15, 0, 0, 0, 0, 0, 0, 10, 0, 2, 2}) frame.push_back(byte);
    return frame;
}

TEST(UserNetwork, AnswersForTheRouter) {
    std::atomic<unsigned> woken = 0;
    const auto network = UserNetwork::open("--net user", {}, [&] { ++woken; }).value();
    network->send(arp_request());
    std::vector<u8> reply;
    for (unsigned attempt = 0; reply.empty(); ++attempt) {
        ASSERT_LT(attempt, 60'000u);
        network->receive([&](const device::Frame& incoming) {
            const auto frame = incoming.bytes;
            if (frame.size() >= 42 && frame[12] == 0x08 && frame[13] == 0x06 && frame[21] == 2)
                reply.assign(frame.begin(), frame.end());
            return true;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_GE(woken, 1u);
    const std::array<u8, 4> router{10, 0, 2, 2};
    EXPECT_TRUE(std::ranges::equal(std::span(reply).subspan(28, 4), router));
}

TEST(UserNetwork, RefusesAPortThatIsTaken) {
    const Listener listener;
    const auto network = UserNetwork::open("--net user", {.forwards = {forward_of(listener.port)}}, [] {});
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().blame, Blame::user);
    EXPECT_NE(network.error().message.find("cannot be had"), std::string::npos) << network.error().message;
}

TEST(UserNetwork, TakesAnythingThatAGuestSends) {
    const auto network = UserNetwork::open("--net user", {}, [] {}).value();
    u32 state = 1;
    for (unsigned i = 0; i < 20'000; ++i) {
        std::vector<u8> frame = arp_request();
        frame.resize(14 + (state >> 8) % 2000);
        for (std::size_t at = 12; at < frame.size(); ++at) {
            state = state * 1'664'525 + 1'013'904'223;
            if (at > 14 || i % 2) frame[at] = static_cast<u8>(state >> 24);
        }
        if (i % 3 == 0 && frame.size() > 23) {
            frame[12] = 8;
            frame[13] = 0;
            frame[14] = 0x45;
        }
        network->send(frame);
    }
    network->receive([](const device::Frame&) { return true; });
}

} // namespace
} // namespace ringer::host
