#pragma once

#include "base/types.h"
#include "engine/translator/access_plan.h"

#include <algorithm>

/// In which region of the shadow space the data of code lies, as far as it can be foreseen: its code looks at
/// one region in line, and what is found in both takes more of it.
namespace ringer::engine::translator {

/// Of the groups of a block, a bit for each: which were not in a region in which they were expected.
struct MissedRegions {
    u32 low = 0, high = 0;
    static_assert(most_groups <= 32);

    bool is_low_missed(unsigned group) const { return group < most_groups && (low >> group & 1) != 0; }
    bool is_high_missed(unsigned group) const { return group < most_groups && (high >> group & 1) != 0; }
    bool are_both_missed(unsigned group) const { return is_low_missed(group) && is_high_missed(group); }
    void note(unsigned group, bool expected_high) {
        if (group < most_groups) (expected_high ? high : low) |= 1U << group;
    }
};

/// Where data is to be expected of whose address nothing is known: as a rule where the code is. But the
/// program that lies low may have most of its objects in memory that the kernel has mapped for it, which is
/// high.
class DataRegions {
  public:
    bool are_high(Region code) const { return balances_[code == Region::high] > 0; }
    /// Data of code in a region was not where it was expected.
    void note_miss(Region code, bool expected_high) {
        int& balance = balances_[code == Region::high];
        balance = std::clamp(balance + (expected_high ? -1 : 1), -farthest, farthest);
    }

  private:
    static constexpr int farthest = 8;
    std::array<int, 2> balances_{-farthest, farthest}; ///< Positive: high.
};

} // namespace ringer::engine::translator
