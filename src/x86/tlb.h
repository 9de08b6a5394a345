#pragma once

#include "base/types.h"

#include <array>

namespace ringer::x86 {

/// A cached translation of one 4 KiB page of linear addresses to host memory.
///
/// A tag is the page's linear address when accesses of its kind may go straight to host memory, and `no_page`
/// otherwise: not translated, not permitted, not RAM, or (for writes) not yet dirty or holding code.
struct TlbEntry {
    static constexpr u64 no_page = 1;

    u64 read_tag = no_page;
    u64 write_tag = no_page;
    u64 addend = 0;    ///< Host address = linear address + addend.
    u64 page_mask = 0; ///< The address bits that choose the page this is a piece of, which may be larger.
};

/// With which rights data is accessed. Each view has entries of its own, so that a change of privilege is a
/// change of pointer and not a flush.
enum class TlbView : u8 {
    user,
    supervisor,             ///< SMAP, when on, forbids user pages.
    supervisor_user_access, ///< SMAP off, or overridden by RFLAGS.AC.
    uncached, ///< Never filled: while alignment checks or data breakpoints must see every access.
};

/// A software TLB, direct-mapped. It may hold less than the architecture's TLB but never more: it is filled
/// on a walk and dropped on INVLPG, MOV to CR3 and so on (Intel SDM Vol. 3, 4.10).
class Tlb {
  public:
    static constexpr unsigned entries = 1024;
    using View = std::array<TlbEntry, entries>;

    View& view(TlbView which) { return views_[static_cast<unsigned>(which)]; }
    TlbView which(const View& view) const { return static_cast<TlbView>(&view - views_.data()); }

    static TlbEntry& entry(View& view, u64 linear) { return view[(linear >> 12) % entries]; }

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
    std::array<View, 4> views_{};
    std::array<bool, 4> is_used_{}; ///< Whether a view may hold anything.
    bool has_large_pages_ = false;  ///< Since the last flush: pieces of a page may be anywhere.
};

} // namespace ringer::x86
