#pragma once

#include "x86/decode.h"

namespace ringer::x86 {

/// x87 instructions that do not compute: control and status words, environment, state, FWAIT. Part of
/// add_x87().
void add_x87_control(SelectorTable& table);

} // namespace ringer::x86
