#include "device/serial/uart16550.h"

#include "base/bits.h"
#include "device/schedule.h"

#include <algorithm>
#include <utility>

namespace ringer::device {
namespace {

constexpr u64 crystal_hertz = 1'843'200;
constexpr u64 clocks_per_bit = 16;

enum Register : u64 {
    data,
    interrupt_enable,
    fifo_control,
    line_control,
    modem_control,
    line_status,
    modem_status
};

// PC16550D, "Interrupt Control Functions": the bits of IER and the identities in IIR.
enum InterruptEnable : u8 { ier_received = 1, ier_transmitter = 2, ier_line = 4, ier_modem = 8 };
enum InterruptIdentity : u8 {
    iir_line = 0x06,
    iir_received = 0x04,
    iir_timeout = 0x0c,
    iir_transmitter = 0x02,
    iir_modem = 0x00,
    iir_none = 0x01,
    iir_fifos_enabled = 0xc0,
};
enum FifoControl : u8 { fcr_enable = 1, fcr_clear_receiver = 2, fcr_kept = 0xc9 };
enum LineControl : u8 { lcr_two_stop_bits = 4, lcr_parity = 8, lcr_break = 0x40, lcr_divisor_access = 0x80 };
enum ModemControl : u8 {
    mcr_dtr = 1,
    mcr_rts = 2,
    mcr_out1 = 4,
    mcr_out2 = 8,
    mcr_loopback = 0x10,
    mcr_kept = 0x1f
};
enum LineStatus : u8 {
    lsr_data_ready = 1,
    lsr_overrun = 2,
    lsr_break = 0x10,
    lsr_errors = 0x1e,
    lsr_errors_of_byte = 0x1c,
    lsr_transmitter_empty = 0x60, ///< THRE and TEMT.
    lsr_error_in_fifo = 0x80,
};
enum ModemStatus : u8 { msr_changes = 0x0f, msr_cts = 0x10, msr_dsr = 0x20, msr_ri = 0x40, msr_dcd = 0x80 };

constexpr u8 attached_lines = msr_cts | msr_dsr | msr_dcd;

/// What the modem inputs carry in loopback: RTS to CTS, DTR to DSR, OUT1 to RI, OUT2 to DCD (PC16550D, "Modem
/// Control Register").
constexpr u8 looped_lines(u8 mcr) {
    return (mcr & mcr_rts ? msr_cts : 0) | (mcr & mcr_dtr ? msr_dsr : 0) | (mcr & mcr_out1 ? msr_ri : 0) |
           (mcr & mcr_out2 ? msr_dcd : 0);
}

} // namespace

void visit(state::Archive& archive, Uart16550State& state) {
    auto& [divisor, ier, fcr, lcr, mcr, line_errors, msr, scratch, transmit_interrupt, has_asked_to_send,
           received, received_errors, received_first, received_count, receiver_touched] = state;
    archive.field(1, "divisor", divisor)
        .field(2, "interrupt_enable", ier)
        .field(3, "fifo_control", fcr)
        .field(4, "line_control", lcr)
        .field(5, "modem_control", mcr)
        .field(6, "line_errors", line_errors)
        .field(7, "modem_status", msr)
        .field(8, "scratch", scratch)
        .field(9, "transmit_interrupt", transmit_interrupt)
        .field(10, "has_asked_to_send", has_asked_to_send)
        .field(11, "received", received)
        .field(12, "received_errors", received_errors)
        .field(13, "received_first", received_first)
        .field(14, "received_count", received_count)
        .field(15, "receiver_touched", receiver_touched);
    received_first %= received.size();
    received_count = std::min<u8>(received_count, received.size());
}

Uart16550::Uart16550(std::string name, ByteSink& output, TimerQueue& timers)
    : name_(std::move(name)), output_(output), clock_(timers.clock()),
      timeout_(timers, [this] { update(); }) {
    reset();
}

/// PC16550D, "UART Reset Configuration". The scratch register and the divisor keep their values through the
/// reset pin; a power-on leaves them undefined.
void Uart16550::reset() {
    state_ = {};
    state_.modem_status = attached_lines;
    update();
}

void Uart16550::visit(state::Archive& archive) {
    device::visit(archive, state_);
    interrupt_.restore(!loopback() && interrupt_cause() != iir_none);
    update();
}

bool Uart16550::fifos_enabled() const { return state_.fifo_control & fcr_enable; }
bool Uart16550::loopback() const { return state_.modem_control & mcr_loopback; }
u8 Uart16550::capacity() const { return fifos_enabled() ? 16 : 1; }

u8 Uart16550::trigger_level() const {
    constexpr std::array<u8, 4> levels{1, 4, 8, 14};
    return fifos_enabled() ? levels[state_.fifo_control >> 6] : 1;
}

/// Four times the time of one character on the line (PC16550D, "FIFO Interrupt Mode Operation").
Nanoseconds Uart16550::character_timeout() const {
    const u8 lcr = state_.line_control;
    const u64 word = 5 + (lcr & 3u);
    const u64 stop_half_bits = !(lcr & lcr_two_stop_bits) ? 2 : word == 5 ? 3 : 4;
    const u64 half_bits = 2 * (1 + word + (lcr & lcr_parity ? 1 : 0)) + stop_half_bits;
    const u64 divisor = state_.divisor ? state_.divisor : 0x10000;
    return 4 * half_bits * clocks_per_bit * divisor * 1'000'000'000 / (2 * crystal_hertz);
}

bool Uart16550::timed_out() const {
    return fifos_enabled() && state_.received_count > 0 &&
           clock_.now() >= state_.receiver_touched + character_timeout();
}

/// The interrupt of the highest priority that is enabled and pending (PC16550D, "Interrupt Control
/// Functions").
u8 Uart16550::interrupt_cause() const {
    const u8 enabled = state_.interrupt_enable;
    if ((enabled & ier_line) && state_.line_errors) return iir_line;
    if ((enabled & ier_received) && state_.received_count >= trigger_level()) return iir_received;
    if ((enabled & ier_received) && timed_out()) return iir_timeout;
    if ((enabled & ier_transmitter) && state_.transmit_interrupt) return iir_transmitter;
    if ((enabled & ier_modem) && (state_.modem_status & msr_changes)) return iir_modem;
    return iir_none;
}

/// Brings the interrupt wire and the timeout's timer in line with the state.
void Uart16550::update() {
    const bool waits_for_timeout = fifos_enabled() && (state_.interrupt_enable & ier_received) &&
                                   state_.received_count > 0 && !timed_out();
    schedule(timeout_,
             waits_for_timeout ? std::optional(state_.receiver_touched + character_timeout()) : std::nullopt);
    interrupt_.set(!loopback() && interrupt_cause() != iir_none);
}

std::size_t Uart16550::room() const {
    const bool held_back = state_.has_asked_to_send && !(state_.modem_control & mcr_rts);
    return loopback() || held_back ? 0 : capacity() - std::min(state_.received_count, capacity());
}

std::size_t Uart16550::receive(std::span<const u8> line) {
    const std::size_t taken = std::min(line.size(), room());
    for (const u8 byte : line.first(taken)) shift_in(byte, 0);
    update();
    return taken;
}

void Uart16550::receive_break() {
    if (!loopback()) shift_in(0, lsr_break);
    update();
}

/// A byte has come in completely. When there is no room for it, the FIFO keeps what it has and the byte is
/// lost; without FIFOs it takes the place of the one before (PC16550D, "Line Status Register").
void Uart16550::shift_in(u8 byte, u8 errors) {
    if (state_.received_count >= capacity()) {
        state_.line_errors |= lsr_overrun;
        if (fifos_enabled()) return;
        clear_receiver();
    }
    const auto slot = (state_.received_first + state_.received_count) % state_.received.size();
    state_.received[slot] = byte;
    state_.received_errors[slot] = errors;
    state_.received_count += 1;
    state_.receiver_touched = clock_.now();
    if (state_.received_count == 1) reveal_errors();
}

/// LSR shows the errors of a byte when it comes to the top of the FIFO.
void Uart16550::reveal_errors() {
    state_.line_errors |= std::exchange(state_.received_errors[state_.received_first], u8{0});
}

void Uart16550::clear_receiver() {
    state_.received_count = 0;
    state_.received_errors = {};
}

void Uart16550::set_modem_lines(u8 lines) {
    const u8 before = state_.modem_status;
    // TERI, alone of the four, tells only of the trailing edge.
    const u8 changed = (before ^ lines) & static_cast<u8>(~(lines & msr_ri));
    state_.modem_status = lines | (before & msr_changes) | ((changed >> 4) & msr_changes);
}

u8 Uart16550::read_byte(u64 offset) {
    const bool divisor_access = state_.line_control & lcr_divisor_access;
    switch (offset) {
    case data: return divisor_access ? static_cast<u8>(state_.divisor) : read_receiver_buffer();
    case interrupt_enable:
        return divisor_access ? static_cast<u8>(state_.divisor >> 8) : state_.interrupt_enable;
    case fifo_control: return read_interrupt_identity();
    case line_control: return state_.line_control;
    case modem_control: return state_.modem_control;
    case line_status: return read_line_status();
    case modem_status: return read_modem_status();
    default: return state_.scratch;
    }
}

void Uart16550::write_byte(u64 offset, u8 value) {
    const bool divisor_access = state_.line_control & lcr_divisor_access;
    switch (offset) {
    case data:
        if (divisor_access)
            state_.divisor = static_cast<u16>((state_.divisor & 0xff00) | value);
        else
            write_transmitter(value);
        break;
    case interrupt_enable:
        if (divisor_access)
            state_.divisor = static_cast<u16>((state_.divisor & 0xff) | (value << 8));
        else
            write_interrupt_enable(value);
        break;
    case fifo_control: write_fifo_control(value); break;
    case line_control: write_line_control(value); break;
    case modem_control: write_modem_control(value); break;
    case line_status:
    case modem_status: break; // Writable for factory tests only.
    default: state_.scratch = value; break;
    }
    update();
}

u8 Uart16550::read_receiver_buffer() {
    if (state_.received_count == 0) return 0;
    const u8 byte = state_.received[state_.received_first];
    state_.received_first = (state_.received_first + 1) % state_.received.size();
    state_.received_count -= 1;
    state_.receiver_touched = clock_.now();
    if (state_.received_count > 0) reveal_errors();
    update();
    return byte;
}

/// Reading IIR acknowledges the transmitter's interrupt, when that is the one it tells of, and no other.
u8 Uart16550::read_interrupt_identity() {
    const u8 cause = interrupt_cause();
    if (cause == iir_transmitter) state_.transmit_interrupt = false;
    update();
    return cause | (fifos_enabled() ? iir_fifos_enabled : 0);
}

u8 Uart16550::read_line_status() {
    const bool errors_behind =
        std::ranges::any_of(state_.received_errors, [](u8 errors) { return errors != 0; });
    const bool error_in_fifo =
        fifos_enabled() && (errors_behind || (state_.line_errors & lsr_errors_of_byte));
    const u8 status = lsr_transmitter_empty | (state_.received_count ? lsr_data_ready : 0) |
                      (state_.line_errors & lsr_errors) | (error_in_fifo ? lsr_error_in_fifo : 0);
    state_.line_errors = 0;
    update();
    return status;
}

u8 Uart16550::read_modem_status() {
    const u8 status = state_.modem_status;
    state_.modem_status &= static_cast<u8>(~msr_changes);
    update();
    return status;
}

void Uart16550::write_transmitter(u8 value) {
    if (loopback())
        shift_in(value, 0);
    else
        output_.transmit(value);
    state_.transmit_interrupt = true;
}

/// Enabling the transmitter's interrupt while THR is empty raises it, even if it was acknowledged before:
/// drivers start sending that way.
void Uart16550::write_interrupt_enable(u8 value) {
    if ((value & ~state_.interrupt_enable) & ier_transmitter) state_.transmit_interrupt = true;
    state_.interrupt_enable = value & 0x0f;
}

/// The other bits are taken only together with FCR0, and a change of FCR0 empties the FIFOs (PC16550D, "FIFO
/// Control Register").
void Uart16550::write_fifo_control(u8 value) {
    const bool enable = value & fcr_enable;
    const bool clear = (enable && (value & fcr_clear_receiver)) || enable != fifos_enabled();
    state_.fifo_control = enable ? value & fcr_kept : 0;
    if (clear) clear_receiver();
}

void Uart16550::write_line_control(u8 value) {
    const bool break_begins = value & ~state_.line_control & lcr_break;
    state_.line_control = value;
    if (break_begins && loopback()) shift_in(0, lsr_break);
}

void Uart16550::write_modem_control(u8 value) {
    state_.modem_control = value & mcr_kept;
    state_.has_asked_to_send |= (value & mcr_rts) != 0;
    set_modem_lines(loopback() ? looped_lines(value) : attached_lines);
}

} // namespace ringer::device
