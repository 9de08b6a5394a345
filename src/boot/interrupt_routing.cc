#include "boot/interrupt_routing.h"

#include "base/assert.h"
#include "boot/little_endian.h"
#include "device/pci/piix3.h"
#include "machine/pc_platform.h"

#include <numeric>

namespace ringer::boot {

namespace {

using device::Piix3;
namespace pc = machine::pc;

constexpr unsigned pci_devices = 32, pci_pins = 4;
constexpr u16 version_1_0 = 0x0100, header_size = 32, slot_size = 16;
constexpr u32 compatible_router = 0x122e'8086; ///< Intel's PIIX.
constexpr std::size_t checksum_offset = header_size - 1;

void append_slot(std::vector<u8>& table, unsigned device) {
    append(table, u8{0}); // bus
    append(table, static_cast<u8>(device << 3));
    for (unsigned pin = 0; pin < pci_pins; ++pin) {
        append(table, Piix3::route_control(Piix3::pirq_of(device, pin)));
        append(table, Piix3::routable);
    }
    append(table, u16{0}); // on the board, not in a numbered slot
}

} // namespace

std::vector<u8> interrupt_routing_table() {
    constexpr unsigned first_device = pc::isa_bridge_address.device;
    std::vector<u8> table{'$', 'P', 'I', 'R'};
    append(table, version_1_0);
    append(table, static_cast<u16>(header_size + slot_size * (pci_devices - first_device)));
    append(table, u8{0}); // bus of the router
    append(table, static_cast<u8>(pc::isa_bridge_address.device << 3 | pc::isa_bridge_address.function));
    append(table, u16{0}); // no interrupts are for PCI alone
    append(table, compatible_router);
    table.resize(header_size);
    for (unsigned device = first_device; device < pci_devices; ++device) append_slot(table, device);
    table[checksum_offset] = static_cast<u8>(-std::accumulate(table.begin(), table.end(), 0));
    return table;
}

} // namespace ringer::boot
