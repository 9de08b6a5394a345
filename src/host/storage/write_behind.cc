#include "host/storage/write_behind.h"

namespace ringer::host {

std::optional<WriteBehind::Range> WriteBehind::wrote(u64 offset, u64 size) {
    if (offset != run_.offset + run_.size) run_ = {offset, 0};
    run_.size += size;
    if (run_.size < piece_size) return std::nullopt;
    const Range whole = run_;
    run_ = {offset + size, 0};
    return whole;
}

} // namespace ringer::host
