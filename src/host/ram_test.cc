#include "host/ram.h"

#include "base/bits.h"
#include "host/process.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>

#include <algorithm>

namespace ringer::host {
namespace {

TEST(HostRam, IsZeroAndTakesNothingUntilWritten) {
    const u64 before = peak_memory();
    auto ram = HostRam::allocate(4 * GiB);
    ASSERT_TRUE(ram);
    ASSERT_EQ(ram->bytes().size(), 4 * GiB);
    EXPECT_EQ(ram->bytes()[0], 0);
    EXPECT_EQ(ram->bytes()[3 * GiB + 5], 0);
    ram->bytes()[4 * GiB - 1] = 7;
    EXPECT_LT(peak_memory() - before, 64 * MiB);
}

TEST(HostRam, MovesItsBytes) {
    auto first = HostRam::allocate(64 * KiB);
    ASSERT_TRUE(first);
    first->bytes()[10] = 42;
    const HostRam second = std::move(*first);
    EXPECT_EQ(second.bytes()[10], 42);
}

TEST(HostRam, GivesPagesBack) {
    auto ram = HostRam::allocate(64 * KiB);
    ASSERT_TRUE(ram);
    std::ranges::fill(ram->bytes(), u8{42});
    HostRam::release(ram->bytes().subspan(4 * KiB, 8 * KiB));
    std::array<unsigned char, 16> resident{};
    ASSERT_EQ(mincore(ram->bytes().data(), 64 * KiB, resident.data()), 0);
    EXPECT_EQ(resident[0] & 1, 1);
    EXPECT_EQ((resident[1] | resident[2]) & 1, 0);
    EXPECT_EQ(ram->bytes()[4 * KiB - 1], 42);
    EXPECT_EQ(ram->bytes()[4 * KiB], 0);
    EXPECT_EQ(ram->bytes()[12 * KiB], 42);
}

TEST(HostRam, GivesSharedPagesBack) {
    auto ram = HostRam::allocate(64 * KiB, HostRam::Kind::shared);
    ASSERT_TRUE(ram);
    ASSERT_GE(ram->file(), 0);
    std::ranges::fill(ram->bytes(), u8{42});
    HostRam::release(ram->bytes().subspan(4 * KiB, 8 * KiB));
    EXPECT_EQ(ram->bytes()[4 * KiB - 1], 42);
    EXPECT_EQ(ram->bytes()[4 * KiB], 0);
    EXPECT_EQ(ram->bytes()[12 * KiB], 42);
}

TEST(HostRam, RefusesWhatNoHostHas) {
    const auto ram = HostRam::allocate(u64{1} << 60);
    ASSERT_FALSE(ram);
    EXPECT_EQ(ram.error().blame, Blame::host);
}

TEST(HostMemory, IsKnown) { EXPECT_GT(host_memory(), 64 * MiB); }

} // namespace
} // namespace ringer::host
