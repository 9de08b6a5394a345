#include "x86/tlb.h"

#include "base/bits.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace ringer::x86 {

void LargePages::add(u64 linear, const PageKind& page) {
    if (page.bytes <= 0x1000) return;
    if (page.bytes <= 4 * MiB) // Those of 4 MiB take two bits.
        for (u64 at = align_down(linear, page.bytes), left = page.bytes / (2 * MiB); left > 0; --left)
            by_2_mib_.set(place_of(at / (2 * MiB) + left - 1));
    else if (page.bytes <= GiB)
        by_1_gib_.set(place_of(linear / GiB));
    else
        any_ = true;
}

bool LargePages::may_hold(u64 linear) const {
    return any_ || by_2_mib_.test(place_of(linear / (2 * MiB))) || by_1_gib_.test(place_of(linear / GiB));
}

Tlb::Tlb() {
    for (View& view : views_)
        for (unsigned at = 0; at < entries; ++at) drop(view, at);
}

void Tlb::set_entry(View& view, unsigned at, const Entry& entry) {
    view.read_tags[at] = entry.read_tag;
    view.write_tags[at] = entry.write_tag;
    view.addends[at] = entry.host - entry.read_tag;
    view.hosts[at] = entry.host;
    origin(view, at) = entry.origin;
}

void Tlb::drop(View& view, unsigned at) { view.read_tags[at] = view.write_tags[at] = no_page(at); }

template <class Change>
void Tlb::for_each(const Log& log, Change&& change) {
    if (log.is_complete()) {
        for (const FilledPlace& place : log.places()) change(views_[place.view], place.index);
    } else {
        for (View& view : views_)
            for (unsigned at = 0; at < entries; ++at) change(view, at);
    }
}

template <class Change>
void Tlb::for_each_filled(Change&& change) {
    for_each(local_, change);
    if (local_.is_complete()) for_each(global_, change); // Otherwise all were seen.
}

void Tlb::flush() {
    for_each_filled([](View& view, unsigned at) { drop(view, at); });
    local_.clear();
    global_.clear();
    large_pages_ = {};
    forget_spaces();
    local_generation_ = ++last_generation_;
    global_generation_ = ++last_generation_;
    if (observer_) observer_->all_mappings_dropped();
}

void Tlb::flush_space() {
    drop_local();
    local_generation_ = ++last_generation_;
    if (observer_) observer_->local_mappings_dropped();
}

void Tlb::drop_local() {
    for_each(local_, [this](View& view, unsigned at) {
        if (!is_global(view, at)) drop(view, at);
    });
    local_.clear();
}

void Tlb::enter_space(u16 identifier) {
    if (identifier == current_) return;
    entering_.entries.clear();
    entering_.generation = ++last_generation_;
    entering_.number = ++last_number_;
    const auto known = std::ranges::find_if(
        spaces_, [=](const Space& each) { return each.is_used() && each.identifier == identifier; });
    if (known != spaces_.end()) {
        std::swap(entering_, *known);
        known->left_at = never;
    }
    park(*std::ranges::min_element(spaces_, {}, &Space::left_at));
    unpark(entering_);
    local_generation_ = entering_.generation;
    number_ = entering_.number;
    current_ = identifier;
    if (observer_) observer_->space_entered(number_);
}

void Tlb::park(Space& space) {
    space.entries.clear();
    if (local_.is_complete()) {
        for (const FilledPlace& place : local_.places()) {
            View& view = views_[place.view];
            const unsigned at = place.index;
            if (!is_valid(view, at) || is_global(view, at)) continue;
            space.entries.push_back({place, entry(view, at)});
            drop(view, at);
        }
    }
    space.identifier = current_;
    space.left_at = ++spaces_left_;
    space.generation = local_generation_;
    space.number = number_;
    drop_local();
}

void Tlb::unpark(Space& space) {
    for (const Parked& each : space.entries) {
        View& view = views_[each.place.view];
        const unsigned at = each.place.index;
        if (is_valid(view, at)) continue; // A global page has taken the place.
        set_entry(view, at, each.entry);
        local_.add(each.place);
    }
}

void Tlb::forget_space(u16 identifier) {
    for (Space& space : spaces_)
        if (space.identifier == identifier) space.left_at = never;
}

void Tlb::forget_spaces() {
    for (Space& space : spaces_) space.left_at = never;
}

void Tlb::flush_page(u64 linear) {
    const auto drop_if_of_page = [this, linear](View& view, unsigned at) {
        if (is_valid(view, at) && (view.read_tags[at] ^ linear) >> origin(view, at).size_bits == 0)
            drop(view, at);
    };
    for (View& view : views_) {
        if (large_pages_.may_hold(linear))
            for (unsigned at = 0; at < entries; ++at) drop_if_of_page(view, at);
        else
            drop_if_of_page(view, index(linear));
    }
    local_generation_ = ++last_generation_;
    global_generation_ = ++last_generation_;
    if (observer_) observer_->page_dropped(linear);
}

void Tlb::fill(View& view, u64 linear, const u8* host, const PageKind& kind, bool writable) {
    const u64 page = linear & ~u64{0xfff};
    const unsigned at = index(linear);
    const bool is_noted = is_valid(view, at) && is_global(view, at) == kind.is_global;
    if (!is_noted)
        (kind.is_global ? global_ : local_).add({static_cast<u8>(which(view)), static_cast<u16>(at)});
    set_entry(view, at,
              {.read_tag = page,
               .write_tag = writable ? page : no_page(at),
               .host = reinterpret_cast<u64>(host) - (linear & 0xfff),
               .origin = {.size_bits = static_cast<u8>(std::countr_zero(kind.bytes) & 0x7f),
                          .is_global = kind.is_global}});
    large_pages_.add(linear, kind);
}

void Tlb::revoke_write(const u8* host_page) {
    const auto host = reinterpret_cast<u64>(host_page);
    for_each_filled([host](View& view, unsigned at) {
        if (view.write_tags[at] != no_page(at) && view.hosts[at] == host) view.write_tags[at] = no_page(at);
    });
    for (Space& space : spaces_) {
        if (!space.is_used()) continue;
        for (Parked& each : space.entries)
            if (each.entry.host == host) each.entry.write_tag = no_page(each.place.index);
    }
    if (observer_) observer_->writes_revoked(host_page);
}

void Tlb::revoke_writes() {
    for_each_filled([](View& view, unsigned at) { view.write_tags[at] = no_page(at); });
    forget_spaces();
    if (observer_) observer_->all_writes_revoked();
}

} // namespace ringer::x86
