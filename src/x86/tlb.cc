#include "x86/tlb.h"

namespace ringer::x86 {

Tlb::Tlb() {
    for (View& view : views_)
        for (unsigned at = 0; at < entries; ++at) drop(view, at);
}

void Tlb::drop(View& view, unsigned at) {
    view.read_tag[at] = view.write_tag[at] = no_page(at);
    view.addend[at] = view.page_mask[at] = 0;
}

template <class Change>
void Tlb::for_each_filled(Change&& change) {
    if (filled_count_ < most_noted) {
        for (unsigned i = 0; i < filled_count_; ++i) change(views_[filled_[i].view], filled_[i].index);
    } else {
        for (View& view : views_)
            for (unsigned at = 0; at < entries; ++at) change(view, at);
    }
}

void Tlb::flush() {
    for_each_filled([](View& view, unsigned at) { drop(view, at); });
    filled_count_ = 0;
    has_large_pages_ = false;
}

void Tlb::flush_page(u64 linear) {
    const auto drop_if_of_page = [linear](View& view, unsigned at) {
        const bool is_valid = view.read_tag[at] != no_page(at);
        if (is_valid && ((view.read_tag[at] ^ linear) & view.page_mask[at]) == 0) drop(view, at);
    };
    for (View& view : views_) {
        if (has_large_pages_)
            for (unsigned at = 0; at < entries; ++at) drop_if_of_page(view, at);
        else
            drop_if_of_page(view, index(linear));
    }
}

void Tlb::fill(View& view, u64 linear, const u8* host, u64 page_bytes, bool writable) {
    const u64 page = linear & ~u64{0xfff};
    const unsigned at = index(linear);
    const bool is_noted = view.read_tag[at] != no_page(at);
    if (!is_noted && filled_count_ < most_noted)
        filled_[filled_count_++] = {static_cast<u8>(which(view)), static_cast<u16>(at)};
    view.read_tag[at] = page;
    view.write_tag[at] = writable ? page : no_page(at);
    view.addend[at] = reinterpret_cast<u64>(host) - linear;
    view.page_mask[at] = ~(page_bytes - 1);
    has_large_pages_ |= page_bytes > 0x1000;
}

void Tlb::revoke_write(const u8* host_page) {
    for_each_filled([host_page](View& view, unsigned at) {
        const u64 tag = view.write_tag[at];
        if (tag != no_page(at) && tag + view.addend[at] == reinterpret_cast<u64>(host_page))
            view.write_tag[at] = no_page(at);
    });
}

void Tlb::revoke_writes() {
    for_each_filled([](View& view, unsigned at) { view.write_tag[at] = no_page(at); });
}

} // namespace ringer::x86
