#include "host/sampler.h"

#include <gtest/gtest.h>

#include <atomic>

namespace ringer::host {
namespace {

TEST(Sampler, CountsWhatIsDone) {
    std::atomic<unsigned> doing = 0, looks = 0;
    Sampler sampler(3, [&] {
        ++looks;
        return doing.load();
    });
    const auto until = [&](unsigned more) {
        for (const unsigned end = looks + more; looks < end;) std::this_thread::yield();
    };
    until(3);
    doing = 2;
    until(3);
    const std::vector<u64> seen = sampler.finish();
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_GE(seen[0], 2U);
    EXPECT_EQ(seen[1], 0U);
    EXPECT_GE(seen[2], 2U);
    EXPECT_EQ(seen[0] + seen[2], looks);
}

} // namespace
} // namespace ringer::host
