#include "host/vnc_keys.h"

#include "host/terminal_keys.h"

#include <algorithm>
#include <array>

namespace ringer::host {

namespace {

struct Key {
    u32 keysym;
    u16 code;
};

constexpr u32 first_function_key = 0xffbe, first_keypad_digit = 0xffb0;
constexpr u16 right_alt = 0xe038;

constexpr std::array keys{
    Key{0xff08, key::backspace}, Key{0xff09, key::tab},     Key{0xfe20, key::tab}, // Shift-Tab
    Key{0xff0d, key::enter},     Key{0xff13, 0xe11d},       Key{0xff14, 0x46},     // Pause, Scroll Lock
    Key{0xff1b, key::escape},    Key{0xffff, key::del},     Key{0xff50, key::home},
    Key{0xff51, key::left},      Key{0xff52, key::up},      Key{0xff53, key::right},
    Key{0xff54, key::down},      Key{0xff55, key::page_up}, Key{0xff56, key::page_down},
    Key{0xff57, key::end},       Key{0xff61, 0xe037},       Key{0xff63, key::insert}, // Print
    Key{0xff67, 0xe05d},         Key{0xff7f, 0x45},                                   // Menu, Num Lock
    Key{0xff8d, 0xe01c},         Key{0xffaa, 0x37},         Key{0xffab, 0x4e},        // keypad: Enter * +
    Key{0xffad, 0x4a},           Key{0xffae, 0x53},         Key{0xffaf, 0xe035},      // - . /
    Key{0xff95, 0x47},           Key{0xff96, 0x4b},         Key{0xff97, 0x48}, // keypad without Num Lock:
    Key{0xff98, 0x4d},           Key{0xff99, 0x50},         Key{0xff9a, 0x49}, // Home Left Up Right Down
    Key{0xff9b, 0x51},           Key{0xff9c, 0x4f},         Key{0xff9d, 0x4c}, // PageUp PageDown End 5
    Key{0xff9e, 0x52},           Key{0xff9f, 0x53},                            // Insert Delete
    Key{0xffe1, key::shift},     Key{0xffe2, 0x36},         Key{0xffe3, key::control},
    Key{0xffe4, 0xe01d},         Key{0xffe5, 0x3a},         Key{0xffe7, key::alt}, // Caps Lock, Meta
    Key{0xffe8, right_alt},      Key{0xffe9, key::alt},     Key{0xffea, right_alt},
    Key{0xffeb, 0xe05b},         Key{0xffec, 0xe05c},       Key{0xfe03, right_alt}, // Super, Alt Gr
};

/// 0 to 9.
constexpr std::array<u16, 10> keypad_digits{0x52, 0x4f, 0x50, 0x51, 0x4b, 0x4c, 0x4d, 0x47, 0x48, 0x49};

} // namespace

u16 key_of_keysym(u32 keysym) {
    if (keysym < 0x80) return key_stroke(static_cast<u8>(keysym)).code;
    if (keysym - first_function_key < 10) return static_cast<u16>(key::f1 + keysym - first_function_key);
    if (keysym - first_function_key < 12)
        return static_cast<u16>(key::f11 + keysym - first_function_key - 10);
    if (keysym - first_keypad_digit < keypad_digits.size()) return keypad_digits[keysym - first_keypad_digit];
    const auto* const place = std::ranges::find(keys, keysym, &Key::keysym);
    return place == keys.end() ? u16{0} : place->code;
}

} // namespace ringer::host
