#pragma once

#include "state/archive.h"

#include <string_view>

namespace ringer::device {

/// What every device has in common: a name, a reset, and state that can be visited. What it answers for
/// (regions), drives (wires) or waits for (timers) are separate facets, which it has as it needs them.
class Device {
  public:
    virtual ~Device() = default;

    /// Unique in a machine, as in "serial0", "pic", "rtc".
    virtual std::string_view name() const = 0;

    /// To the state after power-on.
    virtual void reset() = 0;

    /// Visits the guest-visible state. After a loading visit the device has set its wires (Wire::restore) and
    /// armed its timers from what was loaded, and has touched no other device.
    virtual void visit(state::Archive& archive) = 0;
};

} // namespace ringer::device
