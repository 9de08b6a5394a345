#pragma once

#include "base/types.h"
#include "device/pci/pci_function.h"
#include "device/pci/piix3.h"

#include <array>

namespace ringer::machine::pc {

/// Where the PC's fixed devices answer and which interrupt inputs they drive. The board wires devices by
/// these numbers and the ACPI tables tell the guest the same ones.

inline constexpr GuestPhysical io_apic_base = 0xfec0'0000;
inline constexpr GuestPhysical hpet_base = 0xfed0'0000;
inline constexpr GuestPhysical local_apic_base = 0xfee0'0000;

/// I/O ports.
inline constexpr u16 dma_byte_port = 0x00, dma_word_port = 0xc0, dma_page_port = 0x81; ///< Of device::IsaDma.
inline constexpr u16 floppy_port = 0x3f0, floppy_input_port = 0x3f7;
inline constexpr u16 ide_command_ports[2] = {0x1f0, 0x170}, ide_control_ports[2] = {0x3f6, 0x376};
inline constexpr u16 pic_primary_port = 0x20, pic_secondary_port = 0xa0;
inline constexpr u16 pit_port = 0x40, speaker_port = 0x61, rtc_port = 0x70;
inline constexpr u16 smi_command_port = 0xb2;
inline constexpr u16 serial_ports[2] = {0x3f8, 0x2f8};
inline constexpr u16 pvpanic_port = 0x505;
inline constexpr u16 pm_port = 0x600, gpe0_port = 0x620; ///< Of device::AcpiPm.
inline constexpr u16 pci_config_port = 0xcf8, reset_port = 0xcf9, pci_data_port = 0xcfc;
inline constexpr u16 vga_port = 0x3b0, vbe_port = 0x1ce;
inline constexpr u16 keyboard_data_port = 0x60, keyboard_command_port = 0x64;
inline constexpr u16 system_control_port_a = 0x92;
inline constexpr u16 fw_cfg_port = 0x510, fw_cfg_dma_port = 0x514, firmware_debug_port = 0x402;
inline constexpr u16 debug_exit_ports[2] = {0xf4, 0x501};

/// ISA interrupt lines. On the I/O APIC the same numbers, but for the timer's.
inline constexpr u8 pit_irq = 0, keyboard_irq = 1, serial_irqs[2] = {4, 3}, floppy_irq = 6, rtc_irq = 8,
                    sci_irq = 9;
inline constexpr u8 auxiliary_irq = 12; ///< The keyboard controller's second port.
inline constexpr u8 ide_irqs[2] = {14, 15};
inline constexpr u8 pit_io_apic_pin = 2;

/// Written to reset_port.
inline constexpr u8 reset_value = 0x06;
/// CMOS bytes: the types of both floppy drives, what the machine is equipped with, and the century.
inline constexpr u8 cmos_floppy_drives_index = 0x10, cmos_equipment_index = 0x14;
inline constexpr u8 cmos_century_index = 0x32;

/// The first of the I/O APIC's pins that PCI devices drive besides an ISA interrupt line.
inline constexpr u8 pci_first_io_apic_pin = 16;

/// The I/O APIC pin which `pin` (0 to 3 for INTA# to INTD#) of a PCI device (0 to 31) on bus 0 drives.
constexpr u8 pci_io_apic_pin(unsigned device, unsigned pin) {
    return static_cast<u8>(pci_first_io_apic_pin + device::Piix3::io_apic_line_of(device, pin));
}

/// The ISA interrupt lines that firmware routes the PCI bus's PIRQ lines to, as SeaBIOS does.
inline constexpr std::array<u8, device::Piix3::pirq_lines> pirq_irqs{10, 10, 11, 11};

/// The ISA interrupt line which that pin drives then.
constexpr u8 pci_isa_irq(unsigned device, unsigned pin) {
    return pirq_irqs[device::Piix3::pirq_of(device, pin)];
}

/// Virtio devices have the slots of PCI bus 0 from here on.
inline constexpr u8 first_virtio_slot = 4, virtio_slots = 28;

/// Where the chipset's functions are on PCI bus 0.
inline constexpr device::PciAddress isa_bridge_address{.device = 1, .function = 0},
    ide_address{.device = 1, .function = 1}, display_address{.device = 2, .function = 0};

} // namespace ringer::machine::pc
