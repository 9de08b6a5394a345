#include "machine/memory_layout.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::machine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(MemoryLayout, RefusesSizesThatAPcCannotHave) {
    for (u64 bytes : {u64{0}, MiB, MemoryLayout::minimum - 4 * KiB, MemoryLayout::maximum + 4 * KiB,
                      1024 * GiB, ~u64{0}}) {
        const auto layout = MemoryLayout::of_size(bytes);
        ASSERT_FALSE(layout) << bytes;
        EXPECT_EQ(layout.error().blame, Blame::user);
        EXPECT_THAT(layout.error().message, HasSubstr("give 64 MiB to 512 GiB"));
    }
    const auto odd = MemoryLayout::of_size(64 * MiB + 1);
    ASSERT_FALSE(odd);
    EXPECT_THAT(odd.error().message, HasSubstr("multiple of 4 KiB"));
}

TEST(MemoryLayout, SmallRamLiesBelowTheHole) {
    const auto layout = MemoryLayout::of_size(64 * MiB);
    ASSERT_TRUE(layout);
    EXPECT_EQ(layout->low_end(), 64 * MiB);
    EXPECT_THAT(layout->ram(), ElementsAre(MemoryRange{0, 0xa'0000}, MemoryRange{0xc'0000, 0x4'0000},
                                           MemoryRange{MiB, 63 * MiB}));
    EXPECT_THAT(layout->map(), ElementsAre(MemoryMapEntry{{0, 0x9'fc00}, MemoryKind::usable},
                                           MemoryMapEntry{{0x9'fc00, 0x400}, MemoryKind::reserved},
                                           MemoryMapEntry{{0xe'0000, 0x2'0000}, MemoryKind::reserved},
                                           MemoryMapEntry{{0x10'0000, 63 * MiB}, MemoryKind::usable},
                                           MemoryMapEntry{{0xfec0'0000, 0x140'0000}, MemoryKind::reserved}));
}

TEST(MemoryLayout, RamBeyondTheHoleMovesAboveFourGibibytes) {
    const auto full = MemoryLayout::of_size(3 * GiB);
    ASSERT_TRUE(full);
    EXPECT_EQ(full->ram().size(), 3u);

    const auto layout = MemoryLayout::of_size(3 * GiB + 4 * KiB);
    ASSERT_TRUE(layout);
    EXPECT_EQ(layout->low_end(), 3 * GiB);
    EXPECT_EQ(layout->ram().back(), (MemoryRange{4 * GiB, 4 * KiB}));
    EXPECT_EQ(layout->map().back(), (MemoryMapEntry{{4 * GiB, 4 * KiB}, MemoryKind::usable}));
}

TEST(MemoryLayout, EveryUsableRangeIsRamAndTheMapIsAscending) {
    for (u64 bytes : {MemoryLayout::minimum, 512 * MiB, 3 * GiB, 8 * GiB, MemoryLayout::maximum}) {
        const auto layout = MemoryLayout::of_size(bytes);
        ASSERT_TRUE(layout);
        u64 backed = 0;
        for (const MemoryRange& range : layout->ram()) backed += range.size;
        EXPECT_EQ(backed + MemoryLayout::display_window.size, bytes);

        GuestPhysical previous_end = 0;
        for (const auto& [range, kind] : layout->map()) {
            EXPECT_GE(range.base, previous_end);
            previous_end = range.end();
            if (kind == MemoryKind::usable) {
                EXPECT_TRUE(std::ranges::any_of(layout->ram(), [&](const MemoryRange& ram) {
                    return ram.base <= range.base && range.end() <= ram.end();
                }));
            }
        }
    }
}

} // namespace
} // namespace ringer::machine
