#include "world/clocks.h"

#include <gtest/gtest.h>

namespace ringer::world {
namespace {

TEST(VirtualClock, TakesOneNanosecondAnInstruction) {
    u64 retired = 0;
    const VirtualClock clock([&] { return retired; });
    EXPECT_EQ(clock.now(), 0u);
    retired = 12345;
    EXPECT_EQ(clock.now(), 12345u);
}

TEST(VirtualClock, SkipsForwardOnly) {
    u64 retired = 100;
    VirtualClock clock([&] { return retired; });
    clock.skip_to(1000);
    EXPECT_EQ(clock.now(), 1000u);
    retired = 150;
    EXPECT_EQ(clock.now(), 1050u);
    clock.skip_to(1049);
    EXPECT_EQ(clock.now(), 1050u);
}

/// A host whose time the test sets.
class HostTime final : public Outside {
  public:
    Nanoseconds time = 0;

    Nanoseconds monotonic() override { return time; }
    u64 time_of_day() override { return 0; }
    std::size_t receive(unsigned, std::span<u8>) override { return 0; }
    void send(unsigned, std::span<const u8>) override {}
    void wait(std::optional<Nanoseconds>) override {}
    void wake() override {}
    Request request() override { return Request::none; }
};

TEST(HostClock, AdvancesOnlyWhileTheMachineRuns) {
    HostTime host;
    host.time = 5000;
    HostClock clock(host);
    EXPECT_EQ(clock.now(), 0u);
    host.time = 6000;
    EXPECT_EQ(clock.now(), 0u);
    clock.resume();
    host.time = 6500;
    EXPECT_EQ(clock.now(), 500u);
    clock.pause();
    host.time = 9000;
    EXPECT_EQ(clock.now(), 500u);
    clock.resume();
    clock.resume();
    host.time = 9001;
    EXPECT_EQ(clock.now(), 501u);
}

TEST(HostClock, NeverGoesBackward) {
    HostTime host;
    host.time = 1000;
    HostClock clock(host);
    clock.resume();
    host.time = 1800;
    EXPECT_EQ(clock.now(), 800u);
    host.time = 1700;
    EXPECT_EQ(clock.now(), 800u);
    host.time = 500;
    EXPECT_EQ(clock.now(), 800u);
}

} // namespace
} // namespace ringer::world
