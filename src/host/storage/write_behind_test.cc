#include "host/storage/write_behind.h"

#include <gtest/gtest.h>

namespace ringer::host {
namespace {

constexpr u64 piece = WriteBehind::piece_size;

TEST(WriteBehind, BeginsWithEachPieceOfARun) {
    WriteBehind behind;
    EXPECT_EQ(behind.wrote(512, piece / 2), std::nullopt);
    EXPECT_EQ(behind.wrote(512 + piece / 2, piece / 2), (WriteBehind::Range{512, piece}));
    EXPECT_EQ(behind.wrote(512 + piece, piece - 512), std::nullopt);
    EXPECT_EQ(behind.wrote(2 * piece, 1024), (WriteBehind::Range{512 + piece, piece + 512}));
}

TEST(WriteBehind, LeavesAloneWhatIsWrittenHereAndThere) {
    WriteBehind behind;
    for (u64 i = 0; i < 64; ++i) EXPECT_EQ(behind.wrote(i * piece, piece / 2), std::nullopt);
}

TEST(WriteBehind, LeavesAloneWhatIsWrittenAgainAndAgain) {
    WriteBehind behind;
    for (int i = 0; i < 64; ++i) EXPECT_EQ(behind.wrote(piece, piece / 2), std::nullopt);
}

TEST(WriteBehind, BeginsWithOneLargeWrite) {
    WriteBehind behind;
    EXPECT_EQ(behind.wrote(7 * piece, 3 * piece), (WriteBehind::Range{7 * piece, 3 * piece}));
}

} // namespace
} // namespace ringer::host
