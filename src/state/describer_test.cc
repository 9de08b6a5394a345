#include "state/describer.h"

#include "state/test_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::state {
namespace {

using nlohmann::ordered_json;
using test::Component;
using test::sample;
using testing::ElementsAre;
using testing::IsEmpty;

ordered_json describe(Component component) {
    Describer describer;
    describer.field(1, "component", component);
    return describer.finish();
}

std::vector<std::string> differences(const Component& left, const Component& right) {
    std::vector<std::string> result;
    for (const Difference& difference : compare(describe(left), describe(right)))
        result.push_back(to_string(difference));
    return result;
}

TEST(Describer, ShowsEveryKindOfField) {
    EXPECT_EQ(
        describe(sample()).dump(),
        R"({"component":{"large":18364758544493064720,"small":66,"negative":4294967289,"flag":1,"mode":3,)"
        R"("channels":[{"count":4660,"enabled":1,"latch":"010203"},{"count":65535,"enabled":0,"latch":"040506"}],)"
        R"("words":[10,20,4294967295],"fifo":"09080706","queue":[256,512],)"
        R"("extra":[{"count":7,"enabled":1,"latch":"000000"}],"deadline":{"present":1,"value":1000000}}})");
}

TEST(Describer, ShowsEmptyVectorsAndAbsentOptionals) {
    const ordered_json component = describe({})["component"];
    EXPECT_EQ(component["fifo"], "");
    EXPECT_EQ(component["queue"], ordered_json::array());
    EXPECT_EQ(component["deadline"], (ordered_json{{"present", 0}}));
}

TEST(Describer, ShowsAnEmptyState) { EXPECT_EQ(Describer().finish().dump(), "{}"); }

TEST(DescriberDeathTest, RefusesTwoFieldsOfOneName) {
    u8 value = 0;
    Describer describer;
    describer.field(1, "a", value);
    EXPECT_DEATH(describer.field(2, "a", value), "broken invariant");
}

TEST(Compare, FindsNothingInEqualStates) { EXPECT_THAT(differences(sample(), sample()), IsEmpty()); }

TEST(Compare, GivesFewBytesWholeWhenAsked) {
    Component other = sample();
    other.channels[0].latch[1] = 0xff;
    const auto found = compare(describe(sample()), describe(other), 3);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(to_string(found[0]), R"(component.channels[0].latch: "010203" and "01ff03")");
}

TEST(Compare, NamesEachFieldThatDiffersWithBothValues) {
    Component other = sample();
    other.small = 0x43;
    other.channels[1].enabled = true;
    other.channels[1].latch[2] = 0xff;
    other.words[0] = 0;
    EXPECT_THAT(differences(sample(), other),
                ElementsAre("component.small: 0x42 and 0x43", "component.channels[1].enabled: 0x0 and 0x1",
                            "component.channels[1].latch[2]: 0x6 and 0xff",
                            "component.words[0]: 0xa and 0x0"));
}

TEST(Compare, NamesWhatIsOnOneSideOnly) {
    Component other = sample();
    other.queue.push_back(3);
    other.fifo.pop_back();
    other.deadline.reset();
    EXPECT_THAT(differences(sample(), other),
                ElementsAre(R"(component.fifo: "09080706" and "090807")",
                            "component.queue[2]: absent and 0x3", "component.deadline.present: 0x1 and 0x0",
                            "component.deadline.value: 0xf4240 and absent"));
    EXPECT_THAT(differences(other, sample()),
                ElementsAre(R"(component.fifo: "090807" and "09080706")",
                            "component.queue[2]: 0x3 and absent", "component.deadline.present: 0x0 and 0x1",
                            "component.deadline.value: absent and 0xf4240"));
}

} // namespace
} // namespace ringer::state
