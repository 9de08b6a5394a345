#pragma once

#include "base/result.h"
#include "cli/run_options.h"

namespace ringer::cli {

/// Builds the machine, boots the kernel and runs it to its end; the exit status.
Result<int> run(const RunOptions& options);

} // namespace ringer::cli
