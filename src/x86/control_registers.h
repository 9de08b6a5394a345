#pragma once

#include "x86/cpu.h"

namespace ringer::x86 {

/// @name Writes of control registers, with all that follows from them: #GP(0) for values and transitions that
/// are not allowed, IA32_EFER.LMA, TLB flushes, the derived state (Intel SDM Vol. 3, 2.5, 4.1 and 9.8.5).
/// @{
Guest<void> write_cr0(Cpu& cpu, u64 value);
Guest<void> write_cr3(Cpu& cpu, u64 value);
Guest<void> write_cr4(Cpu& cpu, u64 value);
Guest<void> write_cr8(Cpu& cpu, u64 value);
/// WRMSR to IA32_EFER.
Guest<void> write_efer(Cpu& cpu, u64 value);
/// @}

} // namespace ringer::x86
