#include "boot/attachments.h"

#include "base/assert.h"
#include "base/bits.h"
#include "boot/low_memory.h"

#include <algorithm>
#include <string_view>

namespace ringer::boot {

Result<machine::MemoryRange> load_initrd(memory::AddressSpace& memory, const machine::MemoryLayout& layout,
                                         const NamedBytes& initrd, GuestPhysical kernel_end,
                                         GuestPhysical highest_address) {
    const u64 size = initrd.bytes.size();
    if (size == 0)
        return user_error("{}: the initramfs is empty; give a cpio archive or leave --initrd out",
                          initrd.name);

    const GuestPhysical end = std::min(layout.low_end(), highest_address + 1);
    const GuestPhysical lowest = align_up(kernel_end, memory::page_size);
    if (end < lowest || end - lowest < align_up(size, memory::page_size)) {
        const u64 needed = align_up(lowest + size, MiB) / MiB;
        const bool more_helps =
            needed * MiB <= std::min(highest_address + 1, machine::MemoryLayout::hole_base);
        return user_error(
            "{}: the initramfs of {} KiB does not fit between the kernel's end at {} KiB and the end of "
            "the memory it may use at {} KiB; {}",
            initrd.name, align_up(size, KiB) / KiB, lowest / KiB, end / KiB,
            more_helps ? fmt::format("give --memory {}M or more", needed) : "use a smaller one");
    }
    const machine::MemoryRange place{align_down(end - size, memory::page_size), size};
    RINGER_ASSERT(memory.write_ram(place.base, initrd.bytes));
    return place;
}

Result<void> load_command_line(memory::AddressSpace& memory, std::string_view text, std::string_view name,
                               u64 longest) {
    const u64 limit = std::min(longest, low_memory::command_line_room - 1);
    if (text.size() > limit)
        return user_error(
            "{}: the kernel takes a command line of at most {} bytes, and this one has {}; shorten it", name,
            limit, text.size());
    std::vector<u8> bytes(text.begin(), text.end());
    bytes.push_back(0);
    RINGER_ASSERT(memory.write_ram(low_memory::command_line, bytes));
    return {};
}

} // namespace ringer::boot
