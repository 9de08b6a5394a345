#pragma once

#include "base/fill_log.h"
#include "x86/tlb.h"

#include <array>
#include <bitset>
#include <cstdlib>
#include <memory>

namespace ringer::engine::translator {

/// Code addresses by linear address, for indirect branches and those that leave a page. One for each view, as
/// most code does not change the view by itself, and address space.
class JumpCache {
  public:
    struct alignas(16) Entry {
        u64 linear;
        const void* code;
    };
    static constexpr unsigned entries = 1 << 16;
    /// Branch targets lie close together, and large programs have many, so they are spread by Fibonacci
    /// hashing: the upper half of a product.
    static constexpr u32 hash_factor = 0x9e37'79b1;
    static constexpr unsigned index(u64 target) { return static_cast<u32>(target) * hash_factor >> 16; }

    JumpCache();

    /// For translated code, which finds an entry by itself.
    Entry* table() { return entries_.get(); }

    /// nullptr: not known.
    const void* find(u64 target) const {
        const Entry& entry = entries_[index(target)];
        return entry.linear == target ? entry.code : nullptr;
    }
    /// `length`: of what relies on the mapping of its pages, in bytes.
    void add(u64 target, unsigned length, const void* code, bool is_global);

    void clear();
    /// Drops at least those that were not added as global.
    void clear_local();
    void clear_page(u64 linear);

  private:
    using Log = FillLog<u16, 4096>; ///< Of indices.

    /// A target that has another index. Zero where that will do, so that fresh memory need not be touched.
    static constexpr u64 nowhere(unsigned at) { return at == index(0) ? 1 : 0; }
    static constexpr unsigned page_bits = 1 << 12;
    static constexpr unsigned page_bit(u64 linear) { return (linear >> 12) % page_bits; }

    void clear_entry(unsigned at) { entries_[at].linear = nowhere(at); }
    void clear(Log& log);
    void clear_all();

    std::unique_ptr<Entry[], decltype(&std::free)> entries_;
    Log local_, global_;
    std::bitset<page_bits> pages_; ///< Where there may be entries of a page.
    x86::LargePages large_pages_;  ///< That there may be entries of.

    friend class JumpCaches;
};

/// The jump caches of a vCPU. All of them hold code for one condition at a time, but for its view.
class JumpCaches {
  public:
    /// Keeps `tables`, by view, at those of the current address space.
    explicit JumpCaches(std::array<JumpCache::Entry*, 3>& tables);

    const void* find(u8 view, u64 target) const { return of(view).find(target); }
    void add(u8 view, u64 target, unsigned length, const void* code, const x86::PageKind& page);

    /// @name See x86::MappingObserver
    /// @{
    void clear();
    void clear_local();
    void clear_page(u64 linear);
    void enter_space(u64 number);
    /// @}

  private:
    /// Users' code is rarely global, and supervisors' mostly is.
    struct Space {
        u64 number = 0, last_use = 0;
        JumpCache users{};
    };
    static constexpr unsigned spaces_kept = 4;

    const JumpCache& of(u8 view) const {
        return view == 0 ? spaces_[current_].users : supervisors_[view - 1];
    }
    JumpCache& of(u8 view) { return view == 0 ? spaces_[current_].users : supervisors_[view - 1]; }
    template <class Act>
    void for_each(Act&& act);

    std::array<JumpCache::Entry*, 3>& tables_;
    std::array<Space, spaces_kept> spaces_{};
    std::array<JumpCache, 2> supervisors_{};
    unsigned current_ = 0;
    u64 uses_ = 0;
};

} // namespace ringer::engine::translator
