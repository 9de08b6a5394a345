#include "device/storage/ata_disk.h"

#include "device/storage/ide_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace ringer::device {
namespace {

using testing::Each;

class AtaDiskTest : public fixture::IdeFixture {
  protected:
    static constexpr u64 sectors = 2048;

    AtaDiskTest() { ide_.channel(0).attach(0, std::make_unique<AtaDisk>(timers_, medium_, 1)); }

    void address(u32 sector, u8 count) {
        put(IdeRegister::count, count);
        put(IdeRegister::lba_low, static_cast<u8>(sector));
        put(IdeRegister::lba_mid, static_cast<u8>(sector >> 8));
        put(IdeRegister::lba_high, static_cast<u8>(sector >> 16));
        put(IdeRegister::device, static_cast<u8>(0xe0 | sector >> 24));
    }
    std::span<u8> sector(u64 number, u64 count = 1) {
        return std::span(medium_.contents).subspan(number * 512, count * 512);
    }
    void expect_failure(u8 error_bits, u8 status_bits = 0) {
        EXPECT_EQ(alternate_status(), idle | error | status_bits);
        EXPECT_EQ(get(IdeRegister::error_features), error_bits);
        EXPECT_TRUE(interrupt_.level());
        (void)get(IdeRegister::status_command);
    }

    fixture::TestMedium medium_{sectors * 512};
};

TEST_F(AtaDiskTest, HasADisksSignatureAfterReset) {
    EXPECT_EQ(alternate_status(), idle);
    EXPECT_EQ(get(IdeRegister::count), 1);
    EXPECT_EQ(get(IdeRegister::lba_low), 1);
    EXPECT_EQ(get(IdeRegister::lba_mid), 0);
    EXPECT_EQ(get(IdeRegister::lba_high), 0);
    EXPECT_EQ(get(IdeRegister::error_features), 1) << "passed its diagnostic";
    EXPECT_FALSE(interrupt_.level());
}

TEST_F(AtaDiskTest, RunsItsDiagnosticWithTheOtherDriveOfItsCable) {
    ide_.channel(0).attach(1, std::make_unique<AtaDisk>(timers_, medium_, 2));
    for (const bool second : {false, true}) {
        put(IdeRegister::device, second ? 0xf0 : 0xe0);
        put(IdeRegister::lba_mid, 7);
        command(0x90);
        EXPECT_EQ(get(IdeRegister::device), 0) << "selects drive 0";
        EXPECT_EQ(get(IdeRegister::error_features), 1) << "both have passed";
        EXPECT_EQ(get(IdeRegister::lba_mid), 0) << "with a disk's signature";
        EXPECT_TRUE(interrupt_.level());
        EXPECT_EQ(get(IdeRegister::status_command), idle);
        put(IdeRegister::device, 0x10);
        EXPECT_EQ(get(IdeRegister::error_features), 1);
        EXPECT_EQ(get(IdeRegister::lba_mid), 0);
        EXPECT_FALSE(interrupt_.level()) << "drive 1 leaves that to drive 0";
    }
}

TEST_F(AtaDiskTest, DescribesItself) {
    command(0xec);
    EXPECT_EQ(alternate_status(), idle | request);
    EXPECT_TRUE(interrupt_.level());
    EXPECT_EQ(get(IdeRegister::status_command), idle | request);
    EXPECT_FALSE(interrupt_.level()) << "reading the status ends the interrupt";
    const std::vector<u8> data = read_data(512);
    const auto word = [&](unsigned index) { return data[2 * index] | data[2 * index + 1] << 8; };
    EXPECT_EQ(word(1), 2);
    EXPECT_EQ(word(3), 16);
    EXPECT_EQ(word(6), 63);
    EXPECT_EQ(word(60), 2048);
    EXPECT_EQ(word(100), 2048);
    EXPECT_EQ(data[54 + 1], 'R') << "the first character is the upper byte";
    EXPECT_EQ(alternate_status(), idle);
}

TEST_F(AtaDiskTest, ReadsSectors) {
    address(5, 2);
    command(0x20);
    EXPECT_EQ(wait(), idle | request);
    EXPECT_TRUE(interrupt_.level());
    (void)get(IdeRegister::status_command);
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector(5)));
    EXPECT_EQ(wait(), idle | request) << "an interrupt for each sector";
    EXPECT_TRUE(interrupt_.level());
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector(6)));
    EXPECT_EQ(alternate_status(), idle);
    EXPECT_EQ(get(IdeRegister::lba_low), 6);
    EXPECT_EQ(get(IdeRegister::count), 0);
}

TEST_F(AtaDiskTest, WritesSectors) {
    address(7, 2);
    command(0x30);
    EXPECT_EQ(alternate_status(), idle | request);
    EXPECT_FALSE(interrupt_.level()) << "none for the first sector";
    const std::vector<u8> ones(512, 1), twos(512, 2);
    write_data(ones);
    EXPECT_EQ(wait(), idle | request);
    EXPECT_TRUE(interrupt_.level());
    (void)get(IdeRegister::status_command);
    write_data(twos);
    EXPECT_EQ(wait(), idle);
    EXPECT_TRUE(interrupt_.level());
    EXPECT_THAT(sector(7), Each(1));
    EXPECT_THAT(sector(8), Each(2));
    EXPECT_EQ(medium_.flushes, 0u);
}

TEST_F(AtaDiskTest, MovesBlocksOnceTheyAreSet) {
    address(0, 3);
    command(0xc4);
    expect_failure(0x04);
    put(IdeRegister::count, 3);
    command(0xc6);
    expect_failure(0x04);
    put(IdeRegister::count, 2);
    command(0xc6);
    EXPECT_EQ(alternate_status(), idle);
    address(0, 3);
    command(0xc4);
    wait();
    EXPECT_THAT(read_data(1024), testing::ElementsAreArray(sector(0, 2)));
    wait();
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector(2)));
    EXPECT_EQ(alternate_status(), idle);
}

TEST_F(AtaDiskTest, AddressesByCylinderHeadAndSector) {
    put(IdeRegister::count, 1);
    put(IdeRegister::lba_low, 2);
    put(IdeRegister::lba_mid, 1);
    put(IdeRegister::device, 0xa3);
    command(0x20);
    wait();
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector((1 * 16 + 3) * 63 + 1)));
    EXPECT_EQ(get(IdeRegister::lba_low), 2);
    EXPECT_EQ(get(IdeRegister::device), 0xa3);

    put(IdeRegister::count, 17); // sectors per track
    put(IdeRegister::device, 0xa3);
    command(0x91);
    put(IdeRegister::count, 1);
    command(0x20);
    wait();
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector((1 * 4 + 3) * 17 + 1)));
    put(IdeRegister::count, 1);
    put(IdeRegister::lba_low, 18);
    command(0x20);
    expect_failure(0x10);
}

TEST_F(AtaDiskTest, TakesAddressesOf48Bits) {
    put(IdeRegister::count, 0);
    put(IdeRegister::lba_low, 1); // bits 24 to 31
    put(IdeRegister::lba_low, 9);
    put(IdeRegister::count, 1);
    command(0x24);
    expect_failure(0x10);
    control(0x80);
    EXPECT_EQ(get(IdeRegister::lba_low), 1) << "the previous contents";
    put(IdeRegister::lba_low, 0);
    put(IdeRegister::lba_low, 9);
    command(0x24);
    wait();
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector(9)));
}

TEST_F(AtaDiskTest, NoDmaBeforeTheFunctionMayBeBusMaster) {
    ide_.write_config(0x04, 2, 1);
    put_table({{0x1000, 512}});
    address(10, 1);
    command(0xc8);
    bus_master(0, 1, 0x09);
    run_until(clock_, timers_, clock_.now() + 1'000'000);
    EXPECT_EQ(alternate_status(), idle | request);
    EXPECT_EQ(ram_[0x1001], 0);
    ide_.write_config(0x04, 2, 5);
    EXPECT_EQ(wait(), idle);
    EXPECT_THAT(std::span(ram_).subspan(0x1000, 512), testing::ElementsAreArray(sector(10)));
}

TEST_F(AtaDiskTest, MovesByDma) {
    put_table({{0x1000, 512}, {0x3000, 1024}});
    address(10, 3);
    command(0xc8);
    EXPECT_EQ(alternate_status(), idle | request) << "waits for the bus master";
    bus_master(0, 1, 0x09);
    EXPECT_EQ(bus_master(2, 1) & 7, 1u);
    EXPECT_EQ(wait(), idle);
    EXPECT_EQ(bus_master(2, 1) & 7, 4u) << "interrupt, and no longer active";
    EXPECT_THAT(std::span(ram_).subspan(0x1000, 512), testing::ElementsAreArray(sector(10)));
    EXPECT_THAT(std::span(ram_).subspan(0x3000, 1024), testing::ElementsAreArray(sector(11, 2)));
    bus_master(0, 1, 0x00);
    bus_master(2, 1, 0x04);
    EXPECT_EQ(bus_master(2, 1) & 7, 0u);

    address(20, 3);
    bus_master(0, 1, 0x01);
    command(0xca);
    EXPECT_EQ(wait(), idle);
    EXPECT_THAT(sector(20), testing::ElementsAreArray(sector(10)));
    EXPECT_THAT(sector(21, 2), testing::ElementsAreArray(sector(11, 2)));
}

TEST_F(AtaDiskTest, WaitsWhenTheTableIsTooShort) {
    put_table({{0x1000, 512}});
    address(0, 2);
    command(0xc8);
    bus_master(0, 1, 0x09);
    EXPECT_EQ(wait(), idle | request);
    EXPECT_EQ(bus_master(2, 1) & 7, 0u) << "neither active nor an interrupt";
    control(0x04);
    EXPECT_EQ(alternate_status(), idle) << "a reset ends it";
}

TEST_F(AtaDiskTest, StaysActiveWhenTheTableIsTooLong) {
    put_table({{0x1000, 1024}});
    address(0, 1);
    command(0xc8);
    bus_master(0, 1, 0x09);
    EXPECT_EQ(wait(), idle);
    EXPECT_EQ(bus_master(2, 1) & 7, 5u);
}

TEST_F(AtaDiskTest, TellsOfMemoryThatIsNotThere) {
    put_table({{0x40'0000, 512}});
    address(0, 1);
    command(0xc8);
    bus_master(0, 1, 0x09);
    wait();
    expect_failure(0x04);
    EXPECT_EQ(bus_master(2, 1) & 3, 2u);
}

TEST_F(AtaDiskTest, FlushesItsCache) {
    command(0xe7);
    EXPECT_EQ(wait(), idle);
    EXPECT_EQ(medium_.flushes, 1u);
    put(IdeRegister::error_features, 0x82); // no write cache
    command(0xef);
    address(0, 1);
    command(0x30);
    write_data(std::vector<u8>(512));
    EXPECT_EQ(wait(), idle);
    EXPECT_EQ(medium_.flushes, 2u);
}

TEST_F(AtaDiskTest, RefusesWhatLiesBeyondTheEnd) {
    address(sectors - 1, 2);
    for (const u8 each : {0x20, 0x30, 0xc8, 0xca, 0x40}) {
        command(each);
        expect_failure(0x10);
    }
}

TEST_F(AtaDiskTest, TellsOfAMediumThatFails) {
    medium_.fails = true;
    address(3, 1);
    command(0x20);
    wait();
    expect_failure(0x40);
    EXPECT_EQ(get(IdeRegister::lba_low), 3);
    command(0x30);
    write_data(std::vector<u8>(512));
    wait();
    expect_failure(0x04, fault);
    command(0xe7);
    wait();
    expect_failure(0x04, fault);
}

TEST_F(AtaDiskTest, RefusesToWriteWhatIsReadOnly) {
    medium_.read_only = true;
    address(0, 1);
    command(0x30);
    expect_failure(0x04);
    command(0x20);
    EXPECT_EQ(wait(), idle | request);
}

TEST_F(AtaDiskTest, AbortsCommandsThatItDoesNotKnow) {
    command(0xa1);
    expect_failure(0x04);
    put(IdeRegister::error_features, 0x99);
    command(0xef);
    expect_failure(0x04);
}

TEST_F(AtaDiskTest, HoldsItsInterruptBackWhenAsked) {
    control(0x02);
    command(0xe3);
    EXPECT_FALSE(interrupt_.level());
    control(0);
    EXPECT_TRUE(interrupt_.level());
}

TEST_F(AtaDiskTest, TakesNoCommandWhileItIsBusy) {
    address(0, 1);
    command(0x20);
    command(0xec);
    put(IdeRegister::lba_low, 9);
    EXPECT_EQ(wait(), idle | request);
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector(0)));
}

TEST_F(AtaDiskTest, IsNotResetByTheCommandOfPacketDevices) {
    address(3, 1);
    command(0x20);
    command(0x08);
    EXPECT_EQ(alternate_status(), idle | busy) << "as it is busy";
    EXPECT_EQ(wait(), idle | request);
    EXPECT_THAT(read_data(512), testing::ElementsAreArray(sector(3)));
    command(0x08);
    expect_failure(4);
}

TEST_F(AtaDiskTest, AnswersForTheDriveThatIsNotThere) {
    put(IdeRegister::device, 0xb0);
    EXPECT_EQ(get(IdeRegister::status_command), 0);
    EXPECT_EQ(get(IdeRegister::count), 1);
    command(0xec);
    EXPECT_EQ(alternate_status(), 0);
    EXPECT_EQ(fixture::in(ide_.command_block(1), 7), 0xff) << "no drive on this cable";
}

TEST_F(AtaDiskTest, AnswersOnlyOnceEnabled) {
    PiixIde ide(memory_, PiixIde::Decode::when_enabled);
    ide.channel(0).attach(0, std::make_unique<AtaDisk>(timers_, medium_, 1));
    EXPECT_EQ(fixture::in(ide.command_block(0), 7), 0xff);
    ide.write_config(0x04, 2, 1);
    EXPECT_EQ(fixture::in(ide.command_block(0), 7), 0xff);
    ide.write_config(0x40, 2, 0x8000);
    EXPECT_EQ(fixture::in(ide.command_block(0), 7), idle);
}

TEST_F(AtaDiskTest, GoesOnAfterALoad) {
    address(5, 2);
    command(0x20);
    wait();
    const std::vector<u8> first = read_data(100);
    PiixIde loaded(memory_, PiixIde::Decode::after_reset);
    loaded.channel(0).attach(0, std::make_unique<AtaDisk>(timers_, medium_, 1));
    fixture::copy(ide_, loaded);
    EXPECT_EQ(fixture::saved(loaded), fixture::saved(ide_));
    EXPECT_TRUE(loaded.channel(0).interrupt().level());
    u64 value = 0;
    EXPECT_EQ(loaded.command_block(0).read(0, 2, value), memory::Answer::now);
    EXPECT_EQ(value, sector(5)[100] | u64{sector(5)[101]} << 8);
    for (unsigned i = 102; i < 512; i += 2) (void)loaded.command_block(0).read(0, 2, value);
    PiixIde working(memory_, PiixIde::Decode::after_reset);
    working.channel(0).attach(0, std::make_unique<AtaDisk>(timers_, medium_, 1));
    fixture::copy(loaded, working);
    fixture::run_until(clock_, timers_, clock_.now() + 1'000'000);
    EXPECT_EQ(fixture::in(working.control_block(0), 0), idle | request) << "the second sector has come";
}

} // namespace
} // namespace ringer::device
