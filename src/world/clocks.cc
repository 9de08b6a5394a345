#include "world/clocks.h"

#include <algorithm>
#include <utility>

namespace ringer::world {

u64 VirtualClock::instructions_until(Nanoseconds deadline) {
    const Nanoseconds present = now();
    return deadline > present ? deadline - present : 1;
}

void VirtualClock::idle_until(std::optional<Nanoseconds> deadline, Outside& outside) {
    if (!deadline)
        outside.wait(std::nullopt);
    else if (const Nanoseconds present = now(); *deadline > present)
        state_.skipped += *deadline - present;
}

void VirtualClock::visit(state::Archive& archive) {
    auto& [skipped] = state_;
    archive.field(1, "skipped", skipped);
}

Nanoseconds HostClock::now() const {
    Nanoseconds present = state_.elapsed;
    if (running_) {
        const Nanoseconds host = outside_.monotonic();
        present += host > resumed_at_ ? host - resumed_at_ : 0;
    }
    latest_ = std::max(latest_, present);
    return latest_;
}

u64 HostClock::instructions_until(Nanoseconds deadline) {
    // No engine is slower than 100 million instructions a second by more than a small factor. What is faster
    // than the most comes back to ask again: the next instructions may be slower than the last ones. The
    // lower bound keeps it from doing so for every few of them.
    constexpr double slowest = 0.1, fastest = 4; // Instructions a nanosecond.
    constexpr u64 fewest = 1000;
    const Moment present = moment();
    const Moment from = std::exchange(measured_from_, present);
    if (deadline <= present.time) return fewest;
    const double lately = present.time == from.time ? slowest
                                                    : static_cast<double>(present.retired - from.retired) /
                                                          static_cast<double>(present.time - from.time);
    const double pace = std::clamp(lately, slowest, fastest);
    return std::max(fewest, static_cast<u64>(static_cast<double>(deadline - present.time) * pace));
}

void HostClock::idle_until(std::optional<Nanoseconds> deadline, Outside& outside) {
    const Nanoseconds present = now();
    if (!deadline)
        outside.wait(std::nullopt);
    else if (*deadline > present)
        outside.wait(*deadline - present);
    measured_from_ = moment();
}

void HostClock::resume() {
    if (running_) return;
    resumed_at_ = outside_.monotonic();
    running_ = true;
    measured_from_ = moment();
}

void HostClock::pause() {
    state_.elapsed = now();
    running_ = false;
}

void HostClock::visit(state::Archive& archive) {
    State saved{now()};
    auto& [elapsed] = saved;
    archive.field(1, "elapsed", elapsed);
    if (elapsed != latest_) {
        state_ = saved;
        latest_ = elapsed;
        running_ = false;
    }
}

} // namespace ringer::world
