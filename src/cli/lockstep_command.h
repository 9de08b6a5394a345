#pragma once

#include "base/result.h"
#include "cli/lockstep_options.h"

namespace ringer::cli {

/// Runs one machine on two engines and compares them; the exit status.
Result<int> lockstep(const LockstepOptions& options);

} // namespace ringer::cli
