#include "boot/dsdt.h"

#include "boot/little_endian.h"
#include "device/dma/isa_dma.h"
#include "device/floppy/floppy_controller.h"
#include "device/platform/acpi_pm.h"
#include "device/platform/pvpanic.h"
#include "device/timer/hpet.h"
#include "machine/memory_layout.h"
#include "machine/pc_platform.h"

#include <array>
#include <vector>

namespace ringer::boot {

namespace {

namespace pc = machine::pc;
namespace resource = aml::resource;
using device::AcpiPm;
using machine::MemoryLayout;

/// The highest device number on a PCI bus, and how many interrupt pins a device has.
constexpr unsigned pci_devices = 32, pci_pins = 4;

/// Whether the system has said by \_PIC that it uses the I/O APIC (5.8.1).
constexpr std::string_view uses_io_apic = "\\APIC";

aml::Code interrupt_model() {
    return aml::list({
        aml::name(uses_io_apic, aml::integer(0)),
        aml::method("\\_PIC", 1, aml::store(aml::argument(0), uses_io_apic)),
    });
}

/// For every pin of every device on bus 0 the global system interrupt that it leads to, in the form of _PRT
/// (6.2.13).
aml::Code interrupt_routes(u8 (&interrupt_of)(unsigned device, unsigned pin)) {
    constexpr u64 every_function = 0xffff;
    std::vector<aml::Code> routes;
    for (unsigned device = 0; device < pci_devices; ++device)
        for (unsigned pin = 0; pin < pci_pins; ++pin) {
            const std::vector<aml::Code> route{
                aml::integer(u64{device} << 16 | every_function),
                aml::integer(pin),
                aml::integer(0), // for good, not through a link device
                aml::integer(interrupt_of(device, pin)),
            };
            routes.push_back(aml::package(route));
        }
    return aml::package(routes);
}

/// _PRT. To the 8259s it is the routes that firmware has set in the ISA bridge: nothing would be won by links
/// that a system may change.
aml::Code interrupt_routing() {
    return aml::list({
        aml::name("APRT", interrupt_routes(pc::pci_io_apic_pin)),
        aml::name("PPRT", interrupt_routes(pc::pci_isa_irq)),
        aml::method(
            "_PRT", 0,
            aml::list({
                aml::if_true(aml::name_string(uses_io_apic), aml::return_value(aml::name_string("APRT"))),
                aml::return_value(aml::name_string("PPRT")),
            })),
    });
}

aml::Code pci_root_bridge() {
    constexpr u32 window_last = static_cast<u32>(MemoryLayout::pci_window.end() - 1);
    const aml::Code resources = resource::template_of({
        resource::bus_window(0, 255),
        resource::io(pc::pci_config_port, 8),
        resource::io_window(0, pc::pci_config_port - 1),
        resource::io_window(pc::pci_config_port + 8, 0xffff),
        resource::memory_window(MemoryLayout::display_window.base, MemoryLayout::display_window.end() - 1),
        resource::memory_window(MemoryLayout::pci_window.base, window_last),
    });
    return aml::device("PCI0", aml::list({
                                   aml::name("_HID", aml::eisa_id("PNP0A03")),
                                   aml::name("_UID", aml::integer(0)),
                                   aml::name("_BBN", aml::integer(0)),
                                   aml::name("_CRS", resources),
                                   interrupt_routing(),
                               }));
}

aml::Code fixed_device(std::string_view path, const aml::Code& hardware_id, unsigned unique_id,
                       std::initializer_list<aml::Code> resources) {
    return aml::device(path, aml::list({
                                 aml::name("_HID", hardware_id),
                                 aml::name("_UID", aml::integer(unique_id)),
                                 aml::name("_CRS", resource::template_of(resources)),
                             }));
}

aml::Code serial_port(std::string_view path, unsigned index) {
    return fixed_device(path, aml::eisa_id("PNP0501"), index + 1,
                        {resource::io(pc::serial_ports[index], 8), resource::irq(pc::serial_irqs[index])});
}

/// _FDI: what INT 13h, function 8, would tell of a drive, and its diskette parameter table (9.9.2).
aml::Code floppy_information(unsigned number, const device::FloppyFormat& format) {
    // Step and load times, motor times, sector size, gaps and fill byte as every BIOS has them.
    const u8 sectors = format.sectors;
    const std::array<u64, 16> values{number,
                                     format.drive_type,
                                     format.tracks - 1u,
                                     sectors,
                                     format.heads - 1u,
                                     0xaf,
                                     0x02,
                                     0x25,
                                     device::FloppyFormat::size_code,
                                     sectors,
                                     0x1b,
                                     0xff,
                                     0x6c,
                                     0xf6,
                                     0x0f,
                                     0x08};
    std::vector<aml::Code> elements;
    elements.reserve(values.size());
    for (const u64 value : values) elements.push_back(aml::integer(value));
    return aml::package(elements);
}

/// The controller, with _FDE, which says what drives there are (9.9.1), and the drives.
aml::Code floppy_controller(std::span<const device::FloppyFormat> floppies) {
    constexpr std::size_t listed = 5;
    constexpr u32 present = 1;
    std::vector<u8> enumeration;
    for (std::size_t i = 0; i < listed; ++i) append(enumeration, i < floppies.size() ? present : u32{0});
    aml::Code drives;
    for (unsigned i = 0; i < floppies.size(); ++i) {
        const aml::Code drive = aml::device(
            i == 0 ? "FLPA" : "FLPB", aml::list({aml::name("_ADR", aml::integer(i)),
                                                 aml::name("_FDI", floppy_information(i, floppies[i]))}));
        drives.insert(drives.end(), drive.begin(), drive.end());
    }
    const aml::Code resources = resource::template_of({
        resource::io(pc::floppy_port, device::FloppyController::register_count),
        resource::io(pc::floppy_input_port, device::FloppyController::input_register_count),
        resource::irq(pc::floppy_irq),
        resource::dma(device::FloppyController::dma_channel),
    });
    return aml::device("FDC0", aml::list({
                                   aml::name("_HID", aml::eisa_id("PNP0700")),
                                   aml::name("_CRS", resources),
                                   aml::name("_FDE", aml::buffer(enumeration)),
                                   drives,
                               }));
}

aml::Code dma_controllers() {
    using device::IsaDma;
    constexpr u8 cascade_channel = 4;
    return fixed_device("DMAC", aml::eisa_id("PNP0200"), 0,
                        {resource::io(pc::dma_byte_port, IsaDma::byte_port_count),
                         resource::io(pc::dma_page_port, IsaDma::page_port_count),
                         resource::io(pc::dma_word_port, IsaDma::word_port_count),
                         resource::dma(cascade_channel)});
}

aml::Code isa_devices() {
    constexpr u8 pic_cascade_irq = 2;
    return aml::list({
        fixed_device("PIC0", aml::eisa_id("PNP0000"), 0,
                     {resource::io(pc::pic_primary_port, 2), resource::io(pc::pic_secondary_port, 2),
                      resource::irq(pic_cascade_irq)}),
        fixed_device("TIMR", aml::eisa_id("PNP0100"), 0,
                     {resource::io(pc::pit_port, 4), resource::irq(pc::pit_irq)}),
        fixed_device("HPET", aml::eisa_id("PNP0103"), 0,
                     {resource::memory(pc::hpet_base, device::Hpet::region_size)}),
        fixed_device("SPKR", aml::eisa_id("PNP0800"), 0, {resource::io(pc::speaker_port, 1)}),
        fixed_device("RTC0", aml::eisa_id("PNP0B00"), 0,
                     {resource::io(pc::rtc_port, 2), resource::irq(pc::rtc_irq)}),
        fixed_device("KBD0", aml::eisa_id("PNP0303"), 0,
                     {resource::io(pc::keyboard_data_port, 1), resource::io(pc::keyboard_command_port, 1),
                      resource::irq(pc::keyboard_irq)}),
        fixed_device("MOU0", aml::eisa_id("PNP0F13"), 0, {resource::irq(pc::auxiliary_irq)}),
        serial_port("COM1", 0),
        serial_port("COM2", 1),
        fixed_device("PEVT", aml::string("QEMU0001"), 0,
                     {resource::io(pc::pvpanic_port, device::PvPanic::region_size)}),
    });
}

/// What the chipset itself takes, so that nothing else is placed there (PNP0C02).
aml::Code motherboard_resources() {
    return fixed_device(
        "MBRD", aml::eisa_id("PNP0C02"), 0,
        {resource::io(pc::smi_command_port, AcpiPm::smi_command_size),
         resource::io(pc::pm_port, AcpiPm::pm_size), resource::io(pc::gpe0_port, AcpiPm::gpe0_size),
         resource::memory(pc::io_apic_base, 0x1000), resource::memory(pc::local_apic_base, 0x1000)});
}

/// \_S5: the sleep types for PM1a_CNT and PM1b_CNT, and two reserved elements (7.4.2).
aml::Code soft_off() {
    const std::vector<aml::Code> elements{aml::integer(AcpiPm::soft_off_sleep_type), aml::integer(0),
                                          aml::integer(0), aml::integer(0)};
    return aml::name("\\_S5", aml::package(elements));
}

} // namespace

aml::Code dsdt_definitions(std::span<const device::FloppyFormat> floppies) {
    return aml::list({
        soft_off(),
        interrupt_model(),
        aml::scope("\\_SB", aml::list({pci_root_bridge(), isa_devices(), dma_controllers(),
                                       floppies.empty() ? aml::Code() : floppy_controller(floppies),
                                       motherboard_resources()})),
    });
}

} // namespace ringer::boot
