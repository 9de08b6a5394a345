#include "engine/translator/shadow_map.h"

#include "base/bits.h"
#include "x86/paging.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace ringer::engine::translator {

using memory::page_size;

bool ShadowMap::can_map(u64 linear) const {
    // Where an access of 32-bit code begins below 4 GiB and ends beyond.
    const bool is_beyond = !cpu_.long_mode_active() && linear >> 32 != 0;
    return !is_beyond && (memory::ShadowSpace::is_low(linear) || memory::ShadowSpace::is_high(linear));
}

bool ShadowMap::note_code(u32 times_to_own) {
    if (!space_) return false;
    if (serves()) {
        constexpr u64 usual = 4, most_strain = 1000; // What a program takes at its start, and more.
        seen_ = 0;
        strain_ += counts_.refused - std::exchange(refused_before_, counts_.refused);
        strain_ -= std::min(strain_, usual);
        if (strain_ > most_strain) lose_owner();
        return !is_owned_;
    }
    seen_ = candidate_ == current_ ? seen_ + 1 : 1;
    candidate_ = current_;
    if (seen_ < times_to_own * (candidate_ == lost_ ? patience_ : 1)) return false;
    clear();
    owner_ = current_;
    is_owned_ = true;
    gave_up_stack_ = false;
    strain_ = 0;
    refused_before_ = counts_.refused;
    prepare_thread();
    return true;
}

std::optional<ShadowMap::Page> ShadowMap::find(u64 linear) const {
    const auto found = x86::foresee(cpu_, linear, {x86::Access::read, true, false});
    if (!found) return std::nullopt;
    memory::AddressSpace& memory = cpu_.surroundings.memory();
    const u8* const host = memory.ram(found->address);
    if (!host) return std::nullopt;
    u8& flags = *memory.page_flags(found->address);
    const bool writable = found->writable && !(flags & (memory::page_has_code | memory::page_read_only));
    // A page that may be written without being seen counts as dirty from now on.
    if (writable) flags |= memory::page_dirty;
    return Page{.host = host,
                .writable = writable,
                .is_global = found->page.is_global,
                .size_bits = static_cast<u8>(std::countr_zero(found->page.bytes))};
}

bool ShadowMap::map(u64 linear, bool is_write) {
    ++counts_.refused;
    if (!serves()) return false;
    linear = align_down(linear, page_size);
    if (!can_map(linear)) return false;
    if (!x86::fill_tlb(cpu_, linear, 1, is_write ? x86::Access::write : x86::Access::read)) {
        awaited_ = {linear, is_write};
        return false;
    }
    // The bits that a walk sets may lie in the code that is about to run.
    return !cpu_.check_requested() && map_present(linear, is_write);
}

void ShadowMap::map_awaited() {
    if (!awaited_ || cpu_.state.cpl != 3) return;
    const auto [linear, is_write] = *std::exchange(awaited_, std::nullopt);
    if (serves() && !pages_.contains(linear)) (void)map_present(linear, is_write);
}

bool ShadowMap::map_present(u64 linear, bool is_write) {
    if (pages_.size() >= most_pages) clear();
    const auto wanted = find(linear);
    if (!wanted || (is_write && !wanted->writable)) return false;
    if (pages_.contains(linear)) unmap({linear});
    constexpr u64 ahead = 16;
    Run run{linear, wanted->host, 0, wanted->writable};
    u64 at = linear;
    for (std::optional<Page> page = wanted; page && run.goes_on_at(*page); page = find(at)) {
        add(at, *page);
        at += page_size;
        if (++run.pages == ahead || !can_map(at) || pages_.contains(at)) break;
    }
    counts_.mapped += run.pages;
    if (space_->map(run.linear, {run.host, run.pages * page_size}, run.writable)) return true;
    clear(); // The host has its limits.
    return false;
}

void ShadowMap::add(u64 linear, const Page& page) {
    pages_.emplace(linear, page);
    if (page.writable) writable_at_.emplace(page.host, linear);
    large_pages_.add(linear, {.bytes = u64{1} << page.size_bits, .is_global = page.is_global});
}

void ShadowMap::drop(u64 linear) {
    const auto page = pages_.find(linear);
    if (page == pages_.end()) return;
    auto [at, end] = writable_at_.equal_range(page->second.host);
    while (at != end && at->second != linear) ++at;
    if (at != end) writable_at_.erase(at);
    pages_.erase(page);
}

void ShadowMap::clear() {
    if (pages_.empty()) return;
    ++counts_.cleared;
    pages_.clear();
    writable_at_.clear();
    large_pages_ = {};
    space_->clear();
}

/// Most pages are still where they were. Each that is found there now might as well have been mapped just
/// now, and would be, one signal after the other. To look at so many takes as long as one of those.
bool ShadowMap::clear_local() {
    if (!serves()) return false;
    constexpr std::size_t looks_by_signal = 64;
    strain_ += pages_.size() / looks_by_signal;
    std::vector<u64> gone;
    for (const auto& [linear, page] : pages_)
        if (find(linear) != page) gone.push_back(linear);
    const bool is_another = gone.size() > pages_.size() / 2;
    if (is_another) {
        clear();
        lose_owner();
    } else {
        unmap(std::move(gone));
    }
    return is_another;
}

void ShadowMap::lose_owner() {
    constexpr u32 most_patience = 1024;
    patience_ = std::min(2 * (lost_ == owner_ ? patience_ : 1), most_patience);
    lost_ = owner_;
    is_owned_ = false;
}

void ShadowMap::drop_page(u64 linear) {
    const auto ends = [&](u64 at, const Page& page) {
        return (serves() || page.is_global) && (at ^ linear) >> page.size_bits == 0;
    };
    std::vector<u64> dropped;
    if (large_pages_.may_hold(linear)) {
        for (const auto& [at, page] : pages_)
            if (ends(at, page)) dropped.push_back(at);
    } else if (const auto page = pages_.find(align_down(linear, page_size));
               page != pages_.end() && ends(page->first, page->second)) {
        dropped.push_back(page->first);
    }
    unmap(std::move(dropped));
}

void ShadowMap::unmap(std::vector<u64> pages) {
    std::ranges::sort(pages);
    for (std::size_t first = 0, end = 0; first < pages.size(); first = end) {
        for (end = first; end < pages.size() && pages[end] == pages[first] + (end - first) * page_size; ++end)
            drop(pages[end]);
        space_->unmap(pages[first], (end - first) * page_size);
    }
}

void ShadowMap::revoke_write(const u8* host_page) {
    std::vector<u64> dropped;
    const auto [begin, end] = writable_at_.equal_range(host_page);
    for (auto each = begin; each != end; ++each) dropped.push_back(each->second);
    unmap(std::move(dropped));
}

} // namespace ringer::engine::translator
