#include "device/storage/atapi_cdrom.h"

#include "device/storage/ide_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace ringer::device {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

class AtapiCdromTest : public fixture::IdeFixture {
  protected:
    static constexpr u32 sectors = 400;

    AtapiCdromTest() { ide_.channel(0).attach(0, std::make_unique<AtapiCdrom>(timers_, medium_, 1)); }

    using Packet = std::array<u8, 12>;

    /// Gives a packet, whose reply may come in pieces of `limit` bytes.
    void packet(const Packet& packet, u16 limit = 0, bool by_dma = false) {
        put(IdeRegister::error_features, by_dma);
        put(IdeRegister::lba_mid, static_cast<u8>(limit));
        put(IdeRegister::lba_high, static_cast<u8>(limit >> 8));
        command(0xa0);
        EXPECT_EQ(alternate_status(), idle | request);
        EXPECT_EQ(get(IdeRegister::count), 1) << "wants the packet";
        write_data(packet);
    }
    /// The reply, as a driver takes it.
    std::vector<u8> reply() {
        std::vector<u8> bytes;
        if (alternate_status() & busy) wait();
        while (alternate_status() & request) {
            EXPECT_TRUE(interrupt_.level());
            (void)get(IdeRegister::status_command);
            EXPECT_EQ(get(IdeRegister::count), 2);
            const std::size_t size = get(IdeRegister::lba_mid) | get(IdeRegister::lba_high) << 8;
            std::vector<u8> chunk = read_data(size);
            chunk.resize(size);
            bytes.insert(bytes.end(), chunk.begin(), chunk.end());
            if (alternate_status() & busy) wait();
        }
        EXPECT_TRUE(interrupt_.level()) << "tells of the end, too";
        EXPECT_EQ(get(IdeRegister::count), 3);
        (void)get(IdeRegister::status_command);
        return bytes;
    }
    void expect_sense(u8 key, u8 code) {
        EXPECT_EQ(alternate_status(), idle | error);
        EXPECT_EQ(get(IdeRegister::error_features) >> 4, key);
        (void)get(IdeRegister::status_command);
        packet({0x03, 0, 0, 0, 18});
        const std::vector<u8> sense = reply();
        ASSERT_EQ(sense.size(), 18u);
        EXPECT_EQ(sense[2], key);
        EXPECT_EQ(sense[12], code);
    }
    /// The first command after a reset fails, to tell of it.
    void pass_reset() {
        packet({0x00});
        expect_sense(6, 0x29);
    }
    std::span<u8> sector(u32 number, u32 count = 1) {
        return std::span(medium_.contents).subspan(number * 2048, count * 2048);
    }

    fixture::TestMedium medium_{sectors * 2048};
};

TEST_F(AtapiCdromTest, HasAPacketDevicesSignature) {
    EXPECT_EQ(alternate_status(), 0);
    EXPECT_EQ(get(IdeRegister::lba_mid), 0x14);
    EXPECT_EQ(get(IdeRegister::lba_high), 0xeb);
    put(IdeRegister::lba_mid, 0);
    command(0xec);
    EXPECT_EQ(alternate_status(), idle | error);
    EXPECT_EQ(get(IdeRegister::lba_mid), 0x14) << "as the answer to IDENTIFY DEVICE";
    command(0xa1);
    EXPECT_EQ(alternate_status(), idle | request);
    const std::vector<u8> data = read_data(512);
    EXPECT_EQ(data[1], 0x85) << "a CD-ROM with packets";
    EXPECT_EQ(alternate_status(), idle);
}

TEST_F(AtapiCdromTest, TellsOfItsResetOnce) {
    packet({0x12, 0, 0, 0, 36});
    EXPECT_EQ(reply().size(), 36u) << "INQUIRY is answered nevertheless";
    pass_reset();
    packet({0x00});
    EXPECT_TRUE(reply().empty());
    EXPECT_EQ(alternate_status(), idle);
    command(0x08);
    EXPECT_EQ(alternate_status(), 0);
    pass_reset();
}

TEST_F(AtapiCdromTest, ReadsSectorsInThePiecesThatTheHostTakes) {
    pass_reset();
    for (const u16 limit : {2048, 2000, 4096, 0}) {
        packet({0x28, 0, 0, 0, 0, 7, 0, 0, 3}, limit);
        EXPECT_THAT(reply(), ElementsAreArray(sector(7, 3))) << limit;
    }
    packet({0xa8, 0, 0, 0, 0, 1, 0, 0, 0, 20}, 0xfffe);
    EXPECT_THAT(reply(), ElementsAreArray(sector(1, 20)));
    packet({0xbe, 0, 0, 0, 0, 9, 0, 0, 1, 0x10});
    EXPECT_THAT(reply(), ElementsAreArray(sector(9)));
}

TEST_F(AtapiCdromTest, ReadsByDma) {
    pass_reset();
    put_table({{0x1000, 0x1000}, {0x8000, 0x9800}});
    packet({0x28, 0, 0, 0, 0, 2, 0, 0, 21}, 0, true);
    bus_master(0, 1, 0x09);
    EXPECT_EQ(wait(), idle);
    EXPECT_EQ(get(IdeRegister::count), 3);
    EXPECT_EQ(bus_master(2, 1) & 7, 4u);
    EXPECT_THAT(std::span(ram_).subspan(0x1000, 0x1000), ElementsAreArray(sector(2, 2)));
    EXPECT_THAT(std::span(ram_).subspan(0x8000, 0x9800), ElementsAreArray(sector(4, 19)));
}

TEST_F(AtapiCdromTest, LetsTheVcpuRunWhileItReadsMuch) {
    pass_reset();
    put_table({{0x1000, 0x8000}, {0x9000, 0x8000}, {0x1'1000, 0x8000}});
    packet({0x28, 0, 0, 0, 0, 2, 0, 0, 48}, 0, true);
    bus_master(0, 1, 0x09);
    fixture::run_until(clock_, timers_, *timers_.next_deadline());
    EXPECT_EQ(alternate_status(), idle | busy);
    EXPECT_EQ(wait(), idle);
    EXPECT_THAT(std::span(ram_).subspan(0x1000, 0x1'8000), ElementsAreArray(sector(2, 48)));
}

TEST_F(AtapiCdromTest, TellsOfItsResetToThoseWhoAskWhatIsWrong) {
    packet({0x03, 0, 0, 0, 18});
    const std::vector<u8> sense = reply();
    EXPECT_EQ(sense.at(2), 6);
    EXPECT_EQ(sense.at(12), 0x29);
    packet({0x00});
    EXPECT_TRUE(reply().empty());
    EXPECT_EQ(alternate_status(), idle);
}

TEST_F(AtapiCdromTest, StaysSelectedWhenItIsReset) {
    auto second = std::make_unique<AtapiCdrom>(timers_, medium_, 2);
    ide_.channel(0).attach(1, std::move(second));
    put(IdeRegister::device, 0x10);
    command(0x08);
    EXPECT_EQ(get(IdeRegister::device), 0x10);
}

TEST_F(AtapiCdromTest, TellsHowLargeTheDiscIs) {
    pass_reset();
    packet({0x25});
    EXPECT_THAT(reply(), ElementsAre(0, 0, 1, 0x8f, 0, 0, 8, 0));
    packet({0x43, 0, 0, 0, 0, 0, 0, 0, 100});
    EXPECT_THAT(reply(),
                ElementsAre(0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xaa, 0, 0, 0, 1, 0x90));
    packet({0x43, 2, 0, 0, 0, 0, 0xaa, 0, 100});
    EXPECT_THAT(reply(), ElementsAre(0, 10, 1, 1, 0, 0x14, 0xaa, 0, 0, 0, 7, 25)) << "as a time";
    packet({0x43, 0, 1, 0, 0, 0, 0, 0, 4});
    EXPECT_THAT(reply(), ElementsAre(0, 10, 1, 1)) << "cut off where the host wants it";
    packet({0x43, 0, 2, 0, 0, 0, 0, 0, 100});
    EXPECT_EQ(reply().size(), 48u);
    packet({0x43, 0, 5, 0, 0, 0, 0, 0, 100});
    expect_sense(5, 0x24);
}

TEST_F(AtapiCdromTest, DescribesItself) {
    pass_reset();
    packet({0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 100});
    const std::vector<u8> page = reply();
    ASSERT_EQ(page.size(), 30u);
    EXPECT_EQ(page[1], 28);
    EXPECT_EQ(page[8], 0x2a);
    packet({0x5a, 0, 0x3f, 0, 0, 0, 0, 0, 100});
    EXPECT_EQ(reply().size(), 38u);
    packet({0x46, 0, 0, 0, 0, 0, 0, 0, 100});
    const std::vector<u8> configuration = reply();
    ASSERT_EQ(configuration.size(), 32u);
    EXPECT_EQ(configuration[3], 28);
    EXPECT_EQ(configuration[7], 8) << "a CD-ROM";
    packet({0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8});
    EXPECT_THAT(reply(), ElementsAre(0, 6, 4, 0x10, 0, 2, 0, 0));
    packet({0x51, 0, 0, 0, 0, 0, 0, 0, 100});
    EXPECT_EQ(reply().size(), 34u);
    packet({0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 8});
    EXPECT_EQ(reply().size(), 8u);
}

TEST_F(AtapiCdromTest, RefusesWhatItCannotDo) {
    pass_reset();
    packet({0x28, 0, 0, 0, 1, 0x8f, 0, 0, 2});
    expect_sense(5, 0x21);
    packet({0x2a, 0, 0, 0, 0, 0, 0, 0, 1});
    expect_sense(5, 0x20);
    packet({0xbe, 0, 0, 0, 0, 9, 0, 0, 1, 0xf8});
    expect_sense(5, 0x24);
    packet({0x5a, 0, 0x0d, 0, 0, 0, 0, 0, 100});
    expect_sense(5, 0x24);
    medium_.fails = true;
    packet({0x28, 0, 0, 0, 0, 0, 0, 0, 1});
    wait();
    expect_sense(3, 0x11);
    command(0x20);
    EXPECT_EQ(alternate_status(), idle | error);
}

TEST_F(AtapiCdromTest, GoesOnAfterALoad) {
    pass_reset();
    packet({0x28, 0, 0, 0, 0, 7, 0, 0, 2}, 2048);
    wait();
    (void)read_data(10);
    PiixIde loaded(memory_, PiixIde::Decode::after_reset);
    loaded.channel(0).attach(0, std::make_unique<AtapiCdrom>(timers_, medium_, 1));
    fixture::copy(ide_, loaded);
    EXPECT_EQ(fixture::saved(loaded), fixture::saved(ide_));
    u64 value = 0;
    EXPECT_EQ(loaded.command_block(0).read(0, 2, value), memory::Answer::now);
    EXPECT_EQ(value, sector(7)[10] | u64{sector(7)[11]} << 8);
}

} // namespace
} // namespace ringer::device
