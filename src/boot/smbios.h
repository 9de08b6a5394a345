#pragma once

#include "base/types.h"
#include "machine/memory_layout.h"

#include <vector>

namespace ringer::boot {

/// The SMBIOS tables of the PC (DMTF DSP0134, System Management BIOS Reference Specification 2.8): the entry
/// point, whose checksums and address firmware fills in, and the structures one after the other: system,
/// chassis, processor, memory. Firmware describes itself.
struct SmbiosTables {
    std::vector<u8> entry_point;
    std::vector<u8> structures;
};

SmbiosTables smbios_tables(const machine::MemoryLayout& layout);

} // namespace ringer::boot
