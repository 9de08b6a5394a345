#pragma once

#include "base/types.h"
#include "device/display/vga.h"

#include <optional>
#include <vector>

namespace ringer::display {

/// What a text mode shows, row by row.
struct TextScreen {
    struct Cell {
        u8 character = 0; ///< Of code page 437, unless the guest has loaded another font.
        u8 attribute =
            0; ///< Foreground in the lower half; background, or three bits of it and blinking, above.

        bool operator==(const Cell&) const = default;
    };
    struct Place {
        unsigned column, row;

        bool operator==(const Place&) const = default;
    };
    unsigned columns = 0, rows = 0;
    bool blinks = false; ///< What the highest bit of an attribute means.
    std::vector<Cell> cells;
    std::optional<Place> cursor; ///< Where it is shown.

    bool operator==(const TextScreen&) const = default;
};

/// nullopt when the adapter is in no text mode, or the screen is blank.
std::optional<TextScreen> text_of(const device::Vga& vga);

/// Whether the cursor is on, at the character at `word`.
bool has_cursor_at(const device::VgaState& state, u32 word);

/// The character at a word of video memory, which wraps as the CRT controller's 16 bits do.
TextScreen::Cell cell_at(const device::Vga& vga, u32 word);

} // namespace ringer::display
