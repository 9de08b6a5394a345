#include "device/virtio/virtio_balloon.h"

#include "device/virtio/virtio_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using fixture::VirtioMachine;

struct Machine : VirtioMachine {
    explicit Machine(const VirtioBalloon::Options& options = {})
        : VirtioMachine([&](TimerQueue& queue) { return std::make_unique<VirtioBalloon>(queue, options); }) {
        memory.space.set_releaser([this](std::span<u8> pages) {
            released.push_back({static_cast<u64>(pages.data() - memory.bytes.data()), pages.size()});
            std::ranges::fill(pages, u8{0});
        });
    }
    VirtioBalloon& balloon() { return static_cast<VirtioBalloon&>(function.device()); }
    bool has_failed() { return status() & needs_reset; }

    struct Range {
        u64 address, size;
        bool operator==(const Range&) const = default;
    };
    std::vector<Range> released;
};

constexpr u16 inflate = 0, deflate = 1, statistics = 2;
constexpr u64 numbers = 0x1'0000;

class VirtioBalloonTest : public testing::TestWithParam<bool> {
  protected:
    void start(Machine& machine) { machine.start(GetParam() ? VirtioMachine::packed : 0, 5); }

    static void send(Machine& machine, u16 queue, std::initializer_list<u32> pages) {
        u64 at = numbers;
        for (const u32 page : pages) {
            machine.memory.put(at, page);
            at += 4;
        }
        machine.rings[queue]->add({{numbers, static_cast<u32>(4 * pages.size())}}, {});
        machine.notify_queue(queue);
        machine.let_time_pass();
        EXPECT_TRUE(machine.rings[queue]->take_used());
    }
};

TEST_P(VirtioBalloonTest, GivesThePagesOfTheBalloonToTheHost) {
    Machine machine;
    EXPECT_EQ(machine.function.read_config(0x02, 2), 0x1045u);
    start(machine);
    machine.memory.put<u32>(0x4'1000, 0x1234'5678);
    send(machine, inflate, {0x40, 0x41, 0x42, 0x50, 0x4f, 0x4e, 0x60});
    EXPECT_THAT(machine.released,
                testing::ElementsAre(Machine::Range{0x4'0000, 0x3000}, Machine::Range{0x4'e000, 0x3000},
                                     Machine::Range{0x6'0000, 0x1000}));
    EXPECT_EQ(machine.memory.get<u32>(0x4'1000), 0u);
    EXPECT_EQ(machine.balloon().report().released, 0x7000u);
    machine.released.clear();
    send(machine, deflate, {0x40, 0x41});
    EXPECT_TRUE(machine.released.empty());
}

TEST_P(VirtioBalloonTest, PagesThatAreNoMemoryAreNothing) {
    Machine machine;
    start(machine);
    send(machine, inflate, {0x100, 0xffff'ffff, 0xff, 0x41});
    EXPECT_EQ(machine.balloon().report().released, 0x2000u);
    EXPECT_FALSE(machine.has_failed());
}

TEST_P(VirtioBalloonTest, TakesWhatIsReportedFree) {
    for (const u16 queue : {3, 4}) {
        Machine machine;
        start(machine);
        machine.rings[queue]->add({}, {{0x4'0000, 0x8000}, {0x5'0800, 0x2000}});
        machine.notify_queue(queue);
        machine.let_time_pass();
        EXPECT_TRUE(machine.rings[queue]->take_used());
        EXPECT_THAT(machine.released,
                    testing::ElementsAre(Machine::Range{0x4'0000, 0x8000}, Machine::Range{0x5'1000, 0x1000}))
            << "whole pages alone";
    }
}

TEST_P(VirtioBalloonTest, AsksForStatistics) {
    Machine machine;
    start(machine);
    EXPECT_FALSE(machine.balloon().ask_for_statistics()) << "the driver has no buffer there";
    const auto tell = [&](u64 free) {
        machine.memory.put<u16>(numbers, 4);
        machine.memory.put<u64>(numbers + 2, free);
        machine.memory.put<u16>(numbers + 10, 0x7777);
        machine.rings[statistics]->add({{numbers, 20}}, {});
        machine.notify_queue(statistics);
        machine.let_time_pass();
    };
    tell(1000);
    EXPECT_FALSE(machine.rings[statistics]->take_used()) << "it is kept";
    VirtioBalloon::Report report = machine.balloon().report();
    EXPECT_EQ(report.updates, 1u);
    EXPECT_EQ(report.statistics[4], 1000u);
    EXPECT_FALSE(report.statistics[5]);
    EXPECT_TRUE(machine.balloon().ask_for_statistics());
    EXPECT_TRUE(machine.rings[statistics]->take_used());
    EXPECT_TRUE(machine.pin.level());
    tell(2000);
    report = machine.balloon().report();
    EXPECT_EQ(report.updates, 2u);
    EXPECT_EQ(report.statistics[4], 2000u);
}

TEST_P(VirtioBalloonTest, GoesOnAfterALoad) {
    Machine machine, loaded;
    start(machine);
    machine.put(machine.configuration + 4, 4, 0x1234);
    machine.rings[statistics]->add({{numbers, 20}}, {});
    machine.notify_queue(statistics);
    machine.let_time_pass();
    fixture::copy(machine.function, loaded.function);
    EXPECT_EQ(fixture::saved(machine.function), fixture::saved(loaded.function));
    EXPECT_EQ(loaded.balloon().report().actual_pages, 0x1234u);
    loaded.memory.bytes = machine.memory.bytes;
    EXPECT_TRUE(loaded.balloon().ask_for_statistics());
}

TEST_P(VirtioBalloonTest, NeedsAResetAfterNumbersThatAreNotInMemory) {
    Machine machine;
    start(machine);
    machine.rings[inflate]->add({{machine.memory.size, 8}}, {});
    machine.notify_queue(inflate);
    machine.let_time_pass();
    EXPECT_TRUE(machine.has_failed());
}

INSTANTIATE_TEST_SUITE_P(Rings, VirtioBalloonTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Packed" : "Split"; });

TEST(VirtioBalloon, TellsHowLargeItIsToBe) {
    Machine machine({.pages = 5});
    EXPECT_EQ(machine.offered() & 0xff, 1u << 1 | 1 << 2 | 1 << 5);
    EXPECT_EQ(machine.get(machine.configuration, 4), 5u);
    machine.start(0, 5);
    machine.balloon().set_target(5);
    EXPECT_FALSE(machine.pin.level());
    machine.balloon().set_target(7);
    EXPECT_TRUE(machine.pin.level());
    EXPECT_EQ(machine.get(machine.configuration, 4), 7u);
    machine.put(machine.configuration + 4, 4, 6);
    EXPECT_EQ(machine.balloon().report().actual_pages, 6u);
    machine.put_status(0);
    EXPECT_EQ(machine.get(machine.configuration, 4), 7u) << "that is the operator's";
    EXPECT_EQ(machine.balloon().report().actual_pages, 0u);
}

TEST(VirtioBalloon, OffersWhatItIsToOffer) {
    EXPECT_EQ(Machine({.deflates_on_oom = false, .reports_free = false}).offered() & 0xff, 1u << 1);
}

} // namespace
} // namespace ringer::device
