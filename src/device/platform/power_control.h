#pragma once

#include "base/types.h"

namespace ringer::device {

/// What devices may ask for of the machine as a whole. The machine notes the request and acts on it between
/// runs of the vCPU: the guest's current instruction completes, and the calls return.
class PowerControl {
  public:
    virtual ~PowerControl() = default;

    /// ACPI S5, "soft off".
    virtual void power_off() = 0;

    /// Resets the whole machine.
    virtual void reset() = 0;

    /// The guest wrote `code` to the isa-debug-exit port.
    virtual void debug_exit(u8 code) = 0;

    /// The guest's kernel has panicked, as it told the pvpanic device.
    virtual void panic() = 0;

    /// As panic(), but the guest goes on to handle it itself (a crash kernel).
    virtual void crash_loaded() = 0;
};

} // namespace ringer::device
