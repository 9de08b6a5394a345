#include "boot/pvh.h"

#include "boot/elf.h"
#include "boot/low_memory.h"
#include "boot/test_images.h"
#include "boot/test_ram.h"

#include <cstddef>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::boot {
namespace {

using test_images::pvh_image_32;
using test_images::pvh_image_64;
using testing::HasSubstr;
using testing::StartsWith;

constexpr GuestPhysical rsdp = 0xe'0000;
constexpr std::size_t notes_header = sizeof(Elf64_Ehdr), load_header = notes_header + sizeof(Elf64_Phdr);
constexpr std::size_t notes = load_header + sizeof(Elf64_Phdr);

KernelImage image_of(std::span<const u8> kernel) { return {{"vmlinux", kernel}, std::nullopt, "quiet", {}}; }

void expect_refused(std::span<const u8> file, std::string_view reason) {
    const auto parsed = parse_pvh(file, "vmlinux");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().blame, Blame::user);
    EXPECT_THAT(parsed.error().message, StartsWith("vmlinux: "));
    EXPECT_THAT(parsed.error().message, HasSubstr(reason));
}

/// pvh_image_64() with the T at `offset` replaced.
template <class T>
std::vector<u8> with(std::size_t offset, T value) {
    auto file = pvh_image_64();
    put(file, offset, value);
    return file;
}

TEST(Pvh, ReadsElfFilesOfBothClasses) {
    for (const auto& file : {pvh_image_64(), pvh_image_32()}) {
        const auto image = parse_pvh(file, "vmlinux");
        ASSERT_TRUE(image) << image.error().message;
        ASSERT_EQ(image->segments.size(), 1u);
        EXPECT_EQ(image->segments[0].place, (machine::MemoryRange{0x100'0000, 0x3000}));
        EXPECT_EQ(image->segments[0].contents.data(), file.data() + file.size() - 16);
        EXPECT_EQ(image->entry, 0x100'0040u);
        EXPECT_EQ(image->end(), 0x100'3000u);
    }
}

TEST(Pvh, RefusesEveryTruncation) {
    for (const auto& file : {pvh_image_64(), pvh_image_32()})
        for (std::size_t size = 0; size < file.size(); ++size) {
            const auto image = parse_pvh(std::span(file).first(size), "vmlinux");
            ASSERT_FALSE(image) << size;
            ASSERT_THAT(image.error().message, HasSubstr(size < SELFMAG ? "not an ELF file" : "truncated"))
                << size;
        }
}

TEST(Pvh, RefusesForeignElfFiles) {
    expect_refused(with<u8>(EI_DATA, ELFDATA2MSB), "not an x86 ELF file");
    expect_refused(with<u8>(EI_CLASS, 7), "not an x86 ELF file");
    expect_refused(with<u16>(offsetof(Elf64_Ehdr, e_machine), EM_AARCH64), "not an x86 ELF executable");
    expect_refused(with<u16>(offsetof(Elf64_Ehdr, e_type), ET_REL), "not an x86 ELF executable");
    expect_refused(with<u16>(offsetof(Elf64_Ehdr, e_phentsize), 8), "2 program headers of 8 bytes");
    expect_refused(with<u16>(offsetof(Elf64_Ehdr, e_phnum), 0xffff), "65535 program headers");
    expect_refused(with<u16>(offsetof(Elf64_Ehdr, e_phnum), 0), "without the Xen PVH entry note");
    expect_refused(with<u64>(offsetof(Elf64_Ehdr, e_phoff), ~u64{0}), "truncated");
}

TEST(Pvh, RefusesHostileSegments) {
    const auto field = [](std::size_t offset) { return load_header + offset; };
    expect_refused(with<u64>(field(offsetof(Elf64_Phdr, p_offset)), ~u64{0} - 8), "truncated");
    expect_refused(with<u64>(field(offsetof(Elf64_Phdr, p_filesz)), ~u64{0}), "truncated");
    expect_refused(with<u64>(field(offsetof(Elf64_Phdr, p_memsz)), 15), "longer in the file than in memory");
    expect_refused(with<u64>(field(offsetof(Elf64_Phdr, p_memsz)), ~u64{0}), "outside of 1 MiB to 3 GiB");
    expect_refused(with<u64>(field(offsetof(Elf64_Phdr, p_paddr)), ~u64{0}), "outside of 1 MiB to 3 GiB");
    expect_refused(with<u64>(field(offsetof(Elf64_Phdr, p_paddr)), 0xf'ffff), "outside of 1 MiB to 3 GiB");
    expect_refused(with<u64>(field(offsetof(Elf64_Phdr, p_paddr)), 0x100'0041),
                   "entry point 0x1000040 is in no segment");

    auto twice = pvh_image_64();
    std::copy_n(twice.begin() + load_header, sizeof(Elf64_Phdr), twice.begin() + notes_header);
    put<u16>(twice, offsetof(Elf64_Ehdr, e_phnum), 2);
    expect_refused(twice, "without the Xen PVH entry note");
}

TEST(Pvh, RefusesOverlappingSegments) {
    auto file = pvh_image_64();
    std::vector<u8> another(file.begin() + load_header, file.begin() + notes);
    put<u64>(another, offsetof(Elf64_Phdr, p_paddr), 0x100'2fff);
    put<u16>(file, offsetof(Elf64_Ehdr, e_phnum), 3);
    for (const std::size_t header : {notes_header, load_header})
        put<u64>(file, header + offsetof(Elf64_Phdr, p_offset),
                 *get<u64>(file, header + offsetof(Elf64_Phdr, p_offset)) + sizeof(Elf64_Phdr));
    put<u64>(another, offsetof(Elf64_Phdr, p_offset),
             *get<u64>(file, load_header + offsetof(Elf64_Phdr, p_offset)));
    file.insert(file.begin() + notes, another.begin(), another.end());
    expect_refused(file, "segments overlap at address 0x1002fff");
    put<u64>(file, notes + offsetof(Elf64_Phdr, p_paddr), 0x100'3000);
    const auto image = parse_pvh(file, "vmlinux");
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(image->end(), 0x100'6000u);
}

TEST(Pvh, RefusesFilesWithoutAUsableNote) {
    const std::size_t second = notes + 20;
    expect_refused(with<u32>(second + 8, 17), "without the Xen PVH entry note");
    expect_refused(with<u8>(second + 12, 'x'), "without the Xen PVH entry note");
    expect_refused(with<u32>(second, ~0u), "without the Xen PVH entry note");
    expect_refused(with<u32>(second + 4, ~0u), "without the Xen PVH entry note");
    expect_refused(with<u32>(second + 4, 2), "without the Xen PVH entry note");
    expect_refused(with<u64>(second + 16, 0x1'0100'0040), "entry point 0x101000040 is in no segment");
}

TEST(LoadPvh, LoadsSegmentsAndClearsWhatTheFileDoesNotFill) {
    TestRam ram(64 * MiB);
    ASSERT_TRUE(ram.memory().write_ram(0x100'2fff, std::vector<u8>{0xee, 0xee}));
    const auto file = pvh_image_64();
    ASSERT_TRUE(load_pvh(ram.memory(), ram.layout(), image_of(file), rsdp));
    EXPECT_EQ(ram.bytes(0x100'0000, 16), std::vector<u8>(file.end() - 16, file.end()));
    EXPECT_EQ(ram.bytes(0x100'0010, 0x2ff0), std::vector<u8>(0x2ff0));
    EXPECT_EQ(ram.at<u8>(0x100'3000), 0xee);
}

TEST(LoadPvh, HandsOverTheStartInfoInProtectedMode) {
    TestRam ram(4 * GiB);
    const auto file = pvh_image_64();
    const std::vector<u8> initrd(3 * 4096 + 1, 0x66);
    auto image = image_of(file);
    image.initrd = {"initrd", initrd};
    const auto state = load_pvh(ram.memory(), ram.layout(), image, rsdp);
    ASSERT_TRUE(state) << state.error().message;

    EXPECT_EQ(state->rip, 0x100'0040u);
    EXPECT_EQ(state->cr0 & (x86::cr0::pe | x86::cr0::pg), x86::cr0::pe);
    EXPECT_EQ(state->cr4, 0u);
    EXPECT_EQ(state->rflags, x86::flag::reserved_one);
    EXPECT_TRUE(state->segments[x86::cs].default_is_32());
    EXPECT_EQ(state->tr.limit, 0x67u);
    EXPECT_EQ(state->tr.type(), 0xbu);

    const GuestPhysical info = state->gpr[x86::rbx];
    EXPECT_EQ(ram.at<u32>(info), 0x336e'c578u);
    EXPECT_EQ(ram.at<u32>(info + 4), 1u);
    EXPECT_EQ(ram.at<u32>(info + 8), 0u);
    ASSERT_EQ(ram.at<u32>(info + 12), 1u);
    const GuestPhysical module = ram.at<u64>(info + 16);
    EXPECT_EQ(ram.at<u64>(module), 3 * GiB - 0x4000);
    EXPECT_EQ(ram.at<u64>(module + 8), initrd.size());
    EXPECT_EQ(ram.bytes(3 * GiB - 0x4000, initrd.size()), initrd);
    EXPECT_STREQ(reinterpret_cast<const char*>(ram.bytes(ram.at<u64>(info + 24), 6).data()), "quiet");
    EXPECT_EQ(ram.at<u64>(info + 32), rsdp);

    const auto map = ram.layout().map();
    ASSERT_EQ(ram.at<u32>(info + 48), map.size());
    for (std::size_t i = 0; i < map.size(); ++i) {
        const GuestPhysical entry = ram.at<u64>(info + 40) + 24 * i;
        EXPECT_EQ(ram.at<u64>(entry), map[i].range.base);
        EXPECT_EQ(ram.at<u64>(entry + 8), map[i].range.size);
        EXPECT_EQ(ram.at<u32>(entry + 16), static_cast<u32>(map[i].kind));
    }
}

TEST(LoadPvh, WithoutAnInitrdThereIsNoModule) {
    TestRam ram(64 * MiB);
    const auto file = pvh_image_32();
    const auto state = load_pvh(ram.memory(), ram.layout(), image_of(file), rsdp);
    ASSERT_TRUE(state);
    EXPECT_EQ(ram.at<u32>(state->gpr[x86::rbx] + 12), 0u);
    EXPECT_EQ(ram.at<u64>(state->gpr[x86::rbx] + 16), 0u);
}

TEST(LoadPvh, RefusesWhatCannotBeStarted) {
    TestRam ram(64 * MiB);
    const auto refused = [&](const KernelImage& image, std::string_view reason) {
        const auto state = load_pvh(ram.memory(), ram.layout(), image, rsdp);
        ASSERT_FALSE(state);
        EXPECT_THAT(state.error().message, HasSubstr(reason));
    };
    const auto file = pvh_image_64();
    auto image = image_of(file);
    image.entry = Entry::bits_64;
    refused(image, "entered in 32-bit mode");

    image = image_of(file);
    image.command_line.assign(2048, 'x');
    refused(image, "at most 2047 bytes");

    const auto large = with<u64>(load_header + offsetof(Elf64_Phdr, p_memsz), 60 * MiB);
    refused(image_of(large), "needs 76 MiB of memory to load and the machine has 64");

    const std::vector<u8> initrd(60 * MiB);
    image = image_of(file);
    image.initrd = {"initrd", initrd};
    refused(image, "initrd: the initramfs of 61440 KiB does not fit");
}

} // namespace
} // namespace ringer::boot
