#include "machine/memory_layout.h"

#include <algorithm>

namespace ringer::machine {

namespace {

constexpr u64 page = 4 * KiB;

} // namespace

Result<MemoryLayout> MemoryLayout::of_size(u64 bytes) {
    if (bytes < minimum || bytes > maximum)
        return user_error("a memory size of {} bytes is out of range; give {} MiB to {} GiB", bytes,
                          minimum / MiB, maximum / GiB);
    if (!is_aligned(bytes, page))
        return user_error(
            "a memory size of {} bytes is not a whole number of pages; give a multiple of 4 KiB", bytes);
    return MemoryLayout(bytes);
}

MemoryLayout::MemoryLayout(u64 bytes) : size_(bytes), low_end_(std::min(bytes, hole_base)) {
    ram_.push_back({0, display_window.base});
    ram_.push_back(shadow);
    ram_.push_back({shadow.end(), low_end_ - shadow.end()});
    if (bytes > low_end_) ram_.push_back({hole_end, bytes - low_end_});
}

std::vector<MemoryMapEntry> MemoryLayout::map() const {
    std::vector<MemoryMapEntry> entries{
        {{0, extended_bios_data.base}, MemoryKind::usable},
        {extended_bios_data, MemoryKind::reserved},
        {firmware_tables, MemoryKind::reserved},
        {{firmware_tables.end(), low_end_ - firmware_tables.end()}, MemoryKind::usable},
        {chipset, MemoryKind::reserved},
    };
    if (size_ > low_end_) entries.push_back({{hole_end, size_ - low_end_}, MemoryKind::usable});
    return entries;
}

} // namespace ringer::machine
