#pragma once

#include "base/result.h"
#include "boot/acpi_tables.h"
#include "boot/kernel_image.h"
#include "machine/memory_layout.h"
#include "memory/address_space.h"
#include "x86/state.h"

namespace ringer::boot {

/// Does what firmware and a boot loader would: puts the ACPI tables, the kernel (a bzImage, or an ELF file
/// with a PVH entry), its initial RAM disk, its command line and its boot parameters into fresh RAM, which
/// lies as `layout` says, and returns the first vCPU about to execute the kernel's first instruction. The
/// tables are those of `machine`.
///
/// Every error is the user's: its message names the file, the reason, and what to do.
Result<x86::CpuState> load_kernel(memory::AddressSpace& memory, const machine::MemoryLayout& layout,
                                  const KernelImage& image, const AcpiMachine& machine = {});

} // namespace ringer::boot
