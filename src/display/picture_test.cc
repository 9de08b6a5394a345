#include "display/picture.h"

#include "device/display/vga_fixture.h"
#include "display/screen.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace ringer::display {
namespace {

using device::BochsVbe;
using testing::Each;

/// What six bits of a color are as eight.
constexpr u32 red(unsigned level) { return (level << 2 | level >> 4) << 16; }

class PictureTest : public testing::Test, protected device::fixture::VgaBench {
  protected:
    Picture picture() const { return picture_of(vga); }
    u32 pixel(unsigned x, unsigned y) const {
        const Picture all = picture();
        return all.pixels.at(std::size_t{y} * all.width + x);
    }
    void put_character(unsigned place, u8 character, u8 attribute) {
        poke(0xb'8000 + 2 * place, character);
        poke(0xb'8001 + 2 * place, attribute);
    }
    /// A line of a character's shape in the first font.
    void put_shape(u8 character, unsigned line, u8 shape) {
        memory[4 * (character * 32u + line) + 2] = shape;
    }

    /// 320 by 200 pixels of 256 colors.
    void set_mode_13h() {
        set_text_mode();
        sequencer(1, 0x01);
        sequencer(2, 0x0f);
        sequencer(4, 0x0e);
        graphics(5, 0x40);
        graphics(6, 0x05);
        crtc(0x09, 0x41);
        crtc(0x17, 0xa3);
        set_attributes(0x41);
        crtc(0x11, 0x0e);
        crtc(0x12, 0x8f);
    }
    /// 640 by 480 pixels of four planes.
    void set_mode_12h() {
        set_text_mode();
        sequencer(1, 0x01);
        sequencer(2, 0x0f);
        sequencer(4, 0x06);
        graphics(5, 0x00);
        graphics(6, 0x05);
        crtc(0x11, 0x0c);
        crtc(0x07, 0x3e);
        crtc(0x09, 0x40);
        crtc(0x12, 0xdf);
        crtc(0x17, 0xe3);
        set_attributes(0x01);
    }
};

TEST_F(PictureTest, IsBlackBeforeAModeIsSet) {
    EXPECT_EQ(picture().width, 720u);
    EXPECT_EQ(picture().height, 400u);
    EXPECT_THAT(picture().pixels, Each(0u));
}

TEST_F(PictureTest, ShowsCharactersOfNineDots) {
    set_text_mode();
    put_shape('A', 0, 0x81);
    put_character(1, 'A', 0x2f);
    const Picture shown = picture();
    ASSERT_EQ(shown.width, 720u);
    ASSERT_EQ(shown.height, 400u);
    EXPECT_EQ(pixel(9, 0), red(15));
    EXPECT_EQ(pixel(10, 0), red(2));
    EXPECT_EQ(pixel(16, 0), red(15));
    EXPECT_EQ(pixel(17, 0), red(2)) << "between characters";
    EXPECT_EQ(pixel(9, 1), red(2));
    EXPECT_EQ(pixel(18, 0), 0u);
}

TEST_F(PictureTest, ContinuesLineGraphicsIntoTheNinthDot) {
    set_text_mode();
    put_shape(0xc4, 0, 0xff);
    put_shape('-', 0, 0xff);
    put_character(0, 0xc4, 0x0f);
    put_character(1, '-', 0x0f);
    EXPECT_EQ(pixel(8, 0), red(15));
    EXPECT_EQ(pixel(17, 0), 0u);
}

TEST_F(PictureTest, HasBlinkingOrSixteenBackgrounds) {
    set_text_mode();
    put_character(0, ' ', 0xa0);
    EXPECT_EQ(pixel(0, 0), red(2)) << "blinking, and seen";
    attribute(0x10, 0x04);
    EXPECT_EQ(pixel(0, 0), red(10));
}

TEST_F(PictureTest, TakesTheOtherFontByTheAttribute) {
    set_text_mode();
    sequencer(3, 0x04); // Where bit 3 is set, the font at 16 KiB.
    memory[4 * (0x4000 + 'A' * 32) + 2] = 0xff;
    put_character(0, 'A', 0x0f);
    put_character(1, 'A', 0x07);
    EXPECT_EQ(pixel(0, 0), red(15));
    EXPECT_EQ(pixel(9, 0), 0u);
}

TEST_F(PictureTest, ShowsTheCursor) {
    set_text_mode();
    put_character(82, ' ', 0x07);
    crtc(0x0a, 0x0d);
    crtc(0x0e, 0x00);
    crtc(0x0f, 82);
    EXPECT_EQ(pixel(18, 16 + 12), 0u);
    EXPECT_EQ(pixel(18, 16 + 13), red(7));
    EXPECT_EQ(pixel(26, 16 + 14), red(7));
    EXPECT_EQ(pixel(27, 16 + 14), 0u);
    crtc(0x0a, 0x2d);
    EXPECT_EQ(pixel(18, 16 + 13), 0u) << "turned off";
}

TEST_F(PictureTest, ScrollsByStartPanningAndSplit) {
    set_text_mode();
    put_shape('A', 0, 0xff);
    put_character(80, 'A', 0x0f);
    crtc(0x0d, 80);
    EXPECT_EQ(pixel(0, 0), red(15));
    put_character(0, 'A', 0x0f);
    crtc(0x09, 0x0f);
    crtc(0x07, 0x0f);
    crtc(0x18, 31); // The line after the 31st begins at the start of memory.
    EXPECT_EQ(pixel(0, 32), red(15));
    EXPECT_EQ(pixel(0, 31), 0u);
    attribute(0x13, 0x03);
    EXPECT_EQ(pixel(3, 0), red(15));
    EXPECT_EQ(pixel(4, 0), 0u) << "four dots to the left";
}

TEST_F(PictureTest, ShowsMode13hWithItsPixelsDoubled) {
    set_mode_13h();
    color(200, 0, 63, 0);
    poke(0xa'0000 + 320 * 3 + 5, 200);
    const Picture shown = picture();
    ASSERT_EQ(shown.width, 640u);
    ASSERT_EQ(shown.height, 400u);
    EXPECT_EQ(std::ranges::count(shown.pixels, 0x00ff00u), 4);
    EXPECT_EQ(pixel(10, 6), 0x00ff00u);
    EXPECT_EQ(pixel(11, 7), 0x00ff00u);
}

TEST_F(PictureTest, ShowsModeXWithItsPlanes) {
    set_mode_13h();
    sequencer(4, 0x06);
    crtc(0x17, 0xe3);
    color(7, 0, 0, 63);
    sequencer(2, 0x04); // plane 2
    poke(0xa'0000 + 80 * 2 + 1, 7);
    EXPECT_EQ(pixel(12, 4), 0x0000ffu);
    EXPECT_EQ(pixel(14, 4), 0u);
}

TEST_F(PictureTest, ShowsSixteenColorsOfFourPlanes) {
    set_mode_12h();
    ASSERT_EQ(picture().height, 480u);
    graphics(5, 0x02);
    graphics(8, 0x40);
    poke(0xa'0000 + 80 * 479, 0x09);
    EXPECT_EQ(pixel(1, 479), red(9));
    EXPECT_EQ(pixel(0, 479), 0u);
    attribute(0x12, 0x01);
    EXPECT_EQ(pixel(1, 479), red(1)) << "one plane enabled";
}

TEST_F(PictureTest, ShowsTheModesOfTheCga) {
    set_text_mode();
    // Mode 4: two bits a pixel, odd lines 8 KiB further on.
    sequencer(1, 0x09);
    sequencer(2, 0x03);
    graphics(5, 0x30);
    graphics(6, 0x0f);
    crtc(0x11, 0x0e);
    crtc(0x01, 0x27);
    crtc(0x09, 0xc1);
    crtc(0x13, 0x14);
    crtc(0x17, 0xa2);
    set_attributes(0x01);
    poke(0xb'8000, 0x1b);
    poke(0xb'a000 + 1, 0xc0);
    ASSERT_EQ(picture().width, 640u);
    for (const unsigned x : {0, 1, 2, 3}) EXPECT_EQ(pixel(2 * x, 0), red(x));
    EXPECT_EQ(pixel(8, 2), red(3));
    EXPECT_EQ(pixel(8, 0), 0u);
}

TEST_F(PictureTest, ShowsDirectColors) {
    set_text_mode();
    const auto first_pixel = [&](u16 depth, std::array<u8, 4> bytes) {
        set_vbe_mode(64, 32, depth);
        std::ranges::copy(bytes, memory.begin());
        EXPECT_EQ(picture().width, 64u);
        EXPECT_EQ(picture().height, 32u);
        return pixel(0, 0);
    };
    EXPECT_EQ(first_pixel(32, {1, 2, 3, 4}), 0x030201u);
    EXPECT_EQ(first_pixel(24, {1, 2, 3, 4}), 0x030201u);
    EXPECT_EQ(first_pixel(16, {0x1f, 0xf8, 0, 0}), 0xff00ffu);
    EXPECT_EQ(first_pixel(16, {0xe0, 0x07, 0, 0}), 0x00ff00u);
    EXPECT_EQ(first_pixel(15, {0xe0, 0x03, 0, 0}), 0x00ff00u);
    EXPECT_EQ(first_pixel(15, {0x00, 0x7c, 0, 0}), 0xff0000u);
    color(9, 63, 0, 63);
    EXPECT_EQ(first_pixel(8, {9, 0, 0, 0}), 0xff00ffu);
}

TEST_F(PictureTest, TakesEightBitsOfAWideDac) {
    set_text_mode();
    set_vbe_mode(64, 32, 8, BochsVbe::enabled | BochsVbe::wide_dac);
    color(1, 0x81, 0x42, 0x23);
    memory[0] = 1;
    EXPECT_EQ(pixel(0, 0), 0x814223u);
}

TEST_F(PictureTest, ShowsThePartOfAVirtualScreen) {
    set_text_mode();
    set_vbe_mode(64, 32, 32);
    vbe(BochsVbe::virtual_width, 128);
    vbe(BochsVbe::x_offset, 3);
    vbe(BochsVbe::y_offset, 5);
    memory[4 * (128 * 6 + 3 + 2)] = 0x77;
    EXPECT_EQ(pixel(2, 1), 0x77u);
}

TEST_F(PictureTest, ShowsPlanarModesBeyond64Ki) {
    set_text_mode();
    set_vbe_mode(1024, 768, 4);
    memory[4 * (128 * 767)] = 0x80;
    EXPECT_EQ(pixel(0, 767), red(1));
}

TEST_F(PictureTest, IsBlackWhileBlanked) {
    set_text_mode();
    put_character(0, ' ', 0x70);
    sequencer(1, 0x20);
    EXPECT_THAT(picture().pixels, Each(0u));
    EXPECT_EQ(VgaScreen(vga).text(), std::nullopt);
    sequencer(1, 0x00);
    EXPECT_EQ(pixel(0, 0), red(7));
    (void)port(0x3da);
    port(0x3c0, 0x00);
    EXPECT_THAT(picture().pixels, Each(0u));
}

TEST_F(PictureTest, ReadsTheTextOfATextMode) {
    EXPECT_EQ(text_of(vga), std::nullopt) << "no mode is set";
    set_text_mode();
    put_character(81, 'h', 0x07);
    put_character(82, 'i', 0x17);
    crtc(0x0e, 0);
    crtc(0x0f, 83);
    const auto text = text_of(vga);
    ASSERT_TRUE(text);
    EXPECT_EQ(text->columns, 80u);
    EXPECT_EQ(text->rows, 25u);
    EXPECT_EQ(text->cells.at(81), (TextScreen::Cell{'h', 0x07}));
    EXPECT_EQ(text->cells.at(82), (TextScreen::Cell{'i', 0x17}));
    EXPECT_EQ(text->cursor, (TextScreen::Place{3, 1}));
    set_mode_13h();
    EXPECT_EQ(text_of(vga), std::nullopt);
}

TEST_F(PictureTest, LooksAtWhateverRegistersHold) {
    set_text_mode();
    for (const u8 value : {0x00, 0xff, 0x55, 0xaa}) {
        for (unsigned i = 0; i < 25; ++i) crtc(static_cast<u8>(i == 0x11 ? 0x12 : i), value);
        for (const u8 mode : {0x00, 0x10, 0x20, 0x40, 0x60}) {
            graphics(5, mode);
            graphics(6, value);
            EXPECT_EQ(picture().pixels.size(), std::size_t{picture().width} * picture().height);
        }
    }
}

} // namespace
} // namespace ringer::display
