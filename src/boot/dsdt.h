#pragma once

#include "boot/aml.h"
#include "device/floppy/floppy_format.h"

#include <span>

namespace ringer::boot {

/// The definition block of the machine's DSDT: its soft-off state, its PCI root bridge with the routing of
/// interrupts, and its fixed devices (ACPI 6.4, chapters 5 to 7; device identifiers: 5.6.7 and the PNP list).
/// `floppies` are the disks in the floppy drives.
aml::Code dsdt_definitions(std::span<const device::FloppyFormat> floppies);

} // namespace ringer::boot
