#pragma once

#include "base/result.h"
#include "cli/run_options.h"
#include "host/outside.h"

namespace ringer::cli {

/// Gives `outside` all that looks at the screen: the way that the user has chosen, and requests for
/// screenshots and of the balloon. Without the latter, if the host refuses them, there is a warning.
/// `balloon_memory` is how much memory a machine with a balloon has; nullopt: it has none.
Result<void> attach_viewers(host::HostOutside& outside, const DisplayOptions& display,
                            std::optional<u64> balloon_memory);

} // namespace ringer::cli
