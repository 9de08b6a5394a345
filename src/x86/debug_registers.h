#pragma once

#include "x86/access.h"

namespace ringer::x86 {

/// DR6 and DR7 (Intel SDM Vol. 3, 17.2.3 and 17.2.4).
namespace dr6 {
inline constexpr u64 breakpoints = 0xf, bd = 1 << 13, bs = 1 << 14, bt = 1 << 15;
inline constexpr u64 writable = breakpoints | bd | bs | bt;
inline constexpr u64 always_one = 0xffff'0ff0;
} // namespace dr6
namespace dr7 {
/// L0 to L3 and LE, which a task switch clears.
inline constexpr u64 local_enables = 0x155;
inline constexpr u64 gd = 1 << 13;
inline constexpr u64 always_one = 1 << 10;
inline constexpr u64 always_zero = 1 << 11 | 1 << 12 | 1 << 14 | 1 << 15;
} // namespace dr7

/// Notes #DB with the given bits for DR6 in cpu.exception.
std::unexpected<Stop> raise_debug(Cpu& cpu, u64 dr6_bits);

/// Whether DR7 enables a breakpoint on the execution of some instruction.
bool has_code_breakpoint(const Cpu& cpu);

/// DR6's B0 to B3 for the code breakpoints at `linear`.
u64 code_breakpoints_at(const Cpu& cpu, u64 linear);

/// @name To be called for each access that may hit a data or I/O breakpoint; the trap then waits for the end
/// of the instruction.
/// @{
void note_data_access(Cpu& cpu, u64 linear, unsigned size, Access access);
void note_port_access(Cpu& cpu, u16 port, unsigned size);
/// @}

} // namespace ringer::x86
