#include "device/timer/pit8254_counter.h"

#include "base/bits.h"

#include <algorithm>
#include <utility>

namespace ringer::device {
namespace {

// The modes by their names in the datasheet's "Mode Definitions".
enum Mode : u8 {
    interrupt_on_terminal_count = 0,
    retriggerable_one_shot = 1,
    rate_generator = 2,
    square_wave = 3,
    software_triggered_strobe = 4,
    hardware_triggered_strobe = 5,
};

constexpr u32 bcd_modulus = 10'000;
constexpr u32 binary_modulus = 0x10000;

constexpr bool is_periodic(u8 mode) { return mode == rate_generator || mode == square_wave; }
/// In these modes a rising edge of GATE loads the counting element.
constexpr bool is_triggered(u8 mode) {
    return mode != interrupt_on_terminal_count && mode != software_triggered_strobe;
}
/// In these modes the count stands still while GATE is low.
constexpr bool is_held_by_gate(u8 mode) {
    return mode != retriggerable_one_shot && mode != hardware_triggered_strobe;
}

constexpr u32 from_bcd(u16 value) {
    u32 number = 0;
    for (int shift = 12; shift >= 0; shift -= 4) number = number * 10 + ((value >> shift) & 0xfu);
    return number % bcd_modulus;
}

constexpr u16 to_bcd(u32 number) {
    u16 value = 0;
    for (unsigned shift = 0; shift < 16; shift += 4, number /= 10)
        value |= static_cast<u16>((number % 10) << shift);
    return value;
}

} // namespace

void visit(state::Archive& archive, Pit8254CounterState& state) {
    auto& [mode, bcd, access, gate, low_byte, high_next, programmed, has_count, null_count, counting, paused,
           period, start, elapsed, load_at, settled, high_read_next, latched_count, latched_status] = state;
    archive.field(1, "mode", mode)
        .field(2, "bcd", bcd)
        .field(3, "access", access)
        .field(4, "gate", gate)
        .field(5, "low_byte", low_byte)
        .field(6, "high_next", high_next)
        .field(7, "programmed", programmed)
        .field(8, "has_count", has_count)
        .field(9, "null_count", null_count)
        .field(10, "counting", counting)
        .field(11, "paused", paused)
        .field(12, "period", period)
        .field(13, "start", start)
        .field(14, "elapsed", elapsed)
        .field(15, "load_at", load_at)
        .field(16, "settled", settled)
        .field(17, "high_read_next", high_read_next)
        .field(18, "latched_count", latched_count)
        .field(19, "latched_status", latched_status);
    period = std::clamp(period, u32{1}, binary_modulus);
}

/// The datasheet leaves mode, count and OUT undefined until a control word is written. Here OUT is low and
/// still.
void Pit8254Counter::reset(bool gate) {
    state_ = {};
    state_.gate = gate;
    out_.set(false);
}

void Pit8254Counter::restored() { out_.restore(level(state_.settled)); }

u32 Pit8254Counter::modulus() const { return state_.bcd ? bcd_modulus : binary_modulus; }

/// Clock pulses that the counting element has taken since it was loaded.
u64 Pit8254Counter::elapsed(u64 pulse) const { return state_.paused ? state_.elapsed : pulse - state_.start; }

bool Pit8254Counter::level(u64 pulse) const {
    if (!state_.counting) return state_.mode != interrupt_on_terminal_count;
    const u64 taken = elapsed(pulse);
    const u64 period = state_.period;
    switch (state_.mode) {
    case interrupt_on_terminal_count:
    case retriggerable_one_shot: return taken >= period;
    case rate_generator: return state_.paused || period == 1 || taken % period != period - 1;
    case square_wave: return state_.paused || taken % period < high_part();
    default: return taken != period;
    }
}

/// When OUT changes next after `settled`, if nothing is loaded and GATE stays as it is.
std::optional<u64> Pit8254Counter::next_change() const {
    const u64 now = state_.settled;
    const u64 period = state_.period;
    if (!state_.counting || state_.paused) return std::nullopt;
    const u64 taken = elapsed(now);
    const u64 place = taken % period;
    switch (state_.mode) {
    case rate_generator:
        if (period == 1) return std::nullopt; // Illegal in this mode and the next, where OUT then stays high.
        return place < period - 1 ? now + (period - 1 - place) : now + 1;
    case square_wave:
        if (period == 1) return std::nullopt;
        return place < high_part() ? now + (high_part() - place) : now + (period - place);
    case interrupt_on_terminal_count:
    case retriggerable_one_shot: return taken < period ? std::optional(now + (period - taken)) : std::nullopt;
    default: // The strobes are low for one pulse.
        return taken < period    ? std::optional(now + (period - taken))
               : taken == period ? std::optional(now + 1)
                                 : std::nullopt;
    }
}

std::optional<u64> Pit8254Counter::next_event() const {
    const auto change = next_change();
    if (!state_.load_at || !change) return change ? change : state_.load_at;
    return std::min(*change, *state_.load_at);
}

void Pit8254Counter::settle(u64 pulse) {
    if (state_.load_at && *state_.load_at <= pulse) {
        const u64 load_at = *state_.load_at;
        follow_out_until(load_at - 1);
        load(load_at);
    }
    follow_out_until(pulse);
}

void Pit8254Counter::follow_out_until(u64 pulse) {
    if (pulse <= state_.settled) return;
    const auto change = next_change();
    const bool changed = change && *change <= pulse;
    state_.settled = pulse;
    const bool now = level(pulse);
    if (changed && out_.level() == now) out_.set(!now);
    out_.set(now);
}

/// CR goes into the counting element at clock pulse `pulse`.
void Pit8254Counter::load(u64 pulse) {
    const bool continues_low = state_.mode == square_wave && state_.counting && !state_.paused &&
                               elapsed(pulse) % state_.period >= high_part();
    const u32 value = state_.bcd ? from_bcd(state_.programmed) : state_.programmed;
    state_.period = value ? value : modulus();
    state_.load_at.reset();
    state_.null_count = false;
    state_.counting = true;
    // A square wave is loaded anew at the end of either half; the second half starts at high_part().
    state_.elapsed = continues_low ? high_part() : 0;
    state_.start = pulse - state_.elapsed;
    state_.paused = is_held_by_gate(state_.mode) && !state_.gate;
    state_.settled = pulse;
    out_.set(level(pulse));
}

/// The first pulse of the next cycle of a periodic mode, or of its next half in mode 3: when a new count that
/// was written meanwhile takes effect.
u64 Pit8254Counter::end_of_cycle(u64 pulse) const {
    const u64 place = elapsed(pulse) % state_.period;
    const bool in_high_half = state_.mode == square_wave && state_.period > 1 && place < high_part();
    return pulse + (in_high_half ? high_part() : state_.period) - place;
}

/// The counting element (CE). Between the write of a first count and the clock pulse that loads it, the
/// datasheet leaves it undefined; it then reads as that count.
u16 Pit8254Counter::count(u64 pulse) const {
    if (!state_.counting) return state_.programmed;
    const u64 taken = elapsed(pulse);
    const u64 period = state_.period;
    const u64 place = taken % period;
    u64 value = 0;
    if (state_.mode == rate_generator)
        value = period - place;
    else if (state_.mode == square_wave)
        value = (period & ~u64{1}) - 2 * (place < high_part() ? place : place - high_part());
    else
        value = period + modulus() - taken % modulus(); // Wraps around after the terminal count and goes on.
    value %= modulus();
    return state_.bcd ? to_bcd(static_cast<u32>(value)) : static_cast<u16>(value);
}

/// 8254, "Control Word Format". Besides setting the mode it resets the byte sequences and sets OUT to its
/// initial level without waiting for a clock pulse.
void Pit8254Counter::write_control(u64 pulse, u8 control) {
    const bool gate = state_.gate;
    const auto mode = static_cast<u8>(bits(control, 1, 3));
    state_ = {};
    state_.mode = mode > 5 ? mode - 4 : mode;
    state_.bcd = bit(control, 0);
    state_.access = static_cast<Pit8254CounterState::Access>(bits(control, 4, 2));
    state_.gate = gate;
    state_.null_count = true;
    state_.settled = pulse;
    out_.set(level(pulse));
}

void Pit8254Counter::latch_count(u64 pulse) {
    if (!state_.latched_count) state_.latched_count = count(pulse);
}

/// 8254, "Status Byte": OUT, null count, and the control word as it was programmed.
void Pit8254Counter::latch_status() {
    if (state_.latched_status) return;
    state_.latched_status =
        static_cast<u8>((out_.level() ? 0x80 : 0) | (state_.null_count ? 0x40 : 0) |
                        (static_cast<u8>(state_.access) << 4) | (state_.mode << 1) | (state_.bcd ? 1 : 0));
}

u8 Pit8254Counter::read(u64 pulse) {
    using enum Pit8254CounterState::Access;
    if (state_.latched_status) return *std::exchange(state_.latched_status, std::nullopt);
    const u16 value = state_.latched_count.value_or(count(pulse));
    const bool high_byte = state_.access == high || (state_.access == both && state_.high_read_next);
    const bool complete = state_.access != both || state_.high_read_next;
    state_.high_read_next = !complete;
    if (complete) state_.latched_count.reset();
    return static_cast<u8>(high_byte ? value >> 8 : value);
}

void Pit8254Counter::write(u64 pulse, u8 value) {
    using enum Pit8254CounterState::Access;
    if (state_.access == both && !state_.high_next) {
        state_.low_byte = value;
        state_.high_next = true;
        if (state_.mode == interrupt_on_terminal_count) {
            // The first byte stops the count and sets OUT low at once.
            state_.counting = false;
            state_.load_at.reset();
            out_.set(false);
        }
        return;
    }
    state_.high_next = false;
    const u16 low_part = state_.access == both ? state_.low_byte : state_.access == low ? value : 0;
    count_written(pulse, state_.access == low ? low_part : static_cast<u16>(low_part | (value << 8)));
}

/// When a new count takes effect: in modes 0 and 4 with the next clock pulse, in modes 1 and 5 with the next
/// trigger, in modes 2 and 3 at the end of the cycle under way.
void Pit8254Counter::count_written(u64 pulse, u16 value) {
    state_.programmed = value;
    state_.has_count = true;
    state_.null_count = true;
    switch (state_.mode) {
    case interrupt_on_terminal_count:
        state_.counting = false;
        out_.set(false);
        state_.load_at = pulse + 1;
        break;
    case software_triggered_strobe: state_.load_at = pulse + 1; break;
    case rate_generator:
    case square_wave:
        if (!state_.counting)
            state_.load_at = pulse + 1;
        else if (!state_.paused && !state_.load_at)
            state_.load_at = end_of_cycle(pulse);
        break;
    default: break;
    }
}

/// 8254, "GATE Pin Operations Summary".
void Pit8254Counter::set_gate(u64 pulse, bool gate) {
    if (gate == state_.gate) return;
    state_.gate = gate;
    if (gate && is_triggered(state_.mode)) {
        if (state_.has_count) state_.load_at = pulse + 1;
    } else if (gate && state_.paused) {
        state_.paused = false;
        state_.start = pulse - state_.elapsed;
    } else if (!gate && is_held_by_gate(state_.mode) && state_.counting) {
        pause(pulse);
    }
}

void Pit8254Counter::pause(u64 pulse) {
    state_.elapsed = elapsed(pulse);
    state_.paused = true;
    if (is_periodic(state_.mode)) state_.load_at.reset();
    // A strobe lasts one pulse however long GATE is low: it ends here, less than a pulse early.
    if (state_.mode == software_triggered_strobe && state_.elapsed == state_.period)
        state_.elapsed += modulus();
    out_.set(level(pulse));
}

} // namespace ringer::device
