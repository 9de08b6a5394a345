#pragma once

#include "base/types.h"
#include "device/display/vga.h"

#include <vector>

namespace ringer::display {

/// A picture, line by line from the top; a pixel is 0x00RRGGBB.
struct Picture {
    unsigned width = 0, height = 0;
    std::vector<u32> pixels;

    bool operator==(const Picture&) const = default;
};

/// What a monitor at the adapter shows: every dot of every line that the CRT controller displays, without
/// borders; of the Bochs interface's modes their pixels. At most 4608 by 1600 (IBM VGA/XGA Technical
/// Reference, "Video Subsystem"). The cursor and characters that blink are there; blanked, all is black.
Picture picture_of(const device::Vga& vga);

} // namespace ringer::display
