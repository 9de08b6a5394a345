#pragma once

#include "base/types.h"

#include <array>

namespace ringer::engine::translator {

/// Where a vCPU is found again and again, when it is looked at from time to time.
class HotPlaces {
  public:
    /// Notes that it is at a linear address now. Returns whether it was there `often` times of late, which
    /// then begin anew.
    bool note(u64 linear, u8 often) {
        if (++noted_ == fades_after) fade();
        u8& count = counts_[(linear ^ linear >> 12) % counts_.size()];
        if (++count < often) return false;
        count = 0;
        return true;
    }

  private:
    /// What shares a count is taken for one place.
    static constexpr unsigned fades_after = 4096;

    void fade() {
        noted_ = 0;
        for (u8& count : counts_) count /= 2;
    }

    std::array<u8, 4096> counts_{};
    unsigned noted_ = 0;
};

} // namespace ringer::engine::translator
