#include "host/vnc_keys.h"

#include "host/terminal_keys.h"

#include <gtest/gtest.h>

namespace ringer::host {
namespace {

TEST(VncKeys, AreThoseOfTheKeysyms) {
    EXPECT_EQ(key_of_keysym('a'), 0x1e);
    EXPECT_EQ(key_of_keysym('A'), 0x1e) << "the viewer presses Shift by itself";
    EXPECT_EQ(key_of_keysym(0xff0d), key::enter);
    EXPECT_EQ(key_of_keysym(0xffbe), 0x3b) << "F1";
    EXPECT_EQ(key_of_keysym(0xffc7), 0x44) << "F10";
    EXPECT_EQ(key_of_keysym(0xffc8), 0x57) << "F11";
    EXPECT_EQ(key_of_keysym(0xffc9), 0x58) << "F12";
    EXPECT_EQ(key_of_keysym(0xffca), 0x00) << "F13";
    EXPECT_EQ(key_of_keysym(0xffb5), 0x4c) << "5 on the keypad";
    EXPECT_EQ(key_of_keysym(0xffea), 0xe038) << "the right Alt";
    EXPECT_EQ(key_of_keysym(0x100'0000), 0x00);
    EXPECT_EQ(key_of_keysym(0), 0x00);
}

} // namespace
} // namespace ringer::host
