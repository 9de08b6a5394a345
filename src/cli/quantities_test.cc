#include "cli/quantities.h"

#include "base/bits.h"

#include <gtest/gtest.h>

namespace ringer::cli {
namespace {

TEST(ParseSize, TakesUnits) {
    const std::pair<std::string_view, u64> cases[] = {
        {"512M", 512 * MiB}, {"1G", GiB},        {"64MiB", 64 * MiB}, {"64mb", 64 * MiB},
        {"2g", 2 * GiB},     {"1T", 1024 * GiB}, {"4096", 4096},      {"4096B", 4096},
        {"8K", 8192},        {"0", 0},           {"1GIB", GiB},
    };
    for (const auto& [text, size] : cases) EXPECT_EQ(parse_size("--memory", text), size) << text;
}

TEST(ParseSize, RefusesNonsense) {
    for (const std::string_view text :
         {"", "M", "-1", "-1M", "1.5G", "0x10M", " 1M", "1 M", "1M ", "1MM", "1iB", "1X",
          "99999999999999999999", "18446744073709551615K", "lots", "1Mi"}) {
        const auto size = parse_size("--memory", text);
        ASSERT_FALSE(size) << text;
        EXPECT_EQ(size.error().blame, Blame::user);
        EXPECT_TRUE(size.error().message.starts_with("--memory ")) << size.error().message;
    }
}

TEST(ParseDuration, TakesUnits) {
    EXPECT_EQ(parse_duration("--timeout", "60s"), 60'000'000'000u);
    EXPECT_EQ(parse_duration("--timeout", "60"), 60'000'000'000u);
    EXPECT_EQ(parse_duration("--timeout", "5m"), 300'000'000'000u);
    EXPECT_EQ(parse_duration("--timeout", "1h"), 3'600'000'000'000u);
    EXPECT_EQ(parse_duration("--timeout", "250ms"), 250'000'000u);
}

TEST(ParseDuration, RefusesNonsense) {
    for (const std::string_view text : {"", "0", "0s", "-1s", "1.5s", "s", "5 m", "1d", "99999999999h"})
        EXPECT_FALSE(parse_duration("--timeout", text)) << text;
}

TEST(ParseCount, TakesPositiveNumbers) {
    EXPECT_EQ(parse_count("--max-instructions", "18446744073709551615"), ~u64{0});
    for (const std::string_view text : {"", "0", "-1", "1e6", "5M", "18446744073709551616"})
        EXPECT_FALSE(parse_count("--max-instructions", text)) << text;
}

} // namespace
} // namespace ringer::cli
