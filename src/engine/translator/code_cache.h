#pragma once

#include "base/bits.h"
#include "engine/explanation.h"
#include "engine/hash_chains.h"
#include "engine/translator/block_translator.h"
#include "engine/translator/runtime.h"

#include <array>
#include <cstring>
#include <deque>
#include <random>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ringer::engine::translator {

struct Translation;

/// A jump that can lead from one translation to another.
struct Link {
    u32 stub; ///< Where its ExitStub is in the cache's memory, of SideExit::Kind::link, far and so on.
    u32 segment_made; ///< The use of the segment that this is in: another one means another jump.

    bool operator==(const Link&) const = default;
};

/// One block's code, under one condition.
struct Translation {
    GuestPhysical address;
    Condition condition;
    u32 code;                      ///< Where it is in the cache's memory, its landing first.
    u32 trailer;                   ///< Where CodeCache has what is beside it.
    u32 incoming = none;           ///< The first of those that jump here: CodeCache's IncomingLink.
    u16 bytes : 13;                ///< Of the guest's, if CodeCache::pages() has none.
    bool is_jumped_to : 1 = false; ///< By a branch that missed the jump cache.
    u8 instructions : 7;           ///< That all of it counts.
    Checking checking : 1;
    Region code_region : 2;        ///< See GuestBlock.
    bool lands : 1;                ///< It begins with a Landing, and has its start behind that.
    bool has_loop : 1;             ///< See GuestBlock.
    bool is_trace : 1;             ///< Likewise.
    bool has_pages : 1;            ///< CodeCache::pages() has some.
    bool has_no_trace : 1 = false; ///< What runs behind it was no more than it is; of a loop: it was seen.
    bool is_dropped : 1 = false;   ///< Its bytes were written.
    Translation* next_in_bucket = nullptr;
    Translation* next_in_page = nullptr;

    GuestPhysical page() const { return align_down(address, memory::page_size); }
    /// Where its first instruction is in the cache's memory.
    u32 start() const { return code + (lands ? u32{sizeof(Landing)} : 0); }
    /// Whether a jump cache may lead to it.
    bool may_be_jumped_to() const { return lands || !condition.has_landings(); }

    static constexpr u32 none = ~u32{0};
};
static_assert(sizeof(Translation) == 56, "there are some 80,000 of them");

/// The bytes of a block, as analyze() has them.
struct CodeBytes {
    GuestPhysical address;
    std::span<const u8> bytes;
    std::optional<GuestPhysical> next_page{}; ///< With those that are beyond the first page.
    Region region = Region::none;             ///< See GuestBlock::code_region.
};

/// Translated code by guest-physical address and condition, in memory of a fixed size. The memory is cut into
/// segments, which are filled one after the other; when all are full, what is in one of them, by chance,
/// goes: a program whose code does not fit comes back to it in rounds, for which the oldest is the worst
/// choice.
class CodeCache {
  public:
    /// `memory` is what the runtime has left of it.
    explicit CodeCache(x86::CodeMemory memory);

    /// Of code in a region (Condition::code_region). nullptr: there is none.
    Translation* find(GuestPhysical address, Region region, const Condition& condition,
                      Checking checking) const;

    /// Translates a block. nullptr: there is nothing in it that could be. No code of the cache may be under
    /// way, as some may go, which evicted() tells. `is_linked_to`: as far as is known, no jump leads there.
    Translation* add(const CodeBytes& bytes, const OperandsAt& operands_at, const x86::CpuModel& model,
                     Context& context, const Runtime& runtime, const Condition& condition, Checking checking,
                     bool is_linked_to);
    /// The same for a trace, which takes the place of a block, or of one that was dropped. nullptr: it would
    /// go no further than the block, and is not to be looked for again.
    Translation* add_trace(Translation& block, const TracePath& path, const x86::CpuModel& model,
                           Context& context, const Runtime& runtime);
    /// Whether there may be a trace in its place.
    bool may_begin_trace(const Translation& block) const {
        return !block.is_trace && !block.has_no_trace && !block.has_loop && !block.has_pages &&
               block.condition.is_long64() && block.checking == Checking::grouped &&
               !is_ungrouped(block.address, block.condition);
    }
    /// The pages that a translation has code in, as GuestBlock has them. It depends on how they are mapped,
    /// and looks at that itself.
    std::span<const CodePage> pages(const Translation& translation) const;
    /// Whether the first of them may be at this linear address (GuestBlock::fixed_page).
    bool may_be_at(const Translation& translation, u64 page) const;
    /// Calls `act` for the translations in a page of code, in a region and for a condition, that are jumped
    /// to; but not for those that pages() has something of.
    template <class Act>
    void for_each_jumped_to(GuestPhysical page, Region region, const Condition& condition, Act&& act) const {
        const auto first = starts_.find(page >> memory::page_shift);
        if (first == starts_.end()) return;
        for (const Translation* each = first->second; each; each = each->next_in_page)
            if (each->is_jumped_to && !each->has_pages && each->checking == Checking::grouped &&
                each->code_region == region && each->condition == condition)
                act(*each);
    }
    /// Nothing leads there any more, nor finds it.
    void drop(Translation& translation);
    /// Where the translations were that the last add() has evicted; empty if none.
    std::span<const u8> evicted() const { return evicted_; }
    /// Has the translation that is added next explained, as one of code at a linear address.
    void explain_next(u64 linear) { explain_next_ = linear; }
    const std::optional<Explanation>& explanation() const { return explanation_; }

    /// For who has set Context::page_base.
    const void* start(const Translation& translation) const {
        return memory_.executable + translation.start();
    }
    /// For a jump cache.
    const void* code(const Translation& translation) const { return code_at(translation, 0); }
    /// The inverse.
    Translation& translation_at(const void* code) const;
    /// Has code(), if it is a landing, be one for a page at a linear address. Returns for which it was.
    u64 land_at(const Translation& translation, u64 page);
    /// Before a jump cache leads to code that so far only links have led to: drops the translation, and has
    /// it land when it is made anew.
    void give_landing(Translation& translation);
    /// Code at an offset from code().
    const void* code_at(const Translation& translation, u16 offset) const {
        return memory_.executable + translation.code + offset;
    }

    /// What a call of the engine means.
    struct Place {
        Translation& translation;
        u32 stub; ///< Where its ExitStub is, if it has one.
        SideExit exit;
        Unsaved unsaved;
        std::span<const CodePage> pages; ///< Of the translation.

        /// How far a position is from the start of the first page, in linear addresses.
        i32 distance_of(u16 position) const {
            const u16 page_number = position >> memory::page_shift;
            return pages.empty() ? i32{position}
                                 : pages[page_number].distance + position % i32{memory::page_size};
        }
        i32 distance() const { return distance_of(exit.position); }
        GuestPhysical address_of(u16 position) const {
            const u16 page_number = position >> memory::page_shift;
            const GuestPhysical page = pages.empty() ? translation.page() : pages[page_number].page;
            return page + position % memory::page_size;
        }

        /// Whether code there may rely on the target being always for the condition that holds then.
        bool may_link_to(const Translation& target) const {
            const Condition &from = translation.condition, &to = target.condition;
            return from.has_high_stack == to.has_high_stack && from.has_landings() == to.has_landings();
        }
    };
    /// By where the call returns to: the SideExit, or the start of the translation that is left.
    Place place_of_call(const void* returns_to) const;
    /// The same for an access that was refused in the shadow space.
    Place place_of_refused(const u8* code) const;

    /// Of a SideExit::Kind::link, far and so on.
    Link link_at(const Place& place) const;
    /// Makes a SideExit::Kind::link go on at `target`, unless it is gone, or the target is not always what it
    /// leads to.
    void link(const Link& link, Translation& target);
    /// Where a SideExit::Kind::far has led to last, and how far the page of that is from its own, in linear
    /// addresses; nullopt if nowhere, or it has to be found out.
    struct FarTarget {
        Translation& translation;
        i32 distance;
    };
    std::optional<FarTarget> far_target(const Place& place) const;
    /// Makes a SideExit::Kind::far or `following` go on at `target` as long as a stamp is current.
    void link_far(const Place& place, Translation& target, u32 stamp);
    /// Has a SideExit::Kind::crossing go on as long as a stamp is current.
    void note_stamp(const Place& place, u32 stamp);

    /// After the check of a group has failed at a linear address, as for a stack frame that crosses a page.
    /// Where that has become the rule, the block is dropped, and checks each access by itself from then on.
    void note_failed_group(Translation& translation, u64 linear, u64 retired);

    /// After an address was not in the region of the shadow space that was expected of a group, as the vector
    /// tells: the block is made anew, for the other, then for both, and if it was in neither, with a look at
    /// the TLB for each access. A trace is only dropped: returns whether to make it, for who knows its path.
    bool note_wrong_region(Translation& translation, unsigned vector);

    /// After an access that was refused there has turned out to be allowed, as writes beside code are: where
    /// that is the rule, the block looks at the TLB from then on. Returns whether it does already, where it
    /// can.
    bool note_refused(Translation& translation, u64 retired);

    /// What became of a page that was written to.
    struct Written {
        bool dropped; ///< Some translation.
        bool stays;   ///< Some other.
    };
    /// Drops the translations that a write touches: who jumps to them leaves. Their code stays as long as
    /// somebody may be in the middle of it, which is until add() is called.
    Written code_written(GuestPhysical address, u64 size);

    /// @name Statistics
    /// @{
    u64 bytes_used() const;
    u64 translations_made() const { return made_; }
    u64 careful_translations_made() const { return made_careful_; } ///< Of these.
    u64 traces_made() const { return made_traces_; }                ///< Likewise.
    u64 links_made() const { return linked_; }
    /// Of a segment.
    u64 evictions() const { return evictions_; }
    /// @}

  private:
    /// Code is added at its front, and what is seldom needed beside it at its back.
    struct Segment {
        u32 begin = 0, front = 0, back = 0;
        u32 made = 0; ///< How often it was begun.
        std::deque<Translation> translations{};

        bool has_room_for(u32 bytes) const { return back - front >= bytes; }
    };
    /// In a list of those that lead to one translation.
    struct IncomingLink {
        Link link;
        u32 next;
    };
    /// In front of a translation's code, with the call at leave_offset.
    static constexpr u8 call_near = 0xe8;
    struct [[gnu::packed]] Header {
        Translation* translation;
        u8 opcode = call_near;
        i32 displacement;
    };
    static_assert(sizeof(Header) - offsetof(Header, opcode) == -leave_offset);
    /// Behind a translation's stubs. Behind it are what is Unsaved, but for the first, and its refusals.
    struct [[gnu::packed]] Trailer {
        u32 code; ///< Where the translation's is.
        u8 unsaved;
    };
    /// Where the check of a block's group last failed, or 0 of what was refused, when by Cpu::retired, and
    /// how often in a row it was the same.
    struct Failures {
        GuestPhysical block = ~GuestPhysical{0};
        u64 linear = 0, at = 0;
        u32 count = 0;
    };
    static constexpr unsigned segment_count = 16;
    static constexpr unsigned failures_kept = 1 << 12;

    /// Of a translation in `translations_`. Much code is there for several conditions.
    static u64 key(GuestPhysical address, const Condition& condition);
    static u64 key_of(const Translation& translation) {
        return key(translation.address, translation.condition);
    }
    Segment& segment_of(u32 offset) { return segments_[offset / segment_bytes_]; }
    const Segment& segment_of(u32 offset) const { return segments_[offset / segment_bytes_]; }
    /// The present one, in which the largest translation has room.
    Segment& segment_with_room();
    /// Translates the block that was analyzed. nullptr: it is a trace that is too long.
    Translation* translate(GuestPhysical address, bool is_amd, Context& context, const Runtime& runtime,
                           const Condition& condition, Checking checking, bool lands);
    /// What groups of `block_`, which is at an address, have missed, and would miss by what was seen.
    MissedRegions regions_missed_by(GuestPhysical address) const;
    bool overlaps(const Translation& translation, GuestPhysical begin, u64 size) const;
    /// A key for what is known of code at an address, of which there are two kinds.
    static u64 flagged(GuestPhysical address, bool flag) { return address | u64{flag} << 63; }
    bool is_ungrouped(GuestPhysical address, const Condition& condition) const {
        return ungrouped_.contains(flagged(address, condition.is_shadowed));
    }
    /// The one to fill next: an empty one, or any.
    unsigned next_segment();
    void evict(Segment& segment);
    /// Whether what has failed there, or 0, has become the rule.
    bool is_rule(const Translation& translation, u64 linear, u64 retired);
    void check_each_access(Translation& translation);
    void add_stubs(u32 at, std::span<const SideExit> exits, const Runtime& runtime);
    i32 distance_to_engine(u32 returns_to, const Runtime& runtime) const;
    /// Nothing finds it any more.
    void forget(Translation& translation);
    bool is_there(const Link& link) const { return segment_of(link.stub).made == link.segment_made; }
    void add_incoming(Translation& target, const Link& link);
    void remove_incoming(Translation& target, const Link& link);
    /// Of a list, given by where its number is.
    void free_incoming(u32& first);
    void unlink(const Link& link);
    Place place_of_stub(u32 stub) const;
    /// Of a SideExit::Kind::far or `following`; nullptr: it is not linked.
    Translation* linked_far_to(const Place& place) const;
    /// That has code at an offset in the cache's memory.
    Translation& translation_around(u32 at) const;
    /// By Translation::start().
    Translation& translation_from(u32 start) const;
    Unsaved unsaved_of(u32 trailer, unsigned number) const;
    template <class T = u32>
    T read(u32 at) const {
        T value;
        std::memcpy(&value, memory_.executable + at, sizeof(value));
        return value;
    }
    template <class T>
    void write(u32 at, const T& value) {
        std::memcpy(&memory_.writable[at], &value, sizeof(value));
    }
    static u32 stamp_at(const Place& place);
    static u32 displacement(u32 at, u32 target) { return target - (at + u32{sizeof(u32)}); }

    x86::CodeMemory memory_;
    u32 segment_bytes_;
    std::array<Segment, segment_count> segments_{};
    unsigned current_ = 0;
    std::minstd_rand chance_; ///< With the same numbers in each run.
    GuestBlock block_;        ///< That is being translated.
    std::span<const u8> evicted_;
    HashChains<Translation> translations_{1 << 16}; ///< By key().
    std::unordered_map<u64, Translation*> starts_;  ///< Those that begin in each page, by page number.
    std::deque<IncomingLink> incoming_;             ///< Of all translations.
    u32 free_incoming_ = Translation::none;         ///< The first of those that are of none.
    struct Pages {
        std::vector<CodePage> pages;
        std::optional<i32> fixed; ///< See GuestBlock::fixed_page.
    };
    std::unordered_map<const Translation*, Pages> pages_of_;       ///< See pages().
    std::unordered_multimap<GuestPhysical, Translation*> also_in_; ///< By these but the first.
    std::vector<Failures> failures_; ///< By key(): the last one of those that share a place.
    /// Where groups do not pay, flagged() by whether in the shadow space.
    std::unordered_set<u64> ungrouped_;
    std::unordered_map<u64, MissedRegions> missed_regions_; ///< flagged() by whether of a trace.
    DataRegions data_regions_;
    std::unordered_set<GuestPhysical> landed_at_; ///< Where links and jumps both lead.
    std::optional<u64> explain_next_;
    std::optional<Explanation> explanation_;
    u64 made_ = 0, made_careful_ = 0, made_traces_ = 0, linked_ = 0, evictions_ = 0;
};

} // namespace ringer::engine::translator
