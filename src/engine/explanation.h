#pragma once

#include "base/types.h"

#include <string>
#include <vector>

namespace ringer::engine {

/// A block of guest code beside what a translating engine has made of it, for people.
struct Explanation {
    /// One of the guest's instructions, or, without one, what stands in front of the first or is not any
    /// one's.
    struct Line {
        u64 address = 0;       ///< Linear.
        std::string guest{};   ///< In Intel's syntax.
        std::string treatment; ///< "copied", "rewritten", "emulated", "called", "left out".
        std::string reason;
        std::vector<std::string> host{}; ///< What the host executes, in Intel's syntax.
    };
    u64 address = 0; ///< Linear, of the first instruction.
    std::vector<Line> lines{};
    unsigned guest_bytes = 0, host_bytes = 0;
    unsigned exits = 0; ///< Places where the code may call the engine.
};

} // namespace ringer::engine
