#pragma once

#include "base/types.h"

#include <vector>

namespace ringer::boot {

/// Where the table has to lie: at a multiple of 16 in the segment that is searched for it.
inline constexpr GuestPhysical interrupt_routing_place = 0xf'0000;

/// The `$PIR` table (Microsoft, PCI IRQ Routing Table Specification 1.0): for every pin of every slot of PCI
/// bus 0 the register that routes it to the 8259s, and what that can choose. It is what systems go by that do
/// not use ACPI.
std::vector<u8> interrupt_routing_table();

} // namespace ringer::boot
