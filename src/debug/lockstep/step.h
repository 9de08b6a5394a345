#pragma once

#include "base/types.h"
#include "state/archive.h"

#include <vector>

namespace ringer::debug {

/// What both machines do between two comparisons, beginning where the last step ended.
struct Step {
    u64 limit = 0;           ///< Until so many instructions have retired since power-on.
    std::vector<u8> input{}; ///< Comes in at the beginning.
    unsigned line = 0;       ///< The one that it comes in by.

    bool operator==(const Step&) const = default;
};

inline void visit(state::Archive& archive, Step& step) {
    auto& [limit, input, line] = step;
    archive.field(1, "limit", limit).field(2, "input", input).field(3, "line", line);
}

} // namespace ringer::debug
