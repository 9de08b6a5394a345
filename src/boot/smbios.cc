#include "boot/smbios.h"

#include "base/bits.h"
#include "boot/little_endian.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace ringer::boot {

namespace {

using Bytes = std::vector<u8>;

/// One structure: a header, fields, and the strings that fields refer to by number (6.1).
class Structure {
  public:
    Structure(u8 type, u16 handle) { field(type).field(u8{0}).field(handle); }
    template <std::unsigned_integral T>
    Structure& field(T value) {
        append(fields_, value);
        return *this;
    }
    Structure& zeros(std::size_t count) {
        fields_.resize(fields_.size() + count);
        return *this;
    }
    Structure& text(std::string_view text) {
        strings_.insert(strings_.end(), text.begin(), text.end());
        strings_.push_back(0);
        return field(++string_count_);
    }
    /// With the length of the fields, and the two zeros that end the strings.
    Bytes encoded() const {
        Bytes bytes = fields_;
        bytes[1] = static_cast<u8>(fields_.size());
        bytes.insert(bytes.end(), strings_.begin(), strings_.end());
        if (strings_.empty()) bytes.push_back(0);
        bytes.push_back(0);
        return bytes;
    }

  private:
    Bytes fields_, strings_;
    u8 string_count_ = 0;
};

constexpr std::string_view manufacturer = "Ringer";
constexpr u16 chassis_handle = 0x300, memory_array_handle = 0x1000, memory_device_handle = 0x1100;
constexpr u8 unknown = 2; ///< What most enumerations call so.

/// Type 1 (7.2).
Structure system_information() {
    constexpr u8 power_switch = 6;
    Structure structure(1, 0x100);
    structure.text(manufacturer).text("Ringer PC").text("1").field(u8{0}).zeros(16).field(power_switch);
    return structure.field(u8{0}).field(u8{0});
}

/// Type 3 (7.4).
Structure chassis() {
    constexpr u8 other = 1, safe = 3, no_security = 3;
    Structure structure(3, chassis_handle);
    structure.text(manufacturer).field(other).field(u8{0}).field(u8{0}).field(u8{0});
    structure.field(safe).field(safe).field(safe).field(no_security);
    return structure.zeros(8);
}

/// Type 4 (7.5); what CPUID tells is left to CPUID.
Structure processor() {
    constexpr u8 central_processor = 3, other_family = 1, enabled = 0x41, other_upgrade = 1;
    constexpr u16 no_cache = 0xffff;
    Structure structure(4, 0x400);
    structure.text("CPU 0").field(central_processor).field(other_family).text(manufacturer).zeros(8);
    structure.field(u8{0}).field(u8{0}).field(u16{0}).field(u16{0}).field(u16{0}).field(enabled);
    structure.field(other_upgrade).field(no_cache).field(no_cache).field(no_cache);
    structure.field(u8{0}).field(u8{0}).field(u8{0}).field(u8{1}).field(u8{1}).field(u8{1});
    return structure.field(u16{unknown}).field(u16{other_family});
}

/// Type 16 (7.17).
Structure memory_array(u64 size) {
    constexpr u8 system_board = 3, system_memory = 3, no_correction = 3;
    constexpr u32 see_extended = 0x8000'0000;
    constexpr u16 no_error_information = 0xfffe;
    const bool fits = size / KiB < see_extended;
    Structure structure(16, memory_array_handle);
    structure.field(system_board).field(system_memory).field(no_correction);
    structure.field(fits ? static_cast<u32>(size / KiB) : see_extended).field(no_error_information);
    return structure.field(u16{1}).field(fits ? u64{0} : size);
}

/// Type 17 (7.18).
Structure memory_device(u64 size) {
    constexpr u16 no_error_information = 0xfffe, unknown_width = 0xffff, see_extended = 0x7fff;
    constexpr u8 dimm = 9, ram = 7;
    const u64 mebibytes = size / MiB;
    const bool fits = mebibytes < see_extended;
    Structure structure(17, memory_device_handle);
    structure.field(memory_array_handle)
        .field(no_error_information)
        .field(unknown_width)
        .field(unknown_width);
    structure.field(fits ? static_cast<u16>(mebibytes) : see_extended).field(dimm).field(u8{0});
    structure.text("DIMM 0").field(u8{0}).field(ram).field(u16{unknown}).field(u16{0});
    structure.text(manufacturer).field(u8{0}).field(u8{0}).field(u8{0}).field(u8{0});
    return structure.field(fits ? u32{0} : static_cast<u32>(mebibytes)).field(u16{0}).zeros(6);
}

/// Type 19 (7.20): a range of addresses, in KiB when they fit.
Structure mapped_range(u16 handle, const machine::MemoryRange& range) {
    constexpr u32 see_extended = 0xffff'ffff;
    const bool fits = range.end() / KiB < see_extended;
    Structure structure(19, handle);
    structure.field(fits ? static_cast<u32>(range.base / KiB) : see_extended);
    structure.field(fits ? static_cast<u32>(range.end() / KiB - 1) : see_extended);
    structure.field(memory_array_handle).field(u8{1});
    return structure.field(fits ? u64{0} : range.base).field(fits ? u64{0} : range.end() - 1);
}

/// The 2.1 entry point (5.2.1).
Bytes entry_point(u64 structures_size, u16 count, std::size_t largest) {
    Bytes bytes{'_', 'S', 'M', '_', 0, 0x1f, 2, 8};
    append(bytes, static_cast<u16>(largest));
    bytes.resize(16);
    for (const u8 byte : {'_', 'D', 'M', 'I', '_', '\0'}) append(bytes, byte);
    append(bytes, static_cast<u16>(structures_size));
    append(bytes, u32{0}); // where they lie
    append(bytes, count);
    append(bytes, u8{0x28}); // revision 2.8, in BCD
    return bytes;
}

} // namespace

SmbiosTables smbios_tables(const machine::MemoryLayout& layout) {
    std::vector<Structure> structures{system_information(),
                                      chassis(),
                                      processor(),
                                      memory_array(layout.size()),
                                      memory_device(layout.size()),
                                      mapped_range(0x1300, {0, layout.low_end()})};
    if (const u64 high = layout.size() - layout.low_end())
        structures.push_back(mapped_range(0x1301, {machine::MemoryLayout::hole_end, high}));
    structures.push_back(Structure(32, 0x2000).zeros(7)); // system boot information: no errors
    structures.emplace_back(127, 0x7f00);                 // end of table

    SmbiosTables tables;
    std::size_t largest = 0;
    for (const Structure& structure : structures) {
        const Bytes bytes = structure.encoded();
        largest = std::max(largest, bytes.size());
        tables.structures.insert(tables.structures.end(), bytes.begin(), bytes.end());
    }
    tables.entry_point = entry_point(tables.structures.size(), static_cast<u16>(structures.size()), largest);
    return tables;
}

} // namespace ringer::boot
