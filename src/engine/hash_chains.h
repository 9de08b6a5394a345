#pragma once

#include "base/bits.h"
#include "base/types.h"

#include <algorithm>
#include <vector>

namespace ringer::engine {

/// A hash table of entries that live elsewhere, and are chained by their `next_in_bucket`. 16 bits for each
/// bucket tell what it may hold: of what is looked for, most is not there, and an entry that need not be
/// looked at is a cache line that need not be fetched.
template <class Entry>
class HashChains {
  public:
    /// `buckets`: a power of two, at most 1 << 20.
    explicit HashChains(std::size_t buckets) : heads_(buckets), marks_(buckets) {}

    /// The first entry for which `is_wanted`, among those that were added with a key that may be `key`;
    /// nullptr: none.
    template <class IsWanted>
    Entry* find(u64 key, IsWanted&& is_wanted) const {
        const Place at = place(key);
        if (!(marks_[at.bucket] & at.mark)) return nullptr;
        Entry* each = heads_[at.bucket];
        while (each && !is_wanted(*each)) each = each->next_in_bucket;
        return each;
    }

    /// The entry must stay where it is until it is removed, or all are.
    void add(u64 key, Entry& entry) {
        const Place at = place(key);
        marks_[at.bucket] |= at.mark;
        entry.next_in_bucket = heads_[at.bucket];
        heads_[at.bucket] = &entry;
    }

    /// Takes out what was added with `key`. `key_of` gives the key of any other entry.
    template <class KeyOf>
    void remove(u64 key, const Entry& entry, KeyOf&& key_of) {
        const u32 bucket = place(key).bucket;
        Entry** link = &heads_[bucket];
        while (*link != &entry) link = &(*link)->next_in_bucket;
        *link = entry.next_in_bucket;
        marks_[bucket] = 0;
        for (const Entry* each = heads_[bucket]; each; each = each->next_in_bucket)
            marks_[bucket] |= place(key_of(*each)).mark;
    }

    void clear() {
        std::ranges::fill(heads_, nullptr);
        std::ranges::fill(marks_, u16{0});
    }

  private:
    struct Place {
        u32 bucket;
        u16 mark;
    };
    Place place(u64 key) const {
        const u64 mixed = spread_bits(key);
        return {.bucket = static_cast<u32>(mixed >> 40 & (heads_.size() - 1)),
                .mark = static_cast<u16>(1 << (mixed >> 60))};
    }

    std::vector<Entry*> heads_;
    std::vector<u16> marks_;
};

} // namespace ringer::engine
