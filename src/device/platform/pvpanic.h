#pragma once

#include "device/byte_region.h"
#include "device/device.h"
#include "device/platform/power_control.h"

namespace ringer::device {

/// The ISA pvpanic device (QEMU, docs/specs/pvpanic): one port, by convention 0x505, whose bits are events.
/// Reading tells which events are understood, and writing signals them.
class PvPanic final : public Device, public ByteRegion {
  public:
    static constexpr u64 region_size = 1;

    explicit PvPanic(PowerControl& power) : power_(power) {}

    std::string_view name() const override { return "pvpanic"; }
    void reset() override {}
    void visit(state::Archive&) override {}

  private:
    u8 read_byte(u64 offset) override;
    void write_byte(u64 offset, u8 value) override;

    PowerControl& power_;
};

} // namespace ringer::device
