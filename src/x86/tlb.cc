#include "x86/tlb.h"

#include <algorithm>

namespace ringer::x86 {

void Tlb::flush() {
    for (View& view : views_) view.fill({});
    large_first_ = ~u64{0};
    large_last_ = 0;
}

void Tlb::flush_page(u64 linear) {
    if (linear >= large_first_ && linear <= large_last_) {
        flush();
        return;
    }
    for (View& view : views_) {
        TlbEntry& candidate = entry(view, linear);
        const u64 page = linear & ~u64{0xfff};
        if (candidate.read_tag == page || candidate.write_tag == page) candidate = {};
    }
}

void Tlb::note_large_page(u64 linear, u64 size) {
    const u64 first = linear & ~(size - 1);
    large_first_ = std::min(large_first_, first);
    large_last_ = std::max(large_last_, first + size - 1);
}

void Tlb::revoke_write(const u8* host_page) {
    for (View& view : views_) {
        for (TlbEntry& candidate : view) {
            if (candidate.write_tag != TlbEntry::no_page &&
                candidate.write_tag + candidate.addend == reinterpret_cast<u64>(host_page))
                candidate.write_tag = TlbEntry::no_page;
        }
    }
}

} // namespace ringer::x86
