#include "display/text.h"

#include "base/bits.h"
#include "display/raster.h"

namespace ringer::display {

namespace crtc = device::vga::crtc;
namespace attribute = device::vga::attribute;

bool has_cursor_at(const device::VgaState& state, u32 word) {
    constexpr u8 cursor_off = 1 << 5;
    const u32 place = u32{state.crtc[crtc::cursor_high]} << 8 | state.crtc[crtc::cursor_low];
    return !(state.crtc[crtc::cursor_start] & cursor_off) && (word & 0xffff) == place;
}

TextScreen::Cell cell_at(const device::Vga& vga, u32 word) {
    const u8* const bytes = &vga.video_memory()[4 * u64{word & 0xffff}];
    return {.character = bytes[0], .attribute = bytes[1]};
}

std::optional<TextScreen> text_of(const device::Vga& vga) {
    if (!is_text(vga) || is_blank(vga)) return std::nullopt;
    const device::VgaState& state = vga.registers();
    const Raster raster = raster_of(state);
    const unsigned row_height = raster.row_lines * (raster.doubles_lines ? 2 : 1);
    TextScreen screen{.columns = raster.columns,
                      .rows = (raster.lines + row_height - 1) / row_height,
                      .blinks = (state.attribute[attribute::mode_control] & attribute::blink) != 0,
                      .cells = {},
                      .cursor = {}};
    screen.cells.reserve(std::size_t{screen.columns} * screen.rows);
    for (unsigned row = 0; row < screen.rows; ++row)
        for (unsigned column = 0; column < screen.columns; ++column) {
            const u32 word = raster.start + row * raster.pitch + column;
            screen.cells.push_back(cell_at(vga, word));
            if (has_cursor_at(state, word)) screen.cursor = TextScreen::Place{column, row};
        }
    return screen;
}

} // namespace ringer::display
