#include "engine/translator/jump_cache.h"

#include <gtest/gtest.h>

namespace ringer::engine::translator {
namespace {

/// Targets whose lower 20 bits are equal have the same entry.
class JumpCacheTest : public ::testing::Test {
  protected:
    static constexpr u64 first = 0x40'1230, second = first + (1 << 20), third = first + (2 << 20);

    void add(u64 target, const u8& at, bool is_global = false) {
        cache.add_page(target & ~u64{0xfff}, target & ~u64{0xfff}, {.bytes = 0x1000, .is_global = is_global});
        cache.add(target, &at, is_global);
    }

    std::array<u8, 4> code{};
    JumpCache cache{1 << 12};
};

TEST_F(JumpCacheTest, OfTwoTargetsWithTheSameEntryBothAreFound) {
    add(first, code[0]);
    add(second, code[1]);
    EXPECT_EQ(cache.find(first), &code[0]);
    EXPECT_EQ(cache.find(second), &code[1]);
    add(third, code[2]);
    EXPECT_EQ(cache.find(first), nullptr) << "the oldest has made room";
    EXPECT_EQ(cache.find(second), &code[1]);
    EXPECT_EQ(cache.find(third), &code[2]);
}

TEST_F(JumpCacheTest, ATargetIsAtOneEntryAlone) {
    add(first, code[0]);
    add(second, code[1]);
    cache.drop(second, &code[1]);
    add(first, code[2]);
    cache.drop(first, &code[2]);
    EXPECT_EQ(cache.find(first), nullptr) << "nor what it led to before";
}

TEST_F(JumpCacheTest, WhatWasMovedAwayGoesWithItsPage) {
    add(first, code[0]);
    add(second, code[1]);
    EXPECT_TRUE(cache.clear_page(first));
    EXPECT_EQ(cache.find(first), nullptr);
    EXPECT_EQ(cache.find(second), &code[1]);
}

TEST_F(JumpCacheTest, WhatWasMovedAwayGoesWithTheAddressSpaceUnlessAllIsGlobal) {
    add(first, code[0]);
    add(second, code[1], true);
    EXPECT_TRUE(cache.clear_local());
    EXPECT_EQ(cache.find(first), nullptr);
    cache.clear();
    add(first, code[0], true);
    add(second, code[1], true);
    EXPECT_FALSE(cache.clear_local());
    EXPECT_EQ(cache.find(first), &code[0]);
    EXPECT_EQ(cache.find(second), &code[1]);
}

TEST_F(JumpCacheTest, PagesGoWithTheAddressSpaceUnlessTheyAreGlobal) {
    constexpr u64 linear = 0x40'1000, other = 0x40'2000;
    cache.add_page(linear, 0x1000, {.bytes = 0x1000, .is_global = false});
    cache.add_page(other, 0x2000, {.bytes = 0x1000, .is_global = true});
    EXPECT_TRUE(cache.clear_local()) << "though no target is known";
    EXPECT_EQ(cache.page(linear), nullptr);
    EXPECT_FALSE(cache.is_only_at(linear, 0x1000));
    ASSERT_NE(cache.page(other), nullptr);
    EXPECT_EQ(cache.page(other)->physical, 0x2000U);
    EXPECT_FALSE(cache.clear_local());
}

TEST_F(JumpCacheTest, NothingIsAtAddressZeroUntilItIsAdded) {
    EXPECT_EQ(cache.find(0), nullptr);
    add(0, code[0]);
    EXPECT_EQ(cache.find(0), &code[0]);
    cache.clear();
    EXPECT_EQ(cache.find(0), nullptr);
}

TEST(JumpCachesTest, WhatUsersCodeIsForDoesNotMatterToSupervisors) {
    constexpr u64 page = 0x40'1000, target = 0x40'1230;
    const u8 code = 0;
    const Condition users{}, supervisors{.view = 1};
    JumpTables tables;
    JumpCaches caches(tables);
    for (const Condition& each : {users, supervisors}) {
        caches.use_for(each);
        EXPECT_TRUE(caches.add_page(each, page, page, {.bytes = 0x1000, .is_global = true}));
        EXPECT_FALSE(caches.add_page(each, page, page, {.bytes = 0x1000, .is_global = true}));
        caches.add(each, target, &code, true);
    }
    const std::array stamps = tables.stamps;
    caches.clear_users();
    EXPECT_EQ(caches.find(users, target), nullptr);
    EXPECT_NE(tables.stamps[users.jump_cache()], stamps[users.jump_cache()]) << "links hold no longer";
    EXPECT_EQ(caches.find(supervisors, target), &code);
    EXPECT_EQ(tables.stamps[supervisors.jump_cache()], stamps[supervisors.jump_cache()]);
}

} // namespace
} // namespace ringer::engine::translator
