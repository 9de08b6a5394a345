#include "device/timer/rtc.h"

#include "base/bits.h"
#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

#include <string>

#include <fmt/format.h>

namespace ringer::device {
namespace {

using fixture::in;
using fixture::out;

constexpr Nanoseconds second = 1'000'000'000;
constexpr Nanoseconds microsecond = 1'000;

class RtcTest : public ::testing::Test {
  protected:
    u8 read(u8 index) {
        out(rtc_, 0, index);
        return in(rtc_, 1);
    }
    void write(u8 index, u8 value) {
        out(rtc_, 0, index);
        out(rtc_, 1, value);
    }
    void at(Nanoseconds moment) { fixture::run_until(clock_, timers_, moment); }

    /// The raw bytes: century, year, month, day, weekday, hours, minutes, seconds.
    std::string date() {
        return fmt::format("{:02x}{:02x}-{:02x}-{:02x} {:x} {:02x}:{:02x}:{:02x}", read(0x32), read(9),
                           read(8), read(7), read(6), read(4), read(2), read(0));
    }
    /// Sets the clock as Linux's mc146818_set_time does.
    void set_date(u8 century, u8 year, u8 month, u8 day, u8 hours, u8 minutes, u8 seconds) {
        const u8 a = read(0x0a), b = read(0x0b);
        write(0x0b, b | 0x80);
        write(0x0a, a | 0x70);
        const std::pair<u8, u8> bytes[] = {{9, year},    {8, month},   {7, day},       {4, hours},
                                           {2, minutes}, {0, seconds}, {0x32, century}};
        for (const auto& [index, value] : bytes) write(index, value);
        write(0x0b, b);
        write(0x0a, a & 0x7f);
    }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    // 2024-02-28 23:59:58, a Wednesday.
    Rtc rtc_{timers_, 1'709'164'798, 3 * GiB, 5 * GiB};
    fixture::WireProbe irq_{rtc_.interrupt()};
};

TEST_F(RtcTest, StartsAtTheGivenTime) {
    EXPECT_EQ(date(), "2024-02-28 4 23:59:58");
    EXPECT_EQ(read(0x0a), 0x26);
    EXPECT_EQ(read(0x0b), 0x02);
    EXPECT_EQ(read(0x0c), 0x00);
    EXPECT_EQ(read(0x0d), 0x80);
}

TEST(Rtc, LosesNoSecondThatEndsDuringAnAccess) {
    fixture::RunningClock clock(second / 10);
    TimerQueue timers(clock);
    Rtc rtc(timers, 1'704'067'200, 3 * GiB, 0); // 2024-01-01 00:00:00
    const auto register_at = [&](u8 index) {
        out(rtc, 0, index);
        return in(rtc, 1);
    };
    for (int i = 0; i < 1000; ++i) {
        out(rtc, 0, 0x50);
        out(rtc, 1, 0);
    }
    clock.stop();
    const u64 passed = clock.now() / second;
    EXPECT_EQ(fmt::format("{:02x}{:02x}", register_at(2), register_at(0)),
              fmt::format("{:02}{:02}", passed / 60 % 60, passed % 60));
}

TEST(Rtc, LosesNoInterruptThatComesDueDuringAnAccess) {
    constexpr Nanoseconds period = second / 1024;
    fixture::RunningClock clock(period / 7);
    TimerQueue timers(clock);
    Rtc rtc(timers, 0, 3 * GiB, 0);
    out(rtc, 0, 0x0b);
    out(rtc, 1, 0x42); // Periodic interrupts, 24 hours.
    out(rtc, 0, 0x0c);
    for (int i = 0; i < 1000; ++i) {
        in(rtc, 1);
        ASSERT_FALSE(rtc.interrupt().level()) << "the next has no edge, after " << i;
        ASSERT_TRUE(timers.next_deadline()) << "after " << i;
    }
}

TEST_F(RtcTest, AdvancesThroughALeapDay) {
    at(2 * second - 1);
    EXPECT_EQ(date(), "2024-02-28 4 23:59:59");
    at(2 * second);
    EXPECT_EQ(date(), "2024-02-29 5 00:00:00");
    at((2 + 86'400) * second);
    EXPECT_EQ(date(), "2024-03-01 6 00:00:00");
    at((2 + 86'400 * u64{307}) * second);
    EXPECT_EQ(date(), "2025-01-01 4 00:00:00");
}

TEST_F(RtcTest, RepresentsTimeAsRegisterBSays) {
    set_date(0x20, 0x24, 0x02, 0x28, 0x11, 0x59, 0x59);
    write(0x0b, 0x00); // BCD, 12 hours
    at(second / 2);
    EXPECT_EQ(date(), "2024-02-28 4 92:00:00") << "noon is 12 PM";
    at(second / 2 + 3600 * second);
    EXPECT_EQ(read(4), 0x81);
    at(second / 2 + 12 * 3600 * second);
    EXPECT_EQ(date(), "2024-02-29 5 12:00:00") << "midnight is 12 AM";
    write(0x0b, 0x06); // binary, 24 hours: the guest writes the bytes anew
    set_date(19, 99, 12, 31, 23, 59, 59);
    const Nanoseconds set = clock_.now();
    at(set + second / 2);
    EXPECT_EQ(date(), "1400-01-01 6 00:00:00") << "20 is 0x14";
}

TEST_F(RtcTest, SettingTheClockStartsTheSecondHalfwayThrough) {
    at(second / 3);
    set_date(0x20, 0x38, 0x01, 0x19, 0x03, 0x14, 0x07);
    const Nanoseconds set = clock_.now();
    at(set + second / 2 - 1);
    EXPECT_EQ(read(0), 0x07);
    at(set + second / 2);
    EXPECT_EQ(read(0), 0x08);
    at(set + second / 2 + second);
    EXPECT_EQ(read(0), 0x09);
}

TEST_F(RtcTest, SetHoldsTheTime) {
    write(0x0b, 0x82);
    at(10 * second);
    EXPECT_EQ(date(), "2024-02-28 4 23:59:58");
    EXPECT_EQ(read(0x0a) & 0x80, 0);
    write(0x0b, 0x02);
    EXPECT_EQ(date(), "2024-02-28 4 23:59:58");
    at(11 * second);
    EXPECT_EQ(date(), "2024-02-28 4 23:59:59");
}

TEST_F(RtcTest, TimeWrittenWithoutSetTakesEffectByteByByte) {
    write(7, 0x31);
    EXPECT_EQ(date(), "2024-02-31 4 23:59:58") << "until the next update nothing is corrected";
    write(8, 0x12);
    at(2 * second);
    EXPECT_EQ(date(), "2025-01-01 5 00:00:00");
}

TEST_F(RtcTest, NonsenseInTheTimeIsTakenAsTheNearestDate) {
    for (const u8 index : {0, 2, 4, 6, 7, 8, 9, 0x32}) write(index, 0xff);
    EXPECT_EQ(date(), "ffff-ff-ff ff ff:ff:ff");
    at(second);
    EXPECT_EQ(date(), "0000-01-01 1 00:00:00") << "9999-12-31 23:59:59 and a second";
}

TEST_F(RtcTest, UpdateInProgressComesBeforeTheUpdate) {
    at(second - 2'229 * microsecond);
    EXPECT_EQ(read(0x0a), 0x26);
    at(second - 2'228 * microsecond);
    EXPECT_EQ(read(0x0a), 0xa6);
    at(second - 1);
    EXPECT_EQ(read(0x0a), 0xa6);
    EXPECT_EQ(read(0), 0x58);
    at(second);
    EXPECT_EQ(read(0x0a), 0x26);
    EXPECT_EQ(read(0), 0x59);
}

TEST_F(RtcTest, FlagsAreSetWithoutBeingEnabledAndClearedByReading) {
    at(second + 1);
    EXPECT_EQ(read(0x0c), 0x50) << "PF and UF, but no request";
    EXPECT_EQ(read(0x0c), 0x00);
    EXPECT_EQ(irq_.rises(), 0u);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

TEST_F(RtcTest, UpdateEndedInterrupts) {
    write(0x0b, 0x12);
    at(second - 1);
    EXPECT_FALSE(irq_.level());
    at(second);
    EXPECT_TRUE(irq_.level());
    at(5 * second);
    EXPECT_EQ(irq_.rises(), 1u) << "the line stays up until register C is read";
    EXPECT_EQ(read(0x0c), 0xf0) << "PF, AF for the midnight in between, and UF";
    EXPECT_FALSE(irq_.level());
    at(6 * second);
    EXPECT_EQ(irq_.rises(), 2u);
}

TEST_F(RtcTest, EnablingAnInterruptWhoseFlagIsSetRaisesIt) {
    at(second);
    write(0x0b, 0x12);
    EXPECT_TRUE(irq_.level());
    write(0x0b, 0x02);
    EXPECT_FALSE(irq_.level());
}

TEST_F(RtcTest, SettingSetDisablesTheUpdateInterrupt) {
    write(0x0b, 0x92);
    EXPECT_EQ(read(0x0b), 0x82);
}

TEST_F(RtcTest, PeriodicInterruptsAtEveryRate) {
    const unsigned hertz[] = {0, 256, 128, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2};
    write(0x0b, 0x42);
    for (u8 rate = 0; rate < 16; ++rate) {
        write(0x0a, 0x20 | rate);
        read(0x0c);
        const Nanoseconds end = (clock_.now() / second + 1) * second;
        unsigned interrupts = 0;
        while (timers_.next_deadline() && *timers_.next_deadline() <= end) {
            at(*timers_.next_deadline());
            EXPECT_TRUE(irq_.level());
            EXPECT_EQ(read(0x0c) & 0xc0, 0xc0);
            ++interrupts;
        }
        at(end);
        EXPECT_EQ(interrupts, hertz[rate]) << unsigned{rate};
    }
}

TEST_F(RtcTest, PeriodicInterruptDoesNotDriftOrStorm) {
    write(0x0a, 0x26);
    write(0x0b, 0x42);
    clock_.set(100 * second + 300 * microsecond);
    timers_.expire_due();
    EXPECT_EQ(irq_.rises(), 1u);
    read(0x0c);
    EXPECT_EQ(timers_.next_deadline(), 100 * second + 976'563);
    EXPECT_EQ(read(0x0c), 0x00);
}

TEST_F(RtcTest, AlarmAtATimeOfDay) {
    write(5, 0x00);
    write(3, 0x00);
    write(1, 0x01);
    write(0x0b, 0x22);
    at(3 * second - 1);
    EXPECT_FALSE(irq_.level());
    at(3 * second);
    EXPECT_TRUE(irq_.level());
    EXPECT_EQ(read(0x0c) & 0xa0, 0xa0);
    EXPECT_EQ(timers_.next_deadline(), (3 + 86'400) * second);
}

TEST_F(RtcTest, AlarmBytesThatDoNotCare) {
    for (const u8 index : {1, 3, 5}) write(index, 0xc0);
    write(0x0b, 0x22);
    for (unsigned i = 1; i <= 5; ++i) {
        at(i * second);
        EXPECT_EQ(read(0x0c) & 0x20, 0x20) << i;
    }
    write(1, 0x30);
    EXPECT_EQ(timers_.next_deadline(), 32 * second);
    write(3, 0x15);
    EXPECT_EQ(timers_.next_deadline(), (2 + 15 * 60 + 30) * second);
    write(3, 0x77);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt) << "no such minute";
}

TEST_F(RtcTest, AlarmInTheAfternoonOfATwelveHourClock) {
    set_date(0x20, 0x24, 0x02, 0x28, 0x81, 0x29, 0x58);
    write(0x0b, 0x20);
    write(5, 0x81);
    write(3, 0x30);
    write(1, 0x00);
    EXPECT_EQ(timers_.next_deadline(), second / 2 + second);
}

TEST_F(RtcTest, AnAlarmThatPassedUnobservedIsFlagged) {
    write(5, 0x00);
    write(3, 0x00);
    write(1, 0x00);
    clock_.set(3600 * second);
    EXPECT_EQ(read(0x0c) & 0x20, 0x20);
    clock_.set(7200 * second);
    EXPECT_EQ(read(0x0c) & 0x20, 0x00);
}

TEST_F(RtcTest, AStoppedDividerStopsEverything) {
    write(0x0b, 0x72);
    write(0x0a, 0x76);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    at(10 * second);
    EXPECT_EQ(date(), "2024-02-28 4 23:59:58");
    EXPECT_EQ(read(0x0c), 0x00);
}

TEST_F(RtcTest, TellsMemorySizes) {
    const auto word = [&](u8 index) { return read(index) | read(index + 1) << 8; };
    EXPECT_EQ(word(0x15), 640);
    EXPECT_EQ(word(0x17), 0xffff);
    EXPECT_EQ(word(0x30), 0xffff);
    EXPECT_EQ(word(0x34), (3 * 1024 - 16) * 16);
    EXPECT_EQ(word(0x5b) | read(0x5d) << 16, 5 * 1024 * 16);
    Rtc small(timers_, 0, 48 * MiB, 0);
    out(small, 0, 0x17);
    EXPECT_EQ(in(small, 1), (47 * 1024) & 0xff);
    out(small, 0, 0x18);
    EXPECT_EQ(in(small, 1), (47 * 1024) >> 8);
    out(small, 0, 0x34);
    EXPECT_EQ(in(small, 1), 32 * 16 & 0xff);
}

TEST_F(RtcTest, PresetsKeepTheChecksum) {
    rtc_.preset(0x14, 0x06);
    rtc_.preset(0x3d, 0x02);
    unsigned sum = 0;
    for (u8 index = 0x10; index < 0x2e; ++index) sum += read(index);
    EXPECT_EQ(read(0x2e) << 8 | read(0x2f), static_cast<int>(sum));
    EXPECT_EQ(read(0x14), 0x06);
    EXPECT_EQ(read(0x3d), 0x02);
}

TEST_F(RtcTest, IndexPortCarriesTheNmiMaskAndCannotBeRead) {
    EXPECT_FALSE(rtc_.nmi_masked());
    EXPECT_EQ(read(0x8d), 0x80);
    EXPECT_TRUE(rtc_.nmi_masked());
    EXPECT_EQ(in(rtc_, 0), 0xff);
    EXPECT_EQ(rtc_.write(0, 2, 0x5a7f), memory::Answer::now);
    EXPECT_EQ(read(0x7f), 0x5a) << "a word writes index and data";
    EXPECT_FALSE(rtc_.nmi_masked());
}

TEST_F(RtcTest, ReadOnlyRegistersStay) {
    write(0x0c, 0xff);
    write(0x0d, 0x00);
    write(0x0a, 0xff);
    EXPECT_EQ(read(0x0c), 0x00);
    EXPECT_EQ(read(0x0d), 0x80);
    EXPECT_EQ(read(0x0a), 0x7f);
}

TEST_F(RtcTest, ResetKeepsTimeAndMemoryButNoInterrupt) {
    write(0x50, 0xa5);
    write(0x0b, 0x7a);
    at(second);
    EXPECT_TRUE(irq_.level());
    rtc_.reset();
    EXPECT_FALSE(irq_.level());
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    EXPECT_EQ(read(0x0b), 0x02);
    EXPECT_EQ(read(0x0c), 0x00);
    EXPECT_EQ(read(0x50), 0xa5);
    EXPECT_EQ(date(), "2024-02-28 4 23:59:59");
}

TEST_F(RtcTest, ReadingTheTimeLeavesTheStateAlone) {
    at(7 * second / 2);
    const auto before = fixture::saved(rtc_);
    in(rtc_, 1);
    EXPECT_EQ(fixture::saved(rtc_), before);
}

TEST_F(RtcTest, StateMovesToAnotherClock) {
    set_date(0x20, 0x38, 0x01, 0x19, 0x03, 0x14, 0x07);
    write(0x0b, 0x12);
    at(second);
    Rtc other(timers_, 0, 0, 0);
    fixture::WireProbe other_irq(other.interrupt());
    fixture::copy(rtc_, other);
    EXPECT_EQ(fixture::saved(other), fixture::saved(rtc_));
    EXPECT_TRUE(other.interrupt().level());
    EXPECT_EQ(other_irq.rises(), 0u);
    out(other, 0, 0x0c);
    EXPECT_EQ(in(other, 1), 0xd0);
    at(second / 2 + second);
    EXPECT_EQ(other_irq.rises(), 1u);
}

} // namespace
} // namespace ringer::device
