#include "host/storage/read_ring.h"

#include "host/descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace ringer::host {
namespace {

/// A file whose byte i is i / 16, and reads of 16 bytes each, in two pieces, from its end to its start.
class ReadRingTest : public testing::Test {
  protected:
    static constexpr u64 count = 2 * ReadRing::depth + 7, each = 16;

    ReadRingTest() {
        std::vector<u8> contents(count * each);
        for (std::size_t i = 0; i < contents.size(); ++i) contents[i] = static_cast<u8>(i / each);
        EXPECT_EQ(write_all(file_.get(), contents), 0);
        for (u64 i = 0; i < count; ++i) {
            const auto bytes = std::span(found_).subspan(i * each, each);
            reads_.push_back({(count - 1 - i) * each, {bytes.first(5), bytes.subspan(5)}});
        }
    }

    static Descriptor unnamed_file() {
        return Descriptor(::open(std::filesystem::temp_directory_path().c_str(), O_TMPFILE | O_RDWR, 0600));
    }
    u64 successes() const { return static_cast<u64>(std::ranges::count(reads_, true, &Read::success)); }

    using Read = device::Medium::Read;
    Descriptor file_ = unnamed_file();
    std::vector<u8> found_ = std::vector<u8>(count * each);
    std::vector<Read> reads_;
    ReadRing ring_;
};

TEST_F(ReadRingTest, ReadsMoreThanItHasUnderWay) {
    ring_.read(file_.get(), reads_);
    if (successes() == 0) GTEST_SKIP() << "this host has no io_uring, or forbids it";
    EXPECT_EQ(successes(), count);
    for (u64 i = 0; i < found_.size(); ++i) ASSERT_EQ(found_[i], static_cast<u8>(count - 1 - i / each)) << i;
}

TEST_F(ReadRingTest, TellsWhichReadsAreNotComplete) {
    ASSERT_EQ(ftruncate(file_.get(), static_cast<off_t>((count - 2) * each + 3)), 0);
    ring_.read(file_.get(), reads_);
    if (successes() == 0) GTEST_SKIP() << "this host has no io_uring, or forbids it";
    EXPECT_FALSE(reads_[0].success) << "beyond the end";
    EXPECT_FALSE(reads_[1].success) << "cut off";
    EXPECT_EQ(successes(), count - 2);
}

TEST_F(ReadRingTest, ReadsNothingWhereTheHostHasNone) {
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const rlimit tight{.rlim_cur = static_cast<rlim_t>(unnamed_file().get()), .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &tight);
    ring_.read(file_.get(), reads_);
    setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ(successes(), 0u);
    ring_.read(file_.get(), reads_);
    EXPECT_EQ(successes(), 0u) << "and does not try again";
}

} // namespace
} // namespace ringer::host
