#pragma once

#include "base/types.h"
#include "state/archive.h"

#include <array>

namespace ringer::device {

/// The registers of the Bochs display interface (Bochs, "VBE_DISPI"; QEMU, docs/specs/standard-vga): modes of
/// any size whose pixels lie one after the other in video memory. What they hold is always a mode that fits
/// into it.
class BochsVbe {
  public:
    enum Index : u16 {
        id,
        width,
        height,
        depth,
        enable,
        bank,
        virtual_width,
        virtual_height,
        x_offset,
        y_offset,
        memory_64k
    };
    static constexpr u16 index_count = 11;
    static constexpr u16 enabled = 1 << 0, tell_limits = 1 << 1, wide_dac = 1 << 5, linear = 1 << 6,
                         keep_memory = 1 << 7;

    /// `memory_size` in bytes, a multiple of 64 KiB.
    explicit BochsVbe(u32 memory_size) : memory_size_(memory_size) {}

    void reset() { state_ = {}; }
    void visit(state::Archive& archive);

    /// The register that is selected at port 0x1CE, and any of them by its number.
    u16 selected() const { return state_.selected; }
    void select(u16 index) { state_.selected = index; }
    u16 read(u16 index) const;
    /// True when the write has set a mode whose memory is to be cleared.
    bool write(u16 index, u16 value);

    bool is_enabled() const { return flags() & enabled; }
    bool has_wide_dac() const { return flags() & wide_dac; }
    /// 4, 8, 15, 16, 24 or 32.
    unsigned bits_per_pixel() const { return state_.registers[depth]; }
    unsigned columns() const { return state_.registers[width]; }
    unsigned lines() const { return state_.registers[height]; }
    /// Where the bank begins that is seen at 0xA0000.
    u32 bank_offset() const { return u32{state_.registers[bank]} << 16; }
    /// From one line to the next and to the first one shown, in bytes; in modes of 4 bits, in bytes of a
    /// plane.
    u32 line_bytes() const { return bytes(state_.registers[virtual_width]); }
    u32 start() const;
    /// How much of video memory the lines of the mode take.
    u32 frame_bytes() const { return lines() * line_bytes() * (bits_per_pixel() == 4 ? 4 : 1); }

  private:
    struct State {
        u16 selected = 0;
        std::array<u16, index_count> registers{0xb0c5, 0, 0, 8};
    };

    u16 flags() const { return state_.registers[enable]; }
    u32 bytes(u32 pixels) const;
    void fit();
    bool set_enable(u16 value);

    u32 memory_size_;
    State state_;
};

} // namespace ringer::device
