#pragma once

#include "base/types.h"
#include "device/byte_region.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/serial/byte_sink.h"
#include "device/wire.h"

#include <array>
#include <optional>
#include <span>
#include <string>

namespace ringer::device {

/// What a guest can observe of a Uart16550. Registers are named as in the datasheet.
struct Uart16550State {
    u16 divisor = 12; ///< DLM:DLL; 9600 baud.
    u8 interrupt_enable = 0;
    u8 fifo_control = 0;
    u8 line_control = 0;
    u8 modem_control = 0;
    u8 line_errors = 0;  ///< The error bits of LSR (1 to 4) that have not been read yet.
    u8 modem_status = 0; ///< MSR: the lines above, their changes since the last read below.
    u8 scratch = 0;
    bool transmit_interrupt = false;      ///< THR has become empty, and IIR has not told so yet.
    bool has_asked_to_send = false;       ///< RTS was set at some time since the reset.
    std::array<u8, 16> received{};        ///< The receiver FIFO, a ring; RBR alone when FIFOs are off.
    std::array<u8, 16> received_errors{}; ///< The LSR error bits that came with each byte.
    u8 received_first = 0;
    u8 received_count = 0;
    Nanoseconds receiver_touched = 0; ///< When a byte last entered or left the receiver FIFO.
};

void visit(state::Archive& archive, Uart16550State& state);

/// A 16550A UART with FIFOs (National Semiconductor PC16550D datasheet, June 1995) behind eight ports, with a
/// 1.8432 MHz crystal as in the PC.
///
/// The line is eight bits wide and has no speed of its own: a byte written leaves at once whatever the
/// divisor and the word length say, so THRE and TEMT always read as set. Only the character timeout follows
/// the divisor. What is attached keeps DCD, DSR and CTS asserted, and, like a terminal with hardware flow
/// control, sends nothing while the guest has cleared RTS. A guest that never set RTS is sent to all the
/// same.
class Uart16550 final : public Device, public ByteRegion, public ByteReceiver {
  public:
    static constexpr u64 port_count = 8;

    /// `output` and `timers` must outlive the UART.
    Uart16550(std::string name, ByteSink& output, TimerQueue& timers);

    /// INTR, low in loopback. On the PC's serial adapter OUT2 gates it too; kernels that were only ever run
    /// in virtual machines, which leave the gate out, do not set OUT2 (xv6 and JOS).
    Wire& interrupt() { return interrupt_; }

    std::size_t room() const override;
    std::size_t receive(std::span<const u8> line) override;

    /// The line is held low for longer than a character: a break (Linux's magic SysRq on a serial console).
    void receive_break();

    std::string_view name() const override { return name_; }
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    u8 read_byte(u64 offset) override;
    void write_byte(u64 offset, u8 value) override;

    u8 read_receiver_buffer();
    u8 read_interrupt_identity();
    u8 read_line_status();
    u8 read_modem_status();
    void write_transmitter(u8 value);
    void write_interrupt_enable(u8 value);
    void write_fifo_control(u8 value);
    void write_line_control(u8 value);
    void write_modem_control(u8 value);

    bool fifos_enabled() const;
    bool loopback() const;
    u8 capacity() const;
    u8 trigger_level() const;
    Nanoseconds character_timeout() const;
    bool timed_out() const;
    u8 interrupt_cause() const;

    void shift_in(u8 byte, u8 errors);
    void reveal_errors();
    void clear_receiver();
    void set_modem_lines(u8 lines);
    void update();

    std::string name_;
    ByteSink& output_;
    const Clock& clock_;
    Timer timeout_;
    Wire interrupt_;
    Uart16550State state_;
};

} // namespace ringer::device
