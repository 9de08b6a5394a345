#pragma once

#include "base/result.h"

#include <CLI/CLI.hpp>

#include <string>

namespace ringer::cli {

/// The options of `ringer balloon` as they were typed.
struct BalloonArguments {
    std::string pid;
    std::string size;
    bool json = false;
    std::string log_level = "warning";
};

/// Adds the options to `command`; parsing fills `arguments`, which must outlive it.
void add_balloon_options(CLI::App& command, BalloonArguments& arguments);

/// Sets the balloon of a running machine and tells its state; the exit status.
Result<int> balloon(const BalloonArguments& arguments);

} // namespace ringer::cli
