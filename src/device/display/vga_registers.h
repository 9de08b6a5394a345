#pragma once

#include "base/types.h"
#include "device/clock.h"
#include "state/archive.h"

#include <array>

namespace ringer::device {

/// What a guest can observe of a VGA's registers. Each group is an array by its index register; the names of
/// what is in them are below.
struct VgaState {
    u8 miscellaneous = 0;
    u8 feature_control = 0;
    u8 sequencer_index = 0, crtc_index = 0, graphics_index = 0;
    u8 attribute_index = 0; ///< With bit 5, which lets the palette be seen.
    bool attribute_data_next = false;
    std::array<u8, 8> sequencer{};
    std::array<u8, 32> crtc{};
    std::array<u8, 16> graphics{};
    std::array<u8, 32> attribute{};
    u8 dac_mask = 0xff;
    u8 dac_index = 0;
    u8 dac_component = 0; ///< Red, green, blue: which of an entry comes next.
    bool dac_reads = false;
    std::array<u8, 2> dac_written{}; ///< Red and green, until blue comes.
    std::array<u8, 768> palette{};   ///< Red, green, blue of each entry, as wide as they were written.
    std::array<u8, 4> latches{};     ///< One byte of each plane.
};

void visit(state::Archive& archive, VgaState& state);

/// Registers of VgaState, by group.
namespace vga {

inline constexpr u8 misc_color_ports = 1 << 0, misc_memory_enable = 1 << 1;

namespace sequencer {
enum Index : u8 { clocking = 1, map_mask = 2, character_map = 3, memory_mode = 4 };
inline constexpr u8 eight_dots = 1 << 0, half_dot_clock = 1 << 3, screen_off = 1 << 5; // clocking
inline constexpr u8 chain_4 = 1 << 3;                                                  // memory_mode
} // namespace sequencer

namespace crtc {
enum Index : u8 {
    horizontal_total = 0x00,
    horizontal_display_end = 0x01,
    vertical_total = 0x06,
    overflow = 0x07,
    preset_row_scan = 0x08,
    maximum_scan_line = 0x09,
    cursor_start = 0x0a,
    cursor_end = 0x0b,
    start_high = 0x0c,
    start_low = 0x0d,
    cursor_high = 0x0e,
    cursor_low = 0x0f,
    vertical_retrace_end = 0x11,
    vertical_display_end = 0x12,
    offset = 0x13,
    mode_control = 0x17,
    line_compare = 0x18,
};
} // namespace crtc

namespace graphics {
enum Index : u8 {
    set_reset = 0,
    enable_set_reset = 1,
    color_compare = 2,
    data_rotate = 3,
    read_map_select = 4,
    mode = 5,
    miscellaneous = 6,
    color_dont_care = 7,
    bit_mask = 8,
};
inline constexpr u8 read_mode_1 = 1 << 3, odd_even = 1 << 4; // mode
inline constexpr u8 graphics_mode = 1 << 0;                  // miscellaneous
} // namespace graphics

namespace attribute {
enum Index : u8 {
    mode_control = 0x10,
    overscan = 0x11,
    plane_enable = 0x12,
    panning = 0x13,
    color_select = 0x14
};
inline constexpr u8 line_graphics = 1 << 2, blink = 1 << 3, pan_stops_at_split = 1 << 5,
                    eight_bit_color = 1 << 6,
                    palette_bits_4_5 = 1 << 7; // mode_control
inline constexpr u8 palette_seen = 1 << 5;     // of the index
} // namespace attribute

} // namespace vga

/// The registers of an IBM VGA (IBM VGA/XGA Technical Reference, "Video Subsystem") at ports 0x3B0 to 0x3DF.
/// The beam's position, which input status 1 tells of, follows from the clock and the CRT controller's
/// totals.
class VgaRegisters {
  public:
    static constexpr u16 first_port = 0x3b0;
    static constexpr u64 port_count = 0x30;

    explicit VgaRegisters(const Clock& clock) : clock_(clock) {}

    void reset() { state_ = {}; }
    void visit(state::Archive& archive);

    /// One byte at a port from first_port on; ports without a register read as ones.
    u8 read(u16 port);
    void write(u16 port, u8 value);

    VgaState& state() { return state_; }
    const VgaState& state() const { return state_; }

  private:
    bool answers_at(u16 port) const;
    u8 input_status_1();
    void write_attribute(u8 value);
    void write_crtc(u8 value);
    u8 read_dac();
    void write_dac(u8 value);

    const Clock& clock_;
    VgaState state_;
};

} // namespace ringer::device
