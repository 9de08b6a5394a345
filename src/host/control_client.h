#pragma once

#include "base/result.h"
#include "base/types.h"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace ringer::host {

/// Asks the machine that process `pid`, of the same user, runs for a picture of its screen: a PNG file.
Result<std::vector<u8>> request_screenshot(pid_t pid);

/// Asks the same for the state of its balloon, a JSON object (docs/guide/balloon.md), and, if `size` is
/// given, has it be so many bytes large from now on.
Result<std::string> request_balloon(pid_t pid, std::optional<u64> size);

} // namespace ringer::host
