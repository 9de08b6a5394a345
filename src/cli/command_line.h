#pragma once

#include <span>
#include <string>

namespace ringer::cli {

/// The `ringer` command, from its arguments (without the program's name) to its exit status. Errors are told
/// on standard error in one line: "ringer: <thing>: <reason>; <what to do>".
int run_command_line(std::span<const std::string> arguments);

} // namespace ringer::cli
