#pragma once

#include "base/result.h"

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ringer::cli {

/// A file that holds options of a command, in TOML 1.0. Its keys are the options' names. Values are strings;
/// whole numbers stand for themselves; flags are true or false. Options that may be repeated have arrays.
/// An option that takes keys and values may have a table of those instead.
/// @{

/// The file that --config names.
inline constexpr std::string_view config_option = "--config";
/// Whether to write what is in effect, and not run anything.
inline constexpr std::string_view print_config_option = "--print-config";

/// Where in a file an option was given a value.
struct ConfigOrigin {
    std::string option, value;
    std::string place; ///< The path, and the line.
};
using ConfigOrigins = std::vector<ConfigOrigin>;

/// Gives the options of `command` that were not typed what `text` says, and returns where it says so. Errors
/// name `path` and the line.
Result<ConfigOrigins> apply_config(CLI::App& command, std::string_view path, std::string_view text);

/// The error with the place that its option's value came from, if that was a file.
Error located(Error error, const ConfigOrigins& origins);

/// All options that `command` has been given, by whatever way, as such a file.
std::string config_text(const CLI::App& command);

/// @}

} // namespace ringer::cli
