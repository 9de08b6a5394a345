#include "display/raster.h"

#include "base/bits.h"

#include <algorithm>

namespace ringer::display {

namespace {

namespace crtc = device::vga::crtc;
namespace sequencer = device::vga::sequencer;
namespace graphics = device::vga::graphics;

/// A number of ten bits that is spread over three registers.
unsigned spread(const device::VgaState& state, crtc::Index low, unsigned bit_8, bool bit_9) {
    return state.crtc[low] | unsigned{bit(state.crtc[crtc::overflow], bit_8)} << 8 | unsigned{bit_9} << 9;
}

} // namespace

Raster raster_of(const device::VgaState& state) {
    const auto& registers = state.crtc;
    const u8 clocking = state.sequencer[sequencer::clocking];
    const u8 scan_lines = registers[crtc::maximum_scan_line];
    const bool text = !(state.graphics[graphics::miscellaneous] & graphics::graphics_mode);
    const unsigned row_lines = (scan_lines & 0x1f) + 1u;
    return {
        .columns = registers[crtc::horizontal_display_end] + 1u,
        .lines = spread(state, crtc::vertical_display_end, 1, bit(registers[crtc::overflow], 6)) + 1,
        .dots = text && !(clocking & sequencer::eight_dots) ? 9u : 8u,
        .dot_width = clocking & sequencer::half_dot_clock ? 2u : 1u,
        .row_lines = row_lines,
        .doubles_lines = bit(scan_lines, 7),
        .pitch = registers[crtc::offset] * 2u,
        .start = u32{registers[crtc::start_high]} << 8 | registers[crtc::start_low],
        .first_scan = std::min(registers[crtc::preset_row_scan] & 0x1fu, row_lines - 1),
        .split_after = spread(state, crtc::line_compare, 4, bit(scan_lines, 6)),
    };
}

bool is_text(const device::Vga& vga) {
    return !vga.vbe().is_enabled() &&
           !(vga.registers().graphics[graphics::miscellaneous] & graphics::graphics_mode);
}

bool is_blank(const device::Vga& vga) {
    const device::VgaState& state = vga.registers();
    return !(state.attribute_index & device::vga::attribute::palette_seen) ||
           state.sequencer[sequencer::clocking] & sequencer::screen_off;
}

} // namespace ringer::display
