#include "boot/elf.h"

#include "boot/little_endian.h"

#include <cstring>
#include <optional>

#include <elf.h>

namespace ringer::boot {

namespace {

/// Far more than any kernel has, and few enough to bound the work that a hostile file causes.
constexpr unsigned most_program_headers = 64;

std::unexpected<Error> truncated(std::string_view name, u64 size) {
    return user_error("{}: truncated: its headers point beyond its {} bytes; get a whole file", name, size);
}

/// A copy of the T at `offset`; nullopt when it is not wholly inside of the file.
template <class T>
std::optional<T> record(std::span<const u8> file, u64 offset) {
    if (offset > file.size() || file.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, file.data() + offset, sizeof(T));
    return value;
}

template <class FileHeader, class Header>
Result<std::vector<ProgramHeader>> read_headers(std::span<const u8> file, std::string_view name,
                                                u16 machine) {
    const auto start = record<FileHeader>(file, 0);
    if (!start) return truncated(name, file.size());
    if (start->e_machine != machine || (start->e_type != ET_EXEC && start->e_type != ET_DYN))
        return user_error("{}: not an x86 ELF executable; give a kernel such as vmlinux", name);
    if (start->e_phentsize != sizeof(Header) || start->e_phnum > most_program_headers)
        return user_error(
            "{}: {} program headers of {} bytes are not those of a kernel; give a kernel such as vmlinux",
            name, start->e_phnum, start->e_phentsize);
    std::vector<ProgramHeader> headers;
    for (u64 i = 0; i < start->e_phnum; ++i) {
        if (start->e_phoff > file.size()) return truncated(name, file.size());
        const auto header = record<Header>(file, start->e_phoff + i * sizeof(Header));
        if (!header) return truncated(name, file.size());
        headers.push_back({header->p_type, header->p_offset, header->p_paddr, header->p_filesz,
                           header->p_memsz, header->p_align});
    }
    return headers;
}

} // namespace

bool is_elf(std::span<const u8> file) {
    return file.size() >= SELFMAG && std::memcmp(file.data(), ELFMAG, SELFMAG) == 0;
}

Result<std::vector<ProgramHeader>> program_headers(std::span<const u8> file, std::string_view name) {
    if (!is_elf(file)) return user_error("{}: not an ELF file; give a kernel such as vmlinux", name);
    if (file.size() < EI_NIDENT) return truncated(name, file.size());
    if (file[EI_DATA] == ELFDATA2LSB && file[EI_CLASS] == ELFCLASS64)
        return read_headers<Elf64_Ehdr, Elf64_Phdr>(file, name, EM_X86_64);
    if (file[EI_DATA] == ELFDATA2LSB && file[EI_CLASS] == ELFCLASS32)
        return read_headers<Elf32_Ehdr, Elf32_Phdr>(file, name, EM_386);
    return user_error("{}: not an x86 ELF file; give a kernel such as vmlinux", name);
}

Result<std::span<const u8>> contents(std::span<const u8> file, const ProgramHeader& header,
                                     std::string_view name) {
    if (header.offset > file.size() || header.file_size > file.size() - header.offset)
        return truncated(name, file.size());
    return file.subspan(header.offset, header.file_size);
}

} // namespace ringer::boot
