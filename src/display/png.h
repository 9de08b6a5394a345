#pragma once

#include "base/result.h"
#include "base/types.h"
#include "display/picture.h"

#include <vector>

namespace ringer::display {

/// The picture as a PNG file, 8 bits a color. Fails only for want of memory.
Result<std::vector<u8>> png_of(const Picture& picture);

} // namespace ringer::display
