#include "engine/operand_regions.h"

#include <gtest/gtest.h>

namespace ringer::engine {
namespace {

using memory::ShadowSpace;

TEST(OperandRegions, AnOperandMayHaveBeenInBoth) {
    OperandRegions regions;
    regions.note(3, ShadowSpace::lowest);
    regions.note(4, ShadowSpace::high_begin);
    EXPECT_TRUE(regions.of(3).is_low);
    EXPECT_FALSE(regions.of(3).is_high);
    EXPECT_TRUE(regions.of(4).is_high);
    regions.note(3, ShadowSpace::high_begin);
    EXPECT_TRUE(regions.of(3).is_low && regions.of(3).is_high);
}

TEST(OperandRegions, NothingIsNotedOfWhatIsInNeitherOrTooFarBehind) {
    OperandRegions regions;
    regions.note(0, ShadowSpace::low_end);
    EXPECT_FALSE(regions.of(0).is_low || regions.of(0).is_high);
    regions.note(OperandRegions::most, ShadowSpace::lowest);
    EXPECT_FALSE(regions.of(0).is_low || regions.of(OperandRegions::most).is_low);
}

} // namespace
} // namespace ringer::engine
