#pragma once

#include "base/types.h"
#include "x86/state.h"

#include <array>
#include <string_view>

namespace ringer::cases {

/// A register of a CPU state by the name that cases use: the address of `size` bytes in it.
struct Field {
    u8* bytes = nullptr; ///< nullptr: no such field.
    unsigned size = 0;   ///< At most 32.
};
Field find_field(x86::CpuState& state, std::string_view name);

/// What is compared even if a case does not mention it, except for RIP and RFLAGS, which have rules of their
/// own.
/// @{
extern const std::array<std::string_view, 32> registers; ///< General and vector registers.
extern const std::array<std::string_view, 13> system_registers;
/// @}

} // namespace ringer::cases
