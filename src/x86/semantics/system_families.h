#pragma once

#include "x86/access.h"
#include "x86/decode.h"

namespace ringer::x86 {

/// #GP(0) unless at privilege level 0.
inline Guest<void> require_privilege(Cpu& cpu) {
    if (cpu.state.cpl != 0) return general_protection(cpu);
    return {};
}

/// #GP(0) when user-mode instruction prevention forbids SGDT, SIDT, SLDT, STR and SMSW (Intel SDM Vol.
/// 3, 2.5).
inline Guest<void> check_user_mode_prevention(Cpu& cpu) {
    if ((cpu.state.cr4 & cr4::umip) && cpu.state.cpl != 0) return general_protection(cpu);
    return {};
}

/// The 16-bit value of operand `index`, a general register or memory.
inline Guest<u16> read_selector_operand(Cpu& cpu, const Instruction& instruction, unsigned index) {
    if (instruction.has_memory) return load_operand<u16>(cpu, instruction);
    return cpu.get<u16>(instruction.operand[index]);
}

/// Writes `value` to general register `number`, as wide as the operand size.
inline void write_wide_register(Cpu& cpu, const Instruction& instruction, RegisterOffset number, u64 value) {
    switch (instruction.operand_size) {
    case 2: cpu.set<u16>(number, static_cast<u16>(value)); break;
    case 4: cpu.set<u32>(number, static_cast<u32>(value)); break;
    default: cpu.set<u64>(number, value); break;
    }
}

struct FarPointer {
    u16 selector;
    u64 offset;
};
/// A far pointer in memory, with the selector behind the offset; both wrap to the address size. AMD has no
/// 64-bit offsets here.
Guest<FarPointer> load_far_pointer(Cpu& cpu, const Instruction& instruction);

/// Operand 0 of SLDT, STR, SMSW and MOV from a segment register: 16 bits of memory, or a whole register.
inline Guest<void> write_word_or_register(Cpu& cpu, const Instruction& instruction, u64 value) {
    if (instruction.has_memory) return store_operand<u16>(cpu, instruction, static_cast<u16>(value));
    write_wide_register(cpu, instruction, instruction.operand[0], value);
    return {};
}

/// Makes `operand_size` that of the register operand 0, which its prefixes decide.
inline void take_size_of_register(const Decoded& decoded, Instruction& instruction) {
    if (decoded.is_register(0)) instruction.operand_size = static_cast<u8>(decoded.operand_bits(0) / 8);
}

/// @name The families within add_segments(), add_far_transfers() and add_system(), one to a file
/// @{
void add_descriptor_tables(SelectorTable& table);
void add_segment_queries(SelectorTable& table);
void add_interrupts(SelectorTable& table);
void add_system_calls(SelectorTable& table);
void add_control_registers(SelectorTable& table);
void add_flag_control(SelectorTable& table);
void add_model_registers(SelectorTable& table);
void add_hints(SelectorTable& table);
/// @}

} // namespace ringer::x86
