#include "device/serial/uart16550.h"

#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace ringer::device {
namespace {

using fixture::in;
using fixture::out;

enum Port : u64 {
    rbr = 0,
    thr = 0,
    dll = 0,
    ier = 1,
    dlm = 1,
    iir = 2,
    fcr = 2,
    lcr = 3,
    mcr = 4,
    lsr = 5,
    msr = 6,
    scr = 7
};

class Uart16550Test : public ::testing::Test, protected ByteSink {
  protected:
    void transmit(u8 byte) override { sent_ += static_cast<char>(byte); }

    std::size_t receive(std::string_view text) {
        return uart_.receive({reinterpret_cast<const u8*>(text.data()), text.size()});
    }

    /// Opens the port as Linux does: FIFOs with a trigger level of 8, 115200 baud, 8N1, DTR, RTS and OUT2.
    void open() {
        out(uart_, lcr, 0x83);
        out(uart_, dll, 1);
        out(uart_, dlm, 0);
        out(uart_, lcr, 0x03);
        out(uart_, fcr, 0x87);
        out(uart_, mcr, 0x0b);
    }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    std::string sent_;
    Uart16550 uart_{"serial0", *this, timers_};
    fixture::WireProbe irq_{uart_.interrupt()};
};

// One character of 10 bits at 115200 baud.
constexpr Nanoseconds character = 86'806;

TEST_F(Uart16550Test, ResetsToTheDatasheetsValues) {
    EXPECT_EQ(in(uart_, ier), 0x00);
    EXPECT_EQ(in(uart_, iir), 0x01);
    EXPECT_EQ(in(uart_, lcr), 0x00);
    EXPECT_EQ(in(uart_, mcr), 0x00);
    EXPECT_EQ(in(uart_, lsr), 0x60);
    EXPECT_EQ(in(uart_, msr), 0xb0);
    EXPECT_FALSE(irq_.level());
}

TEST_F(Uart16550Test, KeepsOnlyTheBitsThatExist) {
    out(uart_, ier, 0xff);
    EXPECT_EQ(in(uart_, ier), 0x0f);
    out(uart_, mcr, 0xef);
    EXPECT_EQ(in(uart_, mcr), 0x0f);
    out(uart_, scr, 0xa5);
    EXPECT_EQ(in(uart_, scr), 0xa5);
    out(uart_, lsr, 0xff);
    EXPECT_EQ(in(uart_, lsr), 0x60);
}

TEST_F(Uart16550Test, DivisorLatchHidesDataAndInterruptEnable) {
    out(uart_, ier, 0x05);
    out(uart_, lcr, 0x80);
    out(uart_, dll, 0x34);
    out(uart_, dlm, 0x12);
    EXPECT_EQ(in(uart_, dll), 0x34);
    EXPECT_EQ(in(uart_, dlm), 0x12);
    out(uart_, lcr, 0x03);
    EXPECT_EQ(in(uart_, ier), 0x05);
    EXPECT_EQ(sent_, "");
}

TEST_F(Uart16550Test, IsRecognizedAsA16550A) {
    out(uart_, fcr, 0x01);
    EXPECT_EQ(in(uart_, iir), 0xc1);
    out(uart_, fcr, 0x00);
    EXPECT_EQ(in(uart_, iir), 0x01);
    out(uart_, lcr, 0x80);
    out(uart_, fcr, 0x21);
    EXPECT_EQ(in(uart_, iir) & 0x20, 0) << "no 64-byte FIFO of a 16750";
}

TEST_F(Uart16550Test, TransmitsAtOnce) {
    out(uart_, thr, 'h');
    out(uart_, thr, 'i');
    EXPECT_EQ(sent_, "hi");
    EXPECT_EQ(in(uart_, lsr), 0x60);
}

TEST_F(Uart16550Test, TransmitterInterruptIsAcknowledgedByIirAndRaisedAnewByWriting) {
    open();
    out(uart_, ier, 0x02);
    EXPECT_TRUE(irq_.level()) << "THR was empty when the interrupt was enabled";
    EXPECT_EQ(in(uart_, iir), 0xc2);
    EXPECT_FALSE(irq_.level());
    EXPECT_EQ(in(uart_, iir), 0xc1);
    out(uart_, thr, 'x');
    EXPECT_TRUE(irq_.level());
    EXPECT_EQ(in(uart_, iir), 0xc2);
    out(uart_, ier, 0x00);
    out(uart_, ier, 0x02);
    EXPECT_EQ(in(uart_, iir), 0xc2) << "Linux tests for exactly this (UART_BUG_THRE)";
    out(uart_, ier, 0x02);
    EXPECT_EQ(in(uart_, iir), 0xc1) << "nothing was newly enabled";
}

TEST_F(Uart16550Test, LoopbackTakesTheInterruptAway) {
    out(uart_, ier, 0x02);
    EXPECT_TRUE(irq_.level()) << "OUT2 is clear, and does not matter";
    out(uart_, mcr, 0x18);
    EXPECT_FALSE(irq_.level());
    EXPECT_EQ(in(uart_, iir), 0x02);
}

TEST_F(Uart16550Test, WithoutFifosHoldsOneByte) {
    EXPECT_EQ(uart_.room(), 1u);
    EXPECT_EQ(receive("abc"), 1u);
    EXPECT_EQ(uart_.room(), 0u);
    EXPECT_EQ(in(uart_, lsr), 0x61);
    EXPECT_EQ(in(uart_, rbr), 'a');
    EXPECT_EQ(in(uart_, lsr), 0x60);
    EXPECT_EQ(receive("bc"), 1u);
    EXPECT_EQ(in(uart_, rbr), 'b');
}

TEST_F(Uart16550Test, FifoKeepsOrderAcrossItsEnd) {
    open();
    std::string sent, seen;
    for (unsigned round = 0; round < 5; ++round) {
        std::string text(16, ' ');
        std::iota(text.begin(), text.end(), static_cast<char>(round * 16));
        ASSERT_EQ(receive(text.substr(0, 11)), 11u);
        ASSERT_EQ(receive(text.substr(11) + "lost?"), 5u);
        sent += text;
        while (in(uart_, lsr) & 1) seen += static_cast<char>(in(uart_, rbr));
    }
    EXPECT_EQ(seen, sent);
}

TEST_F(Uart16550Test, EachTriggerLevelInterrupts) {
    const std::pair<u8, std::size_t> levels[] = {{0x01, 1}, {0x41, 4}, {0x81, 8}, {0xc1, 14}};
    for (const auto& [control, level] : levels) {
        open();
        out(uart_, ier, 0x01);
        out(uart_, fcr, control | 0x02);
        receive(std::string(level - 1, 'x'));
        EXPECT_FALSE(irq_.level()) << level;
        receive("y");
        EXPECT_TRUE(irq_.level()) << level;
        EXPECT_EQ(in(uart_, iir), 0xc4) << level;
        in(uart_, rbr);
        EXPECT_FALSE(irq_.level()) << level;
    }
}

TEST_F(Uart16550Test, CharacterTimeoutTellsOfBytesBelowTheTrigger) {
    open();
    out(uart_, ier, 0x01);
    receive("ab");
    fixture::run_until(clock_, timers_, 4 * character - 100);
    EXPECT_FALSE(irq_.level());
    fixture::run_until(clock_, timers_, 4 * character);
    EXPECT_TRUE(irq_.level());
    EXPECT_EQ(in(uart_, iir), 0xcc);
    EXPECT_EQ(in(uart_, rbr), 'a');
    EXPECT_FALSE(irq_.level()) << "reading restarts the timeout";
    fixture::run_until(clock_, timers_, 9 * character);
    EXPECT_EQ(in(uart_, iir), 0xcc);
    EXPECT_EQ(in(uart_, rbr), 'b');
    EXPECT_EQ(in(uart_, iir), 0xc1);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

TEST_F(Uart16550Test, ANewByteRestartsTheTimeout) {
    open();
    out(uart_, ier, 0x01);
    receive("a");
    fixture::run_until(clock_, timers_, 3 * character);
    receive("b");
    fixture::run_until(clock_, timers_, 6 * character);
    EXPECT_FALSE(irq_.level());
    fixture::run_until(clock_, timers_, 8 * character);
    EXPECT_TRUE(irq_.level());
}

TEST_F(Uart16550Test, TimeoutFollowsDivisorAndFrame) {
    open();
    out(uart_, lcr, 0x8f); // 8 bits, parity, two stop bits: 12 in all
    out(uart_, dll, 2);
    out(uart_, lcr, 0x0f);
    out(uart_, ier, 0x01);
    receive("a");
    EXPECT_EQ(timers_.next_deadline(), 4 * 12 * 16 * 2 * u64{1'000'000'000} / 1'843'200);
    out(uart_, lcr, 0x04); // 5 bits, one and a half stop bits: 7.5 in all
    EXPECT_EQ(timers_.next_deadline(), 4 * 15 * 16 * u64{1'000'000'000} / 1'843'200);
    out(uart_, lcr, 0x84);
    out(uart_, dll, 0);
    EXPECT_EQ(timers_.next_deadline(), 4 * 15 * 16 * u64{0x8000} * 1'000'000'000 / 1'843'200)
        << "a divisor of 0 counts 65536";
}

TEST_F(Uart16550Test, InterruptsComeInOrderOfPriority) {
    open();
    out(uart_, ier, 0x0f);
    out(uart_, mcr, 0x1b);
    out(uart_, mcr, 0x0b); // RTS, DTR and OUT2 equal the attached lines: no change
    in(uart_, msr);
    out(uart_, mcr, 0x18);
    out(uart_, mcr, 0x0b);
    receive("12345678");
    uart_.receive_break();
    for (unsigned i = 0; i < 8; ++i) in(uart_, rbr);
    receive("1234567");
    EXPECT_EQ(in(uart_, iir), 0xc6);
    EXPECT_EQ(in(uart_, lsr) & 0x1e, 0x10);
    EXPECT_EQ(in(uart_, iir), 0xc4);
    in(uart_, rbr);
    EXPECT_EQ(in(uart_, iir), 0xc2);
    EXPECT_EQ(in(uart_, iir), 0xc0);
    EXPECT_EQ(in(uart_, msr) & 0x0f, 0x03);
    EXPECT_EQ(in(uart_, iir), 0xc1);
    EXPECT_FALSE(irq_.level());
}

TEST_F(Uart16550Test, BreakShowsWhenItReachesTheTop) {
    open();
    receive("a");
    uart_.receive_break();
    EXPECT_EQ(in(uart_, lsr), 0xe1) << "an error is in the FIFO, but not at its top";
    EXPECT_EQ(in(uart_, rbr), 'a');
    EXPECT_EQ(in(uart_, lsr), 0xf1);
    EXPECT_EQ(in(uart_, lsr), 0x61) << "reading LSR clears the errors";
    EXPECT_EQ(in(uart_, rbr), 0);
}

TEST_F(Uart16550Test, LoopbackFeedsTheReceiver) {
    open();
    receive("old");
    out(uart_, fcr, 0x87);
    out(uart_, mcr, 0x1b);
    EXPECT_EQ(uart_.room(), 0u);
    EXPECT_EQ(receive("outside"), 0u);
    out(uart_, thr, 'x');
    EXPECT_EQ(sent_, "");
    EXPECT_EQ(in(uart_, lsr), 0x61);
    EXPECT_EQ(in(uart_, rbr), 'x');
    out(uart_, lcr, 0x43);
    EXPECT_EQ(in(uart_, lsr), 0xf1) << "a break loops back too";
}

TEST_F(Uart16550Test, LoopbackMeasuresAFifoOf16Bytes) {
    open();
    out(uart_, mcr, 0x13);
    for (unsigned i = 0; i < 256; ++i) out(uart_, thr, static_cast<u8>(i));
    EXPECT_EQ(in(uart_, lsr), 0x63) << "an overrun";
    unsigned count = 0;
    for (; in(uart_, lsr) & 1; ++count) EXPECT_EQ(in(uart_, rbr), count);
    EXPECT_EQ(count, 16u);
}

TEST_F(Uart16550Test, OverrunWithoutFifosKeepsTheNewerByte) {
    out(uart_, mcr, 0x10);
    out(uart_, thr, 'a');
    out(uart_, thr, 'b');
    EXPECT_EQ(in(uart_, lsr), 0x63);
    EXPECT_EQ(in(uart_, rbr), 'b');
    EXPECT_EQ(in(uart_, lsr), 0x60);
}

TEST_F(Uart16550Test, LoopbackConnectsModemOutputsToInputs) {
    out(uart_, mcr, 0x1a);
    EXPECT_EQ(in(uart_, msr) & 0xf0, 0x90) << "Linux looks for this (autoconfig)";
    out(uart_, mcr, 0x14);
    EXPECT_EQ(in(uart_, msr), 0x49) << "CTS and DCD went, RI came: only its trailing edge counts";
    out(uart_, mcr, 0x10);
    EXPECT_EQ(in(uart_, msr), 0x04);
    EXPECT_EQ(in(uart_, msr), 0x00);
}

TEST_F(Uart16550Test, HoldsTheSenderBackWhileRtsIsClear) {
    EXPECT_EQ(uart_.room(), 1u) << "MCR was never written";
    out(uart_, mcr, 0x00);
    EXPECT_EQ(uart_.room(), 1u) << "xv6 leaves it at this";
    open();
    EXPECT_EQ(uart_.room(), 16u);
    out(uart_, mcr, 0x01);
    EXPECT_EQ(uart_.room(), 0u);
    EXPECT_EQ(receive("early"), 0u);
    out(uart_, mcr, 0x03);
    EXPECT_EQ(receive("late"), 4u);
}

TEST_F(Uart16550Test, ChangingFifoModeOrClearingEmptiesTheReceiver) {
    open();
    receive("abc");
    out(uart_, fcr, 0x00);
    EXPECT_EQ(in(uart_, lsr), 0x60);
    receive("d");
    out(uart_, fcr, 0x02);
    EXPECT_EQ(in(uart_, lsr), 0x61) << "without FCR0 the other bits are not taken";
    out(uart_, fcr, 0x01);
    receive("e");
    out(uart_, fcr, 0x03);
    EXPECT_EQ(in(uart_, lsr), 0x60);
}

TEST_F(Uart16550Test, WideAccessesAreSplitIntoBytes) {
    EXPECT_EQ(uart_.write(lcr, 2, 0x0b83), memory::Answer::now);
    EXPECT_EQ(in(uart_, lcr), 0x83);
    EXPECT_EQ(in(uart_, mcr), 0x0b);
    u64 value = 0;
    EXPECT_EQ(uart_.read(lcr, 4, value), memory::Answer::now);
    EXPECT_EQ(value, 0xb0600b83u);
}

TEST_F(Uart16550Test, StateMovesToAnotherUart) {
    open();
    out(uart_, ier, 0x01);
    receive("abc");
    Uart16550 other("serial0", *this, timers_);
    fixture::WireProbe other_irq(other.interrupt());
    fixture::copy(uart_, other);
    EXPECT_EQ(fixture::saved(other), fixture::saved(uart_));
    fixture::run_until(clock_, timers_, 5 * character);
    EXPECT_TRUE(other_irq.level());
    EXPECT_EQ(in(other, rbr), 'a');
}

TEST_F(Uart16550Test, LoadingSetsTheWireWithoutTellingItsSink) {
    open();
    out(uart_, ier, 0x02);
    Uart16550 other("serial0", *this, timers_);
    fixture::WireProbe other_irq(other.interrupt());
    fixture::copy(uart_, other);
    EXPECT_TRUE(other.interrupt().level());
    EXPECT_EQ(other_irq.rises(), 0u);
}

} // namespace
} // namespace ringer::device
