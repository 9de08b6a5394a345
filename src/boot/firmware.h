#pragma once

#include "base/types.h"
#include "boot/acpi_tables.h"
#include "device/firmware/fw_cfg.h"
#include "device/timer/rtc.h"
#include "machine/memory_layout.h"

#include <vector>

namespace ringer::boot {

/// Where an operating system is looked for, in the order of preference.
enum class BootDevice : u8 { floppy = 1, disk = 2, cdrom = 3 };

/// What firmware cannot find out by itself.
struct FirmwareSettings {
    AcpiMachine acpi{}; ///< What its ACPI tables tell.
    /// The port of the serial line that BIOS text services use besides the display; 0: none.
    u16 console_port = 0;
    /// At most three.
    std::vector<BootDevice> boot_order{BootDevice::disk, BootDevice::cdrom, BootDevice::floppy};
};

/// Tells SeaBIOS by fw_cfg and CMOS memory what machine it is on, and hands it the ACPI and SMBIOS tables
/// (SeaBIOS, docs/Runtime_config; QEMU, docs/specs/fw_cfg and hw/acpi/bios-linker-loader).
void describe_machine(device::FwCfg& fw_cfg, device::Rtc& rtc, const machine::MemoryLayout& layout,
                      const FirmwareSettings& settings);

} // namespace ringer::boot
