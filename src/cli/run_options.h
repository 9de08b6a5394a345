#pragma once

#include "base/result.h"
#include "base/types.h"
#include "boot/kernel_image.h"
#include "host/outside.h"
#include "machine/memory_layout.h"
#include "machine/pc.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace ringer::cli {

/// The options of `ringer run` as they were typed, or their defaults.
struct RunArguments {
    std::string kernel;
    std::string initrd;
    std::string append;
    std::string memory = "512M";
    std::string engine = "interpreter";
    std::string entry = "auto";
    std::string clock = "host";
    std::string serial = "stdio";
    std::string timeout;
    std::string max_instructions;
    std::string stats;
    std::string log_level = "warning";
};

/// Adds the options to `command`; parsing fills `arguments`, which must outlive it.
void add_run_options(CLI::App& command, RunArguments& arguments);

/// What they mean.
struct RunOptions {
    std::string kernel;
    std::optional<std::string> initrd;
    std::string append;
    machine::MemoryLayout layout;
    std::string engine;
    boot::Entry entry;
    machine::ClockKind clock;
    host::SerialBackend serial;
    std::optional<Nanoseconds> timeout;
    std::optional<u64> max_instructions;
    std::optional<std::string> stats;
};

/// Checks the arguments as far as that can be done without opening a file.
Result<RunOptions> interpret(const RunArguments& arguments);

} // namespace ringer::cli
