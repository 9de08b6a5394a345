#pragma once

#include "base/result.h"
#include "base/types.h"

#include <span>
#include <string_view>
#include <vector>

namespace ringer::boot {

/// A program header of an ELF file in terms of the file (System V gABI, chapter 5). Nothing in it is checked.
struct ProgramHeader {
    u32 type;
    u64 offset;
    GuestPhysical physical_address;
    u64 file_size;
    u64 memory_size;
    u64 alignment;
};

inline constexpr u32 program_header_load = 1, program_header_note = 4;

/// Whether `file` has the magic number of an ELF file.
bool is_elf(std::span<const u8> file);

/// The program headers of a little-endian x86 ELF executable of 32 or 64 bits. `name` is for error messages.
Result<std::vector<ProgramHeader>> program_headers(std::span<const u8> file, std::string_view name);

/// The part of `file` that `header` describes; an error when the file ends before it.
Result<std::span<const u8>> contents(std::span<const u8> file, const ProgramHeader& header,
                                     std::string_view name);

} // namespace ringer::boot
