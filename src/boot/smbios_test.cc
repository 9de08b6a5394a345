#include "boot/smbios.h"

#include "base/bits.h"
#include "boot/little_endian.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace ringer::boot {
namespace {

/// The offset of each structure, by its type, found as software does: by lengths and double zeros.
std::map<u8, std::size_t> walk(const SmbiosTables& tables) {
    std::map<u8, std::size_t> found;
    const std::span<const u8> bytes(tables.structures);
    for (std::size_t at = 0; at < bytes.size();) {
        found.emplace(bytes[at], at);
        at += bytes[at + 1];
        while (*get<u16>(bytes, at) != 0) ++at;
        at += 2;
    }
    return found;
}

TEST(Smbios, TheEntryPointDescribesTheStructures) {
    const SmbiosTables tables = smbios_tables(machine::MemoryLayout::of_size(64 * MiB).value());
    const std::span<const u8> entry(tables.entry_point);
    ASSERT_EQ(entry.size(), 0x1fu);
    EXPECT_EQ(std::string(entry.begin(), entry.begin() + 4), "_SM_");
    EXPECT_EQ(std::string(entry.begin() + 16, entry.begin() + 21), "_DMI_");
    EXPECT_EQ(*get<u16>(entry, 22), tables.structures.size());
    EXPECT_EQ(*get<u16>(entry, 28), 8u);
}

TEST(Smbios, EveryStructureHasTheLengthOfItsRevision) {
    const SmbiosTables tables = smbios_tables(machine::MemoryLayout::of_size(64 * MiB).value());
    const std::map<u8, u8> lengths{{1, 27},  {3, 21},  {4, 42},  {16, 23},
                                   {17, 40}, {19, 31}, {32, 11}, {127, 4}};
    const auto found = walk(tables);
    EXPECT_EQ(found.size(), lengths.size());
    for (const auto& [type, length] : lengths) {
        ASSERT_TRUE(found.contains(type)) << unsigned{type};
        EXPECT_EQ(tables.structures[found.at(type) + 1], length) << unsigned{type};
    }
}

TEST(Smbios, TellsOfTheMemory) {
    const SmbiosTables tables = smbios_tables(machine::MemoryLayout::of_size(4 * GiB).value());
    const auto found = walk(tables);
    const std::span<const u8> bytes(tables.structures);
    EXPECT_EQ(*get<u32>(bytes, found.at(16) + 7), 4 * MiB) << "in KiB";
    EXPECT_EQ(*get<u16>(bytes, found.at(17) + 12), 4096u) << "in MiB";
    EXPECT_EQ(*get<u32>(bytes, found.at(19) + 8), 3 * MiB - 1) << "in KiB: the last below the hole";
}

} // namespace
} // namespace ringer::boot
