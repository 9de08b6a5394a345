#pragma once

#include "base/types.h"

#include <array>

namespace ringer::device::local_apic {

/// The registers by index: MMIO offset / 0x10, and MSR number - 0x800 (Intel SDM Vol. 3, "Local APIC Register
/// Address Map" and "x2APIC Register Address Space").
enum Register : u8 {
    id = 0x02,
    version = 0x03,
    task_priority = 0x08,
    arbitration_priority = 0x09,
    processor_priority = 0x0a,
    end_of_interrupt = 0x0b,
    remote_read = 0x0c,
    logical_destination = 0x0d,
    destination_format = 0x0e,
    spurious_vector = 0x0f,
    in_service = 0x10,
    trigger_mode = 0x18,
    interrupt_request = 0x20,
    error_status = 0x28,
    interrupt_command_low = 0x30,
    interrupt_command_high = 0x31,
    lvt_timer = 0x32,
    lvt_thermal = 0x33,
    lvt_performance = 0x34,
    lvt_lint0 = 0x35,
    lvt_lint1 = 0x36,
    lvt_error = 0x37,
    timer_initial_count = 0x38,
    timer_current_count = 0x39,
    timer_divide = 0x3e,
    self_ipi = 0x3f,
};
inline constexpr unsigned register_count = 0x40;
inline constexpr unsigned lvt_entries = 6;

inline constexpr u32 msr_apic_base = 0x1b;
inline constexpr u32 msr_tsc_deadline = 0x6e0;
inline constexpr u32 msr_x2apic = 0x800;
inline constexpr u32 msr_x2apic_end = 0x900;

/// IA32_APIC_BASE.
inline constexpr u64 base_bootstrap = 1 << 8, base_x2apic = 1 << 10, base_enable = 1 << 11;
inline constexpr u64 default_base = 0xfee0'0000;

/// The version of an integrated APIC, six LVT entries, suppression of EOI broadcasts.
inline constexpr u32 version_value = 0x14 | (lvt_entries - 1) << 16 | 1 << 24;

/// Spurious interrupt vector register.
inline constexpr u32 spurious_enable = 1 << 8, spurious_suppress_broadcast = 1 << 12;
inline constexpr u32 spurious_writable = 0x13ff;

/// LVT entries.
inline constexpr u32 lvt_delivery_status = 1 << 12, lvt_remote_irr = 1 << 14, lvt_level = 1 << 15,
                     lvt_masked = 1 << 16;
inline constexpr unsigned lvt_delivery_mode_shift = 8, lvt_timer_mode_shift = 17;
inline constexpr std::array<u32, lvt_entries> lvt_writable = {0x700ff, 0x107ff, 0x107ff,
                                                              0x1a7ff, 0x1a7ff, 0x100ff};

/// Error status register.
inline constexpr u32 error_send_vector = 1 << 5, error_receive_vector = 1 << 6, error_register = 1 << 7;

/// Interrupt command register.
inline constexpr u32 command_low_writable = 0xccfff;

/// Which accesses a register has. Writing another bit than `defined` to it by MSR raises #GP.
struct RegisterRule {
    bool xapic : 1 = false;
    bool x2apic_read : 1 = false;
    bool x2apic_write : 1 = false;
    u32 defined = 0;
};

/// The table of both address spaces; a register that it does not name is reserved.
constexpr std::array<RegisterRule, register_count> make_register_rules() {
    std::array<RegisterRule, register_count> rules{};
    const auto read_only = [&](unsigned index) { rules[index] = {true, true, false, 0}; };
    const auto read_write = [&](unsigned index, u32 defined) { rules[index] = {true, true, true, defined}; };
    const auto xapic_only = [&](unsigned index) { rules[index] = {true, false, false, 0}; };
    read_only(id);
    read_only(version);
    read_write(task_priority, 0xff);
    xapic_only(arbitration_priority);
    read_only(processor_priority);
    rules[end_of_interrupt] = {true, false, true, 0};
    xapic_only(remote_read);
    read_only(logical_destination);
    xapic_only(destination_format);
    read_write(spurious_vector, spurious_writable);
    for (unsigned i = in_service; i < error_status; ++i) read_only(i);
    read_write(error_status, 0);
    read_write(interrupt_command_low, command_low_writable | 1 << 12); // the old delivery status is ignored
    xapic_only(interrupt_command_high);
    for (unsigned i = 0; i < lvt_entries; ++i)
        read_write(lvt_timer + i, lvt_writable[i] | lvt_delivery_status);
    rules[lvt_lint0].defined |= lvt_remote_irr;
    rules[lvt_lint1].defined |= lvt_remote_irr;
    read_write(timer_initial_count, 0xffff'ffff);
    read_only(timer_current_count);
    read_write(timer_divide, 0b1011);
    rules[self_ipi] = {false, false, true, 0xff};
    return rules;
}
inline constexpr std::array<RegisterRule, register_count> register_rules = make_register_rules();

} // namespace ringer::device::local_apic
