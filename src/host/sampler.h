#pragma once

#include "base/types.h"

#include <functional>
#include <thread>
#include <vector>

namespace ringer::host {

/// Looks, about a thousand times a second and from a thread of its own, at which of a few things another
/// thread is doing. Takes no signals.
class Sampler {
  public:
    /// `look` tells which, below `kinds`, and may be called at any time.
    Sampler(unsigned kinds, std::function<unsigned()> look);

    /// Ends it. How often each was seen.
    std::vector<u64> finish();

  private:
    std::vector<u64> seen_;
    std::jthread thread_; ///< Uses what is above.
};

} // namespace ringer::host
