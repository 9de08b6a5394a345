#include "device/display/vga_registers.h"

#include "base/bits.h"

namespace ringer::device {

namespace {

/// By their color addresses; the CRT controller's and the status are at 0x3Bx on a monochrome adapter.
enum Port : u16 {
    crtc_index_port = 0x3d4,
    crtc_data_port = 0x3d5,
    status_1_port = 0x3da, ///< Written: feature control.
    attribute_port = 0x3c0,
    attribute_read_port = 0x3c1,
    miscellaneous_write_port = 0x3c2, ///< Read: input status 0.
    sequencer_index_port = 0x3c4,
    sequencer_data_port = 0x3c5,
    dac_mask_port = 0x3c6,
    dac_read_index_port = 0x3c7, ///< Read: the DAC's state.
    dac_write_index_port = 0x3c8,
    dac_data_port = 0x3c9,
    feature_control_read_port = 0x3ca,
    miscellaneous_read_port = 0x3cc,
    graphics_index_port = 0x3ce,
    graphics_data_port = 0x3cf,
};

constexpr u16 monochrome_first = 0x3b0, monochrome_end = 0x3c0, color_first = 0x3d0;

// What of the registers exists.
constexpr std::array<u8, 8> sequencer_bits{0x03, 0x3d, 0x0f, 0x3f, 0x0e, 0x00, 0x00, 0xff};
constexpr std::array<u8, 16> graphics_bits{0x0f, 0x0f, 0x0f, 0x1f, 0x03, 0x7b, 0x0f, 0x0f, 0xff};
constexpr u8 crtc_count = 0x19, attribute_count = 0x15;
constexpr u8 attribute_index_bits = 0x3f, attribute_number = 0x1f;

constexpr u8 switch_sense = 1 << 4;
constexpr u8 status_not_displaying = 1 << 0, status_vertical_retrace = 1 << 3;
constexpr u8 crtc_protect = 1 << 7, line_compare_bit_8 = 1 << 4;

constexpr u8 attribute_bits(u8 index) {
    constexpr std::array<u8, 5> control{0xef, 0xff, 0x3f, 0x0f, 0x0f};
    return index < 0x10 ? 0x3f : control[index - 0x10];
}

/// How long a line takes and how many there are, and what of each is displayed.
struct FrameTiming {
    Nanoseconds line, frame;
    Nanoseconds displayed; ///< Of a line.
    u64 displayed_lines;
};

FrameTiming timing_of(const VgaState& state) {
    using namespace vga;
    const auto& crtc = state.crtc;
    const auto tall = [&](crtc::Index low, unsigned bit_8, unsigned bit_9) {
        const u8 overflow = crtc[crtc::overflow];
        return u64{crtc[low]} | u64{bit(overflow, bit_8)} << 8 | u64{bit(overflow, bit_9)} << 9;
    };
    const u8 clocking = state.sequencer[sequencer::clocking];
    const u64 hertz = (bits(state.miscellaneous, 2, 2) == 0 ? 25'175'000 : 28'322'000) /
                      (clocking & sequencer::half_dot_clock ? 2 : 1);
    const u64 dots = clocking & sequencer::eight_dots ? 8 : 9;
    const auto duration = [&](u64 characters) { return characters * dots * 1'000'000'000 / hertz; };
    const Nanoseconds line = duration(u64{crtc[crtc::horizontal_total]} + 5);
    return {.line = line,
            .frame = line * (tall(crtc::vertical_total, 0, 5) + 2),
            .displayed = duration(u64{crtc[crtc::horizontal_display_end]} + 1),
            .displayed_lines = tall(crtc::vertical_display_end, 1, 6) + 1};
}

} // namespace

void visit(state::Archive& archive, VgaState& state) {
    auto& [miscellaneous, feature_control, sequencer_index, crtc_index, graphics_index, attribute_index,
           attribute_data_next, sequencer, crtc, graphics, attribute, dac_mask, dac_index, dac_component,
           dac_reads, dac_written, palette, latches] = state;
    archive.field(1, "miscellaneous", miscellaneous)
        .field(2, "feature_control", feature_control)
        .field(3, "sequencer_index", sequencer_index)
        .field(4, "crtc_index", crtc_index)
        .field(5, "graphics_index", graphics_index)
        .field(6, "attribute_index", attribute_index)
        .field(7, "attribute_data_next", attribute_data_next)
        .field(8, "sequencer", sequencer)
        .field(9, "crtc", crtc)
        .field(10, "graphics", graphics)
        .field(11, "attribute", attribute)
        .field(12, "dac_mask", dac_mask)
        .field(13, "dac_index", dac_index)
        .field(14, "dac_component", dac_component)
        .field(15, "dac_reads", dac_reads)
        .field(16, "dac_written", dac_written)
        .field(17, "palette", palette)
        .field(18, "latches", latches);
}

/// A loaded state has only bits that the registers have.
void VgaRegisters::visit(state::Archive& archive) {
    device::visit(archive, state_);
    if (!archive.loads()) return;
    for (std::size_t i = 0; i < sequencer_bits.size(); ++i) state_.sequencer[i] &= sequencer_bits[i];
    for (std::size_t i = 0; i < graphics_bits.size(); ++i) state_.graphics[i] &= graphics_bits[i];
    for (u8 i = 0; i < attribute_count; ++i) state_.attribute[i] &= attribute_bits(i);
    state_.sequencer_index %= sequencer_bits.size();
    state_.graphics_index %= graphics_bits.size();
    state_.attribute_index &= attribute_index_bits;
    state_.dac_component %= 3;
}

/// The CRT controller and its neighbours answer at one of two places.
bool VgaRegisters::answers_at(u16 port) const {
    const bool color = state_.miscellaneous & vga::misc_color_ports;
    if (port >= color_first) return color;
    return port < monochrome_first || port >= monochrome_end || !color;
}

u8 VgaRegisters::read(u16 port) {
    if (!answers_at(port)) return 0xff;
    VgaState& s = state_;
    switch (port < monochrome_end ? port + (color_first - monochrome_first) : port) {
    case crtc_index_port: return s.crtc_index;
    case crtc_data_port: return s.crtc_index < crtc_count ? s.crtc[s.crtc_index] : 0;
    case status_1_port: return input_status_1();
    case attribute_port: return s.attribute_data_next ? 0 : s.attribute_index;
    case attribute_read_port: return s.attribute[s.attribute_index & attribute_number];
    case miscellaneous_write_port: return switch_sense;
    case sequencer_index_port: return s.sequencer_index;
    case sequencer_data_port: return s.sequencer[s.sequencer_index];
    case dac_mask_port: return s.dac_mask;
    case dac_read_index_port: return s.dac_reads ? 3 : 0;
    case dac_write_index_port: return s.dac_index;
    case dac_data_port: return read_dac();
    case feature_control_read_port: return s.feature_control;
    case miscellaneous_read_port: return s.miscellaneous;
    case graphics_index_port: return s.graphics_index;
    case graphics_data_port: return s.graphics[s.graphics_index];
    default: return 0xff;
    }
}

void VgaRegisters::write(u16 port, u8 value) {
    if (!answers_at(port)) return;
    VgaState& s = state_;
    switch (port < monochrome_end ? port + (color_first - monochrome_first) : port) {
    case crtc_index_port: s.crtc_index = value; return;
    case crtc_data_port: return write_crtc(value);
    case status_1_port: s.feature_control = value & 0x10; return;
    case attribute_port: return write_attribute(value);
    case miscellaneous_write_port: s.miscellaneous = value & 0xef; return;
    case sequencer_index_port: s.sequencer_index = value % sequencer_bits.size(); return;
    case sequencer_data_port:
        s.sequencer[s.sequencer_index] = value & sequencer_bits[s.sequencer_index];
        return;
    case dac_mask_port: s.dac_mask = value; return;
    case dac_read_index_port:
    case dac_write_index_port:
        s.dac_index = value;
        s.dac_component = 0;
        s.dac_reads = port == dac_read_index_port;
        return;
    case dac_data_port: return write_dac(value);
    case graphics_index_port: s.graphics_index = value % graphics_bits.size(); return;
    case graphics_data_port: s.graphics[s.graphics_index] = value & graphics_bits[s.graphics_index]; return;
    default: return;
    }
}

/// Reading it makes the attribute controller's port take an index next.
u8 VgaRegisters::input_status_1() {
    state_.attribute_data_next = false;
    const FrameTiming timing = timing_of(state_);
    const Nanoseconds at = clock_.now() % timing.frame;
    const bool below = at / timing.line >= timing.displayed_lines;
    u8 status = 0;
    if (below) status |= status_vertical_retrace;
    if (below || at % timing.line >= timing.displayed) status |= status_not_displaying;
    return status;
}

void VgaRegisters::write_attribute(u8 value) {
    const u8 index = state_.attribute_index & attribute_number;
    if (!state_.attribute_data_next)
        state_.attribute_index = value & attribute_index_bits;
    else if (index < attribute_count)
        state_.attribute[index] = value & attribute_bits(index);
    state_.attribute_data_next = !state_.attribute_data_next;
}

/// The timing of lines can be protected, but for a bit that is none of it.
void VgaRegisters::write_crtc(u8 value) {
    const u8 index = state_.crtc_index;
    if (index >= crtc_count) return;
    u8& place = state_.crtc[index];
    const bool is_protected = state_.crtc[vga::crtc::vertical_retrace_end] & crtc_protect;
    if (!is_protected || index > vga::crtc::overflow)
        place = value;
    else if (index == vga::crtc::overflow)
        place = static_cast<u8>((place & ~line_compare_bit_8) | (value & line_compare_bit_8));
}

u8 VgaRegisters::read_dac() {
    VgaState& s = state_;
    const u8 value = s.palette[s.dac_index * 3u + s.dac_component];
    s.dac_component = (s.dac_component + 1) % 3;
    if (s.dac_component == 0) ++s.dac_index;
    return value;
}

/// An entry changes as a whole, when its blue is written.
void VgaRegisters::write_dac(u8 value) {
    VgaState& s = state_;
    if (s.dac_component < s.dac_written.size()) {
        s.dac_written[s.dac_component++] = value;
        return;
    }
    u8* const entry = &s.palette[s.dac_index * 3u];
    entry[0] = s.dac_written[0];
    entry[1] = s.dac_written[1];
    entry[2] = value;
    s.dac_component = 0;
    ++s.dac_index;
}

} // namespace ringer::device
