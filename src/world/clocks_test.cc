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
    VirtualClock clock([] { return u64{40}; });
    EXPECT_EQ(clock.instructions_until(100), 60u);
    EXPECT_EQ(clock.instructions_until(41), 1u);
    EXPECT_EQ(clock.instructions_until(40), 1u);
    EXPECT_EQ(clock.instructions_until(3), 1u);
}

u64 nothing_retires() { return 0; }

TEST(HostClock, AdvancesOnlyWhileTheMachineRuns) {
    HostTime host;
    host.time = 5000;
    HostClock clock(host, nothing_retires);
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
    HostClock clock(host, nothing_retires);
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
    HostClock clock(host, nothing_retires);
    clock.resume();
    host.time = 300;
    clock.idle_until(1000, host);
    clock.idle_until(std::nullopt, host);
    clock.idle_until(200, host);
    EXPECT_EQ(host.waits, (std::vector<std::optional<Nanoseconds>>{700, std::nullopt}));
}

/// A clock that runs while a vCPU does, and is asked as the run loop does it.
struct RunningHostClock {
    HostTime host;
    u64 retired = 0;
    HostClock clock{host, [this] { return retired; }};

    RunningHostClock() { clock.resume(); }
    void run(Nanoseconds time, u64 instructions) {
        host.time += time;
        retired += instructions;
    }
    u64 instructions_in(Nanoseconds time) { return clock.instructions_until(clock.now() + time); }
};

TEST(HostClock, EstimatesByHowManyInstructionsItWasLately) {
    RunningHostClock running;
    running.run(100'000, 50'000);
    EXPECT_EQ(running.instructions_in(200'000), 100'000u);
    running.run(100'000, 20'000);
    EXPECT_EQ(running.instructions_in(200'000), 40'000u);
}

TEST(HostClock, TakesNoEngineForSlowerOrFasterThanEnginesAre) {
    RunningHostClock running;
    EXPECT_EQ(running.instructions_in(200'000), 20'000u);
    running.run(100'000, 0);
    EXPECT_EQ(running.instructions_in(200'000), 20'000u);
    running.run(100'000, 5'000'000);
    EXPECT_EQ(running.instructions_in(200'000), 800'000u);
}

TEST(HostClock, DoesNotComeBackForEveryFewInstructions) {
    RunningHostClock running;
    running.run(100'000, 50'000);
    EXPECT_EQ(running.instructions_in(10), 1000u);
    EXPECT_EQ(running.clock.instructions_until(0), 1000u);
}

TEST(HostClock, EstimatesWithoutTheTimeThatItWaited) {
    RunningHostClock running;
    running.run(100'000, 50'000);
    running.clock.idle_until(std::nullopt, running.host);
    running.host.time += 1'000'000;
    running.clock.idle_until(std::nullopt, running.host);
    running.run(100'000, 50'000);
    EXPECT_EQ(running.instructions_in(200'000), 100'000u);
}

} // namespace
} // namespace ringer::world
