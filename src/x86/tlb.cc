#include "x86/tlb.h"

#include <algorithm>
#include <utility>

namespace ringer::x86 {

void Tlb::flush() {
    for (std::size_t i = 0; i < views_.size(); ++i)
        if (std::exchange(is_used_[i], false)) views_[i].fill({});
    has_large_pages_ = false;
}

void Tlb::flush_page(u64 linear) {
    const auto drop_if_of_page = [linear](TlbEntry& candidate) {
        if (((candidate.read_tag ^ linear) & candidate.page_mask) == 0) candidate = {};
    };
    for (View& view : views_) {
        if (has_large_pages_)
            std::ranges::for_each(view, drop_if_of_page);
        else
            drop_if_of_page(entry(view, linear));
    }
}

void Tlb::fill(View& view, u64 linear, const u8* host, u64 page_bytes, bool writable) {
    const u64 page = linear & ~u64{0xfff};
    entry(view, linear) = {.read_tag = page,
                           .write_tag = writable ? page : TlbEntry::no_page,
                           .addend = reinterpret_cast<u64>(host) - linear,
                           .page_mask = ~(page_bytes - 1)};
    is_used_[static_cast<unsigned>(which(view))] = true;
    has_large_pages_ |= page_bytes > 0x1000;
}

void Tlb::revoke_write(const u8* host_page) {
    for (std::size_t i = 0; i < views_.size(); ++i) {
        if (!is_used_[i]) continue;
        for (TlbEntry& candidate : views_[i]) {
            if (candidate.write_tag != TlbEntry::no_page &&
                candidate.write_tag + candidate.addend == reinterpret_cast<u64>(host_page))
                candidate.write_tag = TlbEntry::no_page;
        }
    }
}

void Tlb::revoke_writes() {
    for (View& view : views_)
        for (TlbEntry& entry : view) entry.write_tag = TlbEntry::no_page;
}

} // namespace ringer::x86
