#pragma once

#include "base/result.h"
#include "boot/kernel_image.h"
#include "machine/memory_layout.h"
#include "memory/address_space.h"

namespace ringer::boot {

/// Copies the initial RAM disk as high as RAM below the hole and `highest_address` (the last byte it may
/// occupy) allow, on a page boundary, and above `kernel_end`. Fails when there is no room between the two.
Result<machine::MemoryRange> load_initrd(memory::AddressSpace& memory, const machine::MemoryLayout& layout,
                                         const NamedBytes& initrd, GuestPhysical kernel_end,
                                         GuestPhysical highest_address);

/// Writes `text` and its terminator where the loaders keep the command line. Fails when it is longer than the
/// `longest` that the kernel `name` takes, counted without the terminator.
Result<void> load_command_line(memory::AddressSpace& memory, std::string_view text, std::string_view name,
                               u64 longest);

} // namespace ringer::boot
