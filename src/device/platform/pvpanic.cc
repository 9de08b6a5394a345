#include "device/platform/pvpanic.h"

namespace ringer::device {

namespace {

constexpr u8 panicked = 1 << 0, crash_loaded = 1 << 1;

} // namespace

u8 PvPanic::read_byte(u64) { return panicked | crash_loaded; }

void PvPanic::write_byte(u64, u8 value) {
    if (value & panicked) power_.panic();
    if (value & crash_loaded) power_.crash_loaded();
}

} // namespace ringer::device
