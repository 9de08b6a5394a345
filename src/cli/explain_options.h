#pragma once

#include "base/result.h"
#include "cli/run_options.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace ringer::cli {

/// The options of `ringer explain` as they were typed, or their defaults.
struct ExplainArguments {
    ExplainArguments() { run.serial = "none"; }

    RunArguments run; ///< The machine and the limits; `engine` and `stats` are not used.
    std::string at;
    std::string json;
};

/// Adds the options to `command`; parsing fills `arguments`, which must outlive it.
void add_explain_options(CLI::App& command, ExplainArguments& arguments);

/// What they mean.
struct ExplainOptions {
    RunOptions run;
    u64 at;
    std::optional<std::string> json;
};

/// Checks the arguments as far as that can be done without opening a file.
Result<ExplainOptions> interpret(const ExplainArguments& arguments);

} // namespace ringer::cli
