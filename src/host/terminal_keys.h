#pragma once

#include "base/types.h"
#include "device/input/input_event.h"

#include <span>
#include <vector>

namespace ringer::host {

/// The keys, of a keyboard of the United States, that one has to press and release for what a terminal has
/// sent: characters of ASCII, control characters, and the sequences of xterm for the other keys. Bytes that
/// no key stands for are left out. A sequence must lie within `typed` as a whole; an ESC by itself is the
/// key.
std::vector<device::KeyEvent> keys_for(std::span<const u8> typed);

/// How a character of ASCII is typed; code 0: not at all.
struct KeyStroke {
    u16 code = 0;
    bool shift = false;
};
KeyStroke key_stroke(u8 character);

/// Keys by their codes in scan code set 1.
namespace key {
inline constexpr u16 escape = 0x01, backspace = 0x0e, tab = 0x0f, enter = 0x1c, control = 0x1d, shift = 0x2a,
                     alt = 0x38, f1 = 0x3b, f11 = 0x57, f12 = 0x58, home = 0xe047, up = 0xe048,
                     page_up = 0xe049, left = 0xe04b, right = 0xe04d, end = 0xe04f, down = 0xe050,
                     page_down = 0xe051, insert = 0xe052, del = 0xe053;
} // namespace key

} // namespace ringer::host
