#pragma once

#include "device/clock.h"

#include <optional>

namespace ringer::device {

/// Arms `timer` for `deadline`, or disarms it: what a device calls after anything that may have moved its
/// next event. A timer that already waits for that moment is left alone.
inline void schedule(Timer& timer, std::optional<Nanoseconds> deadline) {
    if (timer.deadline() == deadline) return;
    if (deadline)
        timer.arm(*deadline);
    else
        timer.disarm();
}

} // namespace ringer::device
