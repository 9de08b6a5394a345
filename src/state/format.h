#pragma once

#include "base/types.h"

#include <string_view>

namespace ringer::state::format {

/// A saved state is a header and a body. All integers are little-endian.
///
///     header   magic (8 bytes), version (u32), length of the body in bytes (u64)
///     body     records, one after the other
///     record   kind (u8), number (u32), length of the payload in bytes (u64), payload
///
/// The numbers of integers and groups are unique among the records next to them and may come in any order. A
/// reader passes over numbers that it does not know, so a field may be added or dropped without a new
/// version.
inline constexpr std::string_view magic = "RINGERST";
inline constexpr u32 version = 1;
inline constexpr std::size_t header_size = 8 + 4 + 8;
inline constexpr std::size_t record_header_size = 1 + 4 + 8;

enum class Kind : u8 {
    integer = 1, ///< 1 to 8 bytes.
    group = 2,   ///< Records: the fields of a struct, or the elements of an array numbered from 0.
    bytes = 3,   ///< Raw contents of the group around it; its number is 0.
    count = 4,   ///< 8 bytes: how many elements, or bytes, the group around it holds; its number is 0.
};

} // namespace ringer::state::format
