#pragma once

#include "base/bits.h"
#include "base/types.h"

#include <algorithm>
#include <vector>

namespace ringer::engine {

/// A hash table of entries that live elsewhere, and are chained by their `next_in_bucket`. 16 bits of each
/// bucket tell what it may hold: of what is looked for, most is not there, and an entry that need not be
/// looked at is a cache line that need not be fetched. They share a word with the first entry's address, as a
/// bucket is such a cache line as well.
template <class Entry>
class HashChains {
  public:
    /// `buckets`: a power of two, at most 1 << 20.
    explicit HashChains(std::size_t buckets) : buckets_(buckets) {}

    /// The first entry for which `is_wanted`, among those that were added with a key that may be `key`;
    /// nullptr: none.
    template <class IsWanted>
    Entry* find(u64 key, IsWanted&& is_wanted) const {
        const Place at = place(key);
        const Bucket bucket = buckets_[at.bucket];
        if (!(bucket.marks & at.mark)) return nullptr;
        Entry* each = bucket.first();
        while (each && !is_wanted(*each)) each = each->next_in_bucket;
        return each;
    }

    /// The entry must stay where it is until it is removed, or all are.
    void add(u64 key, Entry& entry) {
        const Place at = place(key);
        Bucket& bucket = buckets_[at.bucket];
        entry.next_in_bucket = bucket.first();
        bucket = Bucket(&entry, bucket.marks | at.mark);
    }

    /// Takes out what was added with `key`. `key_of` gives the key of any other entry.
    template <class KeyOf>
    void remove(u64 key, const Entry& entry, KeyOf&& key_of) {
        Bucket& bucket = buckets_[place(key).bucket];
        Entry* first = bucket.first();
        Entry** link = &first;
        while (*link != &entry) link = &(*link)->next_in_bucket;
        *link = entry.next_in_bucket;
        unsigned marks = 0;
        for (const Entry* each = first; each; each = each->next_in_bucket) marks |= place(key_of(*each)).mark;
        bucket = Bucket(first, marks);
    }

    void clear() { std::ranges::fill(buckets_, Bucket()); }

  private:
    struct Place {
        u32 bucket;
        u16 mark;
    };
    /// Processes have their memory below 1 << 47.
    struct Bucket {
        u64 marks : 16 = 0;
        u64 address : 48 = 0;

        Bucket() = default;
        Bucket(Entry* first, unsigned marked) : marks(marked), address(reinterpret_cast<u64>(first)) {}
        Entry* first() const { return reinterpret_cast<Entry*>(u64{address}); }
    };
    static_assert(sizeof(Bucket) == 8);

    Place place(u64 key) const {
        const u64 mixed = spread_bits(key);
        return {.bucket = static_cast<u32>(mixed >> 40 & (buckets_.size() - 1)),
                .mark = static_cast<u16>(1 << (mixed >> 60))};
    }

    std::vector<Bucket> buckets_;
};

} // namespace ringer::engine
