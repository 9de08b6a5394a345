#pragma once

#include <cstddef>
#include <cstdint>

namespace ringer {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
__extension__ using u128 = unsigned __int128;
__extension__ using i128 = __int128;

/// An address in the guest's physical address space, as it leaves the vCPU.
using GuestPhysical = u64;

/// A length of time in the machine, or a moment counted from its power-on, in nanoseconds.
using Nanoseconds = u64;

} // namespace ringer
