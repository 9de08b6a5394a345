#pragma once

#include "base/types.h"

#include <span>

namespace ringer::device {

/// Where the bytes go that a device sends on its line. The world's end of it buffers; it never blocks the
/// guest.
class ByteSink {
  public:
    virtual ~ByteSink() = default;
    virtual void transmit(u8 byte) = 0;
};

/// A device that bytes come in at from its line.
class ByteReceiver {
  public:
    virtual ~ByteReceiver() = default;

    /// How many bytes it takes now without losing any.
    virtual std::size_t room() const = 0;

    /// Bytes arrive on the line. Takes as many as there is room for and returns how many that were.
    virtual std::size_t receive(std::span<const u8> line) = 0;
};

} // namespace ringer::device
