#include "device/timer/hpet.h"

#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

class HpetTest : public testing::Test {
  protected:
    static constexpr u64 configuration = 0x10, status = 0x20, counter = 0xf0;
    static constexpr u64 timer(unsigned number) { return 0x100 + 0x20 * number; }
    static constexpr u64 comparator(unsigned number) { return timer(number) + 8; }
    static constexpr u64 level = 2, enabled = 4, periodic = 8, accumulator = 0x40, bits_32 = 0x100,
                         routed = 2 << 9;

    u64 get(u64 offset, unsigned size = 8) {
        u64 value = 0;
        EXPECT_EQ(hpet_.read(offset, size, value), memory::Answer::now);
        return value;
    }
    void put(u64 offset, u64 value, unsigned size = 8) {
        EXPECT_EQ(hpet_.write(offset, size, value), memory::Answer::now);
    }
    /// Lets so many ticks pass.
    void pass(u64 ticks) { fixture::run_until(clock_, timers_, clock_.now() + ticks * 10); }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    Hpet hpet_{timers_};
    fixture::WireProbe irq0_{hpet_.timer_interrupt()}, irq8_{hpet_.rtc_interrupt()};
};

TEST_F(HpetTest, SaysWhatItIs) {
    EXPECT_EQ(get(0), 0x0098'9680'8086'a201u) << "10 ns a tick, in femtoseconds";
    EXPECT_EQ(get(4, 4), 0x98'9680u);
    EXPECT_EQ(get(0, 4), 0x8086'a201u);
    for (unsigned i = 0; i < 3; ++i) EXPECT_EQ(get(timer(i)), 0x4'0000'0030u);
    EXPECT_EQ(get(0x200), 0u);
    EXPECT_EQ(get(0x3f8), 0u);
}

TEST_F(HpetTest, CountsWhileItIsEnabled) {
    pass(5);
    EXPECT_EQ(get(counter), 0u);
    put(counter, 0x1'0000'0000 - 2);
    put(configuration, 1);
    pass(5);
    EXPECT_EQ(get(counter), 0x1'0000'0003u);
    EXPECT_EQ(get(counter + 4, 4), 1u);
    put(configuration, 0);
    pass(5);
    EXPECT_EQ(get(counter), 0x1'0000'0003u);
    put(counter + 4, 7, 4);
    EXPECT_EQ(get(counter), 0x7'0000'0003u);
}

TEST(Hpet, IsReadAsItIsAtOneMoment) {
    const fixture::RunningClock clock(10);
    TimerQueue timers(clock);
    Hpet hpet(timers);
    ASSERT_EQ(hpet.write(0x10, 4, 1), memory::Answer::now);
    for (u64 i = 0, last = 0; i < 1000; ++i) {
        u64 count = 0;
        ASSERT_EQ(hpet.read(0xf0, 8, count), memory::Answer::now);
        ASSERT_GT(count, last);
        ASSERT_LT(count, last + 0x100);
        last = count;
    }
}

TEST_F(HpetTest, InterruptsOnceAtTheMatch) {
    put(timer(0), enabled);
    put(comparator(0), 100);
    put(configuration, 3);
    pass(99);
    EXPECT_EQ(irq0_.rises(), 0u);
    pass(1);
    EXPECT_EQ(irq0_.rises(), 1u);
    EXPECT_EQ(get(status), 0u) << "of an edge nothing is kept";
    pass(1'000'000);
    EXPECT_EQ(irq0_.rises(), 1u);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    put(comparator(0), get(counter) + 50);
    pass(50);
    EXPECT_EQ(irq0_.rises(), 2u) << "another edge, though the line was left high";
}

TEST_F(HpetTest, AComparatorThatWasPassedMatchesAfterTheCounterHasWrapped) {
    put(counter, 500);
    put(timer(0), enabled | bits_32);
    put(comparator(0), 100);
    put(configuration, 3);
    pass((u64{1} << 32) - 401);
    EXPECT_EQ(irq0_.rises(), 0u);
    pass(1);
    EXPECT_EQ(irq0_.rises(), 1u);
}

TEST_F(HpetTest, InterruptsPeriodically) {
    put(timer(0), enabled | periodic | accumulator | bits_32);
    put(comparator(0), 1000, 4);
    put(comparator(0), 300, 4);
    put(configuration, 3);
    pass(999);
    EXPECT_EQ(irq0_.rises(), 0u);
    pass(1);
    EXPECT_EQ(irq0_.rises(), 1u);
    EXPECT_EQ(get(comparator(0)), 1300u);
    pass(3000);
    EXPECT_EQ(irq0_.rises(), 11u);
    clock_.set(clock_.now() + 10'000 * 10);
    timers_.expire_due();
    EXPECT_EQ(irq0_.rises(), 12u) << "what was missed is one interrupt";
    EXPECT_EQ(get(comparator(0)), 14'200u);
}

TEST_F(HpetTest, ALevelStaysUntilItIsCleared) {
    put(timer(1), enabled | level);
    put(comparator(1), 10);
    put(configuration, 3);
    pass(10);
    EXPECT_TRUE(irq8_.level());
    EXPECT_EQ(get(status), 2u);
    put(status, 1);
    EXPECT_TRUE(irq8_.level()) << "another timer's";
    put(status, 2);
    EXPECT_FALSE(irq8_.level());
    EXPECT_EQ(get(status), 0u);
}

TEST_F(HpetTest, TakesOverTheOlderTimersLines) {
    hpet_.pin_changed(Hpet::pit_input, true);
    hpet_.pin_changed(Hpet::rtc_input, true);
    EXPECT_TRUE(irq0_.level());
    EXPECT_TRUE(irq8_.level());
    put(configuration, 3);
    EXPECT_FALSE(irq0_.level());
    EXPECT_FALSE(irq8_.level());
    put(timer(0), enabled);
    put(comparator(0), 10);
    pass(10);
    EXPECT_TRUE(irq0_.level());
    put(configuration, 1);
    EXPECT_TRUE(irq8_.level()) << "they have them back";
}

TEST_F(HpetTest, ATimerCanBeRoutedToTheOneInput) {
    put(configuration, 1);
    put(timer(2), enabled | 5 << 9);
    EXPECT_EQ(get(timer(2)) >> 9 & 0x1f, 0u) << "no such route";
    put(comparator(2), 10);
    pass(20);
    EXPECT_FALSE(irq0_.level());
    put(timer(2), enabled | routed);
    EXPECT_EQ(get(timer(2)) >> 9 & 0x1f, 2u);
    put(comparator(2), 30);
    pass(10);
    EXPECT_TRUE(irq0_.level());
    put(timer(2), routed);
    EXPECT_FALSE(irq0_.level());
}

TEST_F(HpetTest, HasNoInterruptsWhileItIsHalted) {
    put(timer(0), enabled | level);
    put(comparator(0), 10);
    put(configuration, 3);
    pass(10);
    EXPECT_TRUE(irq0_.level());
    put(configuration, 2);
    EXPECT_FALSE(irq0_.level());
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

TEST_F(HpetTest, IgnoresNarrowWrites) {
    put(configuration, 1, 1);
    put(configuration, 1, 2);
    EXPECT_EQ(get(configuration), 0u);
    put(configuration, 1, 4);
    EXPECT_EQ(get(configuration, 1), 1u);
}

TEST_F(HpetTest, GoesOnWhereItWasSaved) {
    put(timer(0), enabled | periodic | accumulator);
    put(comparator(0), 1000);
    put(configuration, 3);
    pass(2500);
    Hpet other(timers_);
    fixture::copy(hpet_, other);
    hpet_.reset();
    EXPECT_EQ(get(comparator(0)), ~u64{0});
    fixture::WireProbe probe(other.timer_interrupt());
    pass(1000);
    EXPECT_EQ(probe.rises(), 1u);
    u64 value = 0;
    EXPECT_EQ(other.read(counter, 8, value), memory::Answer::now);
    EXPECT_EQ(value, 3500u);
}

} // namespace
} // namespace ringer::device
