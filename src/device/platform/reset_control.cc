#include "device/platform/reset_control.h"

namespace ringer::device {

namespace {

// Port 0xCF9: SRST chooses a hard reset, RCPU's rise from 0 to 1 does it, and FRST (of later chipsets) asks
// for a power cycle.
constexpr u8 hard_reset = 1 << 1, reset_cpu = 1 << 2, full_reset = 1 << 3;

// Port 0x92.
constexpr u8 fast_reset = 1 << 0, system_control_writable = 0x03;

} // namespace

void ResetControl::visit(state::Archive& archive) {
    auto& [reset_control, system_control] = state_;
    archive.field(1, "reset_control", reset_control).field(2, "system_control", system_control);
}

void ResetControl::write_reset_control(u64, u8 value) {
    const bool rises = value & reset_cpu && !(state_.reset_control & reset_cpu);
    state_.reset_control = value & (hard_reset | reset_cpu | full_reset);
    if (rises) power_.reset();
}

void ResetControl::write_system_control(u64, u8 value) {
    const bool rises = value & fast_reset && !(state_.system_control & fast_reset);
    state_.system_control = value & system_control_writable;
    if (rises) power_.reset();
}

} // namespace ringer::device
