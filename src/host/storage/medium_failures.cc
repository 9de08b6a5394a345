#include "host/storage/medium_failures.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace ringer::host {

bool MediumFailures::settle(bool success, std::string_view what, std::string_view why) {
    if (success) return true;
    const std::string failure = fmt::format("cannot be {} ({})", what, why);
    if (told_.insert(failure).second)
        spdlog::warn("{}: {}; the guest is told of an I/O error", name_, failure);
    return false;
}

} // namespace ringer::host
