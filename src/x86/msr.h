#pragma once

#include "x86/cpu.h"

#include <optional>

namespace ringer::x86 {

/// The value of a model-specific register; nullopt when there is none of that number (Intel SDM Vol. 4; AMD
/// APM Vol. 2, appendix A).
std::optional<u64> read_msr(Cpu& cpu, u32 number);

/// Writes one, with what follows from it. #GP(0): no such register, a value it cannot take, or it is
/// read-only.
Guest<void> write_msr(Cpu& cpu, u32 number, u64 value);

/// The time-stamp counter; it counts nanoseconds.
u64 time_stamp(const Cpu& cpu);

} // namespace ringer::x86
