#pragma once

#include "base/types.h"
#include "device/input/ps2_queue.h"

namespace ringer::device {

/// A device at a port of the keyboard controller: it takes bytes and has bytes to send.
class Ps2Device {
  public:
    virtual ~Ps2Device() = default;

    /// A byte from the controller. A command ends whatever else was to be sent.
    virtual void receive(u8 byte) = 0;

    virtual bool has_byte() const = 0;
    /// has_byte() must hold.
    virtual u8 next_byte() = 0;
};

namespace ps2 {

inline constexpr u8 acknowledge = 0xfa, resend = 0xfe, self_test_passed = 0xaa;
inline constexpr u8 no_command = 0;

} // namespace ps2

} // namespace ringer::device
