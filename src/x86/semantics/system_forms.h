#pragma once

#include "x86/decode.h"

/// Selectors for the privileged forms of mnemonics whose everyday forms stand elsewhere. Each returns nullptr when the
/// form is not one of its own.
namespace ringer::x86 {

/// MOV to or from a segment, control or debug register.
Handler select_system_move(const Decoded& decoded, Instruction& instruction);

/// PUSH and POP of a segment register.
Handler select_segment_push(const Decoded& decoded, Instruction& instruction);
Handler select_segment_pop(const Decoded& decoded, Instruction& instruction);

/// CALL, JMP and RET between segments.
Handler select_far_transfer(const Decoded& decoded, Instruction& instruction);

/// @name Families within add_system(), add_segments() and add_far_transfers()
/// @{
void add_control_registers(SelectorTable& table);
void add_descriptor_tables(SelectorTable& table);
void add_segment_queries(SelectorTable& table);
void add_flag_control(SelectorTable& table);
void add_hints(SelectorTable& table);
void add_interrupts(SelectorTable& table);
void add_system_calls(SelectorTable& table);
/// @}

} // namespace ringer::x86
