#pragma once

#include "base/assert.h"
#include "base/types.h"

#include <concepts>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

namespace ringer::boot {

/// The little-endian number at `offset` of a file or table; nullopt when it is not wholly inside.
template <std::unsigned_integral T>
std::optional<T> get(std::span<const u8> bytes, u64 offset) {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
    return value;
}

/// Stores `value` little-endian at `offset`, which must leave room for it.
template <std::unsigned_integral T>
void put(std::span<u8> bytes, std::size_t offset, T value) {
    RINGER_ASSERT(offset <= bytes.size() && bytes.size() - offset >= sizeof(T));
    std::memcpy(bytes.data() + offset, &value, sizeof(T));
}

/// Appends `value` little-endian.
template <std::unsigned_integral T>
void append(std::vector<u8>& bytes, T value) {
    bytes.resize(bytes.size() + sizeof(T));
    put(bytes, bytes.size() - sizeof(T), value);
}

} // namespace ringer::boot
