#pragma once

#include "boot/aml.h"

namespace ringer::boot {

/// The definition block of the machine's DSDT: its soft-off state, its PCI root bridge with the routing of
/// interrupts, and its fixed devices (ACPI 6.4, chapters 5 to 7; device identifiers: 5.6.7 and the PNP list).
aml::Code dsdt_definitions();

} // namespace ringer::boot
