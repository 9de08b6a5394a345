#pragma once

#include "memory/address_space.h"
#include "x86/state.h"

namespace ringer::boot {

/// The selectors that Linux's boot protocol asks for (Linux Documentation/arch/x86/boot.rst, "32-bit Boot
/// Protocol" and "64-bit Boot Protocol"): __BOOT_CS and __BOOT_DS.
inline constexpr u16 boot_code_selector = 0x10, boot_data_selector = 0x18;

/// A vCPU about to execute at `entry` in 32-bit protected mode without paging, with flat 4 GiB segments and
/// interrupts off. Writes the descriptor table behind the selectors into low memory, which must be RAM.
x86::CpuState protected_mode_state(memory::AddressSpace& memory, GuestPhysical entry);

/// The same in 64-bit mode, behind page tables in low memory which map the first 4 GiB to themselves.
x86::CpuState long_mode_state(memory::AddressSpace& memory, GuestPhysical entry);

} // namespace ringer::boot
