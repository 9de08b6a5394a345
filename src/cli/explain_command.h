#pragma once

#include "base/result.h"
#include "cli/explain_options.h"

namespace ringer::cli {

/// `ringer explain`: runs a machine until code is translated and shows what was made of it. Returns the exit
/// status.
Result<int> explain(const ExplainOptions& options);

} // namespace ringer::cli
