#pragma once

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

} // namespace ringer::x86
