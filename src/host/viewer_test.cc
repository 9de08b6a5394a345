#include "host/viewer.h"

#include <gtest/gtest.h>

namespace ringer::host {
namespace {

constexpr Nanoseconds millisecond = 1'000'000;

/// How many looks there are from one moment to another, each of which finds something new or not.
unsigned looks(LookTimes& times, Nanoseconds from, Nanoseconds to, bool anything_new) {
    unsigned count = 0;
    for (Nanoseconds now = from; now < to; now += millisecond) {
        if (!times.is_due(now)) continue;
        times.has_looked(now, anything_new);
        ++count;
    }
    return count;
}

TEST(LookTimes, AreThirtyASecondWhileThePictureChanges) {
    LookTimes times;
    EXPECT_EQ(looks(times, 0, 1000 * millisecond, true), 31u);
}

TEST(LookTimes, BecomeRarerWhileItDoesNot) {
    LookTimes times;
    looks(times, 0, 1000 * millisecond, false);
    EXPECT_EQ(looks(times, 1000 * millisecond, 3000 * millisecond, false), 8u);
    EXPECT_EQ(looks(times, 3000 * millisecond, 4000 * millisecond, true), 25u) << "from the next one on";
}

TEST(LookTimes, ComeSoonAfterSomebodyHasDoneSomething) {
    LookTimes times;
    looks(times, 0, 3000 * millisecond, false);
    ASSERT_FALSE(times.is_due(3001 * millisecond));
    times.expect_news();
    EXPECT_EQ(looks(times, 3001 * millisecond, 3060 * millisecond, false), 1u);
}

TEST(LookTimes, TellWhenTheNextIsIfItWasWantedBefore) {
    LookTimes times;
    EXPECT_EQ(times.next_if_overdue(), std::nullopt);
    ASSERT_TRUE(times.is_due(0));
    times.has_looked(0, true);
    EXPECT_EQ(times.next_if_overdue(), std::nullopt);
    ASSERT_FALSE(times.is_due(10 * millisecond));
    EXPECT_EQ(times.next_if_overdue(), 33 * millisecond);
}

} // namespace
} // namespace ringer::host
