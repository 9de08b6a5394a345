#include "boot/pvh.h"

#include "base/assert.h"
#include "base/bits.h"
#include "boot/attachments.h"
#include "boot/elf.h"
#include "boot/initial_state.h"
#include "boot/little_endian.h"
#include "boot/low_memory.h"

#include <algorithm>
#include <array>
#include <optional>

namespace ringer::boot {

namespace {

constexpr u32 note_physical_32_bit_entry = 18;
constexpr std::string_view note_owner{"Xen\0", 4};

constexpr u32 start_info_magic = 0x336e'c578;
constexpr u32 start_info_version = 1;
constexpr u64 start_info_size = 56, module_size = 32;

/// Linux's COMMAND_LINE_SIZE on x86; PVH has no field in which a kernel could tell its own limit.
constexpr u64 longest_command_line = 2047;

/// The entry point in one segment of notes, if it has it. Notes are a header of three words (size of the
/// owner's name, size of the description, type), the name and the description, each padded to the segment's
/// alignment.
std::optional<GuestPhysical> entry_note(std::span<const u8> notes, u64 alignment) {
    constexpr u64 note_header_size = 12;
    u64 offset = 0;
    while (const auto type = get<u32>(notes, offset + 8)) {
        const u64 name_size = *get<u32>(notes, offset), description_size = *get<u32>(notes, offset + 4);
        const u64 name = offset + note_header_size;
        const u64 description = align_up(name + name_size, alignment);
        if (description > notes.size() || description_size > notes.size() - description) return std::nullopt;
        const auto text = notes.subspan(name, name_size);
        if (*type == note_physical_32_bit_entry &&
            std::ranges::equal(text, note_owner, {}, {}, [](char c) { return static_cast<u8>(c); })) {
            if (description_size == 8) return get<u64>(notes, description);
            if (description_size == 4) return get<u32>(notes, description);
        }
        offset = align_up(description + description_size, alignment);
    }
    return std::nullopt;
}

Result<PvhImage::Segment> segment_of(std::span<const u8> file, const ProgramHeader& header,
                                     std::string_view name) {
    const auto bytes = TRY(contents(file, header, name));
    if (header.file_size > header.memory_size)
        return user_error(
            "{}: a segment is longer in the file than in memory; the file is damaged, get a new one", name);
    const machine::MemoryRange place{header.physical_address, header.memory_size};
    constexpr u64 limit = machine::MemoryLayout::hole_base;
    if (place.base < low_memory::extended_memory || place.base > limit || place.size > limit - place.base)
        return user_error("{}: a segment of {} bytes for address {:#x} lies outside of 1 MiB to 3 GiB; give "
                          "a kernel that loads "
                          "there",
                          name, place.size, place.base);
    return PvhImage::Segment{place, bytes};
}

/// Segments must not overlap: it bounds the work of loading them by the size of RAM.
Result<void> check_segments(const PvhImage& image, std::string_view name) {
    auto sorted = image.segments;
    std::ranges::sort(sorted, {}, [](const PvhImage::Segment& segment) { return segment.place.base; });
    const auto overlap = std::ranges::adjacent_find(
        sorted, [](const auto& lower, const auto& upper) { return lower.place.end() > upper.place.base; });
    if (overlap != sorted.end())
        return user_error("{}: segments overlap at address {:#x}; the file is damaged, get a new one", name,
                          std::next(overlap)->place.base);
    const bool entered = std::ranges::any_of(sorted, [&](const PvhImage::Segment& segment) {
        return image.entry >= segment.place.base && image.entry < segment.place.end();
    });
    if (!entered)
        return user_error("{}: the entry point {:#x} is in no segment; the file is damaged, get a new one",
                          name, image.entry);
    return {};
}

} // namespace

GuestPhysical PvhImage::end() const {
    GuestPhysical end = 0;
    for (const Segment& segment : segments) end = std::max(end, segment.place.end());
    return end;
}

Result<PvhImage> parse_pvh(std::span<const u8> file, std::string_view name) {
    const std::vector<ProgramHeader> headers = TRY(program_headers(file, name));
    std::optional<GuestPhysical> entry;
    for (const ProgramHeader& header : headers)
        if (header.type == program_header_note && !entry)
            entry = entry_note(TRY(contents(file, header, name)), header.alignment == 8 ? 8 : 4);
    if (!entry)
        return user_error(
            "{}: an ELF file without the Xen PVH entry note; give a bzImage, or a vmlinux built with "
            "CONFIG_PVH",
            name);

    PvhImage image;
    for (const ProgramHeader& header : headers)
        if (header.type == program_header_load && header.memory_size != 0)
            image.segments.push_back(TRY(segment_of(file, header, name)));
    image.entry = *entry;
    TRY(check_segments(image, name));
    return image;
}

namespace {

/// hvm_start_info, its list of modules and its memory map, one after the other from low_memory::parameters.
std::vector<u8> start_info(const machine::MemoryLayout& layout,
                           const std::optional<machine::MemoryRange>& initrd, GuestPhysical rsdp) {
    const auto map = layout.map();
    const GuestPhysical modules = low_memory::parameters + start_info_size;
    const GuestPhysical map_address = modules + (initrd ? module_size : 0);
    std::vector<u8> bytes;
    append(bytes, start_info_magic);
    append(bytes, start_info_version);
    append<u32>(bytes, 0); // flags
    append<u32>(bytes, initrd ? 1 : 0);
    append<u64>(bytes, initrd ? modules : 0);
    append<u64>(bytes, low_memory::command_line);
    append<u64>(bytes, rsdp);
    append<u64>(bytes, map_address);
    append(bytes, static_cast<u32>(map.size()));
    append<u32>(bytes, 0);
    RINGER_ASSERT(bytes.size() == start_info_size);
    if (initrd) {
        append(bytes, initrd->base);
        append(bytes, initrd->size);
        append<u64>(bytes, 0); // no command line
        append<u64>(bytes, 0);
    }
    for (const auto& [range, kind] : map) {
        append(bytes, range.base);
        append(bytes, range.size);
        append(bytes, static_cast<u32>(kind));
        append<u32>(bytes, 0);
    }
    return bytes;
}

void load_segments(memory::AddressSpace& memory, const PvhImage& kernel) {
    static constexpr std::array<u8, memory::page_size> zeros{};
    for (const auto& [place, bytes] : kernel.segments) {
        RINGER_ASSERT(memory.write_ram(place.base, bytes));
        for (GuestPhysical at = place.base + bytes.size(); at < place.end();) {
            const u64 size = std::min<u64>(zeros.size(), place.end() - at);
            RINGER_ASSERT(memory.write_ram(at, std::span(zeros).first(size)));
            at += size;
        }
    }
}

} // namespace

Result<x86::CpuState> load_pvh(memory::AddressSpace& memory, const machine::MemoryLayout& layout,
                               const KernelImage& image, GuestPhysical rsdp) {
    const std::string& name = image.kernel.name;
    if (image.entry == Entry::bits_64)
        return user_error(
            "{}: an ELF kernel is entered in 32-bit mode; leave --entry 64 out or give a bzImage", name);
    const PvhImage kernel = TRY(parse_pvh(image.kernel.bytes, name));
    if (const u64 needed = align_up(kernel.end(), MiB); needed > layout.low_end())
        return user_error(
            "{}: the kernel needs {} MiB of memory to load and the machine has {}; give --memory {}M or "
            "more",
            name, needed / MiB, layout.low_end() / MiB, needed / MiB);
    load_segments(memory, kernel);
    std::optional<machine::MemoryRange> initrd;
    if (image.initrd)
        initrd = TRY(load_initrd(memory, layout, *image.initrd, kernel.end(), layout.low_end() - 1));
    TRY(load_command_line(memory, image.command_line, name, longest_command_line));
    RINGER_ASSERT(memory.write_ram(low_memory::parameters, start_info(layout, initrd, rsdp)));

    x86::CpuState state = protected_mode_state(memory, kernel.entry);
    state.gpr[x86::rbx] = low_memory::parameters;
    return state;
}

} // namespace ringer::boot
