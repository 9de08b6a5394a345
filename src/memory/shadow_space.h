#pragma once

#include "base/types.h"

#include <span>

namespace ringer::memory {

/// An access of generated code that the host's MMU has refused.
struct RefusedAccess {
    const u8* code;   ///< The instruction.
    bool has_address; ///< Otherwise it was refused for its alignment, or is not in canonical form.
    u64 linear;       ///< The guest's.
    bool is_write;
    u64 flags; ///< EFLAGS in front of it.
};

/// Who knows what to do about it.
class RefusedAccessHandler {
  public:
    virtual ~RefusedAccessHandler() = default;
    /// Where the thread goes on, with all registers as they are: at the instruction, once the page is mapped,
    /// or elsewhere.
    virtual const u8* access_refused(const RefusedAccess& access) = 0;
};

/// Shadow page tables that the host's kernel keeps: pages of guest RAM, mapped into the process where linear
/// addresses of the guest tell, so that generated code reaches them without a look at any table. It has two
/// regions, for the lower and the upper end of what user programs have of a linear address space. Accesses to
/// what is not mapped there, or may not be written, raise a signal.
///
/// Generated code has to see for itself that an address is in the region that it counts on, or misses it by
/// less than `margin`: beyond is the process's own memory.
class ShadowSpace {
  public:
    enum class Region : u8 { none, low, high };

    /// Linear addresses from `lowest` on lie at themselves,
    static constexpr u64 lowest = 0x10000; ///< Below the host's kernel catches null pointers.
    static constexpr unsigned low_bits = 40;
    /// and those from 1 << high_bits on, as many, at a distance that the host's GS has as its base.
    static constexpr unsigned high_bits = 46;
    static constexpr u64 margin = u64{128} << 30;

    static constexpr u64 low_end = u64{1} << low_bits, high_begin = u64{1} << high_bits,
                         high_end = 2 * high_begin;
    /// Where high_begin lies in the process.
    static constexpr u64 high_place = low_end + margin;
    static constexpr u64 gs_base = high_place - high_begin;

    virtual ~ShadowSpace() = default;

    /// Maps whole pages of guest RAM where none are mapped. False when they cannot be.
    virtual bool map(u64 linear, std::span<const u8> ram, bool writable) = 0;
    /// Of pages that are mapped.
    virtual void unmap(u64 linear, u64 bytes) = 0;
    /// Unmaps everything.
    virtual void clear() = 0;

    /// Before the present thread runs code that uses it.
    virtual void enter_thread() = 0;

    /// Whom accesses of generated code are told of; nullptr: nobody.
    virtual void watch(std::span<const u8> code, RefusedAccessHandler* handler) = 0;

    static constexpr bool is_low(u64 linear) { return linear >= lowest && linear < low_end; }
    static constexpr bool is_high(u64 linear) { return linear >= high_begin && linear < high_end; }
    static constexpr Region region_of(u64 linear) {
        if (is_low(linear)) return Region::low;
        return is_high(linear) ? Region::high : Region::none;
    }

    /// The linear address that lies at a place in the process. Between the regions are the margins, which
    /// stand for what is above the lower region.
    static constexpr u64 linear_at(u64 place) { return place < high_place ? place : place - gs_base; }
};

} // namespace ringer::memory
