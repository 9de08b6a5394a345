#include "device/pci/pci_bus.h"

#include "base/bits.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

/// Remembers its last access; reads as its tag in every byte.
class TaggedRegion final : public memory::Region {
  public:
    explicit TaggedRegion(u8 tag) : tag_(tag) {}
    memory::Answer read(u64 offset, unsigned size, u64& value) override {
        last_offset = offset;
        value = 0x0101'0101'0101'0101 * tag_ & byte_mask(size);
        return memory::Answer::now;
    }
    memory::Answer write(u64 offset, unsigned, u64 value) override {
        last_offset = offset;
        written = value;
        return memory::Answer::now;
    }
    u64 last_offset = ~u64{0};
    u64 written = 0;

  private:
    u8 tag_;
};

class TestFunction final : public PciFunction {
  public:
    TestFunction() { config.define(pci_command::offset, 2, 0, 0x0007); }
    u32 read_config(u8 offset, unsigned size) override { return config.read(offset, size); }
    void write_config(u8 offset, unsigned size, u32 value) override { config.write(offset, size, value); }
    const PciBars* bars() const override { return &regions; }

    PciConfigSpace config;
    PciBars regions{config};
};

class PciBusTest : public testing::Test {
  protected:
    PciBusTest() {
        first_.regions.add(0, PciSpace::memory, 0x1000, memory_region_);
        first_.regions.add(4, PciSpace::io, 16, io_region_);
        first_.regions.add_rom(0x800, rom_);
        first_.config.reset();
        second_.regions.add(0, PciSpace::memory, 0x1000, other_region_);
        second_.config.reset();
        bus_.attach({.device = 3, .function = 0}, first_);
        bus_.attach({.device = 4, .function = 0}, second_);
    }

    u64 read(memory::Region& space, u64 address, unsigned size) {
        u64 value = 0;
        EXPECT_EQ(space.read(address, size, value), memory::Answer::now);
        return value & byte_mask(size);
    }

    TaggedRegion memory_region_{0x11}, io_region_{0x22}, rom_{0x33}, other_region_{0x44};
    TestFunction first_, second_;
    PciBus bus_;
};

TEST_F(PciBusTest, BarsTellTheirSizes) {
    first_.write_config(0x10, 4, 0xffff'ffff);
    EXPECT_EQ(first_.read_config(0x10, 4), 0xffff'f000u);
    first_.write_config(0x20, 4, 0xffff'ffff);
    EXPECT_EQ(first_.read_config(0x20, 4), 0xffff'fff1u);
    first_.write_config(0x30, 4, 0xffff'fffe);
    EXPECT_EQ(first_.read_config(0x30, 4), 0xffff'f800u);
}

TEST_F(PciBusTest, RegionsAnswerWhereTheyArePutOnceEnabled) {
    first_.write_config(0x10, 4, 0xe000'1000);
    first_.write_config(0x20, 4, 0xc000);
    EXPECT_EQ(read(bus_.memory_space(), 0xe000'1004, 4), 0xffff'ffffu);
    first_.write_config(0x04, 2, pci_command::memory_space);
    EXPECT_EQ(read(bus_.memory_space(), 0xe000'1004, 4), 0x1111'1111u);
    EXPECT_EQ(memory_region_.last_offset, 4u);
    EXPECT_EQ(read(bus_.io_space(), 0xc000, 1), 0xffu);
    first_.write_config(0x04, 2, pci_command::io_space);
    EXPECT_EQ(read(bus_.memory_space(), 0xe000'1004, 4), 0xffff'ffffu);
    EXPECT_EQ(bus_.io_space().write(0xc00f, 1, 7), memory::Answer::now);
    EXPECT_EQ(io_region_.last_offset, 15u);
    EXPECT_EQ(io_region_.written, 7u);
}

TEST_F(PciBusTest, TheRomNeedsItsOwnEnableBit) {
    first_.write_config(0x04, 2, pci_command::memory_space);
    first_.write_config(0x30, 4, 0xe000'0000);
    EXPECT_EQ(read(bus_.memory_space(), 0xe000'0000, 2), 0xffffu);
    first_.write_config(0x30, 4, 0xe000'0001);
    EXPECT_EQ(read(bus_.memory_space(), 0xe000'0000, 2), 0x3333u);
}

TEST_F(PciBusTest, TheFirstOfTwoAtOneAddressAnswers) {
    for (TestFunction* const function : {&second_, &first_}) {
        function->write_config(0x04, 2, pci_command::memory_space);
        function->write_config(0x10, 4, 0xe000'0000);
    }
    EXPECT_EQ(read(bus_.memory_space(), 0xe000'0000, 1), 0x11u);
}

TEST_F(PciBusTest, AnAccessAcrossAnEndIsSplit) {
    first_.write_config(0x04, 2, pci_command::memory_space);
    first_.write_config(0x10, 4, 0xe000'0000);
    EXPECT_EQ(read(bus_.memory_space(), 0xe000'0ffe, 4), 0xffff'1111u);
    EXPECT_EQ(bus_.memory_space().write(0xe000'0fff, 2, 0x0807), memory::Answer::now);
    EXPECT_EQ(memory_region_.written, 0x07u);
    EXPECT_EQ(read(bus_.memory_space(), 0xffff'ffff'ffff'fffc, 8), ~u64{0});
}

} // namespace
} // namespace ringer::device
