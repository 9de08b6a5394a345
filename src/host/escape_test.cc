#include "host/escape.h"

#include <gtest/gtest.h>

#include <string_view>

namespace ringer::host {
namespace {

struct Typed {
    std::string guest;
    std::vector<EscapeFilter::Command> commands;
};

Typed type(std::string_view keys) {
    EscapeFilter filter;
    std::vector<u8> guest;
    Typed typed;
    for (const char key : keys)
        if (const auto command = filter.take(static_cast<u8>(key), guest);
            command != EscapeFilter::Command::none)
            typed.commands.push_back(command);
    typed.guest.assign(guest.begin(), guest.end());
    return typed;
}

TEST(EscapeFilter, PassesOrdinaryKeys) {
    const Typed typed = type("ls -l\r\x03\xff");
    EXPECT_EQ(typed.guest, "ls -l\r\x03\xff");
    EXPECT_TRUE(typed.commands.empty());
}

TEST(EscapeFilter, RecognizesCommands) {
    const Typed typed = type("a\x01hb\x01s\x01xc");
    EXPECT_EQ(typed.guest, "abc");
    EXPECT_EQ(typed.commands, (std::vector{EscapeFilter::Command::help, EscapeFilter::Command::screenshot,
                                           EscapeFilter::Command::quit}));
}

TEST(EscapeFilter, TwiceSendsOne) {
    const Typed typed = type("\x01\x01x");
    EXPECT_EQ(typed.guest, "\x01x");
    EXPECT_TRUE(typed.commands.empty());
}

TEST(EscapeFilter, LeavesOtherKeysToTheGuest) {
    const Typed typed = type("\x01w");
    EXPECT_EQ(typed.guest, "\x01w");
    EXPECT_TRUE(typed.commands.empty());
}

TEST(EscapeFilter, HoldsBackAnUnfinishedEscape) { EXPECT_EQ(type("a\x01").guest, "a"); }

} // namespace
} // namespace ringer::host
