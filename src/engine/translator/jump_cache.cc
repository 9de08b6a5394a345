#include "engine/translator/jump_cache.h"

#include "base/assert.h"

#include <algorithm>

namespace ringer::engine::translator {

static_assert(static_cast<unsigned>(x86::TlbView::user) == 0);

JumpCache::JumpCache() : entries_(static_cast<Entry*>(std::calloc(entries, sizeof(Entry))), &std::free) {
    RINGER_ASSERT(entries_);
    clear_entry(index(0));
}

void JumpCache::add(u64 target, unsigned length, const void* code, bool is_global) {
    (is_global ? global_ : local_).add(static_cast<u16>(index(target)));
    pages_.set(page_bit(target));
    pages_.set(page_bit(target + length - 1));
    entries_[index(target)] = {.linear = target, .code = code};
}

void JumpCache::clear() {
    if (!global_.is_complete() || !local_.is_complete()) return clear_all();
    clear(global_);
    clear(local_);
    pages_.reset();
    large_pages_ = {};
}

void JumpCache::clear_local() {
    if (!local_.is_complete()) return clear();
    clear(local_);
}

void JumpCache::clear_page(u64 linear) {
    if (large_pages_.may_hold(linear)) return clear();
    if (!pages_.test(page_bit(linear))) return;
    const u64 page = linear & ~u64{0xfff};
    constexpr u64 longest_crossing = 14; // The bytes of an instruction in its first page.
    for (u64 target = page - longest_crossing; target != page + 0x1000; ++target)
        if (entries_[index(target)].linear == target) clear_entry(index(target));
}

void JumpCache::clear(Log& log) {
    for (const u16 at : log.places()) clear_entry(at);
    log.clear();
}

void JumpCache::clear_all() {
    for (unsigned at = 0; at < entries; ++at) clear_entry(at);
    local_.clear();
    global_.clear();
    pages_.reset();
    large_pages_ = {};
}

JumpCaches::JumpCaches(std::array<JumpCache::Entry*, 3>& tables) : tables_(tables) {
    tables_ = {spaces_[0].users.table(), supervisors_[0].table(), supervisors_[1].table()};
}

void JumpCaches::add(u8 view, u64 target, unsigned length, const void* code, const x86::PageKind& page) {
    JumpCache& cache = of(view);
    cache.add(target, length, code, page.is_global);
    cache.large_pages_.add(target, page);
    cache.large_pages_.add(target + length - 1, page);
}

template <class Act>
void JumpCaches::for_each(Act&& act) {
    for (Space& space : spaces_) act(space.users);
    for (JumpCache& cache : supervisors_) act(cache);
}

void JumpCaches::clear() {
    for_each([](JumpCache& cache) { cache.clear(); });
}

void JumpCaches::clear_local() {
    spaces_[current_].users.clear_local();
    for (JumpCache& cache : supervisors_) cache.clear_local();
}

void JumpCaches::clear_page(u64 linear) {
    for_each([linear](JumpCache& cache) { cache.clear_page(linear); });
}

void JumpCaches::enter_space(u64 number) {
    for (JumpCache& cache : supervisors_) cache.clear_local();
    auto space = std::ranges::find(spaces_, number, &Space::number);
    if (space == spaces_.end()) {
        space = std::ranges::min_element(spaces_, {}, &Space::last_use);
        space->users.clear_local();
        space->number = number;
    }
    space->last_use = ++uses_;
    current_ = static_cast<unsigned>(space - spaces_.begin());
    tables_[0] = space->users.table();
}

} // namespace ringer::engine::translator
