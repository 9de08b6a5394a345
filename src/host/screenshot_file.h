#pragma once

#include "base/result.h"
#include "display/picture.h"

#include <string>

namespace ringer::host {

/// Writes the picture to a new file in the current folder, ringer-PID-N.png with the next free N; its name.
Result<std::string> save_screenshot(const display::Picture& picture);

} // namespace ringer::host
