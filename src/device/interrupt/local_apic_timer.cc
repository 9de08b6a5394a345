#include "device/interrupt/local_apic_timer.h"

#include "base/bits.h"

#include <limits>
#include <utility>

namespace ringer::device {

LocalApicTimer::LocalApicTimer(TimerQueue& queue, std::function<void()> expired)
    : queue_(queue), expired_(std::move(expired)), timer_(queue, [this] { expire(); }) {}

void LocalApicTimer::reset() {
    state_ = {};
    timer_.disarm();
}

void LocalApicTimer::set_mode(Mode mode) {
    if (mode == state_.mode) return;
    const bool counted = counts();
    state_.mode = mode;
    if (counted && counts()) return;
    stop();
    state_.initial_count = 0;
}

void LocalApicTimer::set_initial_count(u32 count) {
    if (state_.mode == Mode::tsc_deadline) return;
    state_.initial_count = count;
    if (count != 0 && counts())
        start(now() + period());
    else
        stop();
}

u32 LocalApicTimer::count_at(Nanoseconds time) const {
    if (!state_.running || !counts()) return 0;
    Nanoseconds left = 0;
    if (time < state_.deadline)
        left = state_.deadline - time;
    else if (state_.mode == Mode::periodic)
        left = period() - (time - state_.deadline) % period();
    return static_cast<u32>((left + tick() - 1) / tick());
}

void LocalApicTimer::set_divide_configuration(u32 value) {
    const Nanoseconds time = now();
    const u64 ticks_left = count_at(time);
    state_.divide_configuration = value & 0b1011;
    if (state_.running && counts()) start(time + ticks_left * tick());
}

u64 LocalApicTimer::tsc_deadline() const {
    const bool armed = state_.running && state_.mode == Mode::tsc_deadline;
    return armed && now() < state_.deadline ? state_.tsc_deadline : 0;
}

void LocalApicTimer::set_tsc_deadline(u64 value, u64 tsc_offset) {
    if (state_.mode != Mode::tsc_deadline) return;
    if (value == 0) return stop();
    const Nanoseconds time = now();
    const u64 tsc = time + tsc_offset;
    const u64 distance = value > tsc ? value - tsc : 0;
    state_.tsc_deadline = value;
    start(distance > std::numeric_limits<u64>::max() - time ? std::numeric_limits<u64>::max()
                                                            : time + distance);
}

void LocalApicTimer::tsc_offset_changed(u64 tsc_offset) {
    if (const u64 armed = tsc_deadline()) set_tsc_deadline(armed, tsc_offset);
}

void LocalApicTimer::visit(state::Archive& archive) {
    auto& [mode, initial_count, divide_configuration, running, deadline, tsc_deadline] = state_;
    archive.field(1, "mode", mode)
        .field(2, "initial_count", initial_count)
        .field(3, "divide_configuration", divide_configuration)
        .field(4, "running", running)
        .field(5, "deadline", deadline)
        .field(6, "tsc_deadline", tsc_deadline);
    mode = static_cast<Mode>(static_cast<u8>(mode) & 3);
    running = running && (counts() ? initial_count != 0 : mode == Mode::tsc_deadline);
    if (running)
        timer_.arm(deadline);
    else
        timer_.disarm();
}

/// Nanoseconds in which the count goes down by one: 1 to 128.
Nanoseconds LocalApicTimer::tick() const {
    const u32 code = state_.divide_configuration;
    const unsigned shift = ((code >> 1 & 0b100) | (code & 0b011)) + 1;
    return u64{1} << (shift & 7);
}

void LocalApicTimer::start(Nanoseconds deadline) {
    state_.running = true;
    state_.deadline = deadline;
    timer_.arm(deadline);
}

void LocalApicTimer::stop() {
    state_.running = false;
    state_.deadline = 0;
    state_.tsc_deadline = 0;
    timer_.disarm();
}

void LocalApicTimer::expire() {
    if (state_.mode == Mode::periodic) {
        // Periods that have passed unseen are one interrupt, as they would be in the IRR.
        const u64 periods = (now() - state_.deadline) / period() + 1;
        start(state_.deadline + periods * period());
    } else {
        stop();
    }
    expired_();
}

} // namespace ringer::device
