#pragma once

#include "base/types.h"

#include <optional>

namespace ringer::device {

/// How a floppy disk is laid out, and which drive reads it. All have sectors of 512 bytes.
struct FloppyFormat {
    static constexpr u64 sector_size = 512;
    /// The number by which floppy controllers know that size.
    static constexpr u8 size_code = 2;

    u8 tracks, heads, sectors; ///< Sectors of one track on one side.
    /// The data rates at which it is read, a bit for each value of the controller's rate select.
    u8 rates;
    /// The drive's type in byte 0x10 of CMOS memory.
    u8 drive_type;

    u64 size() const { return u64{tracks} * heads * sectors * sector_size; }

    /// The format of disks that hold so many bytes, if there is one.
    static std::optional<FloppyFormat> of_size(u64 bytes);
};

} // namespace ringer::device
