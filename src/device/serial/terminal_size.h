#pragma once

#include "base/types.h"

namespace ringer::device {

/// How many characters a terminal shows.
struct TerminalSize {
    u16 columns = 0, rows = 0;
    bool operator==(const TerminalSize&) const = default;
};

} // namespace ringer::device
