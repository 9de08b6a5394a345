#include "display/picture.h"

#include "base/bits.h"
#include "display/palette.h"
#include "display/raster.h"
#include "display/text.h"

#include <algorithm>
#include <span>

namespace ringer::display {

namespace {

using device::Vga;
using device::VgaState;
namespace attribute = device::vga::attribute;
namespace crtc = device::vga::crtc;
namespace graphics = device::vga::graphics;
namespace sequencer = device::vga::sequencer;

/// How many dots of the first character are left out, to scroll smoothly.
unsigned panning(const VgaState& state, const Raster& raster, bool is_split) {
    const bool stops = state.attribute[attribute::mode_control] & attribute::pan_stops_at_split;
    if (is_split && stops) return 0;
    const unsigned value = state.attribute[attribute::panning];
    if (raster.dots == 9) return value >= 8 ? 0 : value + 1;
    return value & 7;
}

/// Bytes that the first character of a line is further on.
unsigned byte_panning(const VgaState& state) { return bits(state.crtc[crtc::preset_row_scan], 5, 2); }

/// Writes the dots of one line from the left, as wide as the mode has them.
class Line {
  public:
    Line(std::span<u32> pixels, unsigned skipped, unsigned dot_width)
        : pixels_(pixels), skipped_(skipped), dot_width_(dot_width) {}

    bool is_full() const { return at_ == pixels_.size(); }
    void dot(u32 color) {
        if (skipped_ > 0) {
            --skipped_;
            return;
        }
        for (unsigned i = 0; i < dot_width_ && !is_full(); ++i) pixels_[at_++] = color;
    }

  private:
    std::span<u32> pixels_;
    std::size_t at_ = 0;
    unsigned skipped_, dot_width_;
};

/// Draws the lines of characters.
class TextPainter {
  public:
    TextPainter(const Vga& vga, const Raster& raster)
        : vga_(vga), state_(vga.registers()), palette_(vga), dots_(raster.dots) {
        const u8 maps = state_.sequencer[sequencer::character_map];
        fonts_[0] = font(bits(maps, 0, 2), bit(maps, 4));
        fonts_[1] = font(bits(maps, 2, 2), bit(maps, 5));
    }

    void paint(Line& line, u32 word, unsigned scan) const {
        for (; !line.is_full(); ++word) paint_character(line, word, scan);
    }

  private:
    /// Where a font of plane 2 begins, by the three bits of a character map select.
    static u32 font(u64 lower_bits, bool upper_bit) {
        return static_cast<u32>(lower_bits * 0x4000 + (upper_bit ? 0x2000 : 0));
    }

    void paint_character(Line& line, u32 word, unsigned scan) const {
        const auto [character, colors] = cell_at(vga_, word);
        const u32 glyph = fonts_[bit(colors, 3)] + character * 32u + scan;
        unsigned shape = vga_.video_memory()[4 * u64{glyph} + 2] << 1;
        const u8 mode = state_.attribute[attribute::mode_control];
        const bool continues = mode & attribute::line_graphics && character >= 0xc0 && character <= 0xdf;
        if (continues) shape |= shape >> 1 & 1;
        if (shows_bar(word, scan, colors)) shape = 0x1ff;
        const unsigned background = colors >> 4 & (mode & attribute::blink ? 7 : 15);
        for (unsigned i = 0; i < dots_; ++i)
            line.dot(palette_.of_attribute(bit(shape, 8 - i) ? colors & 15 : background));
    }

    /// A line of the cursor, or an underline.
    bool shows_bar(u32 word, unsigned scan, u8 colors) const {
        constexpr unsigned underline_location = 0x14;
        const unsigned first = state_.crtc[crtc::cursor_start] & 0x1f,
                       last = state_.crtc[crtc::cursor_end] & 0x1f;
        if (scan >= first && scan <= last && has_cursor_at(state_, word)) return true;
        return (colors & 7) == 1 && scan == (state_.crtc[underline_location] & 0x1fu);
    }

    const Vga& vga_;
    const VgaState& state_;
    Palette palette_;
    unsigned dots_;
    std::array<u32, 2> fonts_;
};

/// Draws the lines of a graphics mode, eight dots a word.
class GraphicsPainter {
  public:
    /// `folds`: whether the address counter is the VGA's, with what it has of the CGA.
    GraphicsPainter(const Vga& vga, bool folds)
        : folds_(folds), memory_(vga.video_memory()), state_(vga.registers()), palette_(vga),
          shifts_(bits(state_.graphics[graphics::mode], 5, 2)) {}

    void paint(Line& line, u32 word, unsigned scan) const {
        for (; !line.is_full(); ++word) {
            const u64 at = 4 * u64{folded(word, scan)};
            if (at + 4 > memory_.size()) return;
            paint_word(line, &memory_[at]);
        }
    }

  private:
    /// The CGA's modes had the odd lines in another half of memory: lines of a row stand for address bits.
    u32 folded(u32 word, unsigned scan) const {
        if (!folds_) return word;
        const u8 mode = state_.crtc[crtc::mode_control];
        const unsigned first = bit(mode, 6) ? 13 : 12;
        word &= 0xffff;
        if (!bit(mode, 0)) word = with_bit(word, first, bit(scan, 0));
        if (!bit(mode, 1)) word = with_bit(word, first + 1, bit(scan, 1));
        return word;
    }

    void paint_word(Line& line, const u8* planes) const {
        switch (shifts_) {
        case 0: return paint_planes(line, planes);
        case 1: return paint_pairs(line, planes);
        default: return paint_bytes(line, planes);
        }
    }

    void paint_planes(Line& line, const u8* planes) const {
        for (unsigned dot = 7; dot < 8; --dot) {
            unsigned pixel = 0;
            for (unsigned plane = 0; plane < 4; ++plane) pixel |= (planes[plane] >> dot & 1u) << plane;
            line.dot(palette_.of_attribute(pixel));
        }
    }

    /// Two bits a pixel, from the even planes and then from the odd ones.
    void paint_pairs(Line& line, const u8* planes) const {
        for (const unsigned plane : {0, 1})
            for (unsigned shift = 6; shift < 8; shift -= 2)
                line.dot(palette_.of_attribute((planes[plane] >> shift & 3u) |
                                               (planes[plane + 2] >> shift & 3u) << 2));
    }

    /// Eight bits a pixel, each two dots wide.
    void paint_bytes(Line& line, const u8* planes) const {
        for (unsigned plane = 0; plane < 4; ++plane) {
            const u32 color = palette_.of_byte(planes[plane]);
            line.dot(color);
            line.dot(color);
        }
    }

    bool folds_;
    std::span<const u8> memory_;
    const VgaState& state_;
    Palette palette_;
    u64 shifts_;
};

template <class Painter>
Picture painted(const VgaState& state, const Raster& raster, const Painter& painter) {
    Picture picture{raster.width(), raster.lines,
                    std::vector<u32>(std::size_t{raster.width()} * raster.lines)};
    for_each_line(raster, [&](unsigned number, u32 word, unsigned scan, bool is_split) {
        Line line(std::span(picture.pixels).subspan(std::size_t{number} * picture.width, picture.width),
                  panning(state, raster, is_split), raster.dot_width);
        painter.paint(line, word + byte_panning(state), scan);
    });
    return picture;
}

/// The color of a pixel that is not looked up: 5-5-5, 5-6-5, or eight bits each, blue first.
u32 direct_color(const u8* bytes, unsigned depth) {
    const auto widened = [](u32 value, unsigned width) {
        return value << (8 - width) | value >> (2 * width - 8);
    };
    if (depth >= 24) return u32{bytes[2]} << 16 | u32{bytes[1]} << 8 | bytes[0];
    const u32 word = bytes[0] | u32{bytes[1]} << 8;
    const unsigned green = depth - 10;
    return widened(word >> (5 + green) & 0x1f, 5) << 16 |
           widened(word >> 5 & ((1u << green) - 1), green) << 8 | widened(word & 0x1f, 5);
}

/// The mode lies within memory, as BochsVbe promises.
Picture vbe_picture(const Vga& vga) {
    const device::BochsVbe& mode = vga.vbe();
    const unsigned depth = mode.bits_per_pixel(), step = (depth + 7) / 8;
    const Palette palette(vga);
    Picture picture{mode.columns(), mode.lines(), {}};
    picture.pixels.reserve(std::size_t{picture.width} * picture.height);
    for (unsigned line = 0; line < picture.height; ++line) {
        const u8* at = &vga.video_memory()[mode.start() + u64{line} * mode.line_bytes()];
        for (unsigned column = 0; column < picture.width; ++column, at += step)
            picture.pixels.push_back(depth == 8 ? palette.of_byte(*at) : direct_color(at, depth));
    }
    return picture;
}

/// A mode of four bits is a planar one, of a size that the Bochs interface tells.
Picture vbe_planar_picture(const Vga& vga) {
    const device::BochsVbe& mode = vga.vbe();
    const Raster raster{.columns = mode.columns() / 8,
                        .lines = mode.lines(),
                        .dots = 8,
                        .dot_width = 1,
                        .row_lines = 1,
                        .doubles_lines = false,
                        .pitch = mode.line_bytes(),
                        .start = mode.start(),
                        .first_scan = 0,
                        .split_after = ~0u};
    return painted(vga.registers(), raster, GraphicsPainter(vga, false));
}

Picture black(unsigned width, unsigned height) {
    return {width, height, std::vector<u32>(std::size_t{width} * height)};
}

} // namespace

Picture picture_of(const Vga& vga) {
    const device::BochsVbe& vbe = vga.vbe();
    if (vbe.is_enabled()) {
        if (is_blank(vga)) return black(vbe.columns(), vbe.lines());
        return vbe.bits_per_pixel() == 4 ? vbe_planar_picture(vga) : vbe_picture(vga);
    }
    const VgaState& state = vga.registers();
    const Raster raster = raster_of(state);
    // No mode was set yet.
    if (raster.columns == 1) return black(720, 400);
    if (is_blank(vga)) return black(raster.width(), raster.lines);
    if (is_text(vga)) return painted(state, raster, TextPainter(vga, raster));
    return painted(state, raster, GraphicsPainter(vga, true));
}

} // namespace ringer::display
