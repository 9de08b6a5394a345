#include "state/digester.h"

#include "state/test_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::state {
namespace {

using test::Component;
using test::sample;

std::string digest(Component component) {
    Digester digester;
    digester.field(1, "component", component);
    return digester.hex();
}

TEST(Digester, IsTheXxh3OfNothingForNothing) {
    EXPECT_EQ(Digester().hex(), "99aa06d3014798d86001c324468d497f"); // xxhsum -H2 of an empty file
}

TEST(Digester, IsTheSameForEqualState) { EXPECT_EQ(digest(sample()), digest(sample())); }

TEST(Digester, ChangesWithEveryField) {
    const std::string before = digest(sample());
    const auto changed = [&](auto change) {
        Component component = sample();
        change(component);
        return digest(component) != before;
    };
    EXPECT_TRUE(changed([](Component& c) { c.large ^= u64{1} << 63; }));
    EXPECT_TRUE(changed([](Component& c) { c.negative = 7; }));
    EXPECT_TRUE(changed([](Component& c) { c.flag = false; }));
    EXPECT_TRUE(changed([](Component& c) { c.mode = test::Mode::idle; }));
    EXPECT_TRUE(changed([](Component& c) { c.channels[1].latch[2]++; }));
    EXPECT_TRUE(changed([](Component& c) { c.words[1]++; }));
    EXPECT_TRUE(changed([](Component& c) { c.fifo.push_back(0); }));
    EXPECT_TRUE(changed([](Component& c) { std::swap(c.queue[0], c.queue[1]); }));
    EXPECT_TRUE(changed([](Component& c) { c.extra.clear(); }));
    EXPECT_TRUE(changed([](Component& c) { c.deadline.reset(); }));
}

TEST(Digester, DoesNotDependOnNames) {
    u32 value = 5;
    Digester a, b;
    a.field(1, "this", value);
    b.field(1, "that", value);
    EXPECT_EQ(a.hex(), b.hex());
}

TEST(Digester, TakesRawBytesInOrderAndWithTheirLength) {
    const std::vector<u8> ram(100'000, 0xab);
    u32 value = 5;
    Digester whole, same, split, other, reversed;
    whole.field(1, "value", value);
    whole.update(ram);
    same.field(1, "value", value);
    same.update(ram);
    split.field(1, "value", value);
    split.update(std::span(ram).first(10));
    split.update(std::span(ram).subspan(10));
    std::vector<u8> changed = ram;
    changed.back() ^= 1;
    other.field(1, "value", value);
    other.update(changed);
    reversed.update(ram);
    reversed.field(1, "value", value);
    const std::string digest = whole.hex();
    EXPECT_EQ(digest.size(), 32u);
    EXPECT_EQ(same.hex(), digest);
    EXPECT_NE(split.hex(), digest);
    EXPECT_NE(other.hex(), digest);
    EXPECT_NE(reversed.hex(), digest);
}

TEST(Digester, TakesEmptyRanges) {
    Digester empty;
    empty.update({});
    EXPECT_NE(empty.hex(), Digester().hex());
}

} // namespace
} // namespace ringer::state
