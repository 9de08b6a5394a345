#include "display/palette.h"

namespace ringer::display {

namespace attribute = device::vga::attribute;

Palette::Palette(const device::Vga& vga) : mask_(vga.registers().dac_mask) {
    const device::VgaState& state = vga.registers();
    const auto level = [&](u8 value) -> u32 {
        if (vga.vbe().has_wide_dac()) return value;
        value &= 0x3f;
        return value << 2 | value >> 4;
    };
    for (unsigned i = 0; i < colors_.size(); ++i) {
        const u8* const entry = &state.palette[3 * i];
        colors_[i] = level(entry[0]) << 16 | level(entry[1]) << 8 | level(entry[2]);
    }
    const u8 select = state.attribute[attribute::color_select];
    const bool short_entries = state.attribute[attribute::mode_control] & attribute::palette_bits_4_5;
    for (unsigned i = 0; i < attributes_.size(); ++i) {
        u8 index = state.attribute[i & state.attribute[attribute::plane_enable]];
        if (short_entries) index = static_cast<u8>((index & 0x0f) | (select & 3) << 4);
        attributes_[i] = of_byte(static_cast<u8>(index | (select & 0x0c) << 4));
    }
}

} // namespace ringer::display
