#include "boot/interrupt_routing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace ringer::boot {
namespace {

using testing::ElementsAre;

TEST(InterruptRouting, HasAHeaderThatAddsUpToZero) {
    const std::vector<u8> table = interrupt_routing_table();
    EXPECT_EQ(table.size(), 32u + 31 * 16);
    EXPECT_EQ(table[6] | table[7] << 8, static_cast<int>(table.size()));
    EXPECT_EQ(std::accumulate(table.begin(), table.end(), 0) & 0xff, 0);
    EXPECT_THAT(std::vector(table.begin(), table.begin() + 12),
                ElementsAre('$', 'P', 'I', 'R', 0, 1, 0x10, 2, 0, 1 << 3, 0, 0));
}

TEST(InterruptRouting, TellsWhichRegisterRoutesAPin) {
    const std::vector<u8> table = interrupt_routing_table();
    const auto slot = table.begin() + 32 + 3 * 16; // device 4
    EXPECT_THAT(std::vector(slot, slot + 16), ElementsAre(0, 4 << 3, 0x63, 0xf8, 0xde, 0x60, 0xf8, 0xde, 0x61,
                                                          0xf8, 0xde, 0x62, 0xf8, 0xde, 0, 0));
}

} // namespace
} // namespace ringer::boot
