#pragma once

#include "base/types.h"
#include "device/floppy/floppy_format.h"

#include <vector>

namespace ringer::boot {

/// The most local APICs that the tables can list: identifier 255 means all of them.
inline constexpr unsigned most_cpus = 255;

/// What is not the same in all machines.
struct AcpiMachine {
    unsigned cpus = 1; ///< Local APICs, with the identifiers from 0; 1 <= cpus <= most_cpus.
    /// The disks in the floppy drives, drive A: first.
    std::vector<device::FloppyFormat> floppies{};
};

/// The ACPI tables of a machine before it is known where they will lie.
struct AcpiTables {
    /// Two areas that are placed apart: the RSDP, and all other tables one after the other. Pointers hold
    /// offsets in the second, checksums are zero.
    enum class Area : u8 { root_pointer, tables };

    /// A place where the address of `tables` is to be added.
    struct Pointer {
        Area area;
        u32 offset;
        u8 size; ///< 4 or 8 bytes.
    };
    /// A byte that makes the sum of a range zero, once all pointers are right.
    struct Checksum {
        Area area;
        u32 offset;
        u32 start;
        u32 length;
    };

    static constexpr u64 alignment = 64; ///< What the FACS needs; the RSDP needs 16.

    std::vector<u8> root_pointer;
    std::vector<u8> tables;
    std::vector<Pointer> pointers;
    std::vector<Checksum> checksums;
};

/// The ACPI tables of the PC (ACPI 6.4, chapter 5): RSDP; FACS, DSDT, FADT, MADT, HPET, RSDT and
/// XSDT.
AcpiTables acpi_tables(const AcpiMachine& machine);

/// The tables as they are to lie at `base`, a multiple of AcpiTables::alignment: the RSDP first.
std::vector<u8> placed(const AcpiTables& tables, GuestPhysical base);

} // namespace ringer::boot
