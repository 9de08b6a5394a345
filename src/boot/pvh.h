#pragma once

#include "base/result.h"
#include "boot/kernel_image.h"
#include "machine/memory_layout.h"
#include "memory/address_space.h"
#include "x86/state.h"

#include <string_view>
#include <vector>

namespace ringer::boot {

/// A kernel as an ELF executable with a PVH entry point: the Xen note XEN_ELFNOTE_PHYS32_ENTRY (18) holds the
/// physical address at which it is entered in 32-bit mode (Xen docs/misc/pvh.pandoc; ELF: System V gABI,
/// chapters 4 and 5).
struct PvhImage {
    struct Segment {
        machine::MemoryRange place;   ///< Physical; what the file does not fill is zero.
        std::span<const u8> contents; ///< No longer than the place.
    };

    std::vector<Segment> segments; ///< Never empty.
    GuestPhysical entry = 0;       ///< Within a segment.

    /// The end of the highest segment.
    GuestPhysical end() const;
};

/// Reads and checks an ELF file of 32 or 64 bits. `name` is for error messages. The result refers to `file`.
Result<PvhImage> parse_pvh(std::span<const u8> file, std::string_view name);

/// Loads a PVH kernel with its initial RAM disk, command line and hvm_start_info (Xen
/// public/arch-x86/hvm/start_info.h) into RAM, and returns a vCPU at its entry. `rsdp` is where the ACPI
/// tables were put.
Result<x86::CpuState> load_pvh(memory::AddressSpace& memory, const machine::MemoryLayout& layout,
                               const KernelImage& image, GuestPhysical rsdp);

} // namespace ringer::boot
