#pragma once

#include "base/types.h"

#include <array>

namespace ringer::x86 {

/// With which rights data is accessed. Each view has entries of its own, so that a change of privilege is a
/// change of pointer and not a flush.
enum class TlbView : u8 {
    user,
    supervisor,             ///< SMAP, when on, forbids user pages.
    supervisor_user_access, ///< SMAP off, or overridden by RFLAGS.AC.
    uncached, ///< Never filled: while alignment checks or data breakpoints must see every access.
};

/// A software TLB, direct-mapped: cached translations of 4 KiB pages of linear addresses to host memory. It
/// may hold less than the architecture's TLB but never more: it is filled on a walk and dropped on INVLPG,
/// MOV to CR3 and so on (Intel SDM Vol. 3, 4.10).
class Tlb {
  public:
    static constexpr unsigned entries = 1024;

    /// The entries of one view, by index(). A tag is the page's linear address when accesses of its kind may
    /// go straight to host memory. Otherwise (not translated, not permitted, not RAM, or for writes not yet
    /// dirty or holding code) it is no_page(), which no address that has this index equals.
    struct View {
        std::array<u64, entries> read_tag, write_tag;
        std::array<u64, entries> addend;    ///< Host address = linear address + addend.
        std::array<u64, entries> page_mask; ///< The address bits that choose the page this is a piece of,
                                            ///< which may be larger.

        /// Where an access of `size` bytes at `linear` may be made in host memory, or nullptr. One that
        /// crosses into the next page never may: no entry of this index can hold that page's tag.
        template <class Tags>
        [[gnu::always_inline]] u8* host(const Tags& tags, u64 linear, u64 size) const {
            const unsigned at = index(linear);
            if (((linear + size - 1) & ~u64{0xfff}) != tags[at]) [[unlikely]]
                return nullptr;
            return reinterpret_cast<u8*>(linear + addend[at]);
        }
        [[gnu::always_inline]] const u8* readable(u64 linear, u64 size) const {
            return host(read_tag, linear, size);
        }
        [[gnu::always_inline]] u8* writable(u64 linear, u64 size) const {
            return host(write_tag, linear, size);
        }
    };

    Tlb();

    View& view(TlbView which) { return views_[static_cast<unsigned>(which)]; }
    TlbView which(const View& view) const { return static_cast<TlbView>(&view - views_.data()); }

    static constexpr unsigned index(u64 linear) { return (linear >> 12) % entries; }
    /// A page that has another index, and so has the one behind it.
    static constexpr u64 no_page(unsigned at) { return u64{at ^ entries / 2} << 12; }

    void flush();

    /// Drops all pieces of the page that holds `linear`, whatever its size.
    void flush_page(u64 linear);

    /// Notes where accesses of a view to the 4 KiB page of `linear` go; `page_bytes` is the size that the
    /// page tables give it.
    void fill(View& view, u64 linear, const u8* host, u64 page_bytes, bool writable);

    /// Takes the write tag from every entry whose page lies at `host_page`, because code is now held of it.
    void revoke_write(const u8* host_page);

    /// Takes every write tag: the next write to each page is seen again.
    void revoke_writes();

  private:
    /// Which entries were filled since the last flush, so that a flush need not touch all; when there are too
    /// many of them it does.
    struct Filled {
        u8 view;
        u16 index;
    };
    static constexpr unsigned most_noted = 512;

    static void drop(View& view, unsigned at);
    /// Calls `change(view, index)` for all entries that may be filled.
    template <class Change>
    void for_each_filled(Change&& change);

    std::array<View, 4> views_;
    std::array<Filled, most_noted> filled_;
    unsigned filled_count_ = 0;
    bool has_large_pages_ = false; ///< Since the last flush: pieces of a page may be anywhere.
};

} // namespace ringer::x86
