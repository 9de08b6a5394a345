#pragma once

#include "base/types.h"

namespace ringer::device {

/// Where the bytes go that a device sends on its line. The world's end of it buffers; it never blocks the
/// guest.
class ByteSink {
  public:
    virtual ~ByteSink() = default;
    virtual void transmit(u8 byte) = 0;
};

} // namespace ringer::device
