#pragma once

#include "memory/shadow_space.h"
#include "x86/instruction.h"

namespace ringer::engine::translator {

/// What a translation depends on besides its bytes: how they are decoded, which accesses its checks allow,
/// and which instructions it may run on the host's registers.
struct Condition {
    u8 view = 0;                     ///< x86::TlbView.
    bool is_shadowed : 1 = false;    ///< Data is where the shadow space has it (ShadowMap).
    bool has_high_stack : 1 = false; ///< There, and RSP is in its upper region, or near enough for accesses
                                     ///< not to leave its margin (StackPointerWatch).
    bool sse : 1 = false, avx : 1 = false; ///< May be executed now without #UD or #NM.
    bool exceptions_masked : 1 = false;    ///< By MXCSR.
    bool x87 : 1 = false; ///< x87 and MMX may be used without #NM, and all x87 exceptions are masked.
    x86::CodeMode mode = x86::CodeMode::long64;

    /// @name Outside of 64-bit mode
    /// @{
    /// Bits by x86::SegmentRegister, for those in which every offset is a linear address and may be read and
    /// written.
    u8 flat_segments = 0;
    bool has_wide_stack = false; ///< The stack pointer is ESP.
    u32 code_base = 0, code_limit = 0;
    /// @}

    bool operator==(const Condition&) const = default;
    /// But for what holds for the accesses of one view.
    bool same_but_view(Condition other) const {
        other.view = view;
        other.is_shadowed = is_shadowed;
        other.has_high_stack = has_high_stack;
        return *this == other;
    }

    /// The number of the jump cache that leads to code for it. Users' code for a stack in the upper region
    /// must never be reached with another stack, and so has one of its own.
    static constexpr u8 jump_caches = 4;
    static constexpr u8 jump_cache_of(u8 view, bool has_high_stack) { return has_high_stack ? 3 : view; }
    u8 jump_cache() const { return jump_cache_of(view, has_high_stack); }

    bool is_long64() const { return mode == x86::CodeMode::long64; }
    /// Whether its jump cache leads to landings, with which some of its translations begin: that cache is the
    /// only one for it, so that what it leads to is, as a rule, at one linear address.
    bool has_landings() const { return is_long64() && (view != 0 || has_high_stack); }
    /// In which region code at a linear address is, for what it has beside itself in the shadow space.
    memory::ShadowSpace::Region code_region(u64 linear) const {
        const bool matters = is_shadowed && is_long64();
        return matters ? memory::ShadowSpace::region_of(linear) : memory::ShadowSpace::Region::none;
    }
    /// A linear address that may have left its range.
    u64 wrapped(u64 linear) const { return is_long64() ? linear : static_cast<u32>(linear); }
    /// Of linear addresses, in bytes.
    unsigned address_size() const { return is_long64() ? 8 : 4; }
    /// Whether offsets in a segment are linear addresses, and nothing is to be checked.
    bool is_flat(x86::SegmentRegister segment) const {
        return is_long64() ? segment < x86::fs : (flat_segments >> segment & 1) != 0;
    }
    unsigned stack_pointer_size() const { return is_long64() ? 8 : has_wide_stack ? 4 : 2; }
    /// Whether the stack pointer is a linear address.
    bool has_flat_stack() const { return is_long64() || (has_wide_stack && is_flat(x86::ss)); }
    /// Whether all of the page at a linear address is code that the instruction pointer can reach, so that no
    /// branch within it needs to look at the limit.
    bool reaches_page(u64 linear) const;
};

} // namespace ringer::engine::translator
