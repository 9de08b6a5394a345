#pragma once

#include "base/bits.h"
#include "base/fill_log.h"
#include "base/types.h"

#include <array>
#include <bitset>
#include <vector>

namespace ringer::x86 {

/// With which rights data is accessed. Each view has entries of its own, so that a change of privilege is a
/// change of pointer and not a flush.
enum class TlbView : u8 {
    user,
    supervisor,             ///< SMAP, when on, forbids user pages.
    supervisor_user_access, ///< SMAP off, or overridden by RFLAGS.AC.
    uncached, ///< Never filled: while alignment checks or data breakpoints must see every access.
};

/// What the page tables say of a page besides where it is.
struct PageKind {
    u64 bytes;      ///< Its size.
    bool is_global; ///< In all address spaces, until it is flushed by INVLPG or with everything.
};

/// Told of mappings that end, by whoever remembers what is at a linear address.
class MappingObserver {
  public:
    virtual ~MappingObserver() = default;
    /// Of all address spaces.
    virtual void all_mappings_dropped() = 0;
    /// Those of pages that are not global, of the current address space.
    virtual void local_mappings_dropped() = 0;
    /// Another address space is current. What was known of pages that are not global when `number` was
    /// current last holds again.
    virtual void space_entered(u64 number) = 0;
    /// In the current address space, and of a global page in all.
    virtual void page_dropped(u64 linear) = 0;
    /// A page of the host's memory may not be written any more without being seen.
    virtual void writes_revoked(const u8* host_page) = 0;
    /// None may.
    virtual void all_writes_revoked() = 0;
};

/// Where pages larger than 4 KiB may be: INVLPG of any address in one ends the mapping of all of it. Those
/// who ask then drop more than that, or look at all they have, which a kernel that maps all memory by large
/// pages must not bring about for the small ones of its processes.
class LargePages {
  public:
    void add(u64 linear, const PageKind& page);
    bool may_hold(u64 linear) const;

  private:
    static constexpr unsigned filter_bits = 1 << 14;
    static unsigned place_of(u64 number) {
        return static_cast<unsigned>(spread_bits(number) >> 32) % filter_bits;
    }
    std::bitset<filter_bits> by_2_mib_, by_1_gib_;
    bool any_ = false;
};

/// A software TLB, direct-mapped: cached translations of 4 KiB pages of linear addresses to host memory. It
/// may hold less than the architecture's TLB but never more: it is filled on a walk and dropped on INVLPG,
/// MOV to CR3 and so on (Intel SDM Vol. 3, 4.10).
class Tlb {
  public:
    static constexpr unsigned entries = 16384;
    /// The bits of a linear address that are the index of its entry.
    static constexpr u32 index_bits = (entries - 1) << 12;

    /// One field of all entries, by index().
    using Column = std::array<u64, entries>;

    /// The entries of one view, by columns: pages that follow one another, as most do, share cache lines.
    ///
    /// A tag is the page's linear address when accesses of its kind may go straight to host memory. Otherwise
    /// (not translated, not permitted, not RAM, or for writes not yet dirty or holding code) it is no_page(),
    /// which no address that has this index equals.
    struct alignas(64) View {
        Column read_tags, write_tags;
        Column addends; ///< Host address = linear address + addend.
        Column hosts;   ///< Host address of the page: for who has the offset in it.

        /// Where an access of `size` bytes at `linear` may be made in host memory, or nullptr. One that
        /// crosses into the next page never may: no entry of this index can hold that page's tag.
        [[gnu::always_inline]] u8* host(const Column& tags, u64 linear, u64 size) const {
            const unsigned at = index(linear);
            if (((linear + size - 1) & ~u64{0xfff}) != tags[at]) [[unlikely]]
                return nullptr;
            return reinterpret_cast<u8*>(linear + addends[at]);
        }
        [[gnu::always_inline]] const u8* readable(u64 linear, u64 size) const {
            return host(read_tags, linear, size);
        }
        [[gnu::always_inline]] u8* writable(u64 linear, u64 size) const {
            return host(write_tags, linear, size);
        }
    };

    Tlb();

    View& view(TlbView which) { return views_[static_cast<unsigned>(which)]; }
    TlbView which(const View& view) const { return static_cast<TlbView>(&view - views_.data()); }

    static constexpr unsigned index(u64 linear) { return (linear >> 12) % entries; }
    /// A page that has another index, and so has the one behind it.
    static constexpr u64 no_page(unsigned at) { return u64{at ^ entries / 2} << 12; }

    /// Drops everything, global pages and other address spaces included.
    void flush();

    /// Drops what belongs to the current address space alone: all but global pages.
    void flush_space();

    /// Sets aside what belongs to the current address space, and goes on with what was set aside for another
    /// one, by process-context identifier (Intel SDM Vol. 3, 4.10.1). Of a few that were left last; of others
    /// nothing is kept.
    void enter_space(u16 identifier);

    /// Drops what was set aside for an address space, or for all.
    /// @{
    void forget_space(u16 identifier);
    void forget_spaces();
    /// @}

    /// Drops all pieces of the page that holds `linear`, whatever its size, in the current address space.
    void flush_page(u64 linear);

    /// Notes where accesses of a view to the 4 KiB page of `linear` go, which lies at `host`.
    void fill(View& view, u64 linear, const u8* host, const PageKind& page, bool writable);

    /// Takes the write tag from every entry whose page lies at `host_page`, because code is now held of it.
    void revoke_write(const u8* host_page);

    /// Takes every write tag: the next write to each page is seen again.
    void revoke_writes();

    /// What was found by linear address holds as long as this number stays the same: one for global pages,
    /// and one for all others, which comes back with the address space.
    u32 generation(bool is_global) const { return is_global ? global_generation_ : local_generation_; }

    /// nullptr: nobody. It must outlive its use.
    void observe(MappingObserver* observer) { observer_ = observer; }

  private:
    struct FilledPlace {
        u8 view;
        u16 index;
    };
    using Log = FillLog<FilledPlace, 8192>;

    /// What an entry need not tell those who access memory.
    struct Origin {
        /// The size's logarithm of the page that it is a piece of, which may be larger.
        u8 size_bits : 7 = 0;
        bool is_global : 1 = false;
    };
    using Origins = std::array<Origin, entries>;

    /// A valid entry of a view.
    struct Entry {
        u64 read_tag, write_tag, host;
        Origin origin;
    };

    /// An entry that was set aside.
    struct Parked {
        FilledPlace place;
        Entry entry;
    };
    static constexpr u64 never = 0;
    struct Space {
        u16 identifier = 0;
        u64 left_at = never; ///< By spaces_left_.
        u64 number = 0;      ///< For the observer.
        u32 generation = 0;
        std::vector<Parked> entries{};

        bool is_used() const { return left_at != never; }
    };
    static constexpr unsigned spaces_kept = 8;

    static bool is_valid(const View& view, unsigned at) { return view.read_tags[at] != no_page(at); }
    Origin& origin(const View& view, unsigned at) { return origins_[static_cast<unsigned>(which(view))][at]; }
    bool is_global(const View& view, unsigned at) { return origin(view, at).is_global; }
    Entry entry(const View& view, unsigned at) {
        return {view.read_tags[at], view.write_tags[at], view.hosts[at], origin(view, at)};
    }
    void set_entry(View& view, unsigned at, const Entry& entry);
    static void drop(View& view, unsigned at);
    /// Calls `change(view, index)` for all entries that may be in a log.
    template <class Change>
    void for_each(const Log& log, Change&& change);
    template <class Change>
    void for_each_filled(Change&& change);
    void drop_local();
    void park(Space& space);
    void unpark(Space& space);

    std::array<View, 4> views_;
    std::array<Origins, 4> origins_{}; ///< Of valid entries.
    Log local_, global_;
    LargePages large_pages_; ///< Since the last flush().
    std::array<Space, spaces_kept> spaces_;
    Space entering_; ///< What enter_space() takes over; kept for its memory.
    u16 current_ = 0;
    u64 number_ = 0, last_number_ = 0; ///< Of the current address space; the largest in use.
    u64 spaces_left_ = never;
    u32 local_generation_ = 1, global_generation_ = 2, last_generation_ = 2;
    MappingObserver* observer_ = nullptr;
};

} // namespace ringer::x86
