#pragma once

#include "x86/state.h"

#include <cstring>

/// The legacy region of the XSAVE area, which is FXSAVE's image (Intel SDM Vol. 1, 10.5.1 and 13.4.1).
namespace ringer::x86 {

inline constexpr u32 mxcsr_mask = 0xffff;            ///< The bits of MXCSR that exist.
inline constexpr u32 mxcsr_exception_masks = 0x1f80; ///< Those of them that mask exceptions.

namespace legacy_offset {
inline constexpr unsigned mxcsr = 24, mxcsr_end = 32, st = 32, xmm = 160;
}

/// Bytes 0 to 23 and 32 to 159. `wide`: with 64-bit pointers (FXSAVE64); else 32 bits of each, and its
/// selector.
inline void write_x87_image(const X87State& x87, bool wide, u8* image) {
    u64 ip = x87.instruction_pointer;
    u64 dp = x87.data_pointer;
    if (!wide) {
        ip = static_cast<u32>(ip) | u64{x87.code_selector} << 32;
        dp = static_cast<u32>(dp) | u64{x87.data_selector} << 32;
    }
    std::memcpy(image, &x87.control, 2);
    std::memcpy(image + 2, &x87.status, 2);
    image[4] = x87.valid;
    image[5] = 0;
    std::memcpy(image + 6, &x87.opcode, 2);
    std::memcpy(image + 8, &ip, 8);
    std::memcpy(image + 16, &dp, 8);
    std::memcpy(image + legacy_offset::st, &x87.st, sizeof(x87.st));
}

inline void write_mxcsr_image(u32 mxcsr, u8* image) {
    std::memcpy(image + legacy_offset::mxcsr, &mxcsr, 4);
    std::memcpy(image + legacy_offset::mxcsr + 4, &mxcsr_mask, 4);
}

/// The reverse. What does not exist in the registers is dropped, and the summary bits follow from flags and
/// masks.
X87State read_x87_image(const u8* image, bool wide);

} // namespace ringer::x86
