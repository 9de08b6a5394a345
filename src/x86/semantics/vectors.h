#pragma once

#include "x86/access.h"
#include "x86/decode.h"

/// Vector instructions with semantics of their own: those that do not compute, or whose memory accesses
/// depend on data.
namespace ringer::x86 {

/// Whole-register moves between registers and memory; nullptr for everything else.
Handler select_plain_move(const Decoded& decoded);

/// @name Families within add_vectors()
/// @{
void add_masked_moves(SelectorTable& table);
void add_gathers(SelectorTable& table);
void add_vector_control(SelectorTable& table);
/// @}

/// The linear address of a memory operand that must be aligned; that is checked before its segment's limit.
inline Guest<u64> aligned_address(Cpu& cpu, const Instruction& instruction, unsigned size, unsigned alignment,
                                  Access access) {
    if (!cpu.long64()) {
        const u64 base = cpu.state.segments[instruction.segment].base;
        if ((base + effective_address(cpu, instruction)) % alignment != 0) return general_protection(cpu);
    }
    const u64 linear = TRY(operand_address(cpu, instruction, size, access));
    if (linear & (alignment - 1)) [[unlikely]]
        return general_protection(cpu);
    return linear;
}

} // namespace ringer::x86
