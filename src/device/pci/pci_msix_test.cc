#include "device/pci/pci_msix.h"

#include "device/fixture/fixture.h"
#include "device/interrupt/message_probe.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

class PciMsixTest : public testing::Test {
  protected:
    static constexpr u8 control = 0x42;
    static constexpr u16 enable = 0x8000, function_mask = 0x4000;

    PciMsixTest() {
        config_.define(pci_command::offset, 2, 0, 0xffff);
        config_.reset();
        put_config(pci_command::offset, pci_command::memory_space | pci_command::bus_master);
    }

    void put_config(u8 offset, u16 value) {
        config_.write(offset, 2, value);
        msix_.config_written();
    }
    u32 get(u64 offset) {
        u64 value = 0;
        EXPECT_EQ(msix_.read(offset, 4, value), memory::Answer::now);
        return static_cast<u32>(value);
    }
    void put(u64 offset, unsigned size, u64 value) {
        EXPECT_EQ(msix_.write(offset, size, value), memory::Answer::now);
    }
    /// Has `vector` send interrupt 0x40 + vector.
    void set_up(unsigned vector) {
        put(16 * vector, 8, 0xfee0'0000);
        put(16 * vector + 8, 4, 0x40 + vector);
        put(16 * vector + 12, 4, 0);
    }

    PciConfigSpace config_;
    PciBars bars_{config_};
    fixture::MessageProbe bus_;
    PciMsix msix_{config_, bars_, 1, 5, bus_};
};

TEST_F(PciMsixTest, TellsWhereItIs) {
    EXPECT_EQ(config_.read(0x40, 4), 0x0004'0011u);
    EXPECT_EQ(config_.read(0x44, 4), 1u);
    EXPECT_EQ(config_.read(0x48, 4), 0x801u);
    put_config(control, 0xffff);
    EXPECT_EQ(config_.read(control, 2), 0xc004u);
    EXPECT_EQ(get(12), 1u) << "masked after a reset";
}

TEST_F(PciMsixTest, SendsWhatTheTableSays) {
    put_config(control, enable);
    set_up(3);
    msix_.signal(3);
    EXPECT_EQ(bus_.vectors, std::vector<u8>{0x43});
    msix_.signal(5);
    msix_.signal(0xffff);
    EXPECT_EQ(bus_.vectors.size(), 1u) << "there are no such vectors";
}

TEST_F(PciMsixTest, MaskedVectorsWait) {
    put_config(control, enable);
    set_up(1);
    set_up(2);
    put(16 * 1 + 12, 4, 0xffff'ffff);
    EXPECT_EQ(get(16 * 1 + 12), 1u);
    msix_.signal(1);
    msix_.signal(2);
    EXPECT_EQ(bus_.vectors, std::vector<u8>{0x42});
    EXPECT_EQ(get(0x800), 2u);
    put(0x800, 4, 0);
    EXPECT_EQ(get(0x800), 2u) << "pending bits are read only";
    put(16 * 1 + 12, 4, 0);
    EXPECT_EQ(bus_.vectors, (std::vector<u8>{0x42, 0x41}));
    EXPECT_EQ(get(0x800), 0u);
}

TEST_F(PciMsixTest, WaitsForTheFunctionsMaskAndForTheBusMasterBit) {
    set_up(0);
    put_config(control, enable | function_mask);
    msix_.signal(0);
    put_config(pci_command::offset, pci_command::memory_space);
    put_config(control, enable);
    EXPECT_TRUE(bus_.vectors.empty());
    put_config(pci_command::offset, pci_command::bus_master);
    EXPECT_EQ(bus_.vectors, std::vector<u8>{0x40});
}

TEST_F(PciMsixTest, AnotherAddressInterruptsNobody) {
    put_config(control, enable);
    set_up(0);
    put(0, 4, 0x1000);
    msix_.signal(0);
    EXPECT_TRUE(bus_.vectors.empty());
}

TEST_F(PciMsixTest, LoadsWhateverWasSaved) {
    set_up(4);
    msix_.signal(4);
    PciConfigSpace other_config;
    PciBars other_bars{other_config};
    PciMsix smaller(other_config, other_bars, 1, 2, bus_);
    state::Writer writer;
    msix_.visit(writer);
    const std::vector<u8> contents = writer.finish();
    state::Reader reader(contents, "test");
    smaller.visit(reader);
    EXPECT_EQ(smaller.vectors(), 2u);
    u64 value = 0;
    EXPECT_EQ(smaller.read(16 * 4, 8, value), memory::Answer::now);
    EXPECT_EQ(value, 0u);
}

} // namespace
} // namespace ringer::device
