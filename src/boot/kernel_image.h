#pragma once

#include "base/types.h"

#include <optional>
#include <span>
#include <string>

namespace ringer::boot {

/// A file's contents with the name that error messages give it. The bytes are not owned.
struct NamedBytes {
    std::string name;
    std::span<const u8> bytes;
};

/// At which of its entry points a kernel is started.
enum class Entry : u8 {
    automatic, ///< The 64-bit entry if the kernel has one, else the 32-bit entry.
    bits_32,
    bits_64,
};

/// What the user asks to be booted. Nothing in the files is trusted.
struct KernelImage {
    NamedBytes kernel;
    std::optional<NamedBytes> initrd;
    std::string command_line;
    Entry entry = Entry::automatic;
};

} // namespace ringer::boot
