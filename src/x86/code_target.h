#pragma once

#include "x86/segmentation.h"

namespace ringer::x86 {

/// The new RIP for a transfer to `offset` in a code segment that `code` describes: canonical in 64-bit mode,
/// within the limit otherwise; else #GP(0).
Guest<u64> check_target(Cpu& cpu, const Descriptor& code, u64 offset);

/// @name Returning to code and a stack of the same or an outer privilege level: RET and IRET (Intel SDM Vol.
/// 2)
/// @{

/// The code segment that a return address names; its RPL will be the privilege level.
Guest<Descriptor> check_return_code(Cpu& cpu, u16 selector);

/// SS for a return to `code` at privilege level `cpl`. Null is right for 64-bit code that is not a user's.
Guest<Segment> check_return_stack(Cpu& cpu, u16 selector, unsigned cpl, const Descriptor& code);

/// After a return to an outer level: makes null what its code may not use of DS, ES, FS and GS.
void drop_inner_segments(Cpu& cpu);
/// @}

} // namespace ringer::x86
