#include "cli/key_values.h"

#include <gtest/gtest.h>

namespace ringer::cli {
namespace {

Result<KeyValues> parse(std::string_view text) {
    return KeyValues::parse("--disk", text, {"file", "overlay"}, {"readonly"});
}

TEST(KeyValues, TheFirstKeyMayBeLeftOut) {
    EXPECT_EQ(parse("a.raw")->value("file"), "a.raw");
    EXPECT_EQ(parse("file=a.raw")->value("file"), "a.raw");
    EXPECT_EQ(parse("name=a.raw")->value("file"), "name=a.raw") << "not a key: part of the value";
    EXPECT_EQ(parse("overlay=b,file=a")->value("file"), "a");
}

TEST(KeyValues, TakesValuesAndFlags) {
    const auto values = parse("a.raw,readonly,overlay=b=c");
    ASSERT_TRUE(values);
    EXPECT_EQ(values->value("overlay"), "b=c");
    EXPECT_TRUE(values->has("readonly"));
    EXPECT_FALSE(parse("a.raw")->has("readonly"));
}

TEST(KeyValues, FlagsMayComeFirst) {
    EXPECT_EQ(parse("readonly,file=a.raw")->value("file"), "a.raw");
    EXPECT_TRUE(parse("readonly,file=a.raw")->has("readonly"));
    EXPECT_EQ(parse("file=readonly")->value("file"), "readonly");
}

TEST(KeyValues, SaysWhatIsWrongWithAKeyItKnows) {
    EXPECT_EQ(parse("a,readonly=off").error().message,
              "--disk a,readonly=off: readonly takes no value; give it alone, or leave it out");
    EXPECT_EQ(parse("a,overlay").error().message,
              "--disk a,overlay: overlay has no value; give one after '='");
}

TEST(KeyValues, TakesSomeKeysSeveralTimes) {
    const auto values =
        KeyValues::parse("--net", "user,forward=b,mac=c,forward=a", {"type", "mac"}, {}, {"forward"});
    ASSERT_TRUE(values);
    EXPECT_EQ(values->values("forward"), (std::vector<std::string>{"b", "a"}));
    EXPECT_TRUE(values->values("type").size() == 1 && values->values("other").empty());
    EXPECT_FALSE(KeyValues::parse("--net", "user,mac=c,mac=c", {"type", "mac"}, {}, {"forward"}));
}

TEST(KeyValues, TwoCommasAreOne) { EXPECT_EQ(parse("a,,b,,,readonly")->value("file"), "a,b,"); }

TEST(KeyValues, RefusesNonsense) {
    for (const std::string_view text : {"", ",a", "a,", "a,b", "a,writable", "a,file=b",
                                        "a,overlay=", "a,readonly=on", "a,readonly,readonly", "file="}) {
        const auto values = parse(text);
        ASSERT_FALSE(values) << text;
        EXPECT_EQ(values.error().blame, Blame::user);
        EXPECT_TRUE(values.error().message.starts_with("--disk ")) << values.error().message;
    }
}

} // namespace
} // namespace ringer::cli
