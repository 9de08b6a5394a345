#pragma once

#include "base/types.h"

namespace ringer::memory {

/// Whether a device has answered an access, or the instruction must leave no trace and be run again later.
enum class Answer : u8 { now, not_yet };

/// A range of memory-mapped or port addresses that a device answers for.
class Region {
  public:
    virtual ~Region() = default;

    /// Reads `size` (1, 2, 4 or 8) bytes at `offset` from the start of the range, into the low bytes of
    /// `value`; the rest of it is ignored. The access lies wholly within the range. `offset` and `size` come
    /// from the guest: every combination must be answered.
    [[nodiscard]] virtual Answer read(u64 offset, unsigned size, u64& value) = 0;

    /// Writes the low `size` bytes of `value`; its other bytes are zero.
    [[nodiscard]] virtual Answer write(u64 offset, unsigned size, u64 value) = 0;
};

} // namespace ringer::memory
