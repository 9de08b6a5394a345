#include "engine/hash_chains.h"

#include <gtest/gtest.h>

#include <array>

namespace ringer::engine {
namespace {

struct Entry {
    u64 key;
    Entry* next_in_bucket = nullptr;
};

u64 key_of(const Entry& entry) { return entry.key; }

const Entry* find(const HashChains<Entry>& chains, u64 key) {
    return chains.find(key, [key](const Entry& each) { return each.key == key; });
}

TEST(HashChains, FindsWhatWasAddedAndNotYetRemoved) {
    std::array<Entry, 1000> entries;
    HashChains<Entry> chains(4); // Long chains, each of whose marks stands for several.
    for (u64 key = 0; key < entries.size(); ++key) {
        EXPECT_EQ(find(chains, key), nullptr);
        entries[key] = {.key = key};
        chains.add(key, entries[key]);
    }
    for (u64 key = 0; key < entries.size(); key += 3) chains.remove(key, entries[key], key_of);
    for (u64 key = 0; key < entries.size(); ++key)
        EXPECT_EQ(find(chains, key), key % 3 == 0 ? nullptr : &entries[key]) << key;
    chains.clear();
    for (u64 key = 0; key < entries.size(); ++key) EXPECT_EQ(find(chains, key), nullptr) << key;
}

TEST(HashChains, TellsEntriesWithTheSameKeyApart) {
    HashChains<Entry> chains(16);
    Entry one{.key = 5}, other{.key = 5};
    chains.add(5, one);
    chains.add(5, other);
    EXPECT_EQ(chains.find(5, [&](const Entry& each) { return &each == &one; }), &one);
    chains.remove(5, other, key_of);
    EXPECT_EQ(find(chains, 5), &one);
}

} // namespace
} // namespace ringer::engine
