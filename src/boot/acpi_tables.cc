#include "boot/acpi_tables.h"

#include "base/assert.h"
#include "base/bits.h"
#include "boot/dsdt.h"
#include "boot/little_endian.h"
#include "device/platform/acpi_pm.h"
#include "machine/pc_platform.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <string_view>

namespace ringer::boot {

namespace {

namespace pc = machine::pc;
using device::AcpiPm;
using Table = std::vector<u8>;

constexpr std::string_view oem_id = "RINGER", oem_table_id = "RINGERPC", creator_id = "RNGR";
constexpr std::size_t header_size = 36, length_offset = 4, checksum_offset = 9;

void append_text(Table& table, std::string_view text) { table.insert(table.end(), text.begin(), text.end()); }

/// The value of a checksum byte that makes all of `bytes` add up to zero; that byte itself is zero so far.
u8 checksum(std::span<const u8> bytes) {
    return static_cast<u8>(-std::accumulate(bytes.begin(), bytes.end(), 0u));
}

/// A table of nothing but the header that all have in common (5.2.6).
Table begin_table(std::string_view signature, u8 revision) {
    Table table;
    append_text(table, signature);
    append<u32>(table, 0); // length
    append(table, revision);
    append<u8>(table, 0); // checksum
    append_text(table, oem_id);
    append_text(table, oem_table_id);
    append<u32>(table, 1); // OEM revision
    append_text(table, creator_id);
    append<u32>(table, 1); // creator revision
    RINGER_ASSERT(table.size() == header_size);
    return table;
}

Table finish_table(Table table) {
    put(table, length_offset, static_cast<u32>(table.size()));
    put(table, checksum_offset, checksum(table));
    return table;
}

/// The firmware control structure (5.2.10), with which the guest takes and gives the global lock.
Table facs() {
    Table table(64);
    std::ranges::copy(std::string_view("FACS"), table.begin());
    put<u32>(table, 4, 64);
    put<u8>(table, 32, 2); // version
    return table;
}

Table dsdt() {
    Table table = begin_table("DSDT", 2);
    const aml::Code definitions = dsdt_definitions();
    table.insert(table.end(), definitions.begin(), definitions.end());
    return finish_table(std::move(table));
}

/// How wide an access to a register may be (5.2.3.2).
enum class AccessSize : u8 { byte = 1, word, dword };

/// A generic address structure for a register in I/O space (5.2.3.2).
void put_register(Table& table, std::size_t offset, u16 port, u8 bytes, AccessSize access) {
    constexpr u8 system_io = 1;
    put(table, offset, system_io);
    put(table, offset + 1, static_cast<u8>(8 * bytes));
    put(table, offset + 3, static_cast<u8>(access));
    put(table, offset + 4, u64{port});
}

/// One of the FADT's register blocks: its port, its length, and both again as a generic address.
void put_block(Table& table, std::size_t port_offset, std::size_t length_at, std::size_t generic_offset,
               u16 port, u8 bytes, AccessSize access) {
    put(table, port_offset, u32{port});
    put(table, length_at, bytes);
    put_register(table, generic_offset, port, bytes, access);
}

/// The FADT's fixed feature flags (table 5.10) and IA-PC boot architecture flags (table 5.11).
enum FadtFlag : u32 {
    wbinvd_works = 1 << 0,
    halts_in_c1 = 1 << 2,
    no_fixed_sleep_button = 1 << 5,
    rtc_wake_not_fixed = 1 << 6,
    timer_is_32_bits = 1 << 8,
    has_reset_register = 1 << 10,
};
enum FadtBootFlag : u16 { has_legacy_devices = 1 << 0, no_vga = 1 << 2 };
constexpr u16 no_such_state = 0xfff; // as a latency: longer than any that counts as support

/// The fixed ACPI description table, revision 6 (5.2.9, table 5.9). Fields that are not set here are zero:
/// not there.
Table fadt(GuestPhysical facs_address, GuestPhysical dsdt_address) {
    Table table = begin_table("FACP", 6);
    table.resize(276);
    put(table, 36, static_cast<u32>(facs_address));
    put(table, 40, static_cast<u32>(dsdt_address));
    put<u16>(table, 46, pc::sci_irq);
    put<u32>(table, 48, pc::smi_command_port);
    put(table, 52, AcpiPm::enable_command);
    put(table, 53, AcpiPm::disable_command);
    put_block(table, 56, 88, 148, pc::pm_port + AcpiPm::event_offset, 4, AccessSize::word);
    put_block(table, 64, 89, 172, pc::pm_port + AcpiPm::control_offset, 2, AccessSize::word);
    put_block(table, 76, 91, 208, pc::pm_port + AcpiPm::timer_offset, 4, AccessSize::dword);
    put_block(table, 80, 92, 220, pc::gpe0_port, AcpiPm::gpe0_size, AccessSize::byte);
    put(table, 96, no_such_state); // C2
    put(table, 98, no_such_state); // C3
    put(table, 108, pc::cmos_century_index);
    put<u16>(table, 109, has_legacy_devices | no_vga);
    put<u32>(table, 112,
             wbinvd_works | halts_in_c1 | no_fixed_sleep_button | rtc_wake_not_fixed | timer_is_32_bits |
                 has_reset_register);
    put_register(table, 116, pc::reset_port, 1, AccessSize::byte);
    put(table, 128, pc::reset_value);
    put(table, 140, dsdt_address);
    return finish_table(std::move(table));
}

/// An interrupt source override (5.2.12.5): ISA line `irq` arrives at I/O APIC pin `pin`.
void append_override(Table& table, u8 irq, u8 pin, u16 flags) {
    constexpr u8 type = 2, length = 10, isa_bus = 0;
    for (u8 byte : {type, length, isa_bus, irq}) append(table, byte);
    append<u32>(table, pin);
    append(table, flags);
}

/// The multiple APIC description table (5.2.12).
Table madt(unsigned cpus) {
    constexpr u32 has_pics = 1, enabled = 1;
    constexpr u16 as_the_bus = 0, active_high_level = 0b1101;
    Table table = begin_table("APIC", 5);
    append(table, static_cast<u32>(pc::local_apic_base));
    append(table, has_pics);
    for (unsigned id = 0; id < cpus; ++id) {
        constexpr u8 type = 0, length = 8;
        for (u8 byte : {type, length, static_cast<u8>(id), static_cast<u8>(id)}) append(table, byte);
        append(table, enabled);
    }
    for (u8 byte : {1, 12, 0, 0}) append(table, byte); // I/O APIC 0
    append(table, static_cast<u32>(pc::io_apic_base));
    append<u32>(table, 0); // its first global system interrupt
    append_override(table, pc::pit_irq, pc::pit_io_apic_pin, as_the_bus);
    append_override(table, pc::sci_irq, pc::sci_irq, active_high_level);
    // NMI on LINT1 of every processor (5.2.12.7).
    for (u8 byte : {4, 6, 0xff}) append(table, byte);
    append(table, as_the_bus);
    append<u8>(table, 1);
    return finish_table(std::move(table));
}

Table xsdt(std::span<const GuestPhysical> tables) {
    Table table = begin_table("XSDT", 1);
    for (GuestPhysical address : tables) append(table, address);
    return finish_table(std::move(table));
}

/// The root system description pointer, revision 2 (5.2.5.3). The first checksum covers what ACPI 1.0 had of
/// it.
Table rsdp(GuestPhysical xsdt_address) {
    constexpr std::size_t first_size = 20, size = 36;
    Table table;
    append_text(table, "RSD PTR ");
    append<u8>(table, 0); // first checksum
    append_text(table, oem_id);
    append<u8>(table, 2);  // revision
    append<u32>(table, 0); // no RSDT
    append(table, static_cast<u32>(size));
    append(table, xsdt_address);
    table.resize(size);
    put(table, 8, checksum(std::span(table).first(first_size)));
    put(table, 32, checksum(table));
    return table;
}

} // namespace

std::vector<u8> acpi_tables(GuestPhysical base, unsigned cpus) {
    constexpr u64 alignment = 64; // what the FACS needs; the RSDP needs 16
    RINGER_ASSERT(is_aligned(base, alignment) && base <= 0xffff'0000);
    RINGER_ASSERT(cpus >= 1 && cpus <= most_cpus);

    std::vector<u8> area(alignment);
    const auto place = [&](const Table& table) {
        const GuestPhysical address = base + area.size();
        area.insert(area.end(), table.begin(), table.end());
        area.resize(align_up(area.size(), alignment));
        return address;
    };
    const GuestPhysical facs_address = place(facs());
    const GuestPhysical dsdt_address = place(dsdt());
    const std::array listed{place(fadt(facs_address, dsdt_address)), place(madt(cpus))};
    std::ranges::copy(rsdp(place(xsdt(listed))), area.begin());
    return area;
}

} // namespace ringer::boot
