#include "host/storage/private_medium.h"

#include "device/storage/test_medium.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ringer::host {
namespace {

class PrivateMediumTest : public testing::Test {
  protected:
    static std::vector<u8> contents(device::Medium& medium) {
        std::vector<u8> bytes(medium.size());
        EXPECT_TRUE(medium.read(0, bytes));
        return bytes;
    }

    static constexpr std::size_t size = 512 * 21; // the last block is not whole
    device::fixture::TestMedium below_{size};
};

TEST_F(PrivateMediumTest, KeepsWhatIsWrittenToItself) {
    const std::vector<u8> before = below_.contents;
    PrivateMedium first(below_, false), second(below_, false);
    std::vector<u8> expected = before;
    const std::vector<u8> bytes(5000, 0xee);
    for (const u64 offset : {u64{512}, u64{size - 5000}}) {
        ASSERT_TRUE(first.write(offset, bytes));
        std::ranges::copy(bytes, expected.begin() + static_cast<std::ptrdiff_t>(offset));
    }
    EXPECT_EQ(contents(first), expected);
    EXPECT_EQ(contents(second), before);
    EXPECT_EQ(below_.contents, before);
    std::vector<u8> part(1000);
    ASSERT_TRUE(first.read(5000, part));
    EXPECT_TRUE(std::equal(part.begin(), part.end(), expected.begin() + 5000));
}

TEST_F(PrivateMediumTest, ReadsAndWritesInPiecesAndClears) {
    PrivateMedium medium(below_, false);
    std::vector<u8> first(700, 1), second(4000, 2), zeroes(1000);
    const std::array<std::span<u8>, 2> pieces{first, second};
    ASSERT_TRUE(medium.write_gathered(3000, pieces));
    ASSERT_TRUE(medium.write_zeroes(3500, 1000, true));
    ASSERT_TRUE(medium.discard(0, 512));
    ASSERT_TRUE(medium.read_scattered(3000, pieces));
    EXPECT_EQ(std::ranges::count(first, 1), 500);
    EXPECT_EQ(std::ranges::count(second, 2), 3200);
    EXPECT_EQ(contents(medium)[0], below_.contents[0]);
}

TEST_F(PrivateMediumTest, RefusesWhatAMediumRefuses) {
    std::vector<u8> sector(512);
    PrivateMedium medium(below_, false), read_only(below_, true);
    EXPECT_FALSE(medium.write(size - 511, sector));
    EXPECT_FALSE(medium.write(~u64{0} - 100, sector));
    EXPECT_FALSE(read_only.write(0, sector));
    EXPECT_TRUE(read_only.is_read_only());
    below_.fails = true;
    EXPECT_FALSE(medium.read(0, sector));
    EXPECT_FALSE(medium.write(0, sector)) << "the rest of the block is below";
}

} // namespace
} // namespace ringer::host
