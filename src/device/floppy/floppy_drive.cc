#include "device/floppy/floppy_drive.h"

#include "base/assert.h"

#include <algorithm>

namespace ringer::device {

namespace {

/// How far a head can go beyond the last track.
constexpr int tracks_beyond = 3;

} // namespace

FloppyDrive::FloppyDrive(Medium& medium)
    : medium_(medium), format_(FloppyFormat::of_size(medium.size()).value()) {}

void FloppyDrive::visit(state::Archive& archive) {
    archive.field(1, "track", track_).field(2, "has_changed", has_changed_);
    track_ = std::min(track_, static_cast<u8>(format_.tracks + tracks_beyond));
}

void FloppyDrive::step(int steps) {
    const int target = std::clamp(track_ + steps, 0, format_.tracks + tracks_beyond);
    if (target != track_) has_changed_ = false;
    track_ = static_cast<u8>(target);
}

bool FloppyDrive::has_sector(unsigned head, unsigned sector) const {
    return track_ < format_.tracks && head < format_.heads && sector >= 1 && sector <= format_.sectors;
}

u64 FloppyDrive::offset(unsigned head, unsigned sector) const {
    RINGER_ASSERT(has_sector(head, sector));
    return ((u64{track_} * format_.heads + head) * format_.sectors + sector - 1) * FloppyFormat::sector_size;
}

bool FloppyDrive::read(unsigned head, unsigned sector, std::span<u8> destination) {
    return medium_.read(offset(head, sector), destination);
}

bool FloppyDrive::write(unsigned head, unsigned sector, std::span<const u8> source) {
    return medium_.write(offset(head, sector), source);
}

} // namespace ringer::device
