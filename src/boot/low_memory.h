#pragma once

#include "base/types.h"
#include "machine/memory_layout.h"

namespace ringer::boot::low_memory {

/// Where the loaders put what they hand to the kernel: all in conventional memory, which the kernel takes
/// over once it has read it. Below lie the interrupt vectors and the BIOS data area.
inline constexpr GuestPhysical descriptor_table = 0x6000;
inline constexpr GuestPhysical parameters = 0x7000; ///< Linux's zero page, or hvm_start_info.
inline constexpr GuestPhysical page_tables = 0x9000;
inline constexpr GuestPhysical command_line = 0x2'0000;
inline constexpr u64 command_line_room = machine::MemoryLayout::extended_bios_data.base - command_line;

/// Kernels are loaded from here upward.
inline constexpr GuestPhysical extended_memory = 0x10'0000;

} // namespace ringer::boot::low_memory
