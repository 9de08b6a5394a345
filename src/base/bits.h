#pragma once

#include "base/types.h"

#include <concepts>
#include <type_traits>

namespace ringer {

/// Bit `index` of `value`.
template <std::unsigned_integral T>
constexpr bool bit(T value, unsigned index) {
    return (value >> index) & 1;
}

/// The `width` bits of `value` from bit `low` upward, shifted down to bit 0. 0 < width < 64.
constexpr u64 bits(u64 value, unsigned low, unsigned width) {
    return (value >> low) & ((u64{1} << width) - 1);
}

/// `value` with bit `index` set to `on`.
template <std::unsigned_integral T>
constexpr T with_bit(T value, unsigned index, bool on) {
    return on ? value | (T{1} << index) : value & ~(T{1} << index);
}

/// Rounds down, or up, to a multiple of `alignment`, a power of two.
constexpr u64 align_down(u64 value, u64 alignment) { return value & ~(alignment - 1); }
constexpr u64 align_up(u64 value, u64 alignment) { return align_down(value + alignment - 1, alignment); }
constexpr bool is_aligned(u64 value, u64 alignment) { return (value & (alignment - 1)) == 0; }

/// `value` read as a two's complement number of T's width, widened to 64 bits.
template <std::unsigned_integral T>
constexpr u64 sign_extend(T value) {
    return static_cast<u64>(static_cast<i64>(static_cast<std::make_signed_t<T>>(value)));
}

/// A mask of the low `size` bytes; 1 <= size <= 8.
constexpr u64 byte_mask(unsigned size) { return ~u64{0} >> (64 - 8 * size); }

/// Fibonacci hashing: all of `value` matters to the upper bits, which keep apart what follows one another.
constexpr u64 spread_bits(u64 value) { return value * 0x9e37'79b9'7f4a'7c15; }

inline constexpr u64 KiB = 1024;
inline constexpr u64 MiB = 1024 * KiB;
inline constexpr u64 GiB = 1024 * MiB;

} // namespace ringer
