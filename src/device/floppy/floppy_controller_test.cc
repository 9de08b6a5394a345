#include "device/floppy/floppy_controller.h"

#include "device/fixture/fixture.h"
#include "device/storage/test_medium.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace ringer::device {
namespace {

using fixture::in;
using fixture::out;
using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;

using Bytes = std::vector<u8>;

class FloppyControllerTest : public testing::Test {
  protected:
    static constexpr u32 buffer = 0x1'0000;
    static constexpr u8 read = 0xe6, write = 0xc5, one_side = 0x7f;

    FloppyControllerTest() {
        memory_.add_ram({0, ram_});
        floppy_.attach(0, disk_);
        floppy_.attach(1, other_);
        out(registers(), 2, 0x1c);
        wait();
        for (u8 unit = 0; unit < 4; ++unit) EXPECT_THAT(ask({0x08}), ElementsAre(0xc0 | unit, 0));
        rate(0);
        EXPECT_EQ(ask({0x03, 0xaf, 0x02}), Bytes());
    }

    memory::Region& registers() { return floppy_.registers(); }
    u8 status() { return in(registers(), 4); }
    void rate(u8 value) { out(floppy_.input_register(), 0, value); }
    bool disk_changed() { return in(floppy_.input_register(), 0) & 0x80; }
    void wait(Nanoseconds time = 1'000'000) { fixture::run_until(clock_, timers_, clock_.now() + time); }

    /// Gives a command, without waiting for it.
    void command(const Bytes& bytes) {
        for (const u8 byte : bytes) {
            EXPECT_EQ(status() & 0xc0, 0x80);
            out(registers(), 5, byte);
        }
    }
    Bytes result() {
        Bytes bytes;
        while ((status() & 0xf0) == 0xd0) bytes.push_back(in(registers(), 5));
        return bytes;
    }
    /// Gives a command and waits for what comes of it.
    Bytes ask(const Bytes& bytes) {
        command(bytes);
        wait();
        return result();
    }
    /// READ, WRITE and their like.
    Bytes transfer(u8 code, u8 cylinder, u8 head, u8 sector, u8 last, u8 unit = 0, u8 length = 0xff) {
        const auto select = static_cast<u8>(head << 2 | unit);
        return ask({code, select, cylinder, head, sector, 2, last, 0x1b, length});
    }
    void seek(u8 cylinder, u8 unit = 0) {
        EXPECT_EQ(ask({0x0f, unit, cylinder}), Bytes());
        EXPECT_THAT(ask({0x08}), ElementsAre(0x20 | unit, cylinder));
    }
    /// Has the DMA channel move `size` bytes to or from `buffer`.
    void dma(std::size_t size, bool to_memory) {
        memory::Region& ports = dma_.byte_ports();
        out(ports, 0x0c, 0);
        for (const u32 half : {buffer & 0xffff, buffer >> 8 & 0xff}) out(ports, 4, static_cast<u8>(half));
        for (const auto half : {size - 1, (size - 1) >> 8}) out(ports, 5, static_cast<u8>(half));
        out(dma_.page_ports(), 0, buffer >> 16);
        out(ports, 0x0b, to_memory ? 0x46 : 0x4a);
        out(ports, 0x0a, 2);
    }
    std::span<u8> memory(std::size_t size) { return std::span(ram_).subspan(buffer, size); }
    static std::span<u8> sector(fixture::TestMedium& medium, std::size_t number, std::size_t count = 1) {
        return std::span(medium.contents).subspan(number * 512, count * 512);
    }

    Bytes ram_ = Bytes(0x3'0000);
    memory::AddressSpace memory_;
    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    IsaDma dma_{memory_};
    fixture::TestMedium disk_{1440 * 1024}, other_{360 * 1024};
    FloppyController floppy_{timers_, dma_};
    fixture::WireProbe interrupt_{floppy_.interrupt()};
};

TEST_F(FloppyControllerTest, ReadsToTheTerminalCountOverBothSides) {
    seek(3);
    dma(3 * 512, true);
    const unsigned rises = interrupt_.rises();
    EXPECT_THAT(transfer(read, 3, 0, 17, 18), ElementsAre(0x04, 0, 0, 3, 1, 2, 2));
    EXPECT_EQ(interrupt_.rises(), rises + 1);
    EXPECT_FALSE(interrupt_.level()) << "the result was taken";
    EXPECT_THAT(memory(3 * 512), ElementsAreArray(sector(disk_, 3 * 36 + 16, 3)));
}

TEST_F(FloppyControllerTest, TellsWhereTheNextSectorWouldBe) {
    dma(512, true);
    EXPECT_THAT(transfer(read, 0, 0, 18, 18), ElementsAre(0, 0, 0, 0, 1, 1, 2));
    dma(512, true);
    EXPECT_THAT(transfer(read & one_side, 0, 0, 18, 18), ElementsAre(0, 0, 0, 1, 0, 1, 2));
}

TEST_F(FloppyControllerTest, TheEndOfTheCylinderIsAnError) {
    dma(4 * 512, true);
    EXPECT_THAT(transfer(read & one_side, 0, 1, 17, 18), ElementsAre(0x44, 0x80, 0, 0, 1, 18, 2));
    EXPECT_THAT(memory(2 * 512), ElementsAreArray(sector(disk_, 34, 2)));
}

TEST_F(FloppyControllerTest, Writes) {
    seek(79);
    std::ranges::fill(memory(1024), u8{0xa5});
    dma(700, false);
    EXPECT_THAT(transfer(write, 79, 1, 17, 18), ElementsAre(4, 0, 0, 80, 0, 1, 2));
    EXPECT_THAT(sector(disk_, 2878, 1), Each(0xa5));
    EXPECT_THAT(sector(disk_, 2879).first(188), Each(0xa5));
    EXPECT_THAT(sector(disk_, 2879).subspan(188), Each(0)) << "the rest of a sector that ends early";
    EXPECT_EQ(disk_.flushes, 1u) << "what was written lasts";
}

TEST_F(FloppyControllerTest, TakesTimeForEachSector) {
    dma(2 * 512, true);
    command({read, 0, 0, 0, 1, 2, 18, 0x1b, 0xff});
    EXPECT_EQ(status(), 0x10);
    EXPECT_FALSE(interrupt_.level());
    wait(20'000);
    EXPECT_EQ(status(), 0x10);
    wait(20'000);
    EXPECT_EQ(status(), 0xd0);
    EXPECT_TRUE(interrupt_.level());
}

TEST_F(FloppyControllerTest, WithoutADmaChannelThatServesItIsOverrun) {
    EXPECT_THAT(transfer(read, 0, 0, 1, 18), ElementsAre(0x40, 0x10, 0, 0, 0, 1, 2));
    dma(512, true);
    EXPECT_THAT(transfer(write, 0, 0, 1, 18), ElementsAre(0x40, 0x10, 0, 0, 0, 1, 2));
    EXPECT_EQ(disk_.contents[1], 1) << "nothing is written";
    out(registers(), 2, 0x14);
    command({read, 0, 0, 0, 1, 2, 18, 0x1b, 0xff});
    wait();
    EXPECT_FALSE(interrupt_.level()) << "the gate is closed for interrupts as well";
    EXPECT_EQ(result()[1], 0x10);
}

TEST_F(FloppyControllerTest, FindsOnlyTheSectorsThatThereAre) {
    dma(512, true);
    EXPECT_THAT(transfer(read, 0, 0, 19, 36), ElementsAre(0x40, 0x04, 0, 0, 0, 19, 2));
    EXPECT_THAT(transfer(read, 5, 0, 1, 18), ElementsAre(0x40, 0x04, 0x10, 5, 0, 1, 2)) << "another cylinder";
    EXPECT_THAT(ask({read, 0, 0, 1, 1, 2, 18, 0x1b, 0xff}), ElementsAre(0x40, 0x04, 0, 0, 1, 1, 2));
    EXPECT_THAT(ask({read, 0, 0, 0, 1, 3, 18, 0x1b, 0xff}), ElementsAre(0x40, 0x04, 0, 0, 0, 1, 3));
    EXPECT_THAT(transfer(read & 0xbf, 0, 0, 1, 18), ElementsAre(0x40, 0x01, 0, 0, 0, 1, 2)) << "FM";
    EXPECT_THAT(transfer(read, 0, 0, 1, 18, 2), ElementsAre(0x42, 0x01, 0, 0, 0, 1, 2)) << "no drive";
    seek(80);
    EXPECT_THAT(transfer(read, 80, 0, 1, 18), ElementsAre(0x40, 0x01, 0, 80, 0, 1, 2)) << "beyond the last";
}

TEST_F(FloppyControllerTest, ReadsAtTheRightRateOnly) {
    for (const u8 wrong : {1, 2, 3}) {
        rate(wrong);
        EXPECT_EQ(ask({0x4a, 0})[1], 0x01) << +wrong;
    }
    rate(1);
    EXPECT_THAT(ask({0x4a, 1}), ElementsAre(0x01, 0, 0, 0, 0, testing::Le(9), 2)) << "5.25\", at 300 kbit/s";
    out(registers(), 4, 2);
    EXPECT_EQ(ask({0x4a, 1})[1], 0) << "and at 250, by the other register";
}

TEST_F(FloppyControllerTest, ReadIdSeesTheDiskTurn) {
    std::vector<u8> sectors;
    for (unsigned i = 0; i < 40; ++i) {
        sectors.push_back(ask({0x4a, 4})[5]);
        wait(10'000'000);
    }
    EXPECT_THAT(sectors, testing::Contains(1));
    EXPECT_THAT(sectors, testing::Contains(18));
    EXPECT_THAT(sectors, Each(testing::AllOf(testing::Ge(1), testing::Le(18))));
}

TEST_F(FloppyControllerTest, AWriteProtectedDisk) {
    disk_.read_only = true;
    EXPECT_THAT(ask({0x04, 4}), ElementsAre(0x7c));
    dma(512, false);
    EXPECT_THAT(transfer(write, 0, 0, 1, 18), ElementsAre(0x40, 0x02, 0, 0, 0, 1, 2));
    EXPECT_THAT(ask({0x4d, 0, 2, 18, 0x54, 0xf6})[1], 0x02);
    EXPECT_THAT(ask({0x04, 1}), ElementsAre(0x39)) << "the other drive's is not";
    EXPECT_THAT(ask({0x04, 2}), ElementsAre(0x2a)) << "no drive";
}

TEST_F(FloppyControllerTest, TellsOfFailuresOfTheHost) {
    disk_.fails = true;
    dma(512, true);
    EXPECT_THAT(transfer(read, 0, 0, 1, 18), ElementsAre(0x40, 0x20, 0x20, 0, 0, 1, 2));
    dma(512, false);
    EXPECT_THAT(transfer(write, 0, 0, 1, 18), ElementsAre(0x40, 0x20, 0x20, 0, 0, 1, 2));
}

TEST_F(FloppyControllerTest, Verifies) {
    EXPECT_THAT(transfer(0x56, 0, 0, 1, 18), ElementsAre(0, 0, 0, 1, 0, 1, 2));
    EXPECT_THAT(transfer(0x56, 0, 0, 1, 19), ElementsAre(0x40, 0x04, 0, 0, 0, 19, 2));
    EXPECT_THAT(ask({0x56, 0x80, 0, 0, 1, 2, 18, 0x1b, 3}), ElementsAre(0, 0, 0, 0, 0, 4, 2));
    EXPECT_THAT(ask({0x56, 0x80, 0, 0, 18, 2, 18, 0x1b, 3}), ElementsAre(0x40, 0x80, 0, 0, 0, 18, 2));
    disk_.fails = true;
    EXPECT_EQ(transfer(0x56, 0, 0, 1, 18)[1], 0x20);
}

TEST_F(FloppyControllerTest, ReadsATrackFromItsBeginning) {
    dma(3 * 512, true);
    EXPECT_THAT(transfer(0x42, 0, 1, 9, 3), ElementsAre(0x04, 0, 0, 0, 1, 4, 2));
    EXPECT_THAT(memory(3 * 512), ElementsAreArray(sector(disk_, 18, 3)));
}

TEST_F(FloppyControllerTest, Formats) {
    seek(2);
    for (u8 i = 0; i < 18; ++i)
        std::ranges::copy(std::array<u8, 4>{2, 1, static_cast<u8>(i + 1), 2}, memory(72).begin() + 4 * i);
    dma(72, false);
    EXPECT_THAT(ask({0x4d, 4, 2, 18, 0x54, 0xf6}), ElementsAre(0x04, 0, 0, 2, 1, 18, 2));
    EXPECT_THAT(sector(disk_, 5 * 18, 18), Each(0xf6));
    EXPECT_EQ(disk_.contents[6 * 18 * 512], 6 * 18) << "the next track is as before";
    EXPECT_EQ(disk_.flushes, 1u);
}

TEST_F(FloppyControllerTest, FormatsNothingThatAnImageCannotHold) {
    dma(72, false);
    EXPECT_EQ(ask({0x4d, 0, 3, 18, 0x54, 0xf6})[1], 0x04) << "larger sectors";
    EXPECT_EQ(ask({0x4d, 0, 2, 21, 0x54, 0xf6})[1], 0x04) << "more of them";
    std::ranges::copy(std::array<u8, 4>{7, 0, 1, 2}, memory(4).begin());
    EXPECT_EQ(ask({0x4d, 0, 2, 18, 0x54, 0xf6})[1], 0x04) << "another cylinder's";
    EXPECT_EQ(disk_.contents[1], 1);
}

TEST_F(FloppyControllerTest, MovesDataThroughTheDataRegister) {
    EXPECT_EQ(ask({0x03, 0xaf, 0x03}), Bytes());
    command({read & one_side, 0, 0, 0, 17, 2, 18, 0x1b, 0xff});
    EXPECT_EQ(status(), 0x30);
    Bytes data;
    for (unsigned half = 0; half < 2; ++half) {
        wait();
        EXPECT_TRUE(interrupt_.level());
        while (status() == 0xf0) data.push_back(in(registers(), 5));
        EXPECT_EQ(interrupt_.level(), half == 1) << "after the last sector there is a result";
    }
    EXPECT_THAT(data, ElementsAreArray(sector(disk_, 16, 2)));
    wait();
    EXPECT_THAT(result(), ElementsAre(0x40, 0x80, 0, 0, 0, 18, 2)) << "nobody can tell it to stop";

    command({write & one_side, 0, 0, 0, 18, 2, 18, 0x1b, 0xff});
    wait();
    EXPECT_EQ(status(), 0xb0);
    for (unsigned i = 0; i < 512; ++i) out(registers(), 5, 0x77);
    EXPECT_EQ(disk_.contents[17 * 512], 17) << "the disk is written between two runs of the vCPU";
    wait();
    EXPECT_EQ(result()[1], 0x80);
    EXPECT_THAT(sector(disk_, 17), Each(0x77));
}

TEST_F(FloppyControllerTest, DataThatNobodyTakesIsOverrun) {
    EXPECT_EQ(ask({0x03, 0xaf, 0x03}), Bytes());
    command({read, 0, 0, 0, 1, 2, 18, 0x1b, 0xff});
    wait(200'000'000);
    EXPECT_THAT(result(), ElementsAre(0x40, 0x10, 0, 0, 0, 1, 2));
    command({write, 0, 0, 0, 1, 2, 18, 0x1b, 0xff});
    wait();
    out(registers(), 5, 0x77);
    wait(200'000'000);
    EXPECT_THAT(result(), ElementsAre(0x40, 0x10, 0, 0, 0, 1, 2));
    EXPECT_EQ(disk_.contents[0], 0);
}

TEST_F(FloppyControllerTest, SeeksAndRecalibrates) {
    command({0x0f, 4, 40});
    EXPECT_EQ(status(), 0x81) << "drive 0 is busy; another command may follow";
    command({0x0f, 1, 20});
    wait();
    EXPECT_TRUE(interrupt_.level());
    EXPECT_THAT(ask({0x08}), ElementsAre(0x24, 40));
    EXPECT_TRUE(interrupt_.level()) << "the other drive's";
    EXPECT_THAT(ask({0x08}), ElementsAre(0x21, 20));
    EXPECT_FALSE(interrupt_.level());
    EXPECT_THAT(ask({0x08}), ElementsAre(0x80)) << "nothing to tell";
    EXPECT_EQ(ask({0x04, 0})[0] & 0x10, 0) << "not at track 0";
    EXPECT_EQ(ask({0x07, 0}), Bytes());
    EXPECT_THAT(ask({0x08}), ElementsAre(0x20, 0));
    EXPECT_EQ(ask({0x04, 0})[0] & 0x10, 0x10);
    EXPECT_EQ(ask({0x07, 3}), Bytes());
    EXPECT_THAT(ask({0x08}), ElementsAre(0x73, 0)) << "no drive: no track 0";
}

TEST_F(FloppyControllerTest, SeeksByAsManyTracks) {
    EXPECT_EQ(ask({0xcf, 0, 7}), Bytes());
    EXPECT_THAT(ask({0x08}), ElementsAre(0x20, 7));
    EXPECT_EQ(ask({0x4a, 0})[3], 7);
    EXPECT_EQ(ask({0x8f, 0, 2}), Bytes());
    EXPECT_THAT(ask({0x08}), ElementsAre(0x20, 5));
    EXPECT_EQ(ask({0x4a, 0})[3], 5);
}

TEST_F(FloppyControllerTest, SeeksByItselfWhenConfigured) {
    EXPECT_EQ(ask({0x13, 0, 0x57, 0}), Bytes());
    dma(512, true);
    EXPECT_EQ(transfer(read, 9, 0, 1, 18)[0], 0);
    EXPECT_THAT(memory(512), ElementsAreArray(sector(disk_, 9 * 36)));
}

TEST_F(FloppyControllerTest, TheChangeLineFallsWithAStep) {
    EXPECT_TRUE(disk_changed());
    EXPECT_EQ(ask({0x07, 0}), Bytes());
    EXPECT_TRUE(disk_changed()) << "the head was there already";
    EXPECT_EQ(ask({0x0f, 0, 1}), Bytes());
    EXPECT_FALSE(disk_changed());
    out(registers(), 2, 0x2d);
    EXPECT_TRUE(disk_changed()) << "the other drive's";
    out(registers(), 2, 0x2e);
    EXPECT_FALSE(disk_changed()) << "no drive";
}

TEST_F(FloppyControllerTest, ResetKeepsWhatIsLocked) {
    EXPECT_EQ(ask({0x13, 0, 0x4a, 9}), Bytes());
    EXPECT_EQ(ask({0x12, 0x87}), Bytes());
    seek(3);
    EXPECT_THAT(ask({0x0e}), ElementsAre(3, 0, 0, 0, 0xaf, 0x02, 0, 0x07, 0x4a, 9));
    EXPECT_THAT(ask({0x94}), ElementsAre(0x10));
    out(registers(), 4, 0x80);
    EXPECT_EQ(status(), 0);
    wait();
    EXPECT_TRUE(interrupt_.level());
    EXPECT_THAT(ask({0x08}), ElementsAre(0xc0, 0));
    EXPECT_THAT(ask({0x0e}), ElementsAre(0, 0, 0, 0, 0xaf, 0x02, 0, 0x87, 0x0a, 9));
    EXPECT_THAT(ask({0x14}), ElementsAre(0x00));
    out(registers(), 2, 0x08);
    EXPECT_EQ(status(), 0) << "held in reset";
    out(registers(), 5, 0x08);
    out(registers(), 2, 0x0c);
    wait();
    EXPECT_THAT(ask({0x0e}), ElementsAre(0, 0, 0, 0, 0xaf, 0x02, 0, 0x04, 0x20, 0));
}

TEST_F(FloppyControllerTest, SaysWhatItIs) {
    EXPECT_THAT(ask({0x10}), ElementsAre(0x90));
    EXPECT_THAT(ask({0x18}), ElementsAre(0x41));
    EXPECT_THAT(ask({0x1f}), ElementsAre(0x80)) << "no command";
    EXPECT_EQ(in(registers(), 2), 0x1c);
    out(registers(), 3, 0xff);
    EXPECT_EQ(in(registers(), 3), 3);
    EXPECT_EQ(in(registers(), 0), 0xff);
}

TEST_F(FloppyControllerTest, GoesOnWhereItWasSaved) {
    seek(3);
    dma(3 * 512, true);
    command({read, 0, 3, 0, 1, 2, 18, 0x1b, 0xff});
    wait(30'000);
    FloppyController other(timers_, dma_);
    other.attach(0, disk_);
    other.attach(1, other_);
    fixture::copy(floppy_, other);
    floppy_.reset();
    fixture::WireProbe interrupt(other.interrupt());
    wait();
    EXPECT_TRUE(interrupt.level());
    EXPECT_THAT(memory(3 * 512), ElementsAreArray(sector(disk_, 3 * 36, 3)));
    EXPECT_EQ(in(other.registers(), 4), 0xd0);
}

/// Which drive a command is for is not known before its second byte.
TEST_F(FloppyControllerTest, HasWrittenNothingBeforeACommandIsComplete) {
    EXPECT_EQ(ask({0x4a, 0}).size(), 7u); // of which nothing may be left
    u8 operation = 2;                     // a write
    Bytes incomplete{0x4a};
    bool has_written = true;
    state::Writer writer;
    writer.field(6, "operation", operation)
        .field(7, "command", incomplete)
        .field(13, "has_written", has_written);
    const Bytes contents = writer.finish();
    state::Reader reader(contents, "test");
    floppy_.visit(reader);
    ASSERT_TRUE(reader.finish());
    command({0});
    wait();
    EXPECT_EQ(result().size(), 7u);
    EXPECT_EQ(disk_.flushes, 0u);
}

TEST(FloppyFormat, IsKnownByItsSize) {
    for (const unsigned kib : {160, 180, 320, 360, 720, 1200, 1440, 1680, 2880}) {
        const auto format = FloppyFormat::of_size(kib * 1024);
        ASSERT_TRUE(format) << kib;
        EXPECT_EQ(format->size(), kib * 1024);
    }
    EXPECT_FALSE(FloppyFormat::of_size(1000 * 1024));
    EXPECT_FALSE(FloppyFormat::of_size(0));
}

} // namespace
} // namespace ringer::device
