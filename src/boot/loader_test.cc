#include "boot/loader.h"

#include "boot/acpi_tables.h"
#include "boot/test_images.h"
#include "boot/test_ram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::boot {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(LoadKernel, TakesBothFormats) {
    TestRam ram(64 * MiB);
    const auto linux_kernel = test_images::bz_image();
    const auto linux_state = load_kernel(ram.memory(), ram.layout(), {{"vmlinuz", linux_kernel}, {}, "", {}});
    ASSERT_TRUE(linux_state) << linux_state.error().message;
    EXPECT_EQ(linux_state->rip, 0x100'0200u);
    EXPECT_EQ(ram.at<u64>(linux_state->gpr[x86::rsi] + 0x70), 0xe'0000u);

    const auto elf_kernel = test_images::pvh_image_64();
    const auto elf_state = load_kernel(ram.memory(), ram.layout(), {{"vmlinux", elf_kernel}, {}, "", {}});
    ASSERT_TRUE(elf_state) << elf_state.error().message;
    EXPECT_EQ(elf_state->rip, 0x100'0040u);
    EXPECT_EQ(ram.at<u64>(elf_state->gpr[x86::rbx] + 32), 0xe'0000u);
}

TEST(LoadKernel, PutsTheAcpiTablesWhereTheyAreFound) {
    TestRam ram(64 * MiB);
    const auto kernel = test_images::bz_image();
    ASSERT_TRUE(
        load_kernel(ram.memory(), ram.layout(), {{"vmlinuz", kernel}, {}, "", {}}, {.cpus = most_cpus}));
    const auto tables = placed(acpi_tables({.cpus = most_cpus}), 0xe'0000);
    EXPECT_EQ(ram.bytes(0xe'0000, tables.size()), tables);
    EXPECT_EQ(ram.at<u16>(0x40e), 0x9fc0) << "segment of the extended BIOS data area";
    EXPECT_EQ(ram.at<u16>(0x413), 639) << "KiB of conventional memory";
}

TEST(LoadKernel, NamesTheFileThatIsNoKernel) {
    TestRam ram(64 * MiB);
    const auto refused = [&](std::span<const u8> kernel, std::string_view reason) {
        const auto state = load_kernel(ram.memory(), ram.layout(), {{"some/file", kernel}, {}, "", {}});
        ASSERT_FALSE(state);
        EXPECT_EQ(state.error().blame, Blame::user);
        EXPECT_THAT(state.error().message, StartsWith("some/file: "));
        EXPECT_THAT(state.error().message, HasSubstr(reason));
        EXPECT_THAT(state.error().message, testing::Not(HasSubstr("\n")));
    };
    refused({}, "is empty");
    refused(std::vector<u8>{'#', '!', '/'}, "neither a Linux bzImage nor an ELF file");
    refused(std::vector<u8>(4096), "neither a Linux bzImage nor an ELF file");
    refused(std::vector<u8>{0x7f, 'E', 'L', 'F'}, "truncated");
}

} // namespace
} // namespace ringer::boot
