#include "boot/bz_image.h"

#include "boot/initial_state.h"
#include "boot/little_endian.h"
#include "boot/low_memory.h"
#include "boot/test_images.h"
#include "boot/test_ram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::boot {
namespace {

using test_images::bz_image;
using test_images::bz_image_setup_size;
using test_images::BzImageOptions;
using testing::HasSubstr;
using testing::StartsWith;

constexpr GuestPhysical rsdp = 0xe'0000;

KernelImage image_of(std::span<const u8> kernel) {
    return {{"vmlinuz", kernel}, std::nullopt, "console=ttyS0", {}};
}

void expect_refused(std::span<const u8> file, std::string_view reason) {
    const auto parsed = parse_bz_image(file, "vmlinuz");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().blame, Blame::user);
    EXPECT_THAT(parsed.error().message, StartsWith("vmlinuz: "));
    EXPECT_THAT(parsed.error().message, HasSubstr(reason));
}

void expect_not_loaded(TestRam& ram, const KernelImage& image, std::string_view reason) {
    const auto state = load_bz_image(ram.memory(), ram.layout(), image, rsdp);
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().blame, Blame::user);
    EXPECT_THAT(state.error().message, HasSubstr(reason));
}

TEST(BzImage, ReadsTheHeader) {
    const auto file = bz_image();
    const auto image = parse_bz_image(file, "vmlinuz");
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(image->protocol, 0x020f);
    EXPECT_TRUE(image->relocatable);
    EXPECT_TRUE(image->has_64_bit_entry);
    EXPECT_EQ(image->header.size(), 0x26cu - 0x1f1);
    EXPECT_EQ(image->kernel.data(), file.data() + bz_image_setup_size);
    EXPECT_EQ(image->kernel.size(), 0x1000u);
    EXPECT_EQ(image->longest_command_line, 2047u);
    EXPECT_EQ(image->highest_initrd_address, 0x7fff'ffffu);
    EXPECT_EQ(image->load_address(), 0x100'0000u);
    EXPECT_EQ(image->end(), 0x110'0000u);
}

TEST(BzImage, FieldsThatTheProtocolLacksHaveTheirDefaults) {
    const auto file = bz_image({.protocol = 0x0202});
    const auto image = parse_bz_image(file, "vmlinuz");
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_FALSE(image->relocatable);
    EXPECT_FALSE(image->has_64_bit_entry);
    EXPECT_EQ(image->longest_command_line, 255u);
    EXPECT_EQ(image->highest_initrd_address, 0x37ff'ffffu);
    EXPECT_EQ(image->load_address(), 0x10'0000u);
    EXPECT_EQ(image->end(), 0x10'1000u);
}

TEST(BzImage, AFixedKernelIsLoadedAtOneMebibyteAndNeedsRamWhereItMovesItself) {
    const auto file = bz_image({.relocatable = 0});
    const auto image = parse_bz_image(file, "vmlinuz");
    ASSERT_TRUE(image);
    EXPECT_EQ(image->load_address(), 0x10'0000u);
    EXPECT_EQ(image->end(), 0x110'0000u);
}

TEST(BzImage, ARelocatableKernelIsAlignedAndAboveOneMebibyte) {
    const auto low = bz_image({.alignment = 0x40'0000, .preferred_address = 0x1000});
    EXPECT_EQ(parse_bz_image(low, "vmlinuz")->load_address(), 0x40'0000u);
    const auto odd = bz_image({.preferred_address = 0x100'0001});
    EXPECT_EQ(parse_bz_image(odd, "vmlinuz")->load_address(), 0x120'0000u);
}

TEST(BzImage, NoSetupSectorsMeansFour) {
    auto file = bz_image({.kernel_size = 0x2000});
    file[0x1f1] = 0;
    put<u32>(file, 0x1f4, 0x1000 / 16);
    const auto image = parse_bz_image(file, "vmlinuz");
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(image->kernel.data(), file.data() + 5 * 512);
}

TEST(BzImage, TheLastParagraphNeedNotBeWholeAndTrailingBytesAreNotLoaded) {
    auto file = bz_image();
    EXPECT_EQ(parse_bz_image(std::span(file).first(file.size() - 15), "vmlinuz")->kernel.size(),
              0x1000u - 15);
    file.insert(file.end(), 1000, 0);
    EXPECT_EQ(parse_bz_image(file, "vmlinuz")->kernel.size(), 0x1000u);
}

TEST(BzImage, RefusesEveryTruncation) {
    const auto file = bz_image();
    for (std::size_t size = 0; size + 16 <= file.size(); ++size) {
        const auto image = parse_bz_image(std::span(file).first(size), "vmlinuz");
        ASSERT_FALSE(image) << size;
        ASSERT_THAT(image.error().message, HasSubstr(size < 0x206 ? "not a Linux bzImage" : "truncated"))
            << size;
    }
}

TEST(BzImage, RefusesWhatIsNoUsableKernel) {
    auto file = bz_image();
    file[0x202] = 'X';
    expect_refused(file, "not a Linux bzImage");
    expect_refused(bz_image({.protocol = 0x0201}), "boot protocol 2.01 is too old");

    file = bz_image();
    file[0x211] = 0;
    expect_refused(file, "zImage");

    file = bz_image();
    file[0x201] = 0x10;
    expect_refused(file, "setup header ends at 0x212");

    expect_refused(bz_image({.kernel_size = 0}), "size of 0 bytes");
    expect_refused(bz_image({.kernel_size = 0x200}), "size of 512 bytes");
    file = bz_image();
    put<u32>(file, 0x1f4, 0xffff'ffff);
    expect_refused(file, "truncated: the header promises 68719477744 bytes and the file has 5120");
    file = bz_image();
    file[0x1f1] = 255;
    expect_refused(file, "truncated");

    expect_refused(bz_image({.alignment = 0}), "alignment 0x0");
    expect_refused(bz_image({.alignment = 0x30'0000}), "alignment 0x300000");
    expect_refused(bz_image({.preferred_address = ~u64{0}}), "address 0xffffffffffffffff");
}

TEST(LoadBzImage, FillsTheZeroPage) {
    TestRam ram(128 * MiB);
    const auto file = bz_image();
    const std::vector<u8> initrd(5000, 0x77);
    auto image = image_of(file);
    image.initrd = {"initrd", initrd};
    const auto state = load_bz_image(ram.memory(), ram.layout(), image, rsdp);
    ASSERT_TRUE(state) << state.error().message;

    const GuestPhysical page = state->gpr[x86::rsi];
    EXPECT_EQ(ram.at<u64>(page + 0x070), rsdp);
    EXPECT_EQ(ram.at<u8>(page + 0x1ef), 0) << "the sentinel says that the page was cleared";
    EXPECT_EQ(ram.at<u8>(page + 0x1f1), 1);
    EXPECT_EQ(ram.at<u32>(page + 0x202), 0x5372'6448u);
    EXPECT_EQ(ram.at<u16>(page + 0x1fa), 0xffff);
    EXPECT_EQ(ram.at<u8>(page + 0x210), 0xff);
    EXPECT_EQ(ram.at<u8>(page + 0x211), 0x81);
    EXPECT_EQ(ram.at<u32>(page + 0x214), 0x100'0000u);
    EXPECT_EQ(ram.at<u16>(page + 0x224), 0xfe00);
    EXPECT_EQ(ram.at<u64>(page + 0x250), 0u);
    EXPECT_EQ(ram.at<u64>(page + 0x258), 0x100'0000u);

    const GuestPhysical line = ram.at<u32>(page + 0x228);
    EXPECT_STREQ(reinterpret_cast<const char*>(ram.bytes(line, 14).data()), "console=ttyS0");
    EXPECT_EQ(ram.at<u32>(page + 0x21c), 5000u);
    const GuestPhysical disk = ram.at<u32>(page + 0x218);
    EXPECT_EQ(disk, 128 * MiB - 0x2000);
    EXPECT_EQ(ram.bytes(disk, 5000), initrd);
    EXPECT_EQ(ram.at<u8>(disk + 5000), 0);
    EXPECT_EQ(ram.bytes(0x100'0000, 0x1000), std::vector<u8>(file.begin() + bz_image_setup_size, file.end()));
}

TEST(LoadBzImage, GivesTheMemoryMapInTheZeroPage) {
    TestRam ram(4 * GiB);
    const auto file = bz_image();
    const auto state = load_bz_image(ram.memory(), ram.layout(), image_of(file), rsdp);
    ASSERT_TRUE(state) << state.error().message;
    const auto map = ram.layout().map();
    ASSERT_EQ(ram.at<u8>(low_memory::parameters + 0x1e8), map.size());
    for (std::size_t i = 0; i < map.size(); ++i) {
        const GuestPhysical entry = low_memory::parameters + 0x2d0 + 20 * i;
        EXPECT_EQ(ram.at<u64>(entry), map[i].range.base);
        EXPECT_EQ(ram.at<u64>(entry + 8), map[i].range.size);
        EXPECT_EQ(ram.at<u32>(entry + 16), static_cast<u32>(map[i].kind));
    }
}

TEST(LoadBzImage, EntersA64BitKernelInLongModeBehindAnIdentityMap) {
    TestRam ram(64 * MiB);
    const auto file = bz_image();
    const auto state = load_bz_image(ram.memory(), ram.layout(), image_of(file), rsdp);
    ASSERT_TRUE(state);
    EXPECT_EQ(state->rip, 0x100'0200u);
    EXPECT_EQ(state->rflags, x86::flag::reserved_one);
    EXPECT_EQ(state->msr.efer, x86::efer::lme | x86::efer::lma);
    EXPECT_EQ(state->cr0, x86::cr0::pe | x86::cr0::et | x86::cr0::pg);
    EXPECT_EQ(state->cr4, x86::cr4::pae);
    EXPECT_EQ(state->segments[x86::cs].selector, 0x10);
    EXPECT_TRUE(state->segments[x86::cs].is_long());
    EXPECT_FALSE(state->segments[x86::cs].default_is_32());
    EXPECT_EQ(state->segments[x86::ss].selector, 0x18);

    for (u64 address : {u64{0}, u64{0x100'0200}, 3 * GiB - 1, 4 * GiB - 1}) {
        const u64 top = ram.at<u64>(state->cr3 + 8 * (address >> 39));
        const u64 pointer = ram.at<u64>((top & ~0xfffull) + 8 * (address >> 30 & 511));
        const u64 leaf = ram.at<u64>((pointer & ~0xfffull) + 8 * (address >> 21 & 511));
        EXPECT_EQ(top & 3, 3u);
        EXPECT_EQ(pointer & 0x83, 3u);
        EXPECT_EQ(leaf, align_down(address, 2 * MiB) | 0x83);
    }
}

TEST(LoadBzImage, DescriptorsInMemoryAreThoseInTheSegmentRegisters) {
    TestRam ram(64 * MiB);
    const auto file = bz_image();
    for (Entry entry : {Entry::bits_32, Entry::bits_64}) {
        auto image = image_of(file);
        image.entry = entry;
        const auto state = load_bz_image(ram.memory(), ram.layout(), image, rsdp);
        ASSERT_TRUE(state);
        EXPECT_EQ(state->gdtr.limit, 0x1f);
        for (x86::SegmentRegister which : {x86::cs, x86::ds, x86::es, x86::ss, x86::fs, x86::gs}) {
            const x86::Segment& segment = state->segments[which];
            const u64 descriptor = ram.at<u64>(state->gdtr.base + segment.selector);
            EXPECT_EQ(descriptor >> 40 & 0xf0ff, segment.attributes);
            EXPECT_EQ(descriptor & 0xff0f'00ff'ffff'ffff,
                      0x000f'0000'0000'ffffu | (descriptor & 0x0f00'0000'0000'0000));
            EXPECT_EQ(segment.limit, 0xffff'ffffu);
            EXPECT_EQ(segment.base, 0u);
        }
    }
}

TEST(LoadBzImage, The32BitEntryIsInProtectedModeWithoutPaging) {
    TestRam ram(64 * MiB);
    const auto file = bz_image();
    auto image = image_of(file);
    image.entry = Entry::bits_32;
    const auto state = load_bz_image(ram.memory(), ram.layout(), image, rsdp);
    ASSERT_TRUE(state);
    EXPECT_EQ(state->rip, 0x100'0000u);
    EXPECT_EQ(state->cr0, x86::cr0::pe | x86::cr0::et);
    EXPECT_EQ(state->msr.efer, 0u);
    EXPECT_TRUE(state->segments[x86::cs].default_is_32());
    EXPECT_FALSE(state->segments[x86::cs].is_long());
    EXPECT_EQ(state->gpr[x86::rsi], low_memory::parameters);
    EXPECT_EQ(state->gpr[x86::rbp] | state->gpr[x86::rdi] | state->gpr[x86::rbx], 0u);
}

TEST(LoadBzImage, A32BitKernelStartsAtIts32BitEntryAndNotAtAnother) {
    TestRam ram(64 * MiB);
    const auto file = bz_image({.extended_load_flags = 0});
    auto image = image_of(file);
    const auto state = load_bz_image(ram.memory(), ram.layout(), image, rsdp);
    ASSERT_TRUE(state);
    EXPECT_EQ(state->rip, 0x100'0000u);
    EXPECT_EQ(state->cr0 & x86::cr0::pg, 0u);
    image.entry = Entry::bits_64;
    expect_not_loaded(ram, image, "vmlinuz: a 32-bit kernel");
}

TEST(LoadBzImage, RefusesAKernelThatDoesNotFit) {
    TestRam ram(64 * MiB);
    const auto large = bz_image({.working_size = 0x337'8000});
    expect_not_loaded(ram, image_of(large),
                      "needs 68 MiB of memory to start and the machine has 64; give --memory 68M");
    const auto hostile =
        bz_image({.alignment = 1u << 31, .preferred_address = 0xc000'0000, .working_size = ~0u});
    expect_not_loaded(ram, image_of(hostile), "damaged");
}

TEST(LoadBzImage, ChecksTheCommandLineAgainstTheKernelsLimit) {
    TestRam ram(64 * MiB);
    const auto file = bz_image({.longest_command_line = 100});
    auto image = image_of(file);
    image.command_line.assign(100, 'x');
    EXPECT_TRUE(load_bz_image(ram.memory(), ram.layout(), image, rsdp));
    image.command_line.assign(101, 'x');
    expect_not_loaded(ram, image,
                      "vmlinuz: the kernel takes a command line of at most 100 bytes, and this one has 101");

    const auto boundless = bz_image({.longest_command_line = ~0u});
    image = image_of(boundless);
    image.command_line.assign(low_memory::command_line_room, 'x');
    expect_not_loaded(ram, image, "shorten it");
    image.command_line.pop_back();
    EXPECT_TRUE(load_bz_image(ram.memory(), ram.layout(), image, rsdp));
}

TEST(LoadBzImage, PlacesTheInitrdBelowTheKernelsLimit) {
    TestRam ram(128 * MiB);
    const auto file = bz_image({.highest_initrd_address = 0x3ff'ffff});
    const std::vector<u8> initrd(0x1001);
    auto image = image_of(file);
    image.initrd = {"initrd", initrd};
    ASSERT_TRUE(load_bz_image(ram.memory(), ram.layout(), image, rsdp));
    EXPECT_EQ(ram.at<u32>(low_memory::parameters + 0x218), 0x400'0000u - 0x2000);
}

TEST(LoadBzImage, RefusesAnInitrdThatDoesNotFit) {
    TestRam ram(64 * MiB);
    const auto file = bz_image();
    auto image = image_of(file);
    // The kernel ends at 17 MiB, which leaves 47.
    std::vector<u8> initrd(47 * MiB);
    image.initrd = {"initrd", initrd};
    EXPECT_TRUE(load_bz_image(ram.memory(), ram.layout(), image, rsdp));
    initrd.push_back(0);
    image.initrd = {"initrd", initrd};
    expect_not_loaded(ram, image, "initrd: the initramfs of 48129 KiB does not fit");
    expect_not_loaded(ram, image, "give --memory 65M or more");

    const auto low = bz_image({.highest_initrd_address = 0x100'ffff});
    image.kernel.bytes = low;
    expect_not_loaded(ram, image, "use a smaller one");
    image.initrd = {"initrd", {}};
    expect_not_loaded(ram, image, "initrd: the initramfs is empty");
}

} // namespace
} // namespace ringer::boot
