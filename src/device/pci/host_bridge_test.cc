#include "device/pci/host_bridge.h"

#include "device/byte_region.h"
#include "device/fixture/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using testing::Return;
using testing::StrictMock;

class FunctionMock : public PciFunction {
  public:
    MOCK_METHOD(u32, read_config, (u8 offset, unsigned size), (override));
    MOCK_METHOD(void, write_config, (u8 offset, unsigned size, u32 value), (override));
};

class ResetPort final : public ByteRegion {
  public:
    u8 value = 0;

  private:
    u8 read_byte(u64) override { return value; }
    void write_byte(u64, u8 written) override { value = written; }
};

class PciHostBridgeTest : public testing::Test {
  protected:
    static u32 get(memory::Region& region, u64 offset, unsigned size) {
        u64 value = 0;
        EXPECT_EQ(region.read(offset, size, value), memory::Answer::now);
        return static_cast<u32>(value & byte_mask(size));
    }
    static void put(memory::Region& region, u64 offset, unsigned size, u32 value) {
        EXPECT_EQ(region.write(offset, size, value), memory::Answer::now);
    }
    static u64 byte_mask(unsigned size) { return ~u64{0} >> (64 - 8 * size); }

    void put_pam(u8 number, u8 value) {
        const u8 offset = ShadowMap::first_register + number;
        select(0, 0, 0, offset & 0xfc);
        put(data_, offset & 3, 1, value);
    }

    void select(u8 bus, u8 device, u8 function, u8 offset) {
        put(address_, 0, 4, u32{1} << 31 | u32{bus} << 16 | device << 11 | function << 8 | offset);
    }

    /// Physical memory with what the shadow map governs.
    struct Memory {
        Memory() {
            for (unsigned i = 0; i < ShadowMap::segment_count; ++i) {
                const auto [base, size] = ShadowMap::segment(i);
                space.add_shadow_ram({base, std::span(ram).subspan(base - ShadowMap::base, size)});
            }
        }
        std::vector<u8> ram = std::vector<u8>(ShadowMap::size);
        memory::AddressSpace space;
    };

    ResetPort reset_port_;
    Memory memory_;
    PciBus bus_;
    PciHostBridge bridge_{bus_, reset_port_, memory_.space, PciHostBridge::ShadowRam::hidden};
    memory::Region& address_ = bridge_.address_port();
    memory::Region& data_ = bridge_.data_port();
};

TEST_F(PciHostBridgeTest, PassesTheProbeForMechanism1) {
    put(address_, 3, 1, 0x01);
    put(address_, 0, 4, 0x8000'0000);
    EXPECT_EQ(get(address_, 0, 4), 0x8000'0000u);
    put(address_, 0, 4, 0xffff'ffff);
    EXPECT_EQ(get(address_, 0, 4), 0x80ff'fffcu);
}

TEST_F(PciHostBridgeTest, IsAn440FxAtDevice0) {
    select(0, 0, 0, 0x00);
    EXPECT_EQ(get(data_, 0, 4), 0x1237'8086u);
    EXPECT_EQ(get(data_, 2, 2), 0x1237u);
    EXPECT_EQ(get(data_, 1, 1), 0x80u);
    select(0, 0, 0, 0x08);
    EXPECT_EQ(get(data_, 0, 4), 0x0600'0002u);
    select(0, 0, 0, 0x0c);
    EXPECT_EQ(get(data_, 2, 1), 0x00u) << "one function";
    select(0, 0, 0, 0x04);
    put(data_, 0, 2, 0xffff);
    EXPECT_EQ(get(data_, 0, 4), 0x0280'0146u);
}

TEST_F(PciHostBridgeTest, ReadsAbsentFunctionsAsAllOnes) {
    for (const auto& [bus, device, function] : {std::tuple{0, 1, 0}, {0, 0, 1}, {1, 0, 0}, {255, 31, 7}}) {
        select(static_cast<u8>(bus), static_cast<u8>(device), static_cast<u8>(function), 0);
        EXPECT_EQ(get(data_, 0, 4), 0xffff'ffffu);
        EXPECT_EQ(get(data_, 1, 2), 0xffffu);
        put(data_, 0, 4, 0);
    }
}

TEST_F(PciHostBridgeTest, ReadsAllOnesWhileConfigurationIsNotEnabled) {
    put(address_, 0, 4, 0);
    EXPECT_EQ(get(data_, 0, 4), 0xffff'ffffu);
}

TEST_F(PciHostBridgeTest, HandsEachAccessToItsFunction) {
    StrictMock<FunctionMock> function;
    bus_.attach({.device = 3, .function = 5}, function);
    EXPECT_CALL(function, read_config(0x12, 2)).WillOnce(Return(0xbeef));
    EXPECT_CALL(function, write_config(0xff, 1, 0x77));
    EXPECT_CALL(function, write_config(0x10, 4, 0x1234'5678));
    select(0, 3, 5, 0x10);
    EXPECT_EQ(get(data_, 2, 2), 0xbeefu);
    put(data_, 0, 4, 0x1234'5678);
    select(0, 3, 5, 0xfc);
    put(data_, 3, 1, 0x77);
}

TEST_F(PciHostBridgeTest, LetsByteAccessesThroughToTheResetPort) {
    put(address_, 0, 4, 0x8000'0600);
    EXPECT_EQ(reset_port_.value, 0);
    put(address_, 1, 1, 0x06);
    EXPECT_EQ(reset_port_.value, 0x06);
    EXPECT_EQ(get(address_, 1, 1), 0x06u);
    EXPECT_EQ(get(address_, 0, 4), 0x8000'0600u);
}

TEST_F(PciHostBridgeTest, IgnoresOtherNarrowAccessesToTheAddress) {
    put(address_, 0, 4, 0x8000'1000);
    for (const auto& [offset, size] : {std::pair{0, 1}, {2, 1}, {3, 1}, {0, 2}, {1, 2}, {2, 2}}) {
        put(address_, static_cast<u64>(offset), static_cast<unsigned>(size), 0);
        EXPECT_EQ(get(address_, static_cast<u64>(offset), static_cast<unsigned>(size)),
                  size == 1 ? 0xffu : 0xffffu);
    }
    EXPECT_EQ(get(address_, 0, 4), 0x8000'1000u);
}

TEST_F(PciHostBridgeTest, HidesAndShowsRamBySegments) {
    const memory::AddressSpace& memory = memory_.space;
    EXPECT_EQ(memory.ram(0xf'ffff), nullptr);
    put_pam(0, 0x10);
    EXPECT_NE(memory.ram(0xf'0000), nullptr);
    EXPECT_EQ(memory.writable_ram(0xf'ffff), nullptr);
    EXPECT_EQ(memory.ram(0xe'ffff), nullptr);
    put_pam(1, 0x23);
    EXPECT_NE(memory.ram(0xc'3fff), nullptr);
    EXPECT_EQ(memory.ram(0xc'4000), nullptr);
    EXPECT_NE(memory.writable_ram(0xc'4000), nullptr);
    put_pam(6, 0x30);
    EXPECT_NE(memory.ram(0xe'c000), nullptr);
    EXPECT_EQ(memory.ram(0xe'8000), nullptr);
    bridge_.reset();
    EXPECT_EQ(memory.writable_ram(0xc'4000), nullptr);
    EXPECT_EQ(memory.ram(0xf'0000), nullptr);
}

TEST_F(PciHostBridgeTest, LeavesRamOpenWithoutFirmware) {
    Memory memory;
    PciBus bus;
    PciHostBridge bridge(bus, reset_port_, memory.space, PciHostBridge::ShadowRam::open);
    for (const GuestPhysical address : {0xc'0000, 0xe'0000, 0xf'ffff})
        EXPECT_NE(memory.space.writable_ram(address), nullptr);
    EXPECT_EQ(bridge.read_config(0x59, 4), 0x3333'3330u);
}

TEST_F(PciHostBridgeTest, RestoresState) {
    select(0, 0, 0, 0x04);
    put(data_, 0, 2, 0x0100);
    put_pam(0, 0x10);
    Memory memory;
    PciBus bus;
    PciHostBridge loaded(bus, reset_port_, memory.space, PciHostBridge::ShadowRam::hidden);
    fixture::copy(bridge_, loaded);
    EXPECT_NE(memory.space.ram(0xf'0000), nullptr);
    select(0, 0, 0, 0x04);
    fixture::copy(bridge_, loaded);
    EXPECT_EQ(get(loaded.data_port(), 0, 2), 0x0106u);
    bridge_.reset();
    EXPECT_EQ(get(address_, 0, 4), 0u);
}

} // namespace
} // namespace ringer::device
