#include "boot/firmware.h"

#include "base/assert.h"
#include "base/bits.h"
#include "boot/little_endian.h"

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <numeric>
#include <string>

namespace ringer::boot {
namespace {

/// Reads fw_cfg as firmware does.
class FirmwareTest : public testing::Test {
  protected:
    void describe(u64 ram) {
        describe_machine(fw_cfg_, rtc_, machine::MemoryLayout::of_size(ram).value(), {.console_port = 0x3f8});
    }

    std::vector<u8> item(u16 number, std::size_t size) {
        EXPECT_EQ(fw_cfg_.select_and_data().write(0, 2, number), memory::Answer::now);
        std::vector<u8> bytes(size);
        for (u8& byte : bytes) {
            u64 value = 0;
            EXPECT_EQ(fw_cfg_.select_and_data().read(1, 1, value), memory::Answer::now);
            byte = static_cast<u8>(value);
        }
        return bytes;
    }

    std::vector<u8> file(std::string_view name) {
        constexpr u16 directory = 0x19;
        constexpr std::size_t entry_size = 64;
        const u32 count = std::byteswap(*get<u32>(item(directory, 4), 0));
        const std::vector<u8> entries = item(directory, 4 + entry_size * count);
        for (std::size_t at = 4; at < entries.size(); at += entry_size)
            if (reinterpret_cast<const char*>(&entries[at + 8]) == name)
                return item(std::byteswap(*get<u16>(entries, at + 4)), std::byteswap(*get<u32>(entries, at)));
        ADD_FAILURE() << "no file " << name;
        return {};
    }

    struct StoppedClock final : device::Clock {
        Nanoseconds now() const override { return 0; }
    };
    StoppedClock clock_;
    device::TimerQueue timers_{clock_};
    device::Rtc rtc_{timers_, 0, 64 * MiB, 0};
    memory::AddressSpace memory_;
    device::FwCfg fw_cfg_{memory_};
};

TEST_F(FirmwareTest, TellsOfRam) {
    describe(4 * GiB);
    const std::vector<u8> map = file("etc/e820");
    ASSERT_EQ(map.size(), 40u);
    EXPECT_EQ(get<u64>(map, 0), 0u);
    EXPECT_EQ(get<u64>(map, 8), 3 * GiB);
    EXPECT_EQ(get<u32>(map, 16), 1u);
    EXPECT_EQ(get<u64>(map, 20), 4 * GiB);
    EXPECT_EQ(get<u64>(map, 28), GiB);
}

TEST_F(FirmwareTest, LeavesTheBootOrderInCmosMemory) {
    describe(64 * MiB);
    const auto cmos = [&](u8 index) {
        u64 value = 0;
        EXPECT_EQ(rtc_.write(0, 1, index), memory::Answer::now);
        EXPECT_EQ(rtc_.read(1, 1, value), memory::Answer::now);
        return value;
    };
    EXPECT_EQ(cmos(0x3d), 0x32u) << "disk, then CD-ROM";
    EXPECT_EQ(cmos(0x38), 0x11u) << "then floppy";
}

TEST_F(FirmwareTest, TellsOfTheBoard) {
    describe(64 * MiB);
    EXPECT_EQ(item(device::FwCfg::cpu_count, 2)[0], 1);
    EXPECT_EQ(item(device::FwCfg::timer_override, 1)[0], 1);
    EXPECT_EQ(get<u16>(file("etc/sercon-port"), 0), 0x3f8);
    EXPECT_EQ(file("etc/smbios/smbios-anchor").size(), 31u);
    EXPECT_FALSE(file("etc/smbios/smbios-tables").empty());
}

/// What firmware makes of the script, with both files at addresses that it has chosen.
TEST_F(FirmwareTest, TheScriptLinksTheAcpiTables) {
    describe(64 * MiB);
    struct Placed {
        std::vector<u8> bytes;
        u32 address;
    };
    std::map<std::string, Placed> files{{"etc/acpi/rsdp", {file("etc/acpi/rsdp"), 0xf'5000}},
                                        {"etc/acpi/tables", {file("etc/acpi/tables"), 0x3ff'0000}}};
    const std::vector<u8> script = file("etc/table-loader");
    ASSERT_EQ(script.size() % 128, 0u);
    const auto name_at = [&](std::size_t at) {
        return std::string(reinterpret_cast<const char*>(&script[at]));
    };
    for (std::size_t at = 0; at < script.size(); at += 128) {
        std::vector<u8>& bytes = files.at(name_at(at + 4)).bytes;
        switch (*get<u32>(script, at)) {
        case 1: EXPECT_EQ(get<u32>(script, at + 60), 64u); break;
        case 2: {
            const u32 offset = *get<u32>(script, at + 116);
            const u32 target = files.at(name_at(at + 60)).address;
            if (script[at + 120] == 4)
                put(bytes, offset, *get<u32>(bytes, offset) + target);
            else
                put(bytes, offset, *get<u64>(bytes, offset) + target);
            break;
        }
        case 3: {
            const auto range =
                std::span(bytes).subspan(*get<u32>(script, at + 64), *get<u32>(script, at + 68));
            bytes[*get<u32>(script, at + 60)] -= std::accumulate(range.begin(), range.end(), u8{0});
            EXPECT_EQ(std::accumulate(range.begin(), range.end(), u8{0}), 0);
            break;
        }
        default: ADD_FAILURE() << "command " << *get<u32>(script, at);
        }
    }
    const auto& [rsdp, rsdp_address] = files.at("etc/acpi/rsdp");
    const auto& [tables, base] = files.at("etc/acpi/tables");
    const u32 rsdt = *get<u32>(rsdp, 16) - base;
    const u64 xsdt = *get<u64>(rsdp, 24) - base;
    EXPECT_EQ(std::string(&tables[rsdt], &tables[rsdt] + 4), "RSDT");
    EXPECT_EQ(std::string(&tables[xsdt], &tables[xsdt] + 4), "XSDT");
    const u32 fadt = *get<u32>(tables, rsdt + 36) - base;
    EXPECT_EQ(get<u64>(tables, xsdt + 36), u64{fadt} + base);
    EXPECT_EQ(std::string(&tables[fadt], &tables[fadt] + 4), "FACP");
}

} // namespace
} // namespace ringer::boot
