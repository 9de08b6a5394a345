#pragma once

#include "base/result.h"
#include "boot/kernel_image.h"
#include "machine/memory_layout.h"
#include "memory/address_space.h"
#include "x86/state.h"

#include <string_view>

namespace ringer::boot {

/// A Linux kernel in the bzImage format, as its setup header describes it (Linux
/// Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header"). Fields that the header's protocol version
/// lacks have the meaning that boot.rst gives to their absence.
struct BzImage {
    std::span<const u8> header; ///< The setup header, from offset 0x1F1 of the file.
    std::span<const u8> kernel; ///< The protected-mode kernel.
    u16 protocol = 0;           ///< 0x020C is 2.12.
    bool relocatable = false;
    bool has_64_bit_entry = false;
    u64 alignment = 1;
    GuestPhysical preferred_address = 0;
    u64 working_size = 0; ///< Memory needed from where the kernel runs until it reads the memory map.
    u64 longest_command_line = 0;
    GuestPhysical highest_initrd_address = 0;

    /// Where the protected-mode kernel is to be loaded.
    GuestPhysical load_address() const;

    /// The end of the memory that the kernel needs before it reads the memory map, wherever it moves itself.
    GuestPhysical end() const;
};

/// Whether `file` has the magic number of a Linux setup header, whatever else may be wrong with it.
bool is_linux_image(std::span<const u8> file);

/// Reads and checks the header of a bzImage. `name` is for error messages. The result refers to `file`.
Result<BzImage> parse_bz_image(std::span<const u8> file, std::string_view name);

/// Loads a bzImage with its initial RAM disk, command line and boot parameters ("zero page"; Linux
/// Documentation/arch/x86/zero-page.rst) into RAM, and returns a vCPU at its 32-bit or its 64-bit entry.
/// `rsdp` is where the ACPI tables were put.
Result<x86::CpuState> load_bz_image(memory::AddressSpace& memory, const machine::MemoryLayout& layout,
                                    const KernelImage& image, GuestPhysical rsdp);

} // namespace ringer::boot
