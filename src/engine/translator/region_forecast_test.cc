#include "engine/translator/region_forecast.h"

#include <gtest/gtest.h>

namespace ringer::engine::translator {
namespace {

TEST(MissedRegions, AGroupThatBothHaveMissedIsInBoth) {
    MissedRegions missed;
    missed.note(3, false);
    EXPECT_TRUE(missed.is_low_missed(3));
    EXPECT_FALSE(missed.are_both_missed(3));
    missed.note(4, true);
    EXPECT_FALSE(missed.are_both_missed(3)) << "another group";
    missed.note(3, true);
    EXPECT_TRUE(missed.are_both_missed(3));
    EXPECT_FALSE(missed.is_low_missed(most_groups + 3)) << "nothing is noted of those beyond";
}

TEST(DataRegions, DataIsWhereCodeIsUntilItHasBeenFoundElsewhereOften) {
    DataRegions data;
    EXPECT_FALSE(data.are_high(Region::low));
    EXPECT_TRUE(data.are_high(Region::high));
    data.note_miss(Region::low, false);
    EXPECT_FALSE(data.are_high(Region::low)) << "once says little";
    for (int i = 0; i < 100; ++i) data.note_miss(Region::low, false);
    EXPECT_TRUE(data.are_high(Region::low));
    for (int i = 0; i < 100; ++i) data.note_miss(Region::low, true);
    EXPECT_FALSE(data.are_high(Region::low));
    EXPECT_TRUE(data.are_high(Region::high)) << "the other code's";
}

} // namespace
} // namespace ringer::engine::translator
