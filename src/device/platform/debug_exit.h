#pragma once

#include "device/byte_region.h"
#include "device/device.h"
#include "device/platform/power_control.h"

namespace ringer::device {

/// The test device that QEMU calls isa-debug-exit: what the guest writes to its first port ends the run, with
/// an exit status made from that byte. The machine maps it wherever guests look for it (0x501 and 0xF4).
/// Reads give 0.
class DebugExit final : public Device, public ByteRegion {
  public:
    static constexpr u64 region_size = 4;

    explicit DebugExit(PowerControl& power) : power_(power) {}

    std::string_view name() const override { return "debug-exit"; }
    void reset() override {}
    void visit(state::Archive&) override {}

  private:
    u8 read_byte(u64) override { return 0; }
    void write_byte(u64 offset, u8 value) override;

    PowerControl& power_;
};

} // namespace ringer::device
