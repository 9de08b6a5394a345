#pragma once

#include "layout.h"

#include <algorithm>

/// The segments that trials use: those of every Linux process, and some of a local descriptor table.
namespace ringer::oracle {

inline constexpr u16 code64_selector = 0x33, code32_selector = 0x23, data_selector = 0x2b;

/// A segment of the local descriptor table, in the terms of Linux' modify_ldt().
struct LocalSegment {
    enum class Kind : u8 { data = 0, expand_down = 1, code = 2 };

    u16 selector;
    u32 base;
    u32 limit; ///< In bytes.
    Kind kind;
    bool is_32_bit;
    bool limited = false; ///< Data that cannot be written, code that cannot be read.
    bool present = true;
};

inline constexpr u16 code16_selector = 0x07, data16_selector = 0x17, data32_selector = 0x1f;
inline constexpr std::array<LocalSegment, 9> local_segments{{
    {code16_selector, layout::code, layout::code_size - 1, LocalSegment::Kind::code, false},
    {0x0f, layout::code, layout::code_size - 1, LocalSegment::Kind::code, true},
    {data16_selector, layout::data, layout::data_size - 1, LocalSegment::Kind::data, false},
    {data32_selector, layout::data, layout::data_size - 1, LocalSegment::Kind::data, true},
    {0x27, layout::data, 0xfff, LocalSegment::Kind::expand_down, true},
    {0x2f, layout::data, 0x7ff, LocalSegment::Kind::expand_down, false},
    {0x37, layout::data, layout::data_size - 1, LocalSegment::Kind::data, true, true},
    {0x3f, layout::data, layout::data_size - 1, LocalSegment::Kind::data, true, false, false},
    {0x47, layout::code, layout::code_size - 1, LocalSegment::Kind::code, false, true},
}};

/// As the CPU has it: accessed, DPL 3.
constexpr u64 descriptor_of(const LocalSegment& segment) {
    const u64 type = 0x11u | (segment.limited ? 0 : 2u) | static_cast<u64>(segment.kind) << 2;
    const u64 attributes = type | 3u << 5 | (segment.present ? 0x80u : 0);
    return (segment.limit & 0xffffu) | u64{segment.base & 0xff'ffff} << 16 | attributes << 40 |
           u64{segment.limit >> 16} << 48 | (segment.is_32_bit ? u64{1} << 54 : 0) |
           u64{segment.base >> 24} << 56;
}

constexpr const LocalSegment* find_local_segment(u16 selector) {
    const auto* const found = std::ranges::find(local_segments, selector, &LocalSegment::selector);
    return found == local_segments.end() ? nullptr : found;
}

/// The base of a segment outside of 64-bit mode.
constexpr u64 base_of(u16 selector) {
    const LocalSegment* const segment = find_local_segment(selector);
    return segment ? segment->base : 0;
}

/// A stack whose pointer has 16 bits: IRET to it leaves the bits above as they are (Intel SDM Vol. 2A, IRET),
/// so the frame that it pops lies where a trial's stack pointer points, but for its last 16 bits.
constexpr bool is_16_bit_stack(u16 selector) {
    const LocalSegment* const segment = find_local_segment(selector);
    return segment && !segment->is_32_bit;
}
inline constexpr u64 entry_frame_size = 5 * 8;
inline constexpr u64 entry_frame = layout::data + layout::data_size - entry_frame_size;

} // namespace ringer::oracle
