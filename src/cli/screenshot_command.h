#pragma once

#include "base/result.h"

#include <CLI/CLI.hpp>

#include <string>

namespace ringer::cli {

/// The options of `ringer screenshot` as they were typed.
struct ScreenshotArguments {
    std::string pid;
    std::string file;
    std::string log_level = "warning";
};

/// Adds the options to `command`; parsing fills `arguments`, which must outlive it.
void add_screenshot_options(CLI::App& command, ScreenshotArguments& arguments);

/// Writes what a running machine shows to a file; the exit status.
Result<int> screenshot(const ScreenshotArguments& arguments);

} // namespace ringer::cli
