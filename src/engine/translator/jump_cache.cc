#include "engine/translator/jump_cache.h"

#include "base/assert.h"
#include "engine/translator/guest_block.h"

#include <algorithm>

namespace ringer::engine::translator {

static_assert(static_cast<unsigned>(x86::TlbView::user) == 0);

JumpCache::JumpCache() : entries_(static_cast<Entry*>(std::calloc(entries, sizeof(Entry))), &std::free) {
    RINGER_ASSERT(entries_);
    clear_entry(index(0));
}

void JumpCache::add(u64 target, const void* code, bool is_global) {
    (is_global ? global_ : local_).add(static_cast<u16>(index(target)));
    entries_[index(target)] = {.linear = target, .code = code};
}

bool JumpCache::add_page(u64 linear, GuestPhysical physical, const x86::PageKind& kind) {
    if (!pages_.emplace(linear, physical).second) return false;
    large_pages_.add(linear, kind);
    const auto [known, is_new] = linear_of_.emplace(physical, linear);
    if (is_new) return false;
    known->second = several;
    return true;
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
        for (unsigned at = 0; at < entries; ++at) clear_entry(at);
        local_.clear();
        global_.clear();
    }
    pages_.clear();
    linear_of_.clear();
    large_pages_ = {};
    return true;
}

bool JumpCache::clear_local() {
    if (local_.is_empty()) return false;
    if (global_.is_empty() || !local_.is_complete()) return clear();
    clear(local_);
    return true;
}

bool JumpCache::clear_page(u64 linear) {
    if (large_pages_.may_hold(linear)) return clear();
    const u64 first = linear & ~u64{0xfff};
    const auto page = pages_.find(first);
    if (page == pages_.end()) return false;
    for (u64 target = first - GuestBlock::most_in_crossed_page; target != first + 0x1000; ++target)
        if (entries_[index(target)].linear == target) clear_entry(index(target));
    if (is_only_at(first, page->second)) linear_of_.erase(page->second);
    pages_.erase(page);
    return true;
}

void JumpCache::drop_code(std::span<const u8> code) {
    if (pages_.empty()) return;
    for (unsigned at = 0; at < entries; ++at) {
        const auto* const target = static_cast<const u8*>(entries_[at].code);
        if (target >= code.data() && target < code.data() + code.size()) clear_entry(at);
    }
}

void JumpCache::clear(Log& log) {
    for (const u16 at : log.places()) clear_entry(at);
    log.clear();
}

JumpCaches::JumpCaches(JumpTables& tables) : tables_(tables) {
    for_each([this](JumpCache& cache) { renew_stamp(cache); });
    show_tables();
}

void JumpCaches::use_for(const Condition& condition) {
    Users& users = spaces_[current_].users[condition.has_high_stack];
    Condition& present = condition.view == 0 ? users.condition : supervisors_condition_;
    if (condition.view == 0 ? condition == present : condition.same_but_view(present)) return;
    present = condition;
    if (condition.view == 0)
        clear(users.cache);
    else
        for (JumpCache& cache : supervisors_) clear(cache);
    show_tables();
}

void JumpCaches::add_page(const Condition& condition, u64 linear, GuestPhysical physical,
                          const x86::PageKind& kind) {
    if (!of(condition).add_page(linear, physical, kind)) return;
    renew_stamp(of(condition));
    show_tables();
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
    const auto show = [this](u8 at, const JumpCache& cache) {
        tables_.entries[at] = cache.entries_.get();
        tables_.stamps[at] = cache.stamp_;
    };
    for (u8 view = 1; view <= supervisors_.size(); ++view)
        show(Condition::jump_cache_of(view, false), supervisors_[view - 1u]);
    for (const bool is_high : {false, true}) {
        const auto& [low, high] = spaces_[current_].users;
        show(Condition::jump_cache_of(0, is_high), (is_high ? high : low).cache);
        // Outside of the shadow space it is all one where the stack is.
        const Users& found = is_high && high.condition.has_high_stack ? high : low;
        tables_.users[is_high] = found.cache.entries_.get();
        tables_.share_condition[is_high] = found.condition.same_but_view(supervisors_condition_);
    }
}

void JumpCaches::drop_code(std::span<const u8> code) {
    for_each([code](JumpCache& cache) { cache.drop_code(code); });
}

template <class Act>
void JumpCaches::for_each(Act&& act) {
    for (Space& space : spaces_)
        for (Users& users : space.users) act(users.cache);
    for (JumpCache& cache : supervisors_) act(cache);
}

void JumpCaches::clear() {
    for_each([this](JumpCache& cache) { clear(cache); });
    for (Space& space : spaces_) space.users[true].condition = {}; // Until there is such code again.
    show_tables();
}

void JumpCaches::clear(JumpCache& cache) {
    if (cache.clear()) renew_stamp(cache);
}

void JumpCaches::clear_local() {
    for (Users& users : spaces_[current_].users) clear_local(users.cache);
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
    auto space = std::ranges::find(spaces_, number, &Space::number);
    if (space == spaces_.end()) {
        space = std::ranges::min_element(spaces_, {}, &Space::last_use);
        for (Users& users : space->users) clear_local(users.cache);
        space->number = number;
    }
    space->last_use = ++uses_;
    current_ = static_cast<unsigned>(space - spaces_.begin());
    show_tables();
}

} // namespace ringer::engine::translator
