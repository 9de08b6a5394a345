#pragma once

#include "device/display/vga.h"

#include <array>

namespace ringer::display {

/// The colors of an adapter as 0x00RRGGBB.
class Palette {
  public:
    explicit Palette(const device::Vga& vga);

    /// Of an entry of the DAC.
    u32 of_byte(u8 pixel) const { return colors_[pixel & mask_]; }
    /// Of four bits that the attribute controller maps to one.
    u32 of_attribute(unsigned pixel) const { return attributes_[pixel & 0x0f]; }

  private:
    u8 mask_;
    std::array<u32, 256> colors_;
    std::array<u32, 16> attributes_;
};

} // namespace ringer::display
