#include "host/text_terminal.h"

#include <gtest/gtest.h>

namespace ringer::host {
namespace {

class FakeScreen final : public display::Screen {
  public:
    display::Picture picture() const override { return {640, 480, {}}; }
    std::optional<display::TextScreen> text() const override { return shown; }

    std::optional<display::TextScreen> shown;
};

class TextTerminalTest : public testing::Test {
  protected:
    TextTerminalTest() {
        screen_.shown =
            display::TextScreen{.columns = 3, .rows = 2, .blinks = true, .cells = {}, .cursor = {}};
        screen_.shown->cells.assign(6, {' ', 0x07});
    }
    std::string update() { return terminal_.update(screen_); }

    FakeScreen screen_;
    TextTerminal terminal_;
};

TEST_F(TextTerminalTest, ShowsAllAtFirstAndThenWhatChanges) {
    screen_.shown->cells[0] = {'H', 0x07};
    EXPECT_EQ(update(), "\x1b[0m\x1b[2J\x1b[1;1H\x1b[0;37;40mH  \x1b[2;1H   \x1b[?25l");
    EXPECT_EQ(update(), "");
    screen_.shown->cells[4] = {'x', 0x1c};
    EXPECT_EQ(update(), "\x1b[2;2H\x1b[0;91;44mx\x1b[?25l");
}

TEST_F(TextTerminalTest, PutsTheCursorWhereItIs) {
    (void)update();
    screen_.shown->cursor = display::TextScreen::Place{2, 1};
    EXPECT_EQ(update(), "\x1b[2;3H\x1b[?25h");
}

TEST_F(TextTerminalTest, HasBlinkingOrBrightBackgrounds) {
    screen_.shown->cells[0] = {'!', 0xf1};
    EXPECT_NE(update().find("\x1b[0;34;47;5m!"), std::string::npos);
    screen_.shown->blinks = false;
    EXPECT_NE(update().find("\x1b[0;34;107m!"), std::string::npos);
}

TEST_F(TextTerminalTest, TellsOfAPicture) {
    (void)update();
    const auto text = std::exchange(screen_.shown, std::nullopt);
    EXPECT_NE(update().find("A picture of 640 x 480"), std::string::npos);
    EXPECT_EQ(update(), "");
    screen_.shown = text;
    EXPECT_NE(update().find("\x1b[2J"), std::string::npos) << "all of the text again";
}

TEST(CodePage437, IsNeverAControlCharacter) {
    EXPECT_EQ(utf8_of_437('A'), "A");
    EXPECT_EQ(utf8_of_437(0x01), "☺");
    EXPECT_EQ(utf8_of_437(0x80), "Ç");
    EXPECT_EQ(utf8_of_437(0xc4), "─");
    EXPECT_EQ(utf8_of_437(0xdb), "█");
    EXPECT_EQ(utf8_of_437(0xfe), "■");
    for (unsigned character = 0; character < 0x100; ++character) {
        const std::string shown = utf8_of_437(static_cast<u8>(character));
        EXPECT_GE(static_cast<u8>(shown.front()), 0x20) << character;
        EXPECT_NE(shown, "\x7f");
    }
}

} // namespace
} // namespace ringer::host
