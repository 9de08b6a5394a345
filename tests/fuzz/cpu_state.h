#pragma once

#include "input.h"
#include "x86/cpuid.h"
#include "x86/state.h"

#include <vector>

namespace ringer::fuzz {

/// Every combination of mode and code size that execution can be in.
enum class CpuMode : u8 {
    real,
    virtual8086,
    protected16,
    protected32,
    compatibility16,
    compatibility32,
    long64
};
inline constexpr unsigned cpu_modes = 7;

/// Memory for a CPU in `mode`: descriptor tables, gates, a task state and page tables that map RAM to itself,
/// at the places that make_state() points to.
const std::vector<u8>& memory_for(CpuMode mode);

/// Where code stands unless the input moves RIP.
inline constexpr u64 code_address = 0x1'0000;

/// A state that a CPU of this model could have got into, in `mode`, with what `input` chooses.
x86::CpuState make_state(CpuMode mode, const x86::CpuModel& model, Input& input);

/// Asserts what holds of every state that a CPU can get into.
void check_state(const x86::CpuState& state, const x86::CpuModel& model);

/// Whether page tables of memory_for() still translate what they did: accessed and dirty bits may differ.
/// What is no longer so may still be in a TLB or not, which no two engines need to agree on.
bool have_same_translations(const std::vector<u8>& ram, const std::vector<u8>& other);
inline constexpr u64 page_tables = 0x5000; ///< What CR3 points to unless the input moves it.

} // namespace ringer::fuzz
