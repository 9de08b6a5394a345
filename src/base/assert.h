#pragma once

#include <source_location>
#include <string_view>

namespace ringer {

/// Reports a broken invariant on standard error and aborts.
[[noreturn]] void invariant_broken(std::string_view condition,
                                   std::source_location where = std::source_location::current());

} // namespace ringer

/// Holds in release builds too: an invariant that does not hold must not run on with a guest's data.
#define RINGER_ASSERT(condition)                                                                             \
    do {                                                                                                     \
        if (!(condition)) [[unlikely]]                                                                       \
            ::ringer::invariant_broken(#condition);                                                          \
    } while (false)
