#pragma once

#include "device/byte_region.h"
#include "device/serial/byte_sink.h"

namespace ringer::device {

/// The port, by convention 0x402, to which SeaBIOS and other firmware write what they do, byte by byte. Bochs
/// had it first, and as there it reads as 0xE9, which tells firmware that somebody listens.
class DebugPort final : public ByteRegion {
  public:
    static constexpr u64 region_size = 1;

    explicit DebugPort(ByteSink& sink) : sink_(sink) {}

  private:
    u8 read_byte(u64) override { return 0xe9; }
    void write_byte(u64, u8 value) override { sink_.transmit(value); }

    ByteSink& sink_;
};

} // namespace ringer::device
