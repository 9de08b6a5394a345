#include "device/dma/isa_dma.h"

#include "device/fixture/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace ringer::device {
namespace {

using fixture::in;
using fixture::out;
using testing::ElementsAre;

class IsaDmaTest : public testing::Test {
  protected:
    static constexpr u8 to_memory = 0x44, from_memory = 0x48, verify = 0x40, decrement = 0x20,
                        automatic = 0x10;

    IsaDmaTest() {
        memory_.add_ram({0, ram_});
        std::iota(ram_.begin(), ram_.end(), u8{0});
    }

    /// Has channel 2 move `size` bytes at `address`.
    void set_up(u32 address, u32 size, u8 mode) {
        out(dma_.byte_ports(), 0x0a, 0x06);
        out(dma_.byte_ports(), 0x0c, 0);
        for (const u32 half : {address, address >> 8}) out(dma_.byte_ports(), 4, static_cast<u8>(half));
        for (const u32 half : {size - 1, (size - 1) >> 8}) out(dma_.byte_ports(), 5, static_cast<u8>(half));
        out(dma_.byte_ports(), 0x0b, mode | 2);
        out(dma_.page_ports(), 0, static_cast<u8>(address >> 16));
        out(dma_.byte_ports(), 0x0a, 0x02);
    }
    u16 read_word(u64 offset) {
        out(dma_.byte_ports(), 0x0c, 0);
        const u8 low = in(dma_.byte_ports(), offset);
        return static_cast<u16>(low | in(dma_.byte_ports(), offset) << 8);
    }
    std::vector<u8> bytes(std::size_t size) const {
        std::vector<u8> all(size);
        std::iota(all.begin(), all.end(), u8{0xa0});
        return all;
    }

    std::vector<u8> ram_ = std::vector<u8>(0x4'0000);
    memory::AddressSpace memory_;
    IsaDma dma_{memory_};
};

TEST_F(IsaDmaTest, MovesBytesToMemoryUpToTheTerminalCount) {
    set_up(0x1'2345, 4, to_memory);
    auto data = bytes(6);
    const auto first = dma_.move(2, std::span(data).first(2), true);
    EXPECT_EQ(first.size, 2u);
    EXPECT_FALSE(first.terminal_count);
    EXPECT_EQ(read_word(4), 0x2347);
    EXPECT_EQ(read_word(5), 1);
    const auto second = dma_.move(2, std::span(data).subspan(2), true);
    EXPECT_EQ(second.size, 2u);
    EXPECT_TRUE(second.terminal_count);
    EXPECT_THAT(std::span(ram_).subspan(0x1'2344, 6), ElementsAre(0x44, 0xa0, 0xa1, 0xa2, 0xa3, 0x49));
    EXPECT_EQ(in(dma_.byte_ports(), 8), 0x04) << "channel 2 has reached its terminal count";
    EXPECT_EQ(in(dma_.byte_ports(), 8), 0);
    EXPECT_EQ(in(dma_.byte_ports(), 15) & 4, 4) << "and is masked";
    EXPECT_EQ(dma_.move(2, data, true).size, 0u);
    EXPECT_EQ(read_word(5), 0xffff);
}

TEST_F(IsaDmaTest, MovesBytesFromMemory) {
    set_up(0x2'0010, 3, from_memory);
    auto data = bytes(3);
    EXPECT_TRUE(dma_.move(2, data, false).terminal_count);
    EXPECT_THAT(data, ElementsAre(0x10, 0x11, 0x12));
}

TEST_F(IsaDmaTest, StaysWithin64KiB) {
    set_up(0x1'ffff, 2, to_memory);
    auto data = bytes(2);
    EXPECT_EQ(dma_.move(2, data, true).size, 2u);
    EXPECT_EQ(ram_[0x1'ffff], 0xa0);
    EXPECT_EQ(ram_[0x1'0000], 0xa1);
    EXPECT_EQ(ram_[0x2'0000], 0x00);
}

TEST_F(IsaDmaTest, CountsDown) {
    set_up(0x1'0000, 2, to_memory | decrement);
    auto data = bytes(2);
    EXPECT_EQ(dma_.move(2, data, true).size, 2u);
    EXPECT_EQ(ram_[0x1'0000], 0xa0);
    EXPECT_EQ(ram_[0x1'ffff], 0xa1);
}

TEST_F(IsaDmaTest, BeginsAnewByItself) {
    set_up(0x100, 2, to_memory | automatic);
    auto data = bytes(2);
    EXPECT_TRUE(dma_.move(2, data, true).terminal_count);
    EXPECT_EQ(read_word(4), 0x100);
    EXPECT_EQ(read_word(5), 1);
    EXPECT_TRUE(dma_.move(2, data, true).terminal_count);
}

TEST_F(IsaDmaTest, VerifiesWithoutAWord) {
    set_up(0x100, 2, verify);
    auto data = bytes(2);
    EXPECT_TRUE(dma_.move(2, data, true).terminal_count);
    EXPECT_EQ(ram_[0x100], 0);
    set_up(0x100, 2, verify);
    EXPECT_EQ(dma_.move(2, data, false).size, 0u) << "there is nothing that a device could write";
}

TEST_F(IsaDmaTest, ServesNobodyWhoIsNotExpected) {
    auto data = bytes(2);
    EXPECT_EQ(dma_.move(2, data, true).size, 0u) << "masked after power-on";
    set_up(0x100, 2, from_memory);
    EXPECT_EQ(dma_.move(2, data, true).size, 0u) << "the other direction";
    set_up(0x100, 2, 0xc4);
    EXPECT_EQ(dma_.move(2, data, true).size, 0u) << "cascade";
    set_up(0x100, 2, to_memory);
    out(dma_.byte_ports(), 8, 0x04);
    EXPECT_EQ(dma_.move(2, data, true).size, 0u) << "the controller is disabled";
    out(dma_.byte_ports(), 8, 0);
    EXPECT_EQ(dma_.move(1, data, true).size, 0u) << "another channel";
    EXPECT_EQ(dma_.move(2, data, true).size, 2u);
}

TEST_F(IsaDmaTest, WhatIsNotRamReadsAsOnes) {
    set_up(0x4'0000, 2, from_memory);
    auto data = bytes(2);
    EXPECT_TRUE(dma_.move(2, data, false).terminal_count);
    EXPECT_THAT(data, ElementsAre(0xff, 0xff));
    set_up(0x4'0000, 2, to_memory);
    EXPECT_TRUE(dma_.move(2, data, true).terminal_count);
}

TEST_F(IsaDmaTest, MasterClearMasksAllChannels) {
    out(dma_.word_ports(), 0x1c, 0);
    EXPECT_EQ(in(dma_.word_ports(), 0x1e), 0);
    out(dma_.word_ports(), 0x1a, 0);
    EXPECT_EQ(in(dma_.word_ports(), 0x1e), 0x0f);
    out(dma_.word_ports(), 0x1e, 5);
    EXPECT_EQ(in(dma_.word_ports(), 0x1f), 5) << "each register answers at two ports";
}

TEST_F(IsaDmaTest, RequestsBySoftwareAreSeen) {
    out(dma_.byte_ports(), 9, 0x05);
    EXPECT_EQ(in(dma_.byte_ports(), 8), 0x20);
    out(dma_.byte_ports(), 9, 0x01);
    EXPECT_EQ(in(dma_.byte_ports(), 8), 0);
}

TEST_F(IsaDmaTest, PageRegistersAreMemory) {
    for (u64 offset = 0; offset < IsaDma::page_port_count; ++offset)
        out(dma_.page_ports(), offset, static_cast<u8>(3 * offset));
    for (u64 offset = 0; offset < IsaDma::page_port_count; ++offset)
        EXPECT_EQ(in(dma_.page_ports(), offset), 3 * offset);
}

TEST_F(IsaDmaTest, GoesOnWhereItWasSaved) {
    set_up(0x200, 4, to_memory);
    auto data = bytes(2);
    EXPECT_EQ(dma_.move(2, data, true).size, 2u);
    IsaDma other(memory_);
    fixture::copy(dma_, other);
    EXPECT_TRUE(other.move(2, data, true).terminal_count);
    EXPECT_THAT(std::span(ram_).subspan(0x202, 2), ElementsAre(0xa0, 0xa1));
}

} // namespace
} // namespace ringer::device
