#include "device/virtio/virtio_block.h"

#include "device/storage/test_medium.h"
#include "device/virtio/virtio_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <functional>

namespace ringer::device {
namespace {

using fixture::VirtioMachine;

class VirtioBlockTest : public testing::TestWithParam<bool> {
  protected:
    static constexpr u64 sectors = 4096;
    static constexpr u8 ok = 0, io_error = 1, unsupported = 2, untouched = 0xee;
    static constexpr u64 flush = 1 << 9, write_cache = 1 << 11, discard = 1 << 13, write_zeroes = 1 << 14;
    /// Where the parts of a request are.
    static constexpr u64 header = 0xc000, status = 0xd000, data = 0x1'0000;

    void start(u64 features = flush) { machine_.start(features | (GetParam() ? machine_.packed : 0), 2); }

    using Segments = std::vector<VirtioSegment>;
    u8 request(u32 type, u64 sector, const Segments& out, Segments in, u16 queue = 0) {
        const struct {
            u32 type, reserved;
            u64 sector;
        } fields{type, 0, sector};
        machine_.memory.put(header, fields);
        machine_.memory.put(status, untouched);
        Segments readable{{header, 16}};
        readable.insert(readable.end(), out.begin(), out.end());
        in.push_back({status, 1});
        id_ = machine_.rings[queue]->add(readable, in);
        machine_.notify_queue(queue);
        EXPECT_EQ(machine_.memory.get<u8>(status), untouched) << "not before a timer expires";
        machine_.let_time_pass();
        used_ = machine_.rings[queue]->take_used();
        return machine_.memory.get<u8>(status);
    }
    std::span<u8> at(u64 address, u64 size) {
        return std::span(machine_.memory.bytes).subspan(address, size);
    }
    std::span<u8> on_medium(u64 sector, u64 count) {
        return std::span(medium_.contents).subspan(sector * 512, count * 512);
    }
    u64 configuration(u64 offset, unsigned size) {
        return machine_.get(machine_.configuration + offset, size);
    }

    fixture::TestMedium medium_{sectors * 512};
    VirtioMachine machine_{[this](TimerQueue& timers) {
        return std::make_unique<VirtioBlock>(timers, medium_, "RINGER-DISK-1");
    }};
    std::optional<fixture::Used> used_;
    u16 id_ = 0;
};

TEST_P(VirtioBlockTest, TellsItsSizeAndLimits) {
    EXPECT_EQ(configuration(0, 8), sectors);
    EXPECT_EQ(configuration(20, 4), 512u);
    EXPECT_EQ(configuration(34, 2), 4u);
    EXPECT_EQ(machine_.get(18, 2), 4u);
    EXPECT_EQ(machine_.function.read_config(0x02, 2), 0x1042u);
    EXPECT_EQ(machine_.offered() & (1 << 5), 0u);
    medium_.read_only = true;
    EXPECT_EQ(machine_.offered() & (1 << 5 | discard | write_zeroes), u64{1 << 5});
}

TEST_P(VirtioBlockTest, Reads) {
    start();
    EXPECT_EQ(request(0, 7, {}, {{data, 512}, {data + 0x2000, 1024}}), ok);
    EXPECT_THAT(at(data, 512), testing::ElementsAreArray(on_medium(7, 1)));
    EXPECT_THAT(at(data + 0x2000, 1024), testing::ElementsAreArray(on_medium(8, 2)));
    EXPECT_EQ(used_, (fixture::Used{id_, 1537}));
}

TEST_P(VirtioBlockTest, ReadsMoreThanItHoldsAtATime) {
    start();
    EXPECT_EQ(request(0, 3, {}, {{data, 200 * 1024}, {data + 256 * 1024, 200 * 1024}}, 1), ok);
    EXPECT_THAT(at(data, 200 * 1024), testing::ElementsAreArray(on_medium(3, 400)));
    EXPECT_THAT(at(data + 256 * 1024, 200 * 1024), testing::ElementsAreArray(on_medium(403, 400)));
}

TEST_P(VirtioBlockTest, Writes) {
    start();
    std::ranges::fill(at(data, 1024), u8{0x5a});
    EXPECT_EQ(request(1, sectors - 2, {{data, 500}, {data + 500, 524}}, {}), ok);
    EXPECT_THAT(on_medium(sectors - 2, 2), testing::Each(0x5a));
    EXPECT_EQ(used_, (fixture::Used{id_, 1}));
    EXPECT_EQ(medium_.flushes, 0u);
    EXPECT_EQ(request(4, 0, {}, {}), ok);
    EXPECT_EQ(medium_.flushes, 1u);
}

TEST_P(VirtioBlockTest, WritesThroughForADriverThatCannotFlush) {
    start(0);
    EXPECT_EQ(request(1, 0, {{data, 512}}, {}), ok);
    EXPECT_EQ(medium_.flushes, 1u);
}

TEST_P(VirtioBlockTest, WritesThroughWhenTheDriverChoosesTo) {
    start(flush | write_cache);
    EXPECT_EQ(configuration(32, 1), 1u);
    machine_.put(machine_.configuration + 32, 1, 0);
    EXPECT_EQ(configuration(32, 1), 0u);
    EXPECT_EQ(request(1, 0, {{data, 512}}, {}), ok);
    EXPECT_EQ(medium_.flushes, 1u);
}

TEST_P(VirtioBlockTest, TellsItsId) {
    start();
    EXPECT_EQ(request(8, 0, {}, {{data, 20}}), ok);
    EXPECT_EQ(std::memcmp(at(data, 20).data(), "RINGER-DISK-1\0\0\0\0\0\0\0", 20), 0);
}

TEST_P(VirtioBlockTest, RefusesWhatIsPastTheEndOrNoWholeSector) {
    start();
    const auto before = medium_.contents;
    EXPECT_EQ(request(0, sectors - 1, {}, {{data, 1024}}), io_error);
    EXPECT_EQ(request(0, ~u64{0}, {}, {{data, 512}}), io_error);
    EXPECT_EQ(request(0, 0, {}, {{data, 511}}), io_error);
    EXPECT_EQ(request(1, sectors, {{data, 512}}, {}), io_error);
    EXPECT_EQ(request(1, u64{1} << 55, {{data, 512}}, {}), io_error);
    EXPECT_EQ(request(1, 0, {{data, 513}}, {}), io_error);
    EXPECT_EQ(request(77, 0, {}, {}), unsupported);
    EXPECT_EQ(medium_.contents, before);
    EXPECT_EQ(machine_.status() & machine_.needs_reset, 0);
}

TEST_P(VirtioBlockTest, RefusesDataThatIsNotInMemory) {
    start();
    EXPECT_EQ(request(0, 0, {}, {{machine_.memory.size - 256, 512}}), io_error);
    EXPECT_EQ(request(1, 0, {{~u64{0} - 100, 512}}, {}), io_error);
    EXPECT_EQ(request(0, 0, {}, {{data, 0xffff'fe00}, {data, 0xffff'fe00}}), io_error);
}

TEST_P(VirtioBlockTest, TellsOfErrorsOfTheMedium) {
    start();
    medium_.fails = true;
    EXPECT_EQ(request(0, 0, {}, {{data, 512}}), io_error);
    EXPECT_EQ(request(1, 0, {{data, 512}}, {}), io_error);
    EXPECT_EQ(request(4, 0, {}, {}), io_error);
}

TEST_P(VirtioBlockTest, DoesNotWriteWhatIsReadOnly) {
    medium_.read_only = true;
    start();
    EXPECT_EQ(request(1, 0, {{data, 512}}, {}), io_error);
    machine_.memory.put<u64>(data, 0);
    machine_.memory.put<u64>(data + 8, 1);
    EXPECT_EQ(request(11, 0, {{data, 16}}, {}), io_error);
    EXPECT_EQ(request(0, 0, {}, {{data, 512}}), ok);
}

TEST_P(VirtioBlockTest, DiscardsAndZeroes) {
    start(flush | discard | write_zeroes);
    const auto put_range = [this](u64 address, u64 sector, u32 count, u32 flags) {
        machine_.memory.put(address, sector);
        machine_.memory.put(address + 8, count);
        machine_.memory.put(address + 12, flags);
    };
    put_range(data, 10, 2, 0);
    put_range(data + 16, 20, 3, 0);
    EXPECT_EQ(request(11, 0, {{data, 32}}, {}), ok);
    EXPECT_EQ(medium_.discarded, 5 * 512u);
    put_range(data, 30, 2, 1);
    EXPECT_EQ(request(11, 0, {{data, 16}}, {}), unsupported) << "unmap goes with zeroes only";
    EXPECT_EQ(request(13, 0, {{data, 16}}, {}), ok);
    EXPECT_THAT(on_medium(30, 2), testing::Each(0));
    EXPECT_TRUE(medium_.unmapped);
    EXPECT_NE(on_medium(32, 1)[0], 0);

    put_range(data, 40, 1, 0);
    put_range(data + 16, sectors - 1, 2, 0);
    EXPECT_EQ(request(13, 0, {{data, 32}}, {}), io_error);
    EXPECT_NE(on_medium(40, 1)[0], 0) << "all ranges or none";
    EXPECT_EQ(request(13, 0, {{data, 15}}, {}), io_error);
    EXPECT_EQ(request(13, 0, {}, {}), io_error);
    put_range(data, 0, ~0u, 0);
    EXPECT_EQ(request(11, 0, {{data, 16}}, {}), io_error);
}

TEST_P(VirtioBlockTest, NeedsAResetAfterWhatIsNoRequest) {
    for (const bool without_status : {true, false}) {
        start();
        if (without_status)
            machine_.rings[0]->add({{header, 16}}, {});
        else
            machine_.rings[0]->add({{header, 15}}, {{status, 1}});
        machine_.notify_queue(0);
        machine_.let_time_pass();
        EXPECT_TRUE(machine_.status() & machine_.needs_reset);
        std::ranges::fill(at(0x1000, 0x6000), u8{0});
    }
}

TEST_P(VirtioBlockTest, ManyRequestsAreDoneInTurns) {
    start();
    for (u16 queue = 0; queue < 2; ++queue)
        for (unsigned i = 0; i < 8; ++i) {
            machine_.memory.put<u64>(header, 0);
            machine_.memory.put<u64>(header + 8, 0);
            machine_.rings[queue]->add({{header, 16}}, {{data, 512 * 1024 + 1}});
        }
    machine_.notify_queue(0);
    const auto used = [this] {
        unsigned count = 0;
        for (const auto& ring : machine_.rings)
            while (ring->take_used()) ++count;
        return count;
    };
    machine_.clock.set(*machine_.timers.next_deadline());
    machine_.timers.expire_due();
    const unsigned first = used();
    EXPECT_GT(first, 0u);
    EXPECT_LT(first, 16u) << "the vCPU runs in between";
    machine_.let_time_pass();
    EXPECT_EQ(first + used(), 16u);
}

TEST_P(VirtioBlockTest, GoesOnAfterALoadInTheMiddle) {
    start();
    machine_.memory.put<u64>(header, 0);
    machine_.memory.put<u64>(header + 8, 5);
    machine_.rings[0]->add({{header, 16}}, {{data, 512}, {status, 1}});
    machine_.notify_queue(0);
    VirtioPci copy("copy", std::make_unique<VirtioBlock>(machine_.timers, medium_, "copy"),
                   machine_.memory.space, machine_.messages);
    fixture::copy(machine_.function, copy);
    machine_.function.reset();
    machine_.let_time_pass();
    EXPECT_THAT(at(data, 512), testing::ElementsAreArray(on_medium(5, 1)));
    EXPECT_TRUE(copy.interrupt().level());
}

INSTANTIATE_TEST_SUITE_P(Rings, VirtioBlockTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Packed" : "Split"; });

} // namespace
} // namespace ringer::device
