#pragma once

#include "base/result.h"
#include "cli/run_options.h"
#include "host/outside.h"

namespace ringer::cli {

/// Gives `outside` all that looks at the screen: the way that the user has chosen, and requests for
/// screenshots. Without the latter, if the host refuses them, there is a warning.
Result<void> attach_viewers(host::HostOutside& outside, const DisplayOptions& display);

} // namespace ringer::cli
