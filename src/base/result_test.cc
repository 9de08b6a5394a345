#include "base/result.h"

#include "base/assert.h"

#include <gtest/gtest.h>

#include <memory>

namespace ringer {
namespace {

Result<std::unique_ptr<int>> make(bool fails) {
    if (fails) return host_error("cannot open {}: {}; free some space", "a.img", "disk full");
    return std::make_unique<int>(41);
}

Result<int> plus_one(bool fails) {
    const std::unique_ptr<int> value = TRY(make(fails));
    return *value + 1;
}

Result<void> nothing(bool fails) {
    TRY(make(fails));
    return {};
}

TEST(Result, TryGivesTheValueOrReturnsTheError) {
    EXPECT_EQ(plus_one(false).value(), 42);
    const Result<int> failed = plus_one(true);
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().blame, Blame::host);
    EXPECT_EQ(failed.error().message, "cannot open a.img: disk full; free some space");
    EXPECT_TRUE(nothing(false).has_value());
    EXPECT_FALSE(nothing(true).has_value());
}

TEST(Result, TellsWhoIsToBlame) {
    const Result<int> failed = user_error("there is no option {}", "--frob");
    EXPECT_EQ(failed.error().blame, Blame::user);
}

TEST(AssertDeathTest, HoldsInEveryBuildAndNamesCondition) {
    const int two = 2;
    RINGER_ASSERT(two == 2);
    EXPECT_DEATH(RINGER_ASSERT(two == 3), "broken invariant: two == 3 at .*result_test.cc");
}

} // namespace
} // namespace ringer
