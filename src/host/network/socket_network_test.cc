#include "host/network/socket_network.h"

#include "base/bits.h"
#include "host/descriptor.h"
#include "host/network/frame_stream.h"
#include "host/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

namespace ringer::host {
namespace {

using Role = SocketEnd::Role;

std::vector<u8> frame(u8 tag, std::size_t size = 100) { return std::vector<u8>(size, tag); }

class SocketNetworkTest : public testing::Test {
  protected:
    SocketNetworkTest() {
        std::string name = testing::TempDir() + "ringer-wire-XXXXXX";
        EXPECT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    ~SocketNetworkTest() override { std::filesystem::remove_all(folder_); }

    std::string path() const { return folder_ + "/wire"; }
    SocketAddress address() const { return SocketAddress::of_path(path()).value(); }
    Result<std::unique_ptr<SocketNetwork>> try_open(Role role) const {
        return SocketNetwork::open("--net socket", {role, address(), "unix:" + path()}, [] {});
    }
    std::unique_ptr<SocketNetwork> open(Role role) const { return try_open(role).value(); }

    /// A peer that sends what it likes.
    Descriptor connect_raw() const {
        Descriptor raw(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(connect(raw.get(), address().generic(), address().size()), 0);
        return raw;
    }

    static void wait_until(const std::function<bool()>& done) {
        while (!done()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    static void wait_until_up(const SocketNetwork& network, bool up = true) {
        wait_until([&] { return network.is_up() == up; });
    }
    static std::vector<u8> next_frame(SocketNetwork& network) {
        std::vector<u8> found;
        wait_until([&] {
            return network.receive([&](const device::Frame& each) {
                if (!found.empty()) return false;
                found.assign(each.bytes.begin(), each.bytes.end());
                return true;
            });
        });
        return found;
    }

    std::string folder_;
};

TEST_F(SocketNetworkTest, CarriesFramesBothWays) {
    const auto connector = open(Role::connector), listener = open(Role::listener);
    wait_until_up(*connector);
    wait_until_up(*listener);
    connector->send(frame(1));
    connector->send(frame(2, 65'549));
    listener->send(frame(3));
    EXPECT_EQ(next_frame(*listener), frame(1));
    EXPECT_EQ(next_frame(*listener), frame(2, 65'549));
    EXPECT_EQ(next_frame(*connector), frame(3));
}

TEST_F(SocketNetworkTest, IsDownWhileNobodyIsThere) {
    const auto listener = open(Role::listener);
    EXPECT_FALSE(listener->is_up());
    listener->send(frame(1)); // Lost.
    for (u8 round = 0; round < 2; ++round) {
        auto connector = open(Role::connector);
        wait_until_up(*listener);
        wait_until_up(*connector);
        listener->send(frame(round));
        EXPECT_EQ(next_frame(*connector), frame(round));
        connector.reset();
        wait_until_up(*listener, false);
    }
}

TEST_F(SocketNetworkTest, AConnectorFindsAListenerThatComesBack) {
    auto listener = open(Role::listener);
    const auto connector = open(Role::connector);
    wait_until_up(*connector);
    listener.reset();
    wait_until_up(*connector, false);
    listener = open(Role::listener);
    wait_until_up(*connector);
}

TEST_F(SocketNetworkTest, HasOneConnectionAtATime) {
    const auto listener = open(Role::listener), connector = open(Role::connector);
    wait_until_up(*listener);
    wait_until_up(*connector);
    const Descriptor second = connect_raw();
    u8 byte = 0;
    EXPECT_EQ(read(second.get(), &byte, 1), 0);
    connector->send(frame(5));
    EXPECT_EQ(next_frame(*listener), frame(5));
}

TEST_F(SocketNetworkTest, EndsAConnectionThatIsNoEthernet) {
    const auto listener = open(Role::listener);
    const Descriptor raw = connect_raw();
    const std::string_view request = "GET / HTTP/1.1\r\n";
    EXPECT_EQ(write(raw.get(), request.data(), request.size()), static_cast<ssize_t>(request.size()));
    u8 byte = 0;
    EXPECT_LE(read(raw.get(), &byte, 1), 0);
    wait_until_up(*listener, false);
}

TEST_F(SocketNetworkTest, AFloodIsLostAndTakesNoMemory) {
    const auto listener = open(Role::listener);
    const Descriptor raw = connect_raw();
    std::vector<u8> stream;
    for (u8 i = 0; i < 64; ++i) FrameStream::append(stream, frame(i, 16'000));
    const u64 before = peak_memory();
    // Nobody takes them, and yet the flooder never waits for long.
    for (unsigned i = 0; i < 200; ++i) ASSERT_EQ(write_all(raw.get(), stream), 0);
    EXPECT_LT(peak_memory() - before, 16 * MiB);
    EXPECT_EQ(next_frame(*listener), frame(0, 16'000));
}

TEST_F(SocketNetworkTest, APeerThatTakesNothingDoesNotStopTheGuest) {
    const auto listener = open(Role::listener);
    const Descriptor raw = connect_raw();
    wait_until_up(*listener);
    const u64 before = peak_memory();
    for (unsigned i = 0; i < 20'000; ++i) listener->send(frame(1, 16'000)); // 30 minutes if each waited
    EXPECT_LT(peak_memory() - before, 16 * MiB);
}

TEST_F(SocketNetworkTest, TakesThePathOfAListenerThatDied) {
    {
        const Descriptor dead(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        ASSERT_EQ(bind(dead.get(), address().generic(), address().size()), 0);
    }
    {
        const auto listener = open(Role::listener);
    }
    EXPECT_FALSE(std::filesystem::exists(path())) << "it is not left behind";
}

TEST_F(SocketNetworkTest, RefusesAPathThatIsTaken) {
    const auto expect_refused = [this] {
        const auto refused = try_open(Role::listener);
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().message.find("cannot listen there (address already in use)"),
                  std::string::npos)
            << refused.error().message;
        EXPECT_TRUE(std::filesystem::exists(path()));
    };
    {
        const auto listener = open(Role::listener);
        expect_refused();
    }
    const Descriptor file(creat(path().c_str(), 0600));
    expect_refused();
}

} // namespace
} // namespace ringer::host
