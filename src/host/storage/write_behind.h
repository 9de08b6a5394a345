#pragma once

#include "base/types.h"

#include <optional>

namespace ringer::host {

/// Sees a guest write one sector after the other, as it does when it copies files, and says of what the host
/// may begin to bring it to the disk: a flush that comes afterwards waits for the rest alone. Of what is
/// written here and there nothing is said, for it may soon be written again.
class WriteBehind {
  public:
    /// How much is written in one go before the host is to begin with it.
    static constexpr u64 piece_size = u64{1} << 20;

    struct Range {
        u64 offset, size;
        bool operator==(const Range&) const = default;
    };

    /// To be called for each write. Returns what the host is to begin with.
    std::optional<Range> wrote(u64 offset, u64 size);

  private:
    Range run_{0, 0}; ///< Written without a gap, and not begun with.
};

} // namespace ringer::host
