#pragma once

#include "base/result.h"
#include "cli/run_options.h"

#include <CLI/CLI.hpp>

#include <array>
#include <optional>
#include <string>

namespace ringer::cli {

/// The options of `ringer lockstep` as they were typed, or their defaults.
struct LockstepArguments {
    LockstepArguments();

    RunArguments run; ///< The machine and the limits; `engine` and `stats` are not used.
    std::string engines;
    std::string every = "100000";
    std::string json;
};

/// Adds the options to `command`; parsing fills `arguments`, which must outlive it.
void add_lockstep_options(CLI::App& command, LockstepArguments& arguments);

/// What they mean.
struct LockstepOptions {
    RunOptions run;
    std::array<std::string, 2> engines;
    u64 every;
    std::optional<std::string> json;
};

/// Checks the arguments as far as that can be done without opening a file.
Result<LockstepOptions> interpret(const LockstepArguments& arguments);

} // namespace ringer::cli
