#include "device/timer/pit8254.h"

#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using fixture::in;
using fixture::out;

class Pit8254Test : public ::testing::Test {
  protected:
    static Nanoseconds moment(u64 pulse) {
        return static_cast<Nanoseconds>((u128{pulse} * 1'000'000'000 + 1'193'181) / 1'193'182);
    }
    /// To the given number of clock pulses after the counter was programmed; timers expire on the way.
    void at(u64 pulse) { fixture::run_until(clock_, timers_, moment(start_ + pulse)); }

    /// Programs a counter with a two-byte count. Pulse 1 loads it.
    void program(unsigned counter, unsigned mode, u16 count, bool bcd = false) {
        out(ports_, 3, static_cast<u8>(counter << 6 | 0x30 | mode << 1 | (bcd ? 1 : 0)));
        write(counter, count);
    }
    void write(unsigned counter, u16 count) {
        out(ports_, counter, static_cast<u8>(count));
        out(ports_, counter, static_cast<u8>(count >> 8));
    }
    u16 read(unsigned counter) {
        const u8 low = in(ports_, counter);
        return static_cast<u16>(low | in(ports_, counter) << 8);
    }
    u16 latched(unsigned counter) {
        out(ports_, 3, static_cast<u8>(counter << 6));
        return read(counter);
    }
    u8 status(unsigned counter) {
        out(ports_, 3, static_cast<u8>(0xe0 | 2 << counter));
        return in(ports_, counter);
    }
    void gate(bool on) { out(control_, 0, on ? 1 : 0); }
    /// OUT of counter 2, seen through port 0x61, at consecutive pulses.
    std::string waveform(u64 first, u64 last) {
        std::string levels;
        for (u64 pulse = first; pulse <= last; ++pulse) {
            at(pulse);
            levels += in(control_, 0) & 0x20 ? '-' : '_';
        }
        return levels;
    }

    static constexpr u64 start_ = 1'000'000;
    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    Pit8254 pit_{timers_};
    memory::Region& ports_ = pit_.counter_ports();
    memory::Region& control_ = pit_.control_port();
    fixture::WireProbe irq_{pit_.interrupt()};
};

TEST_F(Pit8254Test, Mode0RaisesOutAtTheTerminalCount) {
    at(0);
    program(0, 0, 5);
    EXPECT_FALSE(irq_.level());
    at(1);
    EXPECT_EQ(latched(0), 5);
    at(5);
    EXPECT_EQ(latched(0), 1);
    EXPECT_FALSE(irq_.level());
    at(6);
    EXPECT_EQ(latched(0), 0);
    EXPECT_TRUE(irq_.level());
    at(7);
    EXPECT_EQ(latched(0), 0xffff) << "it counts on";
    at(200'000);
    EXPECT_TRUE(irq_.level());
    EXPECT_EQ(irq_.rises(), 1u);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    write(0, 3);
    EXPECT_FALSE(irq_.level());
    at(200'004);
    EXPECT_EQ(irq_.rises(), 2u);
}

TEST_F(Pit8254Test, Mode0StopsAtTheFirstOfTwoBytes) {
    at(0);
    program(0, 0, 5);
    at(3);
    out(ports_, 0, 4);
    at(50);
    EXPECT_FALSE(irq_.level());
    out(ports_, 0, 0);
    at(54);
    EXPECT_FALSE(irq_.level());
    at(55);
    EXPECT_TRUE(irq_.level());
}

TEST_F(Pit8254Test, Mode0CountsOnlyWhileGateIsHigh) {
    at(0);
    program(2, 0, 10);
    at(5);
    EXPECT_EQ(latched(2), 10) << "loaded, but held";
    gate(true);
    at(8);
    EXPECT_EQ(latched(2), 7);
    gate(false);
    at(100);
    EXPECT_EQ(latched(2), 7);
    gate(true);
    EXPECT_EQ(waveform(106, 108), "_--");
}

TEST_F(Pit8254Test, Mode1IsAOneShotThatGateTriggers) {
    at(0);
    program(2, 1, 3);
    EXPECT_EQ(waveform(0, 4), "-----");
    EXPECT_EQ(status(2), 0xf2) << "OUT, null count until the trigger";
    gate(true);
    EXPECT_EQ(waveform(4, 9), "-___--");
    EXPECT_EQ(status(2), 0xb2);
    gate(false);
    at(20);
    gate(true);
    at(22);
    gate(false);
    gate(true);
    EXPECT_EQ(waveform(22, 27), "____--") << "retriggered";
    at(30);
    gate(false);
    gate(true);
    at(31);
    write(2, 6);
    EXPECT_EQ(waveform(31, 35), "___--") << "a new count waits for the next trigger";
}

TEST_F(Pit8254Test, Mode2PulsesOnceAPeriod) {
    at(0);
    gate(true);
    program(2, 2, 4);
    EXPECT_EQ(waveform(0, 12), "----_---_---_");
    EXPECT_EQ(latched(2), 1);
    at(13);
    EXPECT_EQ(latched(2), 4);
    gate(false);
    at(16);
    EXPECT_TRUE(in(control_, 0) & 0x20) << "GATE low sets OUT high at once";
    gate(true);
    EXPECT_EQ(waveform(16, 21), "----_-") << "and starts anew";
}

TEST_F(Pit8254Test, Mode2TakesANewCountAtTheEndOfThePeriod) {
    at(0);
    gate(true);
    program(2, 2, 4);
    at(2);
    write(2, 6);
    EXPECT_EQ(status(2) & 0x40, 0x40);
    EXPECT_EQ(waveform(2, 16), "--_-----_-----_");
    EXPECT_EQ(status(2) & 0x40, 0);
}

TEST_F(Pit8254Test, Mode3IsASquareWave) {
    at(0);
    gate(true);
    program(2, 3, 4);
    EXPECT_EQ(waveform(1, 9), "--__--__-");
    at(20);
    program(2, 3, 5);
    EXPECT_EQ(waveform(21, 31), "---__---__-");
    at(36);
    EXPECT_EQ(latched(2), 4) << "an odd count is loaded less one";
    at(37);
    EXPECT_EQ(latched(2), 2);
    at(38);
    EXPECT_EQ(latched(2), 0);
    at(39);
    EXPECT_EQ(latched(2), 4);
    at(40);
    EXPECT_EQ(latched(2), 2);
}

TEST_F(Pit8254Test, Mode3TakesANewCountAtTheEndOfTheHalf) {
    at(0);
    gate(true);
    program(2, 3, 8);
    at(2);
    write(2, 4);
    EXPECT_EQ(waveform(2, 11), "---__--__-") << "the low half is the new one";
    at(29);
    program(2, 3, 8);
    at(35);
    write(2, 4);
    EXPECT_EQ(waveform(35, 42), "___--__-");
}

TEST_F(Pit8254Test, Mode4StrobesOnce) {
    at(0);
    gate(true);
    program(2, 4, 3);
    EXPECT_EQ(waveform(0, 7), "----_---");
    at(3 + 65536 + 1);
    EXPECT_TRUE(in(control_, 0) & 0x20) << "wrapping around is no terminal count";
    write(2, 2);
    EXPECT_EQ(waveform(65540, 65545), "---_--");
}

TEST_F(Pit8254Test, Mode4IsHeldByGate) {
    at(0);
    gate(true);
    program(2, 4, 6);
    at(3);
    gate(false);
    at(50);
    gate(true);
    EXPECT_EQ(waveform(50, 55), "----_-");
}

TEST_F(Pit8254Test, Mode5StrobesAfterATrigger) {
    at(0);
    program(2, 5, 3);
    at(100);
    gate(true);
    EXPECT_EQ(waveform(100, 106), "----_--");
    gate(false);
    EXPECT_EQ(waveform(106, 120), std::string(15, '-'));
    gate(true);
    EXPECT_EQ(waveform(120, 125), "----_-");
}

TEST_F(Pit8254Test, CountsOfZeroAreTheLargest) {
    at(0);
    program(0, 2, 0);
    at(65536);
    EXPECT_EQ(irq_.falls(), 1u);
    EXPECT_EQ(latched(0), 1);
    at(65537);
    EXPECT_TRUE(irq_.level());
    EXPECT_EQ(latched(0), 0);
    program(0, 2, 0, true);
    at(65537 + 10'000);
    EXPECT_EQ(latched(0), 1);
    at(65537 + 10'001);
    EXPECT_EQ(latched(0), 0);
    at(65537 + 10'002);
    EXPECT_EQ(latched(0), 0x9999);
}

TEST_F(Pit8254Test, CountsInBcd) {
    at(0);
    program(0, 0, 0x1000, true);
    at(2);
    EXPECT_EQ(latched(0), 0x0999);
    at(1001);
    EXPECT_EQ(latched(0), 0x0000);
    EXPECT_TRUE(irq_.level());
    at(1002);
    EXPECT_EQ(latched(0), 0x9999);
}

TEST_F(Pit8254Test, MalformedBcdAndIllegalCountsAreHarmless) {
    at(0);
    for (unsigned mode = 0; mode < 8; ++mode)
        for (const u16 count : {0xffff, 0x0001, 0xaaaa, 0x0000}) {
            program(0, mode, count, true);
            fixture::run_until(clock_, timers_, clock_.now() + 20'000'000);
            latched(0);
        }
    program(0, 2, 1);
    at(10'000'000);
    EXPECT_TRUE(irq_.level());
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

TEST_F(Pit8254Test, ModeNumbers6And7AreModes2And3) {
    at(0);
    program(0, 6, 100);
    EXPECT_EQ(status(0) & 0x0e, 0x04);
    program(0, 7, 100);
    EXPECT_EQ(status(0) & 0x0e, 0x06);
}

TEST_F(Pit8254Test, AccessModes) {
    at(0);
    out(ports_, 3, 0x14); // counter 0, low byte only, mode 2
    out(ports_, 0, 0x80);
    at(1);
    EXPECT_EQ(in(ports_, 0), 0x80);
    EXPECT_EQ(in(ports_, 0), 0x80);
    out(ports_, 3, 0x24); // high byte only
    out(ports_, 0, 0x12);
    at(2);
    EXPECT_EQ(in(ports_, 0), 0x12);
    at(3);
    EXPECT_EQ(in(ports_, 0), 0x11);
}

TEST_F(Pit8254Test, LatchHoldsTheCountUntilItIsRead) {
    at(0);
    program(0, 2, 0x1234);
    at(1);
    out(ports_, 3, 0x00);
    at(50);
    out(ports_, 3, 0x00);
    EXPECT_EQ(read(0), 0x1234) << "the second latch command is ignored";
    EXPECT_EQ(read(0), 0x1234 - 49);
}

TEST_F(Pit8254Test, ReadBackLatchesStatusThenCountOfSeveralCounters) {
    at(0);
    program(0, 2, 0x2000);
    program(1, 3, 0x12);
    EXPECT_EQ(status(0), 0xf4) << "not loaded yet";
    at(1);
    out(ports_, 3, 0xc6); // count and status of counters 0 and 1
    at(9);
    EXPECT_EQ(in(ports_, 0), 0xb4);
    EXPECT_EQ(read(0), 0x2000);
    EXPECT_EQ(in(ports_, 1), 0xb6);
    EXPECT_EQ(read(1), 0x12);
    EXPECT_EQ(in(ports_, 3), 0xff);
}

TEST_F(Pit8254Test, LinuxsTickComesWithoutDrift) {
    at(0);
    program(0, 2, 4772); // 250 Hz
    at(1 + u64{4772} * 100'000);
    EXPECT_EQ(irq_.falls(), 100'000u);
    EXPECT_EQ(clock_.now(), moment(start_ + 1 + u64{4772} * 100'000));
    EXPECT_TRUE(irq_.level());
}

TEST_F(Pit8254Test, FallingBehindYieldsOneEdge) {
    at(0);
    program(0, 2, 1000);
    const unsigned before = irq_.rises();
    clock_.set(moment(start_ + 1 + 12'345 * u64{1000} + 500));
    timers_.expire_due();
    EXPECT_EQ(irq_.rises(), before + 1);
    EXPECT_TRUE(irq_.level());
    EXPECT_EQ(timers_.next_deadline(), moment(start_ + 1 + 12'345 * u64{1000} + 999));
    EXPECT_EQ(latched(0), 500);
}

TEST_F(Pit8254Test, CountsFarIntoTheFuture) {
    const Nanoseconds century = u64{100} * 366 * 86'400 * 1'000'000'000;
    clock_.set(century);
    program(0, 2, 1000);
    fixture::run_until(clock_, timers_, century + 1'000'000);
    EXPECT_EQ(irq_.falls(), 1u);
}

TEST_F(Pit8254Test, Port61TogglesWithRefreshAndKeepsItsLowBits) {
    at(0);
    out(control_, 0, 0xff);
    EXPECT_EQ(in(control_, 0) & 0xcf, 0x0f);
    const u8 first = in(control_, 0) & 0x10;
    at(18);
    EXPECT_NE(in(control_, 0) & 0x10, first);
    at(36);
    EXPECT_EQ(in(control_, 0) & 0x10, first);
}

TEST_F(Pit8254Test, LinuxsCalibrationSeesTheHighByteFall) {
    at(0);
    gate(true);
    program(2, 0, 0xffff);
    EXPECT_EQ(read(2) >> 8, 0xff) << "even before the first clock pulse";
    at(1 + 0xff);
    EXPECT_EQ(read(2), 0xff00);
    at(1 + 0x100);
    EXPECT_EQ(read(2), 0xfeff);
}

TEST_F(Pit8254Test, StateMovesToAnotherPit) {
    at(0);
    program(0, 3, 1001);
    gate(true);
    program(2, 0, 5000);
    at(300);
    write(0, 400);
    out(ports_, 3, 0xc4);
    Pit8254 other(timers_);
    fixture::WireProbe other_irq(other.interrupt());
    fixture::copy(pit_, other);
    EXPECT_EQ(fixture::saved(other), fixture::saved(pit_));
    EXPECT_TRUE(other.interrupt().level());
    EXPECT_EQ(other_irq.rises(), 0u);
    const unsigned before = irq_.falls();
    at(10'000);
    EXPECT_EQ(other_irq.falls(), irq_.falls() - before);
    EXPECT_EQ(fixture::saved(other), fixture::saved(pit_));
}

TEST_F(Pit8254Test, ResetStopsEverything) {
    at(0);
    program(0, 3, 100);
    pit_.reset();
    EXPECT_FALSE(irq_.level());
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    EXPECT_EQ(in(control_, 0) & 0x2f, 0);
}

} // namespace
} // namespace ringer::device
