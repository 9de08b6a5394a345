#include "boot/acpi_tables.h"

#include "base/assert.h"
#include "base/bits.h"
#include "boot/dsdt.h"
#include "boot/little_endian.h"
#include "device/platform/acpi_pm.h"
#include "device/timer/hpet.h"
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
constexpr u32 header_size = 36, length_offset = 4, checksum_offset = 9;

void append_text(Table& table, std::string_view text) { table.insert(table.end(), text.begin(), text.end()); }

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

/// The firmware control structure (5.2.10), with which the guest takes and gives the global lock.
Table facs() {
    Table table(64);
    std::ranges::copy(std::string_view("FACS"), table.begin());
    put<u32>(table, 4, 64);
    put<u8>(table, 32, 2); // version
    return table;
}

Table dsdt(const AcpiMachine& machine) {
    Table table = begin_table("DSDT", 2);
    const aml::Code definitions = dsdt_definitions(machine.floppies);
    table.insert(table.end(), definitions.begin(), definitions.end());
    return table;
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
enum FadtBootFlag : u16 { has_legacy_devices = 1 << 0, has_keyboard_controller = 1 << 1 };
constexpr u16 no_such_state = 0xfff; // as a latency: longer than any that counts as support

/// The fixed ACPI description table, revision 6 (5.2.9, table 5.9). Fields that are not set here are zero:
/// not there.
Table fadt() {
    Table table = begin_table("FACP", 6);
    table.resize(276);
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
    put<u16>(table, 109, has_legacy_devices | has_keyboard_controller);
    put<u32>(table, 112,
             wbinvd_works | halts_in_c1 | no_fixed_sleep_button | rtc_wake_not_fixed | timer_is_32_bits |
                 has_reset_register);
    put_register(table, 116, pc::reset_port, 1, AccessSize::byte);
    put(table, 128, pc::reset_value);
    return table;
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
    return table;
}

/// The table of the high precision event timers (IA-PC HPET Specification 1.0a, 3.2.4).
Table hpet() {
    constexpr u8 system_memory = 0, counter_bits = 64;
    constexpr u16 shortest_period = 100; // in ticks
    Table table = begin_table("HPET", 1);
    append(table, device::Hpet::identity);
    for (const u8 byte : {system_memory, counter_bits, u8{0}, u8{0}}) append(table, byte);
    append(table, pc::hpet_base);
    append<u8>(table, 0); // its number
    append(table, shortest_period);
    append<u8>(table, 0); // nothing is promised of the rest of its page
    return table;
}

/// Puts tables one behind the other and notes what has to be set right once their addresses are known.
class Builder {
  public:
    using Area = AcpiTables::Area;

    /// Adds a table as it is; its offset.
    u32 add(const Table& table) {
        const auto offset = static_cast<u32>(result_.tables.size());
        result_.tables.insert(result_.tables.end(), table.begin(), table.end());
        result_.tables.resize(align_up(result_.tables.size(), AcpiTables::alignment));
        return offset;
    }

    /// Adds a table with the common header, and fills in its length.
    u32 add_described(Table table) {
        const auto length = static_cast<u32>(table.size());
        put(table, length_offset, length);
        const u32 offset = add(table);
        result_.checksums.push_back({Area::tables, offset + checksum_offset, offset, length});
        return offset;
    }

    /// Has the table at `table` point at another from its offset `at`.
    template <std::unsigned_integral T>
    void point(u32 table, u32 at, u32 target) {
        put(result_.tables, table + at, T{target});
        result_.pointers.push_back({Area::tables, table + at, sizeof(T)});
    }

    /// A table that lists others by addresses of type T: RSDT or XSDT (5.2.7, 5.2.8).
    template <std::unsigned_integral T>
    u32 add_list(std::string_view signature, std::span<const u32> targets) {
        Table table = begin_table(signature, 1);
        table.resize(header_size + targets.size() * sizeof(T));
        const u32 offset = add_described(std::move(table));
        for (u32 i = 0; i < targets.size(); ++i)
            point<T>(offset, header_size + i * static_cast<u32>(sizeof(T)), targets[i]);
        return offset;
    }

    /// The root system description pointer, revision 2 (5.2.5.3). The first checksum covers what ACPI 1.0 had
    /// of it.
    void set_root_pointer(u32 rsdt, u32 xsdt) {
        constexpr u32 first_size = 20, size = 36;
        Table& table = result_.root_pointer;
        append_text(table, "RSD PTR ");
        append<u8>(table, 0); // first checksum
        append_text(table, oem_id);
        append<u8>(table, 2); // revision
        append(table, rsdt);
        append(table, size);
        append(table, u64{xsdt});
        table.resize(size);
        result_.pointers.push_back({Area::root_pointer, 16, 4});
        result_.pointers.push_back({Area::root_pointer, 24, 8});
        result_.checksums.push_back({Area::root_pointer, 8, 0, first_size});
        result_.checksums.push_back({Area::root_pointer, 32, 0, size});
    }

    AcpiTables take() { return std::move(result_); }

  private:
    AcpiTables result_;
};

/// Adds `value` to the number of `size` bytes at `offset`.
void add_to(std::span<u8> bytes, u32 offset, u8 size, u64 value) {
    if (size == 4)
        put(bytes, offset, static_cast<u32>(*get<u32>(bytes, offset) + value));
    else
        put(bytes, offset, *get<u64>(bytes, offset) + value);
}

} // namespace

AcpiTables acpi_tables(const AcpiMachine& machine) {
    RINGER_ASSERT(machine.cpus >= 1 && machine.cpus <= most_cpus);
    Builder builder;
    const u32 facs_at = builder.add(facs());
    const u32 dsdt_at = builder.add_described(dsdt(machine));
    const u32 fadt_at = builder.add_described(fadt());
    builder.point<u32>(fadt_at, 36, facs_at);
    builder.point<u32>(fadt_at, 40, dsdt_at);
    builder.point<u64>(fadt_at, 140, dsdt_at);
    const std::array listed{fadt_at, builder.add_described(madt(machine.cpus)),
                            builder.add_described(hpet())};
    const u32 rsdt_at = builder.add_list<u32>("RSDT", listed);
    builder.set_root_pointer(rsdt_at, builder.add_list<u64>("XSDT", listed));
    return builder.take();
}

std::vector<u8> placed(const AcpiTables& tables, GuestPhysical base) {
    constexpr u64 alignment = AcpiTables::alignment;
    RINGER_ASSERT(is_aligned(base, alignment) && base <= 0xffff'0000);
    std::vector<u8> area = tables.root_pointer;
    area.resize(align_up(area.size(), alignment));
    const auto tables_at = static_cast<u32>(area.size());
    area.insert(area.end(), tables.tables.begin(), tables.tables.end());
    const auto start_of = [&](AcpiTables::Area which) {
        return which == AcpiTables::Area::tables ? tables_at : 0;
    };
    for (const auto& [which, offset, size] : tables.pointers)
        add_to(area, start_of(which) + offset, size, base + tables_at);
    for (const auto& [which, offset, start, length] : tables.checksums) {
        const auto range = std::span(area).subspan(start_of(which) + start, length);
        area[start_of(which) + offset] = static_cast<u8>(-std::accumulate(range.begin(), range.end(), 0u));
    }
    return area;
}

} // namespace ringer::boot
