#include "device/interrupt/local_apic_timer.h"

#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

#include <limits>

namespace ringer::device {
namespace {

using Mode = LocalApicTimer::Mode;

class LocalApicTimerTest : public testing::Test {
  protected:
    void run_until(Nanoseconds target) { fixture::run_until(clock_, timers_, target); }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    unsigned expired_ = 0;
    LocalApicTimer timer_{timers_, [this] { ++expired_; }};
};

TEST_F(LocalApicTimerTest, OneShotCountsDownOnceAtHalfTheInputClock) {
    timer_.set_initial_count(100);
    EXPECT_EQ(timer_.current_count(), 100u);
    run_until(1);
    EXPECT_EQ(timer_.current_count(), 100u);
    run_until(2);
    EXPECT_EQ(timer_.current_count(), 99u);
    run_until(199);
    EXPECT_EQ(timer_.current_count(), 1u);
    EXPECT_EQ(expired_, 0u);
    run_until(200);
    EXPECT_EQ(timer_.current_count(), 0u);
    EXPECT_EQ(expired_, 1u);
    run_until(100'000);
    EXPECT_EQ(expired_, 1u);
    EXPECT_EQ(timer_.initial_count(), 100u);
}

TEST_F(LocalApicTimerTest, DividesAsTheManualEncodes) {
    const std::pair<u32, u64> encodings[] = {{0b0000, 2},  {0b0001, 4},  {0b0010, 8},   {0b0011, 16},
                                             {0b1000, 32}, {0b1001, 64}, {0b1010, 128}, {0b1011, 1}};
    for (const auto& [code, divisor] : encodings) {
        timer_.set_divide_configuration(code);
        timer_.set_initial_count(1000);
        const Nanoseconds start = clock_.now();
        EXPECT_EQ(timers_.next_deadline(), start + 1000 * divisor) << code;
        run_until(start + 10 * divisor);
        EXPECT_EQ(timer_.current_count(), 990u) << code;
    }
    timer_.set_divide_configuration(0xffff'ffff);
    EXPECT_EQ(timer_.divide_configuration(), 0b1011u);
}

TEST_F(LocalApicTimerTest, PeriodicReloads) {
    timer_.set_divide_configuration(0b1011);
    timer_.set_mode(Mode::periodic);
    timer_.set_initial_count(1000);
    run_until(1000);
    EXPECT_EQ(expired_, 1u);
    EXPECT_EQ(timer_.current_count(), 1000u);
    run_until(1001);
    EXPECT_EQ(timer_.current_count(), 999u);
    run_until(5500);
    EXPECT_EQ(expired_, 5u);
    EXPECT_EQ(timer_.current_count(), 500u);
}

TEST_F(LocalApicTimerTest, PeriodsThatWentByUnseenAreOneInterruptAndKeepThePhase) {
    timer_.set_divide_configuration(0b1011);
    timer_.set_mode(Mode::periodic);
    timer_.set_initial_count(1000);
    clock_.set(3300);
    EXPECT_EQ(timer_.current_count(), 700u) << "the count is right before the interrupt is";
    timers_.expire_due();
    EXPECT_EQ(expired_, 1u);
    EXPECT_EQ(timers_.next_deadline(), 4000u);
}

TEST_F(LocalApicTimerTest, ChangingTheDividerGoesOnFromTheCountReached) {
    timer_.set_divide_configuration(0b1011);
    timer_.set_initial_count(1000);
    run_until(400);
    timer_.set_divide_configuration(0b0001);
    EXPECT_EQ(timer_.current_count(), 600u);
    EXPECT_EQ(timers_.next_deadline(), 400u + 600 * 4);
}

TEST_F(LocalApicTimerTest, AnInitialCountOfZeroStops) {
    timer_.set_mode(Mode::periodic);
    timer_.set_initial_count(10);
    timer_.set_initial_count(0);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    EXPECT_EQ(timer_.current_count(), 0u);
}

TEST_F(LocalApicTimerTest, GoesOnFromOneShotToPeriodicButNotToDeadlineMode) {
    timer_.set_divide_configuration(0b1011);
    timer_.set_initial_count(1000);
    run_until(100);
    timer_.set_mode(Mode::periodic);
    run_until(2500);
    EXPECT_EQ(expired_, 2u);
    timer_.set_mode(Mode::tsc_deadline);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    EXPECT_EQ(timer_.current_count(), 0u);
    timer_.set_initial_count(5);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt) << "no count in deadline mode";
}

TEST_F(LocalApicTimerTest, TheReservedModeDoesNotCount) {
    timer_.set_mode(Mode::reserved);
    timer_.set_initial_count(5);
    timer_.set_tsc_deadline(5, 0);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

TEST_F(LocalApicTimerTest, TscDeadlineExpiresOnceAndClears) {
    timer_.set_mode(Mode::tsc_deadline);
    timer_.set_tsc_deadline(1'000'500, 1'000'000);
    EXPECT_EQ(timer_.tsc_deadline(), 1'000'500u);
    EXPECT_EQ(timers_.next_deadline(), 500u);
    run_until(499);
    EXPECT_EQ(expired_, 0u);
    run_until(500);
    EXPECT_EQ(expired_, 1u);
    EXPECT_EQ(timer_.tsc_deadline(), 0u);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

TEST_F(LocalApicTimerTest, TscDeadlineThatHasPassedExpiresAtOnce) {
    run_until(100);
    timer_.set_mode(Mode::tsc_deadline);
    timer_.set_tsc_deadline(1, 0);
    run_until(100);
    EXPECT_EQ(expired_, 1u);
}

TEST_F(LocalApicTimerTest, TscDeadlineIsDisarmedByZeroAndIgnoredInOtherModes) {
    timer_.set_tsc_deadline(500, 0);
    EXPECT_EQ(timer_.tsc_deadline(), 0u);
    timer_.set_mode(Mode::tsc_deadline);
    timer_.set_tsc_deadline(500, 0);
    timer_.set_tsc_deadline(0, 0);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

TEST_F(LocalApicTimerTest, TscDeadlineCopesWithTheFarFutureAndAWrappingOffset) {
    constexpr u64 all = std::numeric_limits<u64>::max();
    run_until(1000);
    timer_.set_mode(Mode::tsc_deadline);
    timer_.set_tsc_deadline(all, u64{0} - 900);
    EXPECT_EQ(timers_.next_deadline(), all);
    timer_.set_tsc_deadline(150, u64{0} - 900);
    EXPECT_EQ(timers_.next_deadline(), 1050u) << "the TSC is 100 now";
}

TEST_F(LocalApicTimerTest, TscDeadlineMovesWithTheTsc) {
    timer_.set_mode(Mode::tsc_deadline);
    timer_.set_tsc_deadline(5000, 0);
    timer_.tsc_offset_changed(4000);
    EXPECT_EQ(timers_.next_deadline(), 1000u);
    EXPECT_EQ(timer_.tsc_deadline(), 5000u);
}

TEST_F(LocalApicTimerTest, ResetDisarms) {
    timer_.set_mode(Mode::periodic);
    timer_.set_initial_count(10);
    timer_.reset();
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    EXPECT_EQ(timer_.mode(), Mode::one_shot);
    EXPECT_EQ(timer_.initial_count(), 0u);
}

} // namespace
} // namespace ringer::device
