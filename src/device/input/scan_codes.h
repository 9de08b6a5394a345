#pragma once

#include "base/types.h"

namespace ringer::device {

/// What a keyboard sends of scan code set 2, and what the keyboard controller makes of it when it translates
/// to set 1 (IBM PS/2 Technical Reference, "Keyboard"). Prefixes stay as they are; a key that goes up has
/// 0xF0 before its code in set 2, and bit 7 in set 1.

inline constexpr u8 extended_prefix = 0xe0, pause_prefix = 0xe1, release_prefix = 0xf0;

/// The code in set 1 of a code in set 2 without prefixes.
u8 set_1_of(u8 set_2);

/// The code in set 2 of one in set 1, 0x01 to 0x7f.
u8 set_2_of(u8 set_1);

} // namespace ringer::device
