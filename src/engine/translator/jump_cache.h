#pragma once

#include "base/fill_log.h"
#include "engine/translator/condition.h"
#include "x86/tlb.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

namespace ringer::engine::translator {

/// Code addresses by linear address, for indirect branches and those that leave a page. One for each view, as
/// most code does not change the view by itself, and address space.
///
/// It also knows which pages of code it leads to. As long as none of them is dropped, a branch into one may
/// go there without a look at the cache: it only compares the cache's stamp with the one that was current
/// when it was linked.
class JumpCache {
  public:
    struct alignas(16) Entry {
        u64 linear;
        const void* code;
    };
    /// Branch targets lie close together, and large programs have many, so they are spread by Fibonacci
    /// hashing: some bits of a product, which are where an entry's offset has its index. They follow from the
    /// lower 21 of the target.
    static constexpr u32 hash_factor = 0x9e37'79b1;
    static constexpr u32 offset_bits(unsigned entries) { return (entries - 1) * u32{sizeof(Entry)}; }

    /// A target is at its entry, or at the next one, where another that has the same has moved it.
    static constexpr u32 second_way = sizeof(Entry);

    /// `entries`: a power of two, at most 1 << 17.
    explicit JumpCache(unsigned entries);

    /// nullptr: not known.
    const void* find(u64 target) const {
        const Entry* const entry = entry_of(target);
        return entry ? entry->code : nullptr;
    }
    /// At its own entry. The pages of the target's code are known already.
    void add(u64 target, const void* code, bool is_global);
    /// Whether a page was known before, and whether the physical one now turns out to be at two linear
    /// addresses.
    struct AddedPage {
        bool is_new, has_second_place;
    };
    /// Notes that code at a linear address is at a physical one; both of the page's start.
    AddedPage add_page(u64 linear, GuestPhysical physical, const x86::PageKind& kind);
    /// Whether code of a physical page runs at this linear address and at no other.
    bool is_only_at(u64 linear, GuestPhysical physical) const;
    /// What is known of the page at a linear address, which is its start.
    struct Page {
        GuestPhysical physical;
        x86::PageKind kind;
    };
    const Page* page(u64 linear) const {
        const auto known = pages_.find(linear);
        return known == pages_.end() ? nullptr : &known->second;
    }

    /// Each returns whether something has gone.
    /// @{
    bool clear();
    /// Drops at least those that were not added as global.
    bool clear_local();
    bool clear_page(u64 linear);
    /// @}
    /// Drops that a target is at this code.
    void drop(u64 target, const void* code) {
        if (find(target) == code) clear_target(target);
    }
    /// Drops what leads into memory of the code cache.
    void drop_code(std::span<const u8> code);

  private:
    using Log = FillLog<u32, 4096>; ///< Of indices, with the entries behind them.

    unsigned index(u64 target) const {
        return (static_cast<u32>(target) * hash_factor & offset_bits_) / u32{sizeof(Entry)};
    }
    const Entry* entry_of(u64 target) const {
        const Entry* const first = &entries_[index(target)];
        return first[0].linear == target ? first : first[1].linear == target ? first + 1 : nullptr;
    }
    /// With the second of the last.
    unsigned size() const { return offset_bits_ / u32{sizeof(Entry)} + 2; }
    /// A target that is at other entries. Zero where that will do, so that fresh memory need not be touched.
    static u64 nowhere(unsigned at) { return at <= 1 ? 1 : 0; }
    static constexpr u64 several = ~u64{0};

    void clear_entry(unsigned at) { entries_[at].linear = nowhere(at); }
    void clear_target(u64 target) {
        if (const Entry* const entry = entry_of(target))
            clear_entry(static_cast<unsigned>(entry - &entries_[0]));
    }
    void clear(Log& log);
    using Pages = std::unordered_map<u64, Page>;
    Pages::iterator drop(Pages::iterator page);

    u32 offset_bits_;
    std::unique_ptr<Entry[], decltype(&std::free)> entries_;
    Log local_, global_;
    Pages pages_;                                      ///< By linear address: all that entries rely on.
    std::size_t local_pages_ = 0;                      ///< Those that are not global.
    std::unordered_map<GuestPhysical, u64> linear_of_; ///< The inverse, or `several`.
    x86::LargePages large_pages_;                      ///< Among the pages.
    u32 stamp_ = 0;

    friend class JumpCaches;
};

/// What translated code sees of the present jump caches, by Condition::jump_cache().
struct JumpTables {
    std::array<u32, Condition::jump_caches> stamps{};
    std::array<JumpCache::Entry*, Condition::jump_caches> entries{};
    /// For system calls and returns from them, by whether RSP is in the shadow space's upper region: users'
    /// cache, which bits of an offset are an entry's, and whether it and supervisors' are for the same
    /// condition, but for its view.
    /// @{
    std::array<const void*, 2> users{};
    std::array<u64, 2> users_offset_bits{};
    std::array<u64, 2> share_condition{};
    /// @}
};

/// The jump caches of a vCPU. Those of supervisors hold code for one condition at a time, but for its view,
/// and so does each of users: one for each address space, and one for the owner of the shadow space, with its
/// stack there, which large programs that run for long are.
class JumpCaches {
  public:
    /// Keeps `tables` at those of the current address space.
    explicit JumpCaches(JumpTables& tables);

    /// By Condition::jump_cache(): many for those that are there once, but few for the little code that a
    /// kernel runs while it may access users' pages.
    static constexpr unsigned entries_of(u8 jump_cache) {
        constexpr std::array entries{1U << 15, 1U << 16, 1U << 12, 1U << 17};
        static_assert(entries.size() == Condition::jump_caches);
        return entries[jump_cache];
    }

    /// A stamp that no cache ever has.
    static constexpr u32 unlinked = ~u32{0};

    /// Before code for a condition runs, or is looked for or entered here. Drops what is for another one.
    void use_for(const Condition& condition);

    /// See JumpCache.
    /// @{
    const void* find(const Condition& condition, u64 target) const { return of(condition).find(target); }
    void add(const Condition& condition, u64 target, const void* code, bool is_global) {
        of(condition).add(target, code, is_global);
    }
    void drop(const Condition& condition, u64 target, const void* code) { of(condition).drop(target, code); }
    /// Returns whether the page was not known before.
    bool add_page(const Condition& condition, u64 linear, GuestPhysical physical, const x86::PageKind& kind);
    const JumpCache::Page* page(const Condition& condition, u64 linear) const {
        return of(condition).page(linear);
    }
    /// @}
    /// After code has left the code cache, which has undone the links to it.
    void drop_code(std::span<const u8> code);
    /// For branches out of a page, both addresses of which are given, into one that has been added; nullopt:
    /// they are to look at the cache.
    std::optional<u32> stamp_for_links(const Condition& condition, u64 linear, GuestPhysical physical) const;
    /// When users' code is to be for another condition from now on.
    void clear_users();

    /// @name See x86::MappingObserver
    /// @{
    void clear();
    void clear_local();
    void clear_page(u64 linear);
    void enter_space(u64 number);
    /// @}

  private:
    /// Users' code is rarely global, and supervisors' mostly is.
    struct Users {
        u64 space = 0, last_use = 0; ///< The address space, by its number.
        Condition condition{};
        JumpCache cache{entries_of(0)};
    };
    static constexpr unsigned spaces_kept = 4;

    const Users& users(bool has_high_stack) const { return has_high_stack ? high_ : users_[current_]; }
    Users& users(bool has_high_stack) { return has_high_stack ? high_ : users_[current_]; }
    const JumpCache& of(const Condition& condition) const {
        return condition.view == 0 ? users(condition.has_high_stack).cache
                                   : supervisors_[condition.view - 1u];
    }
    JumpCache& of(const Condition& condition) {
        return condition.view == 0 ? users(condition.has_high_stack).cache
                                   : supervisors_[condition.view - 1u];
    }
    /// Whether there is code for a stack in the upper region in the current address space.
    bool has_high() const { return high_.condition.has_high_stack && high_.space == users_[current_].space; }
    template <class Act>
    void for_each(Act&& act);
    void clear(JumpCache& cache);
    void clear_local(JumpCache& cache);
    /// Ends all links that go by what the cache held.
    void renew_stamp(JumpCache& cache);
    void show_tables();

    static constexpr u32 exhausted = 0;

    JumpTables& tables_;
    std::array<Users, spaces_kept> users_{};
    Users high_{.cache = JumpCache(entries_of(Condition::jump_cache_of(0, true)))};
    Condition supervisors_condition_{};
    std::array<JumpCache, 2> supervisors_{JumpCache(entries_of(1)), JumpCache(entries_of(2))};
    unsigned current_ = 0;
    u64 uses_ = 0;
    u32 last_stamp_ = exhausted;
};

} // namespace ringer::engine::translator
