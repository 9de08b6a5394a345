#pragma once

#include "base/types.h"

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace ringer::state {

/// The path of a field within the group at `path`: "serial0.fifo" and then "serial0.fifo[3]" for an element,
/// which has no name.
inline std::string join(std::string_view path, std::string_view name, u64 number) {
    if (name.empty()) return fmt::format("{}[{}]", path, number);
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

} // namespace ringer::state
