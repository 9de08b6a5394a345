#include "device/floppy/floppy_format.h"

#include <array>

namespace ringer::device {

namespace {

constexpr u8 at_500k = 1 << 0, at_300k = 1 << 1, at_250k = 1 << 2, at_1m = 1 << 3;
enum DriveType : u8 { type_360k = 1, type_1200k, type_720k, type_1440k, type_2880k };

/// A double density disk of 5.25" has 250 kbit/s in a drive of its own time, and 300 kbit/s in one that turns
/// at the speed of high density disks. Firmware expects either.
constexpr u8 double_density = at_250k | at_300k;

constexpr std::array formats{
    FloppyFormat{40, 1, 8, double_density, type_360k}, FloppyFormat{40, 1, 9, double_density, type_360k},
    FloppyFormat{40, 2, 8, double_density, type_360k}, FloppyFormat{40, 2, 9, double_density, type_360k},
    FloppyFormat{80, 2, 9, at_250k, type_720k},        FloppyFormat{80, 2, 15, at_500k, type_1200k},
    FloppyFormat{80, 2, 18, at_500k, type_1440k},      FloppyFormat{80, 2, 21, at_500k, type_1440k},
    FloppyFormat{80, 2, 36, at_1m, type_2880k},
};

} // namespace

std::optional<FloppyFormat> FloppyFormat::of_size(u64 bytes) {
    for (const FloppyFormat& format : formats)
        if (format.size() == bytes) return format;
    return std::nullopt;
}

} // namespace ringer::device
