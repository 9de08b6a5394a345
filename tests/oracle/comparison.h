#pragma once

#include "trial.h"

#include <span>
#include <string>
#include <vector>

namespace ringer::oracle {

/// What differs between the real CPU and the engine.
struct Difference {
    std::string field; ///< "rax", "rflags", "memory", ...
    std::string native, engine;
};

struct Ending {
    const Outcome& outcome;
    std::span<const u8> memory; ///< The memory object as the trial left it.
};

/// Empty when both agree on everything that the trial could change.
std::vector<Difference> compare(const Trial& trial, const Ending& native, const Ending& engine);

} // namespace ringer::oracle
