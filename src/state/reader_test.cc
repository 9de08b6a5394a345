#include "state/reader.h"

#include "state/test_state.h"
#include "state/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::state {
namespace {

using test::Channel;
using test::Component;
using test::sample;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

std::vector<u8> save(Component component) {
    Writer writer;
    writer.field(1, "component", component);
    return writer.finish();
}

struct Loaded {
    Component component;
    Result<std::vector<std::string>> missing;
};

Loaded load(std::span<const u8> input, Component component = {}) {
    Reader reader(input, "test.state");
    reader.field(1, "component", component);
    return {component, reader.finish()};
}

/// Assembles saved states that a Writer would not produce.
class Forge {
  public:
    Forge& record(u8 kind, u32 number, const std::vector<u8>& payload) {
        body_.push_back(kind);
        put(body_, number, 4);
        put(body_, payload.size(), 8);
        body_.insert(body_.end(), payload.begin(), payload.end());
        return *this;
    }
    Forge& integer(u32 number, std::vector<u8> bytes) { return record(1, number, bytes); }
    Forge& group(u32 number, const Forge& contents) { return record(2, number, contents.body_); }
    Forge& bytes(std::vector<u8> contents) { return record(3, 0, contents); }
    Forge& count(u64 value) {
        std::vector<u8> payload;
        put(payload, value, 8);
        return record(4, 0, payload);
    }

    std::vector<u8> file() const {
        std::vector<u8> result(format::magic.begin(), format::magic.end());
        put(result, format::version, 4);
        put(result, body_.size(), 8);
        result.insert(result.end(), body_.begin(), body_.end());
        return result;
    }

  private:
    static void put(std::vector<u8>& output, u64 value, unsigned size) {
        for (unsigned i = 0; i < size; ++i) output.push_back(static_cast<u8>(value >> (8 * i)));
    }
    std::vector<u8> body_;
};

std::string error_of(const Forge& component) {
    const auto result = load(Forge().group(1, component).file()).missing;
    if (result) return "no error";
    EXPECT_EQ(result.error().blame, Blame::user);
    return result.error().message;
}

TEST(Reader, LoadsWhatAWriterSaved) {
    const Loaded loaded = load(save(sample()));
    ASSERT_TRUE(loaded.missing.has_value()) << loaded.missing.error().message;
    EXPECT_THAT(*loaded.missing, IsEmpty());
    EXPECT_EQ(loaded.component, sample());
}

TEST(Reader, LoadsEmptyVectorsAndOptionalsOverFullOnes) {
    const Loaded loaded = load(save({}), sample());
    ASSERT_TRUE(loaded.missing.has_value());
    EXPECT_THAT(*loaded.missing, IsEmpty());
    EXPECT_EQ(loaded.component, Component{});
}

TEST(Reader, LoadsVectorsLongerThanA16BitNumber) {
    std::vector<u16> queue(70'000), copy;
    for (std::size_t i = 0; i < queue.size(); ++i) queue[i] = static_cast<u16>(i * 3);
    Writer writer;
    writer.field(1, "queue", queue);
    const auto file = writer.finish();
    Reader reader(file, "test.state");
    reader.field(1, "queue", copy);
    ASSERT_TRUE(reader.finish().has_value());
    EXPECT_EQ(copy, queue);
}

TEST(Reader, TakesFieldsInAnyOrder) {
    u8 a = 1, b = 2, loaded_a = 0, loaded_b = 0;
    Writer writer;
    writer.field(9, "b", b).field(3, "a", a);
    const auto file = writer.finish();
    Reader reader(file, "test.state");
    reader.field(3, "a", loaded_a).field(9, "b", loaded_b);
    ASSERT_TRUE(reader.finish().has_value());
    EXPECT_EQ(loaded_a, 1);
    EXPECT_EQ(loaded_b, 2);
}

TEST(Reader, KeepsAndReportsWhatIsMissing) {
    const Forge channel = Forge().integer(1, {5, 0});
    const Forge component = Forge().integer(2, {0x99}).group(6, Forge().group(0, channel));
    const Loaded loaded = load(Forge().group(1, component).file(), sample());
    ASSERT_TRUE(loaded.missing.has_value()) << loaded.missing.error().message;
    Component expected = sample();
    expected.small = 0x99;
    expected.channels[0].count = 5;
    EXPECT_EQ(loaded.component, expected);
    EXPECT_THAT(*loaded.missing,
                ElementsAre("component.large", "component.negative", "component.flag", "component.mode",
                            "component.channels[0].enabled", "component.channels[0].latch",
                            "component.channels[1]", "component.words", "component.fifo", "component.queue",
                            "component.extra", "component.deadline"));
}

TEST(Reader, ReportsAMissingComponentOnce) {
    const Loaded loaded = load(Forge().file(), sample());
    ASSERT_TRUE(loaded.missing.has_value());
    EXPECT_THAT(*loaded.missing, ElementsAre("component"));
    EXPECT_EQ(loaded.component, sample());
}

TEST(Reader, BoundsTheReportOfMissingFields) {
    Forge elements;
    for (u32 i = 0; i < 200; ++i) elements.group(i, Forge());
    elements.count(200);
    const Loaded loaded = load(Forge().group(1, Forge().group(10, elements)).file());
    ASSERT_TRUE(loaded.missing.has_value());
    EXPECT_THAT(*loaded.missing, SizeIs(Reader::max_missing));
    EXPECT_THAT(loaded.component.extra, SizeIs(200));
}

TEST(Reader, PassesOverWhatNobodyVisits) {
    const Forge unknown = Forge().integer(1, {1}).bytes({1, 2, 3}).group(2, Forge().record(77, 0, {5}));
    u8 value = 0;
    const auto file =
        Forge().group(500, unknown).integer(7, {3}).integer(1'000'000, {1, 2, 3, 4, 5, 6, 7, 8}).file();
    Reader reader(file, "test.state");
    reader.field(7, "value", value);
    const auto missing = reader.finish();
    ASSERT_TRUE(missing.has_value()) << missing.error().message;
    EXPECT_THAT(*missing, IsEmpty());
    EXPECT_EQ(value, 3);
}

TEST(Reader, TakesIntegersOfAnotherWidthThatFit) {
    const Loaded loaded = load(Forge().group(1, Forge().integer(1, {7}).integer(2, {0x80, 0, 0})).file());
    ASSERT_TRUE(loaded.missing.has_value());
    EXPECT_EQ(loaded.component.large, 7u);
    EXPECT_EQ(loaded.component.small, 0x80);
    EXPECT_THAT(error_of(Forge().integer(2, {0, 1})),
                HasSubstr("component.small holds 0x100, too large for 1 bytes"));
}

TEST(Reader, RefusesAWrongHeader) {
    const auto message = [](std::vector<u8> input) { return load(input).missing.error().message; };
    EXPECT_THAT(message({}), HasSubstr("test.state: is not a saved state"));
    EXPECT_THAT(message({'R', 'I', 'N', 'G', 'E', 'R'}), HasSubstr("is not a saved state"));
    std::vector<u8> file = save(sample());
    file[0] ^= 1;
    EXPECT_THAT(message(file), HasSubstr("is not a saved state"));
    file[0] ^= 1;
    file[8] = 2;
    EXPECT_THAT(message(file), HasSubstr("has format version 2, and this Ringer reads version 1"));
    file[8] = 1;
    file.push_back(0);
    EXPECT_THAT(message(file), HasSubstr("the header promises"));
}

TEST(Reader, RefusesEveryTruncation) {
    const std::vector<u8> file = save(sample());
    for (std::size_t size = 0; size < file.size(); ++size)
        EXPECT_FALSE(load(std::span(file).first(size)).missing.has_value()) << size;
}

TEST(Reader, SurvivesEveryChangedByte) {
    std::vector<u8> file = save(sample());
    unsigned refused = 0;
    for (u8& byte : file)
        for (const u8 flip : {0x01, 0x80, 0xff}) {
            byte ^= flip;
            refused += !load(file).missing.has_value();
            byte ^= flip;
        }
    EXPECT_GT(refused, file.size());
    EXPECT_TRUE(load(file).missing.has_value());
}

TEST(Reader, NamesTheFieldThatIsWrong) {
    EXPECT_THAT(error_of(Forge().integer(6, {1})),
                AllOf(StartsWith("test.state: component.channels is an integer and not a group"),
                      HasSubstr("use another")));
    EXPECT_THAT(error_of(Forge().group(2, {})), HasSubstr("component.small is a group and not an integer"));
    EXPECT_THAT(error_of(Forge().integer(2, {1}).integer(2, {1})),
                HasSubstr("component holds two fields of one number"));
    EXPECT_THAT(error_of(Forge().integer(2, {})), HasSubstr("component holds an integer of 0 bytes"));
    EXPECT_THAT(error_of(Forge().integer(2, std::vector<u8>(9))),
                HasSubstr("component holds an integer of 9 bytes"));
    EXPECT_THAT(error_of(Forge().record(5, 0, {})),
                HasSubstr("component holds a record of the unknown kind 5"));
    EXPECT_THAT(error_of(Forge().record(2, 6, {1, 2, 3})),
                HasSubstr("component.channels ends within a record"));

    const Forge short_latch = Forge().group(3, Forge().bytes({1, 2}));
    EXPECT_THAT(error_of(Forge().group(6, Forge().group(1, short_latch))),
                HasSubstr("component.channels[1].latch holds 2 bytes and not 3"));
}

TEST(Reader, RefusesCountsThatTheInputDoesNotHold) {
    EXPECT_THAT(error_of(Forge().group(8, Forge().count(~u64{0}).bytes({1}))),
                HasSubstr("component.fifo counts 18446744073709551615 elements and holds 1"));
    EXPECT_THAT(error_of(Forge().group(10, Forge().count(1'000'000).bytes(std::vector<u8>(1'000'000)))),
                HasSubstr("component.extra counts 1000000 elements and holds 0"));
    EXPECT_THAT(error_of(Forge().group(8, Forge().bytes({1}))), HasSubstr("component.fifo lacks the count"));
    EXPECT_THAT(error_of(Forge().group(8, Forge().count(1).count(1))),
                HasSubstr("component.fifo holds two counts"));
    EXPECT_THAT(error_of(Forge().group(8, Forge().bytes({}).bytes({}))), HasSubstr("holds its bytes twice"));
    EXPECT_THAT(error_of(Forge().group(8, Forge().record(4, 0, {1}))),
                HasSubstr("a count of the wrong size"));
}

TEST(Reader, ALongRecordLengthDoesNotWrap) {
    std::vector<u8> file = save(sample());
    std::fill_n(file.begin() + format::header_size + 5, 8, 0xff);
    EXPECT_THAT(load(file).missing.error().message,
                HasSubstr("the outermost group holds a record that is longer"));
}

TEST(WriterDeathTest, RefusesTwoFieldsOfOneNumber) {
    u8 value = 0;
    Writer writer;
    writer.field(1, "a", value).field(2, "b", value).field(1, "c", value);
    EXPECT_DEATH(writer.finish(), "broken invariant");
}

} // namespace
} // namespace ringer::state
