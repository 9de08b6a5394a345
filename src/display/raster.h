#pragma once

#include "device/display/vga.h"

namespace ringer::display {

/// The size of what a VGA mode shows, as the CRT controller has it.
struct Raster {
    unsigned columns; ///< Characters, or eights of dots.
    unsigned lines;
    unsigned dots;      ///< Of a character: 8 or 9.
    unsigned dot_width; ///< 2 when the dot clock is halved.
    unsigned row_lines; ///< Of a row of characters; each may be shown twice.
    bool doubles_lines;
    u32 pitch;            ///< Words of video memory from one row to the next.
    u32 start;            ///< The word that the first row begins with.
    unsigned first_scan;  ///< The line of that row which is shown first.
    unsigned split_after; ///< The line after which memory is shown from its beginning.

    unsigned width() const { return columns * dots * dot_width; }
};

/// `text` modes count by words too: a character, its attribute and its font are bytes of one.
Raster raster_of(const device::VgaState& state);

bool is_text(const device::Vga& vga);

/// Whether nothing is shown: the screen is off, or the palette is being written.
bool is_blank(const device::Vga& vga);

/// Calls `show(line, word, scan, is_split)` for each line of the raster, from the top, with the word of
/// memory that it begins with and the line of its row.
template <class Show>
void for_each_line(const Raster& raster, Show&& show) {
    u32 word = raster.start;
    unsigned scan = raster.first_scan;
    bool again = raster.doubles_lines, is_split = false;
    for (unsigned line = 0; line < raster.lines; ++line) {
        show(line, word, scan, is_split);
        if (line == raster.split_after) {
            word = scan = 0;
            is_split = true;
            again = raster.doubles_lines;
        } else if (again) {
            again = false;
        } else {
            again = raster.doubles_lines;
            if (++scan == raster.row_lines) {
                scan = 0;
                word += raster.pitch;
            }
        }
    }
}

} // namespace ringer::display
