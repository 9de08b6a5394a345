#pragma once

#include "device/floppy/floppy_format.h"
#include "device/storage/medium.h"
#include "state/archive.h"

#include <span>

namespace ringer::device {

/// A floppy disk drive with a disk in it.
class FloppyDrive {
  public:
    /// The size of `medium` is that of a FloppyFormat; it must outlive the drive.
    explicit FloppyDrive(Medium& medium);

    const FloppyFormat& format() const { return format_; }
    bool is_write_protected() const { return medium_.is_read_only(); }

    /// Where the head is. It moves by `steps`, outwards when they are negative, as far as it can.
    u8 track() const { return track_; }
    void step(int steps);

    /// DSKCHG: a disk was put in since the head was last moved.
    bool has_changed() const { return has_changed_; }

    /// Whether the head is over such a sector, counted from 1.
    bool has_sector(unsigned head, unsigned sector) const;

    /// One sector below the head, which must be there; false when the host cannot do it.
    [[nodiscard]] bool read(unsigned head, unsigned sector, std::span<u8> destination);
    [[nodiscard]] bool write(unsigned head, unsigned sector, std::span<const u8> source);
    /// What was written lasts.
    [[nodiscard]] bool flush() { return medium_.flush(); }

    void visit(state::Archive& archive);

  private:
    u64 offset(unsigned head, unsigned sector) const;

    Medium& medium_;
    FloppyFormat format_;
    u8 track_ = 0;
    bool has_changed_ = true;
};

} // namespace ringer::device
