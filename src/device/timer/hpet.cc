#include "device/timer/hpet.h"

#include "base/bits.h"
#include "device/schedule.h"

#include <algorithm>

namespace ringer::device {
namespace {

constexpr u64 femtoseconds_per_nanosecond = 1'000'000;

/// Registers by their offset (2.3.2); those of the timers follow one another.
constexpr u64 capabilities_offset = 0x00, configuration_offset = 0x10, status_offset = 0x20,
              counter_offset = 0xf0, timers_offset = 0x100, timer_stride = 0x20, comparator_offset = 8;

enum Configuration : u8 { enable = 1 << 0, legacy_replacement = 1 << 1 };

/// The configuration and capability register of a timer (2.3.8).
enum TimerConfiguration : u32 {
    level_triggered = 1 << 1,
    interrupt_enabled = 1 << 2,
    periodic = 1 << 3,
    can_be_periodic = 1 << 4,
    has_64_bits = 1 << 5,
    sets_accumulator = 1 << 6,
    forced_to_32_bits = 1 << 8,
    timer_writable = level_triggered | interrupt_enabled | periodic | sets_accumulator | forced_to_32_bits,
};
constexpr unsigned route_shift = 9, route_bits = 5, route_capability_shift = 32;

/// No match is waited for that is further away than that.
constexpr u64 farthest = u64{1} << 56;

constexpr u64 merge(u64 before, u64 value, u64 mask) { return (before & ~mask) | (value & mask); }

} // namespace

void visit(state::Archive& archive, Hpet::EventTimer& timer) {
    auto& [configuration, comparator, period, asserted] = timer;
    archive.field(1, "configuration", configuration)
        .field(2, "comparator", comparator)
        .field(3, "period", period)
        .field(4, "asserted", asserted);
}

Hpet::Hpet(TimerQueue& timers)
    : clock_(timers.clock()), next_event_(timers, [this] {
          settle(clock_.now());
          update();
      }) {
    reset();
}

void Hpet::reset() {
    const u8 inputs = state_.inputs;
    state_ = {};
    state_.inputs = inputs;
    update();
}

void Hpet::visit(state::Archive& archive) {
    auto& [configuration, inputs, count, started, settled, timers] = state_;
    archive.field(1, "configuration", configuration)
        .field(2, "inputs", inputs)
        .field(3, "counter", count)
        .field(4, "started", started)
        .field(5, "settled", settled)
        .field(6, "timers", timers);
    started = std::min(started, clock_.now());
    timer_interrupt_.restore(line(pit_input));
    rtc_interrupt_.restore(line(rtc_input));
    schedule(next_event_, next_match());
}

bool Hpet::runs() const { return state_.configuration & enable; }

u64 Hpet::counter(Nanoseconds now) const {
    return runs() ? state_.counter + (now - state_.started) / tick : state_.counter;
}

u64 Hpet::ticks_to_match(const EventTimer& timer, u64 count) {
    const u64 ticks = timer.comparator - count;
    if (!(timer.configuration & forced_to_32_bits)) return ticks;
    const u64 low = static_cast<u32>(ticks);
    return low ? low : u64{1} << 32;
}

/// Several matches that nobody has looked at in between are one interrupt.
void Hpet::settle(Nanoseconds now) {
    const u64 before = state_.settled, count = counter(now);
    const u64 passed = count - before;
    state_.settled = count;
    for (EventTimer& timer : state_.timers) {
        const u64 ticks = ticks_to_match(timer, before);
        if (ticks == 0 || ticks > passed) continue;
        if (timer.configuration & periodic && timer.period != 0)
            timer.comparator += ((passed - ticks) / timer.period + 1) * timer.period;
        if (timer.configuration & forced_to_32_bits) timer.comparator = static_cast<u32>(timer.comparator);
        fire(timer);
    }
}

void Hpet::fire(EventTimer& timer) {
    if (!(timer.configuration & interrupt_enabled)) return;
    // An edge, even if the line is high from the one before.
    if (!(timer.configuration & level_triggered) && timer.asserted) {
        timer.asserted = false;
        update();
    }
    timer.asserted = true;
}

std::optional<Nanoseconds> Hpet::next_match() const {
    if (!runs()) return std::nullopt;
    std::optional<u64> next;
    for (const EventTimer& timer : state_.timers) {
        const u64 ticks = ticks_to_match(timer, state_.settled);
        if (!(timer.configuration & interrupt_enabled) || ticks == 0) continue;
        // A level that is high already is not raised again.
        if (timer.configuration & level_triggered && timer.asserted) continue;
        next = std::min(next.value_or(ticks), ticks);
    }
    const u64 since_start = next ? state_.settled - state_.counter + *next : 0;
    if (!next || *next > farthest || since_start > farthest) return std::nullopt;
    return state_.started + since_start * tick;
}

bool Hpet::line(Input input) const {
    const auto& timers = state_.timers;
    const bool replaces = state_.configuration & legacy_replacement;
    bool level = replaces ? timers[input].asserted : bit(state_.inputs, input);
    if (input != pit_input) return level;
    for (unsigned i = replaces ? 2 : 0; i < timers.size(); ++i) {
        const bool routed = bits(timers[i].configuration, route_shift, route_bits) == routed_pin;
        level |= routed && timers[i].asserted;
    }
    return level;
}

void Hpet::update() {
    timer_interrupt_.set(line(pit_input));
    rtc_interrupt_.set(line(rtc_input));
    schedule(next_event_, next_match());
}

void Hpet::pin_changed(unsigned pin, bool level) {
    state_.inputs = static_cast<u8>((state_.inputs & ~(1 << pin)) | (level ? 1 << pin : 0));
    update();
}

u64 Hpet::read_register(u64 offset, Nanoseconds now) const {
    if (offset == capabilities_offset) return u64{identity} | tick * femtoseconds_per_nanosecond << 32;
    if (offset == configuration_offset) return state_.configuration;
    if (offset == counter_offset) return counter(now);
    if (offset == status_offset) {
        u64 status = 0;
        for (unsigned i = 0; i < timer_count; ++i)
            if (state_.timers[i].configuration & level_triggered && state_.timers[i].asserted)
                status |= u64{1} << i;
        return status;
    }
    const u64 index = (offset - timers_offset) / timer_stride;
    if (offset < timers_offset || index >= timer_count) return 0;
    const EventTimer& timer = state_.timers[index];
    if (offset % timer_stride == 0)
        return u64{timer.configuration} | can_be_periodic | has_64_bits |
               u64{1} << (route_capability_shift + routed_pin);
    return offset % timer_stride == comparator_offset ? timer.comparator : 0;
}

void Hpet::write_register(u64 offset, u64 value, u64 mask) {
    const Nanoseconds now = clock_.now();
    settle(now);
    const u64 index = (offset - timers_offset) / timer_stride;
    if (offset == configuration_offset)
        write_configuration(value, mask, now);
    else if (offset == status_offset)
        write_status(value & mask);
    else if (offset == counter_offset)
        write_counter(value, mask, now);
    else if (offset >= timers_offset && index < timer_count && offset % timer_stride == 0)
        write_timer(state_.timers[index], value, mask);
    else if (offset >= timers_offset && index < timer_count && offset % timer_stride == comparator_offset)
        write_comparator(state_.timers[index], value, mask);
    update();
}

/// A counter that does not run has no interrupts.
void Hpet::write_configuration(u64 value, u64 mask, Nanoseconds now) {
    state_.counter = counter(now);
    state_.started = now;
    state_.configuration =
        static_cast<u8>(merge(state_.configuration, value, mask) & (enable | legacy_replacement));
    if (runs()) return;
    for (EventTimer& timer : state_.timers) timer.asserted = false;
}

void Hpet::write_status(u64 cleared) {
    for (unsigned i = 0; i < timer_count; ++i)
        if (bit(cleared, i) && state_.timers[i].configuration & level_triggered)
            state_.timers[i].asserted = false;
}

void Hpet::write_counter(u64 value, u64 mask, Nanoseconds now) {
    state_.counter = merge(counter(now), value, mask);
    state_.started = now;
    state_.settled = state_.counter;
}

void Hpet::write_timer(EventTimer& timer, u64 value, u64 mask) {
    const auto written = static_cast<u32>(merge(timer.configuration, value, mask));
    u32 taken = written & timer_writable;
    // Where a timer cannot be routed to is not kept, by which drivers know.
    if (bits(written, route_shift, route_bits) == routed_pin) taken |= routed_pin << route_shift;
    if ((taken ^ timer.configuration) & level_triggered || !(taken & interrupt_enabled))
        timer.asserted = false;
    timer.configuration = taken;
    if (taken & forced_to_32_bits) {
        timer.comparator = static_cast<u32>(timer.comparator);
        timer.period = static_cast<u32>(timer.period);
    }
}

/// What is written to a periodic timer is its period, and the next match only where that was asked for
/// (2.3.9.2).
void Hpet::write_comparator(EventTimer& timer, u64 value, u64 mask) {
    if (timer.configuration & forced_to_32_bits) {
        if (!(mask & 0xffff'ffff)) return;
        mask = 0xffff'ffff;
    }
    const bool is_periodic = timer.configuration & periodic;
    if (!is_periodic || timer.configuration & sets_accumulator)
        timer.comparator = merge(timer.comparator, value, mask);
    if (is_periodic) timer.period = merge(timer.period, value, mask);
    timer.configuration &= ~static_cast<u32>(sets_accumulator);
}

/// All bytes are of one moment.
memory::Answer Hpet::read(u64 offset, unsigned size, u64& value) {
    const Nanoseconds now = clock_.now();
    settle(now);
    update();
    value = 0;
    for (unsigned i = 0; i < size; ++i) {
        const u64 at = offset + i;
        value |= (read_register(align_down(at, 8), now) >> 8 * (at % 8) & 0xff) << 8 * i;
    }
    return memory::Answer::now;
}

memory::Answer Hpet::write(u64 offset, unsigned size, u64 value) {
    if (size < 4 || offset % 4 != 0) return memory::Answer::now;
    for (unsigned done = 0; done < size;) {
        const u64 at = offset + done;
        const bool is_whole = size - done == 8 && at % 8 == 0;
        const unsigned shift = at % 8 == 4 ? 32 : 0;
        const u64 mask = is_whole ? ~u64{0} : u64{0xffff'ffff} << shift;
        write_register(align_down(at, 8), value >> 8 * done << shift, mask);
        done += is_whole ? 8 : 4;
    }
    return memory::Answer::now;
}

} // namespace ringer::device
