#pragma once

#include "boot/little_endian.h"

#include <algorithm>
#include <elf.h>
#include <string_view>
#include <vector>

/// Minimal kernels for tests: just enough of each format to be loaded.
namespace ringer::boot::test_images {

/// A bzImage with one sector of setup code after the boot sector and a protected-mode kernel of `kernel_size`
/// bytes, a multiple of 16, each holding the low byte of its offset. Defaults are those of a stock x86-64
/// kernel.
struct BzImageOptions {
    u16 protocol = 0x020f;
    u32 kernel_size = 0x1000;
    u8 relocatable = 1;
    u32 alignment = 0x20'0000;
    u64 preferred_address = 0x100'0000;
    u32 working_size = 0x10'0000;
    u32 longest_command_line = 2047;
    u32 highest_initrd_address = 0x7fff'ffff;
    u16 extended_load_flags = 1;
};

inline constexpr u64 bz_image_setup_size = 1024;

inline std::vector<u8> bz_image(const BzImageOptions& options = {}) {
    std::vector<u8> file(bz_image_setup_size + options.kernel_size);
    put<u8>(file, 0x1f1, 1);
    put<u32>(file, 0x1f4, options.kernel_size / 16);
    put<u16>(file, 0x1fe, 0xaa55);
    put<u16>(file, 0x200, 0x6aeb); // a short jump to 0x26C, where the header ends
    put<u32>(file, 0x202, 0x5372'6448);
    put<u16>(file, 0x206, options.protocol);
    put<u8>(file, 0x211, 1);
    put<u32>(file, 0x22c, options.highest_initrd_address);
    put<u32>(file, 0x230, options.alignment);
    put<u8>(file, 0x234, options.relocatable);
    put<u16>(file, 0x236, options.extended_load_flags);
    put<u32>(file, 0x238, options.longest_command_line);
    put<u64>(file, 0x250, 0x1234); // setup_data: the loader's to fill in
    put<u64>(file, 0x258, options.preferred_address);
    put<u32>(file, 0x260, options.working_size);
    for (u32 i = 0; i < options.kernel_size; ++i) file[bz_image_setup_size + i] = static_cast<u8>(i);
    return file;
}

template <class T>
void append_record(std::vector<u8>& bytes, const T& record) {
    const auto* first = reinterpret_cast<const u8*>(&record);
    bytes.insert(bytes.end(), first, first + sizeof(T));
}

/// An ELF executable of one loadable segment of 16 bytes in the file and 0x3000 in memory, and a Xen note of
/// type 18 with `Entry`, after another note.
template <class FileHeader, class Header, class Entry>
std::vector<u8> pvh_image(u8 elf_class, u16 machine, Entry entry, u64 address = 0x100'0000) {
    constexpr auto notes_at = sizeof(FileHeader) + 2 * sizeof(Header);
    constexpr auto notes_size = 2 * 16 + 4 + sizeof(Entry);
    FileHeader start{};
    std::copy_n(ELFMAG, SELFMAG, start.e_ident);
    start.e_ident[EI_CLASS] = elf_class;
    start.e_ident[EI_DATA] = ELFDATA2LSB;
    start.e_type = ET_EXEC;
    start.e_machine = machine;
    start.e_phoff = sizeof(FileHeader);
    start.e_phentsize = sizeof(Header);
    start.e_phnum = 2;
    Header notes{};
    notes.p_type = PT_NOTE;
    notes.p_offset = notes_at;
    notes.p_filesz = notes_size;
    notes.p_align = 4;
    Header load{};
    load.p_type = PT_LOAD;
    load.p_offset = notes_at + notes_size;
    load.p_paddr = static_cast<decltype(load.p_paddr)>(address);
    load.p_filesz = 16;
    load.p_memsz = 0x3000;

    std::vector<u8> file;
    append_record(file, start);
    append_record(file, notes);
    append_record(file, load);
    const auto append_note = [&](u32 type, u32 description_size) {
        append<u32>(file, 4);
        append(file, description_size);
        append(file, type);
        append<u32>(file, 0x006e'6558); // "Xen"
    };
    append_note(6, 4);
    append<u32>(file, 0x5555'5555);
    append_note(18, sizeof(Entry));
    append(file, entry);
    for (u8 i = 0; i < 16; ++i) append(file, static_cast<u8>(0xa0 + i));
    return file;
}

inline std::vector<u8> pvh_image_64(u64 entry = 0x100'0040) {
    return pvh_image<Elf64_Ehdr, Elf64_Phdr>(ELFCLASS64, EM_X86_64, entry);
}
inline std::vector<u8> pvh_image_32(u32 entry = 0x100'0040) {
    return pvh_image<Elf32_Ehdr, Elf32_Phdr>(ELFCLASS32, EM_386, entry);
}

} // namespace ringer::boot::test_images
