#include "host/storage/image_format.h"

#include "base/big_endian.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

namespace ringer::host {
namespace {

std::vector<u8> bytes(std::string_view text, std::size_t at = 0) {
    std::vector<u8> all(512);
    std::ranges::copy(text, all.begin() + static_cast<std::ptrdiff_t>(at));
    return all;
}

std::vector<u8> qcow2(u32 version) {
    std::vector<u8> head = bytes("QFI\xfb");
    put_big_endian<u32>(head, 4, version);
    return head;
}

/// With a backing file at 256, whose format is told by an extension after one that is not known.
std::vector<u8> overlay(u32 version, std::string_view file, std::string_view format) {
    std::vector<u8> head = qcow2(version);
    put_big_endian<u64>(head, 8, 256);
    put_big_endian<u32>(head, 16, static_cast<u32>(file.size()));
    std::ranges::copy(file, head.begin() + 256);
    std::size_t at = 72;
    if (version == 3) put_big_endian<u32>(head, 100, at = 112);
    put_big_endian<u32>(head, at, 0x6803'f857);
    put_big_endian<u32>(head, at + 4, 5); // Padded to 8.
    put_big_endian<u32>(head, at + 16, 0xe279'2aca);
    put_big_endian<u32>(head, at + 20, static_cast<u32>(format.size()));
    std::ranges::copy(format, head.begin() + static_cast<std::ptrdiff_t>(at + 24));
    return head;
}

Result<ImageFormat> detect(const std::string& path, const std::vector<u8>& head,
                           const std::vector<u8>& tail = {}) {
    return detect_format("--disk", path, head, tail);
}

TEST(ImageFormat, IsToldBySignatures) {
    EXPECT_EQ(format_of_contents(qcow2(2), {}), ImageFormat::qcow2);
    EXPECT_EQ(format_of_contents(qcow2(3), {}), ImageFormat::qcow2);
    EXPECT_EQ(format_of_contents(qcow2(1), {}), std::nullopt) << "which is another format, of old";
    EXPECT_EQ(format_of_contents(bytes("KDMV"), {}), ImageFormat::vmdk);
    EXPECT_EQ(format_of_contents(bytes("COWD"), {}), ImageFormat::vmdk);
    EXPECT_EQ(format_of_contents(bytes("# Disk DescriptorFile\n"), {}), ImageFormat::vmdk);
    EXPECT_EQ(format_of_contents(bytes("vhdxfile"), {}), ImageFormat::vhdx);
    EXPECT_EQ(format_of_contents(bytes("\x7f\x10\xda\xbe", 64), {}), ImageFormat::vdi);
    EXPECT_EQ(format_of_contents(bytes("conectix"), {}), ImageFormat::vhd);
    EXPECT_EQ(format_of_contents(bytes(""), bytes("conectix")), ImageFormat::vhd);
    EXPECT_EQ(format_of_contents(bytes("\x55\xaa", 510), bytes("")), std::nullopt);
    EXPECT_EQ(format_of_contents({}, {}), std::nullopt);
}

TEST(ImageFormat, IsWhatNameAndContentsAgreeOn) {
    EXPECT_EQ(detect("a.qcow2", qcow2(3)).value(), ImageFormat::qcow2);
    EXPECT_EQ(detect("a.QCOW2", qcow2(3)).value(), ImageFormat::qcow2);
    EXPECT_EQ(detect("folder.qcow2/a.vhd", bytes(""), bytes("conectix")).value(), ImageFormat::vhd);
    EXPECT_EQ(detect("a.img", bytes("")).value(), ImageFormat::raw);
    EXPECT_EQ(detect("disk", bytes("")).value(), ImageFormat::raw);
}

TEST(ImageFormat, IsNotWhatTheGuestOfARawImageSays) {
    EXPECT_EQ(detect("a.raw", qcow2(3)).value(), ImageFormat::raw);
    for (const std::string name : {"a.img", "disk", "a.vmdk", "/dev/sdb"}) {
        const auto format = detect(name, qcow2(3));
        ASSERT_FALSE(format);
        EXPECT_NE(format.error().message.find("give format=qcow2, or format=raw"), std::string::npos)
            << format.error().message;
    }
    const auto format = detect("a.qcow2", bytes(""));
    ASSERT_FALSE(format);
    EXPECT_NE(format.error().message.find("holds none"), std::string::npos) << format.error().message;
}

TEST(ImageFormat, OfOldIsNotTakenForRaw) {
    for (const auto& old : {qcow2(1), bytes({"QED\0", 4})}) {
        EXPECT_EQ(detect("a.raw", old).value(), ImageFormat::raw);
        for (const std::string name : {"a.img", "disk", "a.qcow2"}) {
            const auto format = detect(name, old);
            ASSERT_FALSE(format);
            EXPECT_NE(format.error().message.find("qemu-img convert"), std::string::npos);
        }
    }
}

TEST(ImageFormat, HasNames) {
    EXPECT_EQ(image_format_names().size(), 6u);
    EXPECT_EQ(name_of(ImageFormat::raw), "raw");
    EXPECT_EQ(name_of(ImageFormat::vdi), "vdi");
    EXPECT_EQ(qemu_name_of(ImageFormat::vhd), "vpc");
    EXPECT_EQ(qemu_name_of(ImageFormat::vhdx), "vhdx");
}

TEST(ImageFormat, TellsHowLongAFileIsAtLeast) {
    std::vector<u8> head = qcow2(3);
    put_big_endian<u32>(head, 36, 3);
    put_big_endian<u64>(head, 40, 0x30000);
    EXPECT_EQ(least_file_size(ImageFormat::qcow2, head), 0x30018u);
    put_big_endian<u64>(head, 40, ~u64{0} - 1);
    EXPECT_EQ(least_file_size(ImageFormat::qcow2, head), ~u64{0}) << "and no less";
    head = bytes("\x7f\x10\xda\xbe", 64);
    put_big_endian<u32>(head, 0x158, std::byteswap(0x400u));
    put_big_endian<u32>(head, 0x178, std::byteswap(0x100000u));
    put_big_endian<u32>(head, 0x184, std::byteswap(0x5000u));
    EXPECT_EQ(least_file_size(ImageFormat::vdi, head), 0x5'0000'0400u);
    EXPECT_EQ(least_file_size(ImageFormat::vdi, std::span(head).first(0x187)), 0u) << "its header is cut off";
    for (const auto format : {ImageFormat::raw, ImageFormat::qcow2, ImageFormat::vmdk})
        EXPECT_EQ(least_file_size(format, head), 0u);
}

TEST(Qcow2Backing, IsReadFromTheHeader) {
    for (const u32 version : {2u, 3u}) {
        const auto found = qcow2_backing(overlay(version, "/images/base.raw", "raw"));
        ASSERT_TRUE(found);
        EXPECT_EQ(found->file, "/images/base.raw");
        EXPECT_EQ(found->format, "raw");
    }
    EXPECT_FALSE(qcow2_backing(qcow2(3)));
    EXPECT_FALSE(qcow2_backing(bytes("")));
}

TEST(Qcow2Backing, IsNotReadFromBeyondTheHead) {
    std::vector<u8> head = overlay(3, "base", "raw");
    put_big_endian<u64>(head, 8, 510);
    EXPECT_FALSE(qcow2_backing(head));
    put_big_endian<u64>(head, 8, ~u64{0} - 1);
    EXPECT_FALSE(qcow2_backing(head));
    head = overlay(3, "base", "raw");
    put_big_endian<u32>(head, 100, ~u32{0}); // Where its extensions begin.
    EXPECT_EQ(qcow2_backing(head)->format, "");
    head = overlay(3, "base", "raw");
    put_big_endian<u32>(head, 116, ~u32{0}); // The size of the first extension.
    EXPECT_EQ(qcow2_backing(head)->format, "");
}

} // namespace
} // namespace ringer::host
