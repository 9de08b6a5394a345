#pragma once

#include "device/byte_region.h"
#include "device/device.h"
#include "device/platform/power_control.h"

namespace ringer::device {

/// The PC's two reset ports: the reset control register at port 0xCF9 (Intel PIIX3 datasheet, "RC: Reset
/// Control Register") and system control port A at 0x92 (IBM PS/2 Technical Reference) with its fast reset
/// and fast A20 gate.
///
/// The vCPU has no A20M# pin, as recent ones have none: the A20 bit is kept for reading back, and address bit
/// 20 is never masked. Soft and hard resets, and a fast reset, all reset the whole machine.
class ResetControl final : public Device {
  public:
    explicit ResetControl(PowerControl& power) : power_(power) { reset(); }

    std::string_view name() const override { return "reset-control"; }
    void reset() override { state_ = {}; }
    void visit(state::Archive& archive) override;

    /// One byte each.
    memory::Region& reset_control_register() { return reset_control_register_; }
    memory::Region& system_control_port_a() { return system_control_port_a_; }

  private:
    struct State {
        u8 reset_control = 0;
        u8 system_control = 0x02; ///< A20 enabled.
    };

    u8 read_reset_control(u64) { return state_.reset_control; }
    void write_reset_control(u64, u8 value);
    u8 read_system_control(u64) { return state_.system_control; }
    void write_system_control(u64, u8 value);

    PowerControl& power_;
    State state_;
    BytePorts<ResetControl> reset_control_register_{*this, &ResetControl::read_reset_control,
                                                    &ResetControl::write_reset_control};
    BytePorts<ResetControl> system_control_port_a_{*this, &ResetControl::read_system_control,
                                                   &ResetControl::write_system_control};
};

} // namespace ringer::device
