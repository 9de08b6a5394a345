#include "device/display/bochs_vbe.h"

#include "base/bits.h"

#include <algorithm>

namespace ringer::device {

namespace {

constexpr u16 first_id = 0xb0c0, last_id = 0xb0c5;
constexpr u16 most_columns = 2560, most_lines = 1600, most_bits = 32;
constexpr u16 column_step = 8;
constexpr u16 enable_bits =
    BochsVbe::enabled | BochsVbe::tell_limits | BochsVbe::wide_dac | BochsVbe::linear | BochsVbe::keep_memory;

bool is_depth(u16 value) {
    return value == 4 || value == 8 || value == 15 || value == 16 || value == 24 || value == 32;
}

} // namespace

/// What was loaded is made to fit as what a guest writes is.
void BochsVbe::visit(state::Archive& archive) {
    auto& [selected, registers] = state_;
    archive.field(1, "selected", selected).field(2, "registers", registers);
    if (!archive.loads()) return;
    registers[id] = std::clamp(registers[id], first_id, last_id);
    if (!is_depth(registers[depth])) registers[depth] = 8;
    registers[enable] &= enable_bits;
    registers[bank] %= memory_size_ / (64 * KiB);
    if (is_enabled()) fit();
}

u16 BochsVbe::read(u16 index) const {
    if (flags() & tell_limits) {
        if (index == width) return most_columns;
        if (index == height) return most_lines;
        if (index == depth) return most_bits;
    }
    if (index == memory_64k) return static_cast<u16>(memory_size_ / (64 * KiB));
    return index < index_count ? state_.registers[index] : 0;
}

bool BochsVbe::write(u16 index, u16 value) {
    u16* const place = index < index_count ? &state_.registers[index] : nullptr;
    switch (index) {
    case id:
        if (value >= first_id && value <= last_id) *place = value;
        return false;
    case depth:
        if (value == 0 || is_depth(value)) *place = value == 0 ? 8 : value;
        break;
    case width:
    case height:
    case virtual_width:
    case x_offset:
    case y_offset: *place = value; break;
    case bank: *place = value % (memory_size_ / (64 * KiB)); return false;
    case enable: return set_enable(value);
    default: return false; // The virtual height and the memory's size follow from the others.
    }
    if (is_enabled()) fit();
    return false;
}

bool BochsVbe::set_enable(u16 value) {
    const bool was_enabled = is_enabled();
    state_.registers[enable] = value & enable_bits;
    if (!is_enabled()) {
        state_.registers[bank] = 0;
        return false;
    }
    if (!was_enabled) {
        for (const Index each : {virtual_width, x_offset, y_offset, bank}) state_.registers[each] = 0;
    }
    fit();
    return !was_enabled && !(value & keep_memory);
}

u32 BochsVbe::bytes(u32 pixels) const {
    const unsigned depth_bits = bits_per_pixel();
    return depth_bits == 4 ? pixels / 8 : pixels * ((depth_bits + 7) / 8);
}

/// The offset of the first pixel that is shown.
u32 BochsVbe::start() const {
    return bytes(state_.registers[x_offset]) + state_.registers[y_offset] * line_bytes();
}

/// Makes the mode one that lies within video memory, whatever the guest has asked for.
void BochsVbe::fit() {
    auto& r = state_.registers;
    // Four planes share the memory of a mode with 4 bits.
    const u32 memory = bits_per_pixel() == 4 ? memory_size_ / 4 : memory_size_;
    r[width] =
        static_cast<u16>(std::clamp<u64>(align_down(r[width], column_step), column_step, most_columns));
    r[virtual_width] = static_cast<u16>(align_down(std::max(r[virtual_width], r[width]), column_step));
    const u32 fitting_lines = memory / line_bytes();
    r[height] = static_cast<u16>(std::clamp<u32>(r[height], 1, std::min<u32>(most_lines, fitting_lines)));
    r[virtual_height] = static_cast<u16>(std::min<u32>(fitting_lines, 0xffff));
    r[x_offset] = std::min<u16>(r[x_offset], r[virtual_width] - r[width]);
    r[y_offset] = static_cast<u16>(std::min<u32>(r[y_offset], fitting_lines - r[height]));
}

} // namespace ringer::device
