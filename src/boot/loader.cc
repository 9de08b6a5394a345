#include "boot/loader.h"

#include "base/assert.h"
#include "boot/bz_image.h"
#include "boot/elf.h"
#include "boot/interrupt_routing.h"
#include "boot/little_endian.h"
#include "boot/pvh.h"

#include <vector>

namespace ringer::boot {

namespace {

using machine::MemoryLayout;

/// The two words of the BIOS data area which kernels read before they know anything else: the segment of the
/// extended BIOS data area, and the KiB of memory below it.
void write_bios_data(memory::AddressSpace& memory) {
    constexpr GuestPhysical extended_data_segment = 0x40e;
    constexpr GuestPhysical memory_size = 0x413;
    std::vector<u8> segment, size;
    append(segment, static_cast<u16>(MemoryLayout::extended_bios_data.base >> 4));
    append(size, static_cast<u16>(MemoryLayout::extended_bios_data.base / KiB));
    RINGER_ASSERT(memory.write_ram(extended_data_segment, segment));
    RINGER_ASSERT(memory.write_ram(memory_size, size));
}

} // namespace

Result<x86::CpuState> load_kernel(memory::AddressSpace& memory, const MemoryLayout& layout,
                                  const KernelImage& image, const AcpiMachine& machine) {
    const NamedBytes& kernel = image.kernel;
    if (kernel.bytes.empty())
        return user_error("{}: the kernel file is empty; give a kernel such as /boot/vmlinuz-*", kernel.name);
    if (!is_linux_image(kernel.bytes) && !is_elf(kernel.bytes))
        return user_error("{}: not a kernel: neither a Linux bzImage nor an ELF file; give a kernel such as "
                          "/boot/vmlinuz-*",
                          kernel.name);

    constexpr machine::MemoryRange place = MemoryLayout::firmware_tables;
    const std::vector<u8> tables = placed(acpi_tables(machine), place.base);
    RINGER_ASSERT(place.base + tables.size() <= interrupt_routing_place);
    RINGER_ASSERT(memory.write_ram(place.base, tables));
    RINGER_ASSERT(memory.write_ram(interrupt_routing_place, interrupt_routing_table()));
    write_bios_data(memory);
    return is_elf(kernel.bytes) ? load_pvh(memory, layout, image, place.base)
                                : load_bz_image(memory, layout, image, place.base);
}

} // namespace ringer::boot
