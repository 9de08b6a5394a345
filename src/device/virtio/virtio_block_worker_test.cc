#include "device/storage/test_medium.h"
#include "device/storage/test_worker.h"
#include "device/virtio/virtio_block.h"
#include "device/virtio/virtio_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using fixture::VirtioMachine;

/// A disk whose worker takes its time.
class VirtioBlockWorkerTest : public testing::TestWithParam<bool> {
  protected:
    static constexpr u64 sectors = 16 * 1024;
    static constexpr u8 ok = 0, io_error = 1, untouched = 0xee;
    static constexpr u32 read = 0, write = 1, flush = 4, write_zeroes = 13;
    static constexpr u64 headers = 0xc000, states = 0xd000, tables = 0xe000, data = 0x1'0000;

    VirtioBlockWorkerTest() { start(); }

    void start(u64 features = 1 << 9 | 1 << 14) {
        machine_.start(features | machine_.indirect | (GetParam() ? machine_.packed : 0), 2);
    }

    using Segments = std::vector<VirtioSegment>;
    /// Adds request `number`, whose status is at state(number), and lets the device find it.
    void request(u16 number, u32 type, u64 sector, const Segments& out, Segments in) {
        const struct {
            u32 type, reserved;
            u64 sector;
        } fields{type, 0, sector};
        machine_.memory.put(headers + 16u * number, fields);
        machine_.memory.put(states + number, untouched);
        Segments readable{{headers + 16u * number, 16}};
        readable.insert(readable.end(), out.begin(), out.end());
        in.push_back({states + number, 1});
        machine_.rings[0]->add_indirect(tables + 0x100u * number, readable, in);
        machine_.notify_queue(0);
        machine_.let_time_pass();
    }
    u8 state(u16 number) { return machine_.memory.get<u8>(states + number); }
    unsigned used() {
        unsigned count = 0;
        while (machine_.rings[0]->take_used()) ++count;
        return count;
    }
    std::span<u8> at(u64 address, u64 size) {
        return std::span(machine_.memory.bytes).subspan(address, size);
    }
    std::span<u8> on_medium(u64 sector, u64 count) {
        return std::span(medium_.contents).subspan(sector * 512, count * 512);
    }

    fixture::TestMedium medium_{sectors * 512};
    fixture::TestWorker worker_{medium_};
    VirtioMachine machine_{[this](TimerQueue& timers) {
        return std::make_unique<VirtioBlock>(timers, medium_, "disk", &worker_);
    }};
};

TEST_P(VirtioBlockWorkerTest, AnswersOnceTheWorkerIsDone) {
    request(0, read, 7, {}, {{data, 512}});
    EXPECT_EQ(worker_.under_way(), 1u);
    EXPECT_EQ(state(0), untouched);
    EXPECT_EQ(used(), 0u);
    EXPECT_FALSE(machine_.pin.level());
    worker_.do_next();
    EXPECT_EQ(state(0), ok);
    EXPECT_THAT(at(data, 512), testing::ElementsAreArray(on_medium(7, 1)));
    EXPECT_EQ(used(), 1u);
    EXPECT_TRUE(machine_.pin.level());
}

TEST_P(VirtioBlockWorkerTest, FlushesAfterWhatWasWrittenBefore) {
    at(data, 512)[0] = 0x5a;
    request(0, write, 3, {{data, 512}}, {});
    request(1, flush, 0, {}, {});
    EXPECT_EQ(worker_.under_way(), 2u);
    worker_.do_next();
    EXPECT_EQ(state(0), ok);
    EXPECT_EQ(on_medium(3, 1)[0], 0x5a);
    EXPECT_EQ(medium_.flushes, 0u);
    EXPECT_EQ(state(1), untouched);
    worker_.do_next();
    EXPECT_EQ(medium_.flushes, 1u);
    EXPECT_EQ(state(1), ok);
}

TEST_P(VirtioBlockWorkerTest, WritesSmallThingsAtOnceOnlyWhenNothingIsUnderWay) {
    medium_.is_at_hand = true;
    request(0, write, 3, {{data, 512}}, {});
    EXPECT_EQ(state(0), ok);
    request(1, flush, 0, {}, {});
    request(2, write, 4, {{data, 512}}, {});
    request(3, read, 5, {}, {{data, 512}});
    EXPECT_EQ(state(2), untouched) << "the flush was to come first";
    EXPECT_EQ(state(3), ok) << "reads need not wait for it";
    worker_.finish();
    EXPECT_EQ(state(2), ok);
    request(4, write, 5, {{data, 512 * 1024}}, {});
    EXPECT_EQ(state(4), untouched) << "it is large";
    worker_.finish();
    EXPECT_EQ(state(4), ok);
}

TEST_P(VirtioBlockWorkerTest, MakesWritesLastForADriverThatCannotFlush) {
    medium_.is_at_hand = true;
    start(0);
    request(0, write, 3, {{data, 512}}, {});
    EXPECT_EQ(state(0), untouched);
    worker_.do_next();
    EXPECT_EQ(state(0), ok);
    EXPECT_EQ(medium_.flushes, 1u);
}

TEST_P(VirtioBlockWorkerTest, TellsOfFailures) {
    request(0, read, 0, {}, {{data, 512}});
    request(1, write, 0, {{data, 512}}, {});
    request(2, flush, 0, {}, {});
    medium_.fails = true;
    worker_.finish();
    for (u16 number = 0; number < 3; ++number) EXPECT_EQ(state(number), io_error) << number;
}

TEST_P(VirtioBlockWorkerTest, ZeroesByTheWorker) {
    machine_.memory.put<u64>(data, 9);
    machine_.memory.put<u64>(data + 8, 2);
    request(0, write_zeroes, 0, {{data, 16}}, {});
    EXPECT_NE(on_medium(9, 1)[1], 0);
    worker_.finish();
    EXPECT_EQ(state(0), ok);
    EXPECT_THAT(on_medium(9, 2), testing::Each(0));
}

TEST_P(VirtioBlockWorkerTest, HasABoundedAmountUnderWay) {
    for (u16 number = 0; number < 5; ++number) {
        // Of 5 MiB each, all over the same memory.
        request(number, write, 0, Segments(10, {data, 512 * 1024}), {});
    }
    EXPECT_EQ(worker_.under_way(), 4u) << "16 MiB, and the request that was the first to be beyond it";
    worker_.do_next();
    machine_.let_time_pass();
    EXPECT_EQ(worker_.under_way(), 4u) << "the next one takes the place";
    worker_.finish();
    machine_.let_time_pass();
    for (u16 number = 0; number < 5; ++number) EXPECT_EQ(state(number), ok) << number;
}

TEST_P(VirtioBlockWorkerTest, ResetWaitsForWhatIsUnderWayAndAnswersNothing) {
    request(0, read, 7, {}, {{data, 512}});
    machine_.put_status(0);
    EXPECT_EQ(worker_.under_way(), 0u);
    EXPECT_EQ(state(0), untouched);
    std::ranges::fill(at(0x1000, 0x6000), u8{0});
    start();
    request(1, read, 8, {}, {{data, 512}});
    worker_.finish();
    EXPECT_EQ(state(1), ok);
    EXPECT_THAT(at(data, 512), testing::ElementsAreArray(on_medium(8, 1)));
}

/// A driver's code may run from where data come in, until they do.
TEST_P(VirtioBlockWorkerTest, DropsCodeThatWasFoundWhileDataCameIn) {
    request(0, read, 7, {}, {{data, 512}});
    (void)machine_.memory.space.take_dirty_pages();
    worker_.do_next();
    EXPECT_THAT(machine_.memory.space.take_dirty_pages(), testing::Contains(data));
}

INSTANTIATE_TEST_SUITE_P(Rings, VirtioBlockWorkerTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Packed" : "Split"; });

} // namespace
} // namespace ringer::device
