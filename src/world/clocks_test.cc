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

/// A host whose time the test sets, and which notes what it is asked to wait for.
class HostTime final : public Outside {
  public:
    Nanoseconds time = 0;
    std::vector<std::optional<Nanoseconds>> waits;

    Nanoseconds monotonic() override { return time; }
    u64 time_of_day() override { return 0; }
    std::size_t receive(unsigned, std::span<u8>) override { return 0; }
    void send(unsigned, std::span<const u8>) override {}
    void wait(std::optional<Nanoseconds> at_most) override { waits.push_back(at_most); }
    void wake() override {}
    Request request() override { return Request::none; }
};

TEST(VirtualClock, SkipsToTheDeadlineWithoutWaiting) {
    u64 retired = 100;
    VirtualClock clock([&] { return retired; });
    HostTime host;
    clock.idle_until(1000, host);
    EXPECT_EQ(clock.now(), 1000u);
    retired = 150;
    EXPECT_EQ(clock.now(), 1050u);
    clock.idle_until(1049, host);
    EXPECT_EQ(clock.now(), 1050u);
    EXPECT_TRUE(host.waits.empty());
}

TEST(VirtualClock, WaitsForTheOutsideWhenNothingIsDue) {
    VirtualClock clock([] { return u64{7}; });
    HostTime host;
    clock.idle_until(std::nullopt, host);
    EXPECT_EQ(host.waits, (std::vector<std::optional<Nanoseconds>>{std::nullopt}));
    EXPECT_EQ(clock.now(), 7u);
}

TEST(VirtualClock, BudgetIsExact) {
    const VirtualClock clock([] { return u64{40}; });
    EXPECT_EQ(clock.instructions_until(100), 60u);
    EXPECT_EQ(clock.instructions_until(41), 1u);
    EXPECT_EQ(clock.instructions_until(40), 1u);
    EXPECT_EQ(clock.instructions_until(3), 1u);
}

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

TEST(HostClock, WaitsForTheDeadline) {
    HostTime host;
    HostClock clock(host);
    clock.resume();
    host.time = 300;
    clock.idle_until(1000, host);
    clock.idle_until(std::nullopt, host);
    clock.idle_until(200, host);
    EXPECT_EQ(host.waits, (std::vector<std::optional<Nanoseconds>>{700, std::nullopt}));
}

TEST(HostClock, BudgetShrinksTowardTheDeadline) {
    HostTime host;
    const HostClock clock(host);
    EXPECT_GT(clock.instructions_until(1'000'000'000), clock.instructions_until(1'000'000));
    EXPECT_LT(clock.instructions_until(1'000'000), 1'000'000u);
    EXPECT_GE(clock.instructions_until(0), 1u);
}

} // namespace
} // namespace ringer::world
