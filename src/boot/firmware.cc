#include "boot/firmware.h"

#include "boot/little_endian.h"
#include "boot/smbios.h"

#include <string_view>
#include <vector>

namespace ringer::boot {

namespace {

using Bytes = std::vector<u8>;
using device::FwCfg;

constexpr std::string_view root_pointer_file = "etc/acpi/rsdp", tables_file = "etc/acpi/tables";

template <std::unsigned_integral T>
Bytes number(T value) {
    Bytes bytes;
    append(bytes, value);
    return bytes;
}

/// A script of fixed-size commands by which firmware places files in memory and sets them right.
class TableLoader {
  public:
    /// Where a file may be placed: anywhere below 4 GiB, or in the segment where the RSDP is looked for.
    enum class Zone : u8 { high = 1, f_segment = 2 };

    void allocate(std::string_view file, Zone zone) {
        Command command(*this, Kind::allocate);
        command.name(file).field(static_cast<u32>(AcpiTables::alignment)).field(static_cast<u8>(zone));
    }
    void add_pointer(std::string_view file, std::string_view target, u32 offset, u8 size) {
        Command command(*this, Kind::add_pointer);
        command.name(file).name(target).field(offset).field(size);
    }
    void add_checksum(std::string_view file, u32 offset, u32 start, u32 length) {
        Command command(*this, Kind::add_checksum);
        command.name(file).field(offset).field(start).field(length);
    }
    Bytes take() { return std::move(script_); }

  private:
    enum class Kind : u32 { allocate = 1, add_pointer = 2, add_checksum = 3 };
    static constexpr std::size_t command_size = 128, name_size = 56;

    /// Writes its fields one behind the other, and pads itself when it ends.
    class Command {
      public:
        Command(TableLoader& loader, Kind kind)
            : script_(loader.script_), end_(script_.size() + command_size) {
            append(script_, static_cast<u32>(kind));
        }
        ~Command() { script_.resize(end_); }
        Command(const Command&) = delete;
        Command& operator=(const Command&) = delete;

        Command& name(std::string_view name) {
            script_.insert(script_.end(), name.begin(), name.end());
            script_.resize(script_.size() + name_size - name.size());
            return *this;
        }
        template <std::unsigned_integral T>
        Command& field(T value) {
            append(script_, value);
            return *this;
        }

      private:
        Bytes& script_;
        std::size_t end_;
    };

    Bytes script_;
};

void add_acpi_tables(FwCfg& fw_cfg, const AcpiMachine& machine) {
    AcpiTables acpi = acpi_tables(machine);
    const auto file = [](AcpiTables::Area area) {
        return area == AcpiTables::Area::root_pointer ? root_pointer_file : tables_file;
    };
    TableLoader loader;
    loader.allocate(root_pointer_file, TableLoader::Zone::f_segment);
    loader.allocate(tables_file, TableLoader::Zone::high);
    for (const auto& [area, offset, size] : acpi.pointers)
        loader.add_pointer(file(area), tables_file, offset, size);
    for (const auto& [area, offset, start, length] : acpi.checksums)
        loader.add_checksum(file(area), offset, start, length);
    fw_cfg.add_file(root_pointer_file, std::move(acpi.root_pointer));
    fw_cfg.add_file(tables_file, std::move(acpi.tables));
    fw_cfg.add_file("etc/table-loader", loader.take());
}

/// RAM as entries of INT 15h, E820h; what firmware keeps for itself it adds.
Bytes memory_map(const machine::MemoryLayout& layout) {
    Bytes bytes;
    const auto add_ram = [&](u64 base, u64 size) {
        append(bytes, base);
        append(bytes, size);
        append(bytes, static_cast<u32>(machine::MemoryKind::usable));
    };
    add_ram(0, layout.low_end());
    if (layout.size() > layout.low_end())
        add_ram(machine::MemoryLayout::hole_end, layout.size() - layout.low_end());
    return bytes;
}

/// As Bochs had it first: the first two choices in one byte, the lower half first, and the third in the upper
/// half of another, whose lowest bit lets a floppy without a signature boot.
void put_boot_order(device::Rtc& rtc, const std::vector<BootDevice>& order) {
    constexpr u8 first_two = 0x3d, third = 0x38, no_signature_check = 1 << 0;
    const auto choice = [&](std::size_t index) {
        return index < order.size() ? static_cast<u8>(order[index]) : u8{0};
    };
    rtc.preset(first_two, static_cast<u8>(choice(0) | choice(1) << 4));
    rtc.preset(third, static_cast<u8>(choice(2) << 4 | no_signature_check));
}

} // namespace

void describe_machine(FwCfg& fw_cfg, device::Rtc& rtc, const machine::MemoryLayout& layout,
                      const FirmwareSettings& settings) {
    put_boot_order(rtc, settings.boot_order);
    constexpr u16 no_boot_menu = 0;
    constexpr u32 wait_forever = ~u32{0};
    fw_cfg.add_item(FwCfg::cpu_count, number(static_cast<u16>(settings.acpi.cpus)));
    fw_cfg.add_item(FwCfg::most_cpus, number(static_cast<u16>(settings.acpi.cpus)));
    fw_cfg.add_item(FwCfg::boot_menu, number(no_boot_menu));
    fw_cfg.add_item(FwCfg::timer_override, {1});
    fw_cfg.add_file("etc/e820", memory_map(layout));
    fw_cfg.add_file("etc/boot-fail-wait", number(wait_forever));
    if (settings.console_port) fw_cfg.add_file("etc/sercon-port", number(settings.console_port));
    add_acpi_tables(fw_cfg, settings.acpi);
    SmbiosTables smbios = smbios_tables(layout);
    fw_cfg.add_file("etc/smbios/smbios-anchor", std::move(smbios.entry_point));
    fw_cfg.add_file("etc/smbios/smbios-tables", std::move(smbios.structures));
}

} // namespace ringer::boot
