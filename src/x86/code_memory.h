#pragma once

#include "base/types.h"

#include <span>

namespace ringer::x86 {

/// Memory for generated code: one piece of memory seen twice, so that no page is writable and executable at
/// once. Not owned.
struct CodeMemory {
    std::span<u8> writable;
    const u8* executable = nullptr;

    /// The part of `size` bytes from `offset` on.
    CodeMemory part(std::size_t offset, std::size_t size) const {
        return {.writable = writable.subspan(offset, size), .executable = executable + offset};
    }
    CodeMemory from(std::size_t offset) const { return part(offset, writable.size() - offset); }
};

} // namespace ringer::x86
