#include "device/firmware/fw_cfg.h"

#include "device/firmware/rom.h"
#include "device/fixture/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstring>

namespace ringer::device {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

class FwCfgTest : public testing::Test {
  protected:
    FwCfgTest() {
        memory_.add_ram({0, ram_});
        fw_cfg_.add_file("etc/b", {1, 2, 3});
        fw_cfg_.add_file("etc/a", {4});
    }

    void select(u16 item) { ASSERT_EQ(fw_cfg_.select_and_data().write(0, 2, item), memory::Answer::now); }
    std::vector<u8> read(std::size_t count) {
        std::vector<u8> bytes(count);
        for (u8& byte : bytes) byte = fixture::in(fw_cfg_.select_and_data(), 1);
        return bytes;
    }
    template <class T>
    void put(u64 address, T value) {
        value = std::byteswap(value);
        std::memcpy(&ram_[address], &value, sizeof(T));
    }
    /// Runs a transfer whose description lies at 0x100; its control word afterwards.
    u32 transfer(u32 control, u32 length, u64 address) {
        put(0x100, control);
        put(0x104, length);
        put(0x108, address);
        start(0x100);
        u32 result;
        std::memcpy(&result, &ram_[0x100], sizeof(result));
        return std::byteswap(result);
    }
    void start(u64 address) {
        memory::Region& dma = fw_cfg_.dma_address();
        ASSERT_EQ(dma.write(0, 4, std::byteswap(static_cast<u32>(address >> 32))), memory::Answer::now);
        ASSERT_EQ(dma.write(4, 4, std::byteswap(static_cast<u32>(address))), memory::Answer::now);
    }

    static constexpr u32 error = 1, read_bit = 2, skip_bit = 4, select_bit = 8, write_bit = 16;
    static constexpr u32 file_b = 0x20;

    std::vector<u8> ram_ = std::vector<u8>(0x2000, 0xee);
    memory::AddressSpace memory_;
    FwCfg fw_cfg_{memory_};
};

TEST_F(FwCfgTest, IsKnownByItsSignature) {
    select(0);
    EXPECT_THAT(read(5), ElementsAre('Q', 'E', 'M', 'U', 0));
    select(1);
    EXPECT_THAT(read(4), ElementsAre(3, 0, 0, 0));
    u64 value = 0;
    EXPECT_EQ(fw_cfg_.dma_address().read(0, 8, value), memory::Answer::now);
    EXPECT_EQ(std::byteswap(value), 0x5145'4d55'2043'4647u);
}

TEST_F(FwCfgTest, ListsItsFilesByName) {
    select(0x19);
    std::vector<u8> expected{0, 0, 0, 2, 0, 0, 0, 1, 0, 0x21, 0, 0, 'e', 't', 'c', '/', 'a'};
    expected.resize(4 + 64);
    for (const char byte : std::string("\0\0\0\3\0\x20\0\0etc/b", 13))
        expected.push_back(static_cast<u8>(byte));
    expected.resize(4 + 2 * 64);
    EXPECT_THAT(read(expected.size()), ElementsAreArray(expected));
}

TEST_F(FwCfgTest, GivesItemsByteByByteAndThenZeros) {
    select(file_b);
    EXPECT_THAT(read(5), ElementsAre(1, 2, 3, 0, 0));
    select(file_b);
    EXPECT_THAT(read(1), ElementsAre(1)) << "from the beginning again";
    select(0x7fff);
    EXPECT_THAT(read(2), ElementsAre(0, 0));
}

TEST_F(FwCfgTest, CopiesIntoRam) {
    EXPECT_EQ(transfer(file_b << 16 | select_bit | read_bit, 5, 0x200), 0u);
    EXPECT_THAT(std::span(ram_).subspan(0x200, 6), ElementsAre(1, 2, 3, 0, 0, 0xee));
}

TEST_F(FwCfgTest, GoesOnWhereItWas) {
    EXPECT_EQ(transfer(file_b << 16 | select_bit | skip_bit, 1, 0), 0u);
    EXPECT_EQ(transfer(read_bit, 1, 0x200), 0u);
    EXPECT_EQ(ram_[0x200], 2);
    EXPECT_THAT(read(1), ElementsAre(3));
    EXPECT_EQ(transfer(skip_bit, 0xffff'ffff, 0), 0u);
    EXPECT_EQ(transfer(skip_bit, 0xffff'ffff, 0), 0u) << "the offset does not wrap";
    EXPECT_THAT(read(1), ElementsAre(0));
}

TEST_F(FwCfgTest, TellsOfTransfersThatFail) {
    EXPECT_EQ(transfer(file_b << 16 | select_bit | write_bit, 1, 0x200), error);
    EXPECT_EQ(transfer(file_b << 16 | select_bit | read_bit, 1, 0x10'0000), error);
    EXPECT_EQ(transfer(file_b << 16 | select_bit | read_bit, 0xffff'ffff, 0x200), error);
    start(0x10'0000); // No description there: nobody to tell.
    start(0x1ff8);
}

TEST_F(FwCfgTest, RestoresState) {
    select(file_b);
    read(1);
    FwCfg loaded(memory_);
    loaded.add_file("etc/b", {1, 2, 3});
    fixture::copy(fw_cfg_, loaded);
    EXPECT_EQ(fixture::in(loaded.select_and_data(), 1), 2);
    loaded.reset();
    EXPECT_EQ(fixture::in(loaded.select_and_data(), 1), 'Q');
}

TEST(Rom, ReadsAsItsContentsAndThenAsOnes) {
    const std::vector<u8> contents{1, 2, 3};
    Rom rom(contents);
    u64 value = 0;
    EXPECT_EQ(rom.write(0, 1, 9), memory::Answer::now);
    EXPECT_EQ(rom.read(1, 4, value), memory::Answer::now);
    EXPECT_EQ(value, 0xffff'0302u);
}

} // namespace
} // namespace ringer::device
