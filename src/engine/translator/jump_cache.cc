#include "engine/translator/jump_cache.h"

#include "base/assert.h"
#include "engine/translator/guest_block.h"

#include <algorithm>

namespace ringer::engine::translator {

static_assert(static_cast<unsigned>(x86::TlbView::user) == 0);

JumpCache::JumpCache(unsigned entries)
    : offset_bits_(offset_bits(entries)),
      entries_(static_cast<Entry*>(std::calloc(size(), sizeof(Entry))), &std::free) {
    RINGER_ASSERT(entries_);
    clear_entry(0);
    clear_entry(1);
}

void JumpCache::add(u64 target, const void* code, bool is_global) {
    Entry* const entry = &entries_[index(target)];
    const bool moves_another = entry->linear != nowhere(index(target)) && entry->linear != target;
    if (entry[1].linear == target) clear_entry(index(target) + 1); // It is never at both.
    if (moves_another) {
        // Where there are others that are not global, it may be one.
        (local_.is_empty() ? global_ : local_).add(index(target));
        entry[1] = *entry;
    }
    (is_global ? global_ : local_).add(index(target));
    *entry = {.linear = target, .code = code};
}

JumpCache::AddedPage JumpCache::add_page(u64 linear, GuestPhysical physical, const x86::PageKind& kind) {
    if (!pages_.try_emplace(linear, Page{physical, kind}).second)
        return {.is_new = false, .has_second_place = false};
    large_pages_.add(linear, kind);
    local_pages_ += !kind.is_global;
    const auto [known, is_first_place] = linear_of_.try_emplace(physical, linear);
    if (!is_first_place) known->second = several;
    return {.is_new = true, .has_second_place = !is_first_place};
}

bool JumpCache::is_only_at(u64 linear, GuestPhysical physical) const {
    const auto known = linear_of_.find(physical);
    return known != linear_of_.end() && known->second == linear;
}

bool JumpCache::clear() {
    if (pages_.empty()) return false;
    if (global_.is_complete() && local_.is_complete()) {
        clear(global_);
        clear(local_);
    } else {
        for (unsigned at = 0; at < size(); ++at) clear_entry(at);
        local_.clear();
        global_.clear();
    }
    pages_.clear();
    linear_of_.clear();
    large_pages_ = {};
    local_pages_ = 0;
    return true;
}

bool JumpCache::clear_local() {
    if (local_.is_empty() && local_pages_ == 0) return false;
    if (local_pages_ == pages_.size() || !local_.is_complete()) return clear();
    clear(local_);
    for (auto each = pages_.begin(); each != pages_.end();)
        each = each->second.kind.is_global ? std::next(each) : drop(each);
    return true;
}

JumpCache::Pages::iterator JumpCache::drop(Pages::iterator page) {
    const auto& [linear, known] = *page;
    if (is_only_at(linear, known.physical)) linear_of_.erase(known.physical);
    local_pages_ -= !known.kind.is_global;
    return pages_.erase(page);
}

bool JumpCache::clear_page(u64 linear) {
    if (large_pages_.may_hold(linear)) return clear();
    const u64 first = linear & ~u64{0xfff};
    const auto page = pages_.find(first);
    if (page == pages_.end()) return false;
    for (u64 target = first - GuestBlock::most_in_crossed_page; target != first + 0x1000; ++target)
        clear_target(target);
    drop(page);
    return true;
}

void JumpCache::drop_code(std::span<const u8> code) {
    if (pages_.empty()) return;
    for (unsigned at = 0; at < size(); ++at) {
        const auto* const target = static_cast<const u8*>(entries_[at].code);
        if (target >= code.data() && target < code.data() + code.size()) clear_entry(at);
    }
}

void JumpCache::clear(Log& log) {
    for (const u32 at : log.places()) {
        clear_entry(at);
        clear_entry(at + 1U);
    }
    log.clear();
}

JumpCaches::JumpCaches(JumpTables& tables) : tables_(tables) {
    for_each([this](JumpCache& cache) { renew_stamp(cache); });
    show_tables();
}

void JumpCaches::use_for(const Condition& condition) {
    if (condition.view == 0) {
        Users& users = this->users(condition.has_high_stack);
        const u64 space = users_[current_].space;
        if (condition == users.condition && space == users.space) return;
        users.condition = condition;
        users.space = space;
        clear(users.cache);
    } else {
        if (condition.same_but_view(supervisors_condition_)) return;
        supervisors_condition_ = condition;
        for (JumpCache& cache : supervisors_) clear(cache);
    }
    show_tables();
}

bool JumpCaches::add_page(const Condition& condition, u64 linear, GuestPhysical physical,
                          const x86::PageKind& kind) {
    const JumpCache::AddedPage added = of(condition).add_page(linear, physical, kind);
    if (added.has_second_place) {
        renew_stamp(of(condition));
        show_tables();
    }
    return added.is_new;
}

std::optional<u32> JumpCaches::stamp_for_links(const Condition& condition, u64 linear,
                                               GuestPhysical physical) const {
    const JumpCache& cache = of(condition);
    if (cache.stamp_ == exhausted || !cache.is_only_at(linear, physical)) return std::nullopt;
    return cache.stamp_;
}

void JumpCaches::renew_stamp(JumpCache& cache) {
    const bool is_last = last_stamp_ + 1 == unlinked;
    cache.stamp_ = is_last ? exhausted : ++last_stamp_;
}

void JumpCaches::show_tables() {
    const auto show = [this](std::size_t at, const JumpCache& cache) {
        tables_.entries[at] = cache.entries_.get();
        tables_.stamps[at] = cache.stamp_;
    };
    for (std::size_t i = 0; i < supervisors_.size(); ++i) show(i + 1, supervisors_[i]);
    for (const bool is_high : {false, true}) {
        show(Condition::jump_cache_of(0, is_high), users(is_high).cache);
        // Outside of the shadow space it is all one where the stack is.
        const Users& found = users(is_high && has_high());
        tables_.users[is_high] = found.cache.entries_.get();
        tables_.users_offset_bits[is_high] = found.cache.offset_bits_;
        tables_.share_condition[is_high] = found.condition.same_but_view(supervisors_condition_);
    }
}

void JumpCaches::drop_code(std::span<const u8> code) {
    for_each([code](JumpCache& cache) { cache.drop_code(code); });
}

template <class Act>
void JumpCaches::for_each(Act&& act) {
    for (Users& users : users_) act(users.cache);
    act(high_.cache);
    for (JumpCache& cache : supervisors_) act(cache);
}

void JumpCaches::clear() {
    for (JumpCache& cache : supervisors_) clear(cache);
    clear_users();
}

void JumpCaches::clear_users() {
    for (Users& users : users_) clear(users.cache);
    clear(high_.cache);
    high_.condition = {}; // Until there is such code again.
    show_tables();
}

void JumpCaches::clear(JumpCache& cache) {
    if (cache.clear()) renew_stamp(cache);
}

void JumpCaches::clear_local() {
    clear_local(users_[current_].cache);
    if (has_high()) clear_local(high_.cache);
    for (JumpCache& cache : supervisors_) clear_local(cache);
    show_tables();
}

void JumpCaches::clear_local(JumpCache& cache) {
    if (cache.clear_local()) renew_stamp(cache);
}

void JumpCaches::clear_page(u64 linear) {
    for_each([this, linear](JumpCache& cache) {
        if (cache.clear_page(linear)) renew_stamp(cache);
    });
    show_tables();
}

void JumpCaches::enter_space(u64 number) {
    for (JumpCache& cache : supervisors_) clear_local(cache);
    auto entered = std::ranges::find(users_, number, &Users::space);
    if (entered == users_.end()) {
        entered = std::ranges::min_element(users_, {}, &Users::last_use);
        clear_local(entered->cache);
        if (high_.space == number) clear_local(high_.cache);
        entered->space = number;
    }
    entered->last_use = ++uses_;
    current_ = static_cast<unsigned>(entered - users_.begin());
    show_tables();
}

} // namespace ringer::engine::translator
