#include "world/clocks.h"

#include <algorithm>

namespace ringer::world {

u64 VirtualClock::instructions_until(Nanoseconds deadline) const {
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

u64 HostClock::instructions_until(Nanoseconds deadline) const {
    // No engine is slower than 100 million instructions a second by more than a small factor; one that is
    // faster comes back to ask again, and the lower bound keeps it from doing so for every few instructions.
    constexpr Nanoseconds per_instruction = 10;
    constexpr u64 fewest = 1000;
    const Nanoseconds present = now();
    return std::max(fewest, deadline > present ? (deadline - present) / per_instruction : 0);
}

void HostClock::idle_until(std::optional<Nanoseconds> deadline, Outside& outside) {
    const Nanoseconds present = now();
    if (!deadline)
        outside.wait(std::nullopt);
    else if (*deadline > present)
        outside.wait(*deadline - present);
}

void HostClock::resume() {
    if (running_) return;
    resumed_at_ = outside_.monotonic();
    running_ = true;
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
