#include "host/terminal_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

namespace ringer::host {
namespace {

using device::KeyEvent;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<KeyEvent> keys(std::string_view typed) {
    return keys_for({reinterpret_cast<const u8*>(typed.data()), typed.size()});
}

TEST(TerminalKeys, PressesAndReleasesTheKeyOfACharacter) {
    EXPECT_THAT(keys("a1"), ElementsAre(KeyEvent{0x1e, true}, KeyEvent{0x1e, false}, KeyEvent{0x02, true},
                                        KeyEvent{0x02, false}));
}

TEST(TerminalKeys, HoldsShiftAndControl) {
    EXPECT_THAT(keys("A"), ElementsAre(KeyEvent{key::shift, true}, KeyEvent{0x1e, true},
                                       KeyEvent{0x1e, false}, KeyEvent{key::shift, false}));
    EXPECT_THAT(keys("\x03"), ElementsAre(KeyEvent{key::control, true}, KeyEvent{0x2e, true},
                                          KeyEvent{0x2e, false}, KeyEvent{key::control, false}));
    EXPECT_EQ(keys("\x1c")[1], (KeyEvent{0x2b, true})) << "Ctrl-backslash";
    EXPECT_EQ(keys("\x1f")[2], (KeyEvent{0x0c, true})) << "Ctrl-underscore";
}

TEST(TerminalKeys, HasAKeyForEveryCharacterOfAscii) {
    for (u8 character = 0x20; character < 0x7f; ++character)
        EXPECT_NE(key_stroke(character).code, 0) << character;
    EXPECT_EQ(key_stroke('?').code, 0x35);
    EXPECT_TRUE(key_stroke('?').shift);
    EXPECT_EQ(key_stroke('\\').code, 0x2b);
    EXPECT_EQ(key_stroke('`').code, 0x29);
    EXPECT_EQ(key_stroke('~').code, 0x29);
}

TEST(TerminalKeys, KnowsTheKeysWithoutCharacters) {
    const auto pressed = [](std::string_view typed) { return keys(typed).front().code; };
    EXPECT_EQ(pressed("\r"), key::enter);
    EXPECT_EQ(pressed("\x7f"), key::backspace);
    EXPECT_EQ(pressed("\t"), key::tab);
    EXPECT_EQ(pressed("\x1b[A"), key::up);
    EXPECT_EQ(pressed("\x1bOD"), key::left);
    EXPECT_EQ(pressed("\x1b[3~"), key::del);
    EXPECT_EQ(pressed("\x1b[24~"), key::f12);
    EXPECT_EQ(keys("\x1b[5~x").size(), 4u);
}

TEST(TerminalKeys, TellsEscapeFromAlt) {
    EXPECT_THAT(keys("\x1b"), ElementsAre(KeyEvent{key::escape, true}, KeyEvent{key::escape, false}));
    EXPECT_EQ(keys("\x1b\x1b").size(), 4u);
    EXPECT_THAT(keys("\x1bx"), ElementsAre(KeyEvent{key::alt, true}, KeyEvent{0x2d, true},
                                           KeyEvent{0x2d, false}, KeyEvent{key::alt, false}));
}

TEST(TerminalKeys, ReleasesAllThatItPresses) {
    for (unsigned first = 0; first < 0x100; ++first)
        for (const std::string_view before : {"", "\x1b"}) {
            const std::string typed = std::string(before) + static_cast<char>(first);
            std::vector<u16> held;
            for (const auto& [code, is_pressed] : keys(typed))
                is_pressed ? held.push_back(code) : static_cast<void>(std::erase(held, code));
            EXPECT_THAT(held, IsEmpty()) << first;
        }
}

} // namespace
} // namespace ringer::host
