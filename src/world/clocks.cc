#include "world/clocks.h"

#include <algorithm>

namespace ringer::world {

void VirtualClock::skip_to(Nanoseconds moment) {
    const Nanoseconds present = now();
    if (moment > present) state_.skipped += moment - present;
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
