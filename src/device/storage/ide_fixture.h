#pragma once

#include "device/fixture/fixture.h"
#include "device/storage/piix_ide.h"
#include "device/storage/test_medium.h"

#include <gtest/gtest.h>

#include <cstring>

namespace ringer::device::fixture {

/// A controller with its ports at hand, and RAM for DMA.
class IdeFixture : public testing::Test {
  protected:
    IdeFixture() {
        memory_.add_ram({0, ram_});
        ide_.write_config(0x20, 4, 0xc000);
        ide_.write_config(0x04, 2, 5);
    }

    static constexpr u8 busy = 0x80, ready = 0x40, fault = 0x20, request = 0x08, error = 0x01, idle = 0x50;

    u8 get(IdeRegister which) { return in(ide_.command_block(0), static_cast<u64>(which)); }
    void put(IdeRegister which, u8 value) { out(ide_.command_block(0), static_cast<u64>(which), value); }
    u8 alternate_status() { return in(ide_.control_block(0), 0); }
    void control(u8 value) { out(ide_.control_block(0), 0, value); }
    void command(u8 value) { put(IdeRegister::status_command, value); }

    /// The status once the medium has done what it was asked to.
    u8 wait() {
        EXPECT_EQ(alternate_status() & busy, busy);
        run_until(clock_, timers_, clock_.now() + 1'000'000);
        return alternate_status();
    }

    std::vector<u8> read_data(std::size_t size) {
        std::vector<u8> bytes(size);
        for (std::size_t i = 0; i < size; i += 2) {
            u64 value = 0;
            EXPECT_EQ(ide_.command_block(0).read(0, 2, value), memory::Answer::now);
            bytes[i] = static_cast<u8>(value);
            bytes[i + 1] = static_cast<u8>(value >> 8);
        }
        return bytes;
    }
    void write_data(std::span<const u8> bytes) {
        for (std::size_t i = 0; i < bytes.size(); i += 4) {
            u32 value;
            std::memcpy(&value, &bytes[i], sizeof(value));
            EXPECT_EQ(ide_.command_block(0).write(0, 4, value), memory::Answer::now);
        }
    }

    u32 bus_master(u64 offset, unsigned size) {
        const auto claim = ide_.bars()->claim(PciSpace::io, 0xc000 + offset, size);
        u64 value = 0;
        EXPECT_TRUE(claim && claim->region.read(claim->offset, size, value) == memory::Answer::now);
        return static_cast<u32>(value);
    }
    void bus_master(u64 offset, unsigned size, u32 value) {
        const auto claim = ide_.bars()->claim(PciSpace::io, 0xc000 + offset, size);
        EXPECT_TRUE(claim && claim->region.write(claim->offset, size, value) == memory::Answer::now);
    }

    /// A table of regions at 0x100, the last one marked so.
    struct MemoryPart {
        u32 address;
        u16 size;
    };
    void put_table(std::initializer_list<MemoryPart> parts) {
        u32 at = 0x100, left = static_cast<u32>(parts.size());
        for (const auto& [address, size] : parts) {
            const u32 control = size | (--left == 0 ? 1u << 31 : 0);
            std::memcpy(&ram_[at], &address, 4);
            std::memcpy(&ram_[at + 4], &control, 4);
            at += 8;
        }
        bus_master(4, 4, 0x100);
    }

    std::vector<u8> ram_ = std::vector<u8>(0x2'0000);
    memory::AddressSpace memory_;
    ManualClock clock_;
    TimerQueue timers_{clock_};
    PiixIde ide_{memory_, PiixIde::Decode::after_reset};
    WireProbe interrupt_{ide_.channel(0).interrupt()};
};

} // namespace ringer::device::fixture
