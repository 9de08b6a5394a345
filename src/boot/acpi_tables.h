#pragma once

#include "base/types.h"

#include <vector>

namespace ringer::boot {

/// The most local APICs that the tables can list: identifier 255 means all of them.
inline constexpr unsigned most_cpus = 255;

/// The ACPI tables of the PC (ACPI 6.4, chapter 5), to be placed at `base`, a multiple of 64: the RSDP first,
/// then FACS, DSDT, FADT, MADT and XSDT. `cpus` local APICs have the identifiers from 0; 1 <= cpus <=
/// most_cpus.
std::vector<u8> acpi_tables(GuestPhysical base, unsigned cpus);

} // namespace ringer::boot
