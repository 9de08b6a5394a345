#pragma once

#include "base/assert.h"
#include "base/types.h"

#include <bit>
#include <concepts>
#include <cstring>
#include <span>
#include <vector>

namespace ringer {

/// The big-endian number at `offset` of `bytes`, which must hold all of it.
template <std::unsigned_integral T>
T get_big_endian(std::span<const u8> bytes, std::size_t offset = 0) {
    RINGER_ASSERT(offset <= bytes.size() && bytes.size() - offset >= sizeof(T));
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
    return std::byteswap(value);
}

/// Stores `value` big-endian at `offset`, which must leave room for it.
template <std::unsigned_integral T>
void put_big_endian(std::span<u8> bytes, std::size_t offset, T value) {
    RINGER_ASSERT(offset <= bytes.size() && bytes.size() - offset >= sizeof(T));
    value = std::byteswap(value);
    std::memcpy(bytes.data() + offset, &value, sizeof(T));
}

/// Appends `value` big-endian.
template <std::unsigned_integral T>
void append_big_endian(std::vector<u8>& bytes, T value) {
    bytes.resize(bytes.size() + sizeof(T));
    put_big_endian(std::span(bytes), bytes.size() - sizeof(T), value);
}

} // namespace ringer
