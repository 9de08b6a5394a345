#include "device/storage/ata_disk.h"
#include "device/storage/ide_fixture.h"
#include "device/storage/test_worker.h"

#include <gmock/gmock.h>

namespace ringer::device {
namespace {

/// A disk whose worker takes its time.
class AtaDiskWorkerTest : public fixture::IdeFixture {
  protected:
    static constexpr u8 read_sectors = 0x20, write_sectors = 0x30, read_dma = 0xc8, write_dma = 0xca,
                        flush_cache = 0xe7;

    AtaDiskWorkerTest() {
        ide_.channel(0).attach(0, std::make_unique<AtaDisk>(timers_, medium_, 1, &worker_));
    }

    void give(u8 code, u8 sector, u8 count) {
        put(IdeRegister::count, count);
        put(IdeRegister::lba_low, sector);
        put(IdeRegister::lba_mid, 0);
        put(IdeRegister::lba_high, 0);
        put(IdeRegister::device, 0xe0);
        command(code);
    }
    std::span<u8> sector(u64 number, u64 count = 1) {
        return std::span(medium_.contents).subspan(number * 512, count * 512);
    }
    std::span<u8> in_memory(u64 address, u64 size) { return std::span(ram_).subspan(address, size); }

    fixture::TestMedium medium_{2048 * 512};
    fixture::TestWorker worker_{medium_};
};

TEST_F(AtaDiskWorkerTest, IsBusyUntilTheFlushIsDone) {
    command(flush_cache);
    EXPECT_EQ(wait() & busy, busy);
    EXPECT_FALSE(interrupt_.level());
    worker_.do_next();
    EXPECT_EQ(medium_.flushes, 1u);
    EXPECT_EQ(alternate_status(), idle);
    EXPECT_TRUE(interrupt_.level());
}

TEST_F(AtaDiskWorkerTest, TellsOfAFlushThatFails) {
    command(flush_cache);
    (void)wait();
    medium_.fails = true;
    worker_.do_next();
    EXPECT_EQ(alternate_status(), idle | error | fault);
}

TEST_F(AtaDiskWorkerTest, ReadsAndWritesByTheDataRegister) {
    give(read_sectors, 5, 2);
    for (const u64 number : {5u, 6u}) {
        EXPECT_EQ(wait() & busy, busy);
        worker_.do_next();
        EXPECT_EQ(alternate_status(), idle | request);
        EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector(number)));
    }
    give(write_sectors, 7, 1);
    write_data(std::vector<u8>(512, 0x5a));
    EXPECT_EQ(wait() & busy, busy);
    worker_.do_next();
    EXPECT_EQ(alternate_status(), idle);
    EXPECT_THAT(sector(7), testing::Each(0x5a));
}

TEST_F(AtaDiskWorkerTest, MovesPieceAfterPieceByDma) {
    put_table({{0x1000, 0x8000}, {0xa000, 0xc000}});
    give(read_dma, 3, 160);
    bus_master(0, 1, 9);
    EXPECT_EQ(wait() & busy, busy);
    worker_.do_next();
    EXPECT_EQ(worker_.under_way(), 1u) << "there is more than a piece";
    EXPECT_EQ(alternate_status() & busy, busy);
    worker_.do_next();
    EXPECT_EQ(alternate_status(), idle);
    EXPECT_EQ(bus_master(2, 1) & 7, 4u);
    EXPECT_THAT(in_memory(0x1000, 0x8000), testing::ElementsAreArray(sector(3, 64)));
    EXPECT_THAT(in_memory(0xa000, 0xc000), testing::ElementsAreArray(sector(67, 96)));

    std::ranges::fill(in_memory(0x1000, 0x8000), u8{0x5a});
    bus_master(0, 1, 0);
    put_table({{0x1000, 0x8000}});
    give(write_dma, 100, 64);
    bus_master(0, 1, 1);
    EXPECT_EQ(wait() & busy, busy);
    worker_.do_next();
    EXPECT_EQ(alternate_status(), idle);
    EXPECT_THAT(sector(100, 64), testing::Each(0x5a));
}

TEST_F(AtaDiskWorkerTest, DoesAtOnceWhatNeedNotWait) {
    medium_.is_at_hand = true;
    give(read_sectors, 5, 1);
    EXPECT_EQ(wait(), idle | request);
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector(5)));
    give(write_sectors, 7, 1);
    write_data(std::vector<u8>(512, 0x5a));
    EXPECT_EQ(wait(), idle);
    EXPECT_THAT(sector(7), testing::Each(0x5a));
    EXPECT_EQ(worker_.under_way(), 0u);
}

TEST_F(AtaDiskWorkerTest, WritesThroughByTheWorkerWithTheCacheOff) {
    medium_.is_at_hand = true;
    put(IdeRegister::error_features, 0x82);
    command(0xef);
    give(write_sectors, 7, 1);
    write_data(std::vector<u8>(512, 0x5a));
    EXPECT_EQ(wait() & busy, busy);
    worker_.do_next();
    EXPECT_EQ(medium_.flushes, 1u);
    EXPECT_EQ(alternate_status(), idle);
}

TEST_F(AtaDiskWorkerTest, TellsWhichSectorCouldNotBeRead) {
    give(read_sectors, 9, 1);
    (void)wait();
    medium_.fails = true;
    worker_.do_next();
    EXPECT_EQ(alternate_status(), idle | error);
    EXPECT_EQ(get(IdeRegister::lba_low), 9);
}

TEST_F(AtaDiskWorkerTest, ResetsWaitForWhatIsUnderWayAndForgetIt) {
    for (const bool by_software : {true, false}) {
        give(read_sectors, 5, 1);
        EXPECT_EQ(wait() & busy, busy);
        EXPECT_EQ(worker_.under_way(), 1u);
        if (by_software) {
            control(4);
            control(0);
        } else {
            ide_.reset();
        }
        EXPECT_EQ(worker_.under_way(), 0u);
        EXPECT_EQ(alternate_status(), idle);
        EXPECT_FALSE(interrupt_.level());
    }
}

} // namespace
} // namespace ringer::device
