#pragma once

#include "base/result.h"
#include "base/types.h"

#include <sys/types.h>

#include <vector>

namespace ringer::host {

/// Asks the machine that process `pid`, of the same user, runs for a picture of its screen: a PNG file.
Result<std::vector<u8>> request_screenshot(pid_t pid);

} // namespace ringer::host
