#include "host/storage/disk_image.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace ringer::host {
namespace {

constexpr u64 image_size = 1 << 20;

int run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()); }

std::vector<u8> contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Drives ask for whole sectors.
std::vector<u8> bytes_at(device::Medium& disk, u64 offset, std::size_t size) {
    const u64 begin = offset / 512 * 512, end = (offset + size + 511) / 512 * 512;
    std::vector<u8> sectors(end - begin);
    EXPECT_TRUE(disk.read(begin, sectors));
    const auto bytes = std::span(sectors).subspan(offset - begin, size);
    return {bytes.begin(), bytes.end()};
}

class DiskImageTest : public testing::Test {
  protected:
    DiskImageTest() {
        std::string name = (std::filesystem::temp_directory_path() / "ringer-images-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        std::ofstream(path("base.raw")) << std::string(image_size, 'x');
    }
    ~DiskImageTest() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return folder_ / name; }

    /// The base in another format, as QEMU's tools call it.
    std::string converted(const std::string& name, const std::string& format) {
        EXPECT_EQ(run("qemu-img convert -f raw -O " + format + " " + path("base.raw") + " " + path(name)), 0);
        return path(name);
    }

    static Result<std::unique_ptr<device::Medium>> open(const DiskImage& image) {
        return open_disk_image("--disk", image, 512);
    }
    Result<std::unique_ptr<device::Medium>> open_overlay(const std::string& overlay) {
        return open({.path = path("base.raw"), .overlay = path(overlay)});
    }

    static void expect_refused(const DiskImage& image, std::string_view words) {
        const auto disk = open(image);
        ASSERT_FALSE(disk);
        EXPECT_EQ(disk.error().blame, Blame::user);
        EXPECT_TRUE(disk.error().message.starts_with("--disk ")) << disk.error().message;
        EXPECT_NE(disk.error().message.find(words), std::string::npos) << disk.error().message;
        EXPECT_EQ(disk.error().message.find('\n'), std::string::npos) << disk.error().message;
    }

    std::filesystem::path folder_;
};

constexpr auto read_only = MediumMode::read_only;

TEST_F(DiskImageTest, ReadsManyTogetherAndTellsWhichFail) {
    for (const std::string& file : {path("base.raw"), converted("a.qcow2", "qcow2")}) {
        SCOPED_TRACE(file);
        const auto disk = open({.path = file}).value();
        ASSERT_TRUE(disk->write(1024, std::vector<u8>(512, 'y')));
        std::vector<u8> found(4 * 512);
        const auto whole = std::span(found);
        std::array<device::Medium::Read, 3> reads{{{512, {whole.first(100), whole.subspan(100, 924)}},
                                                   {image_size, {whole.subspan(1024, 512)}},
                                                   {1024, {whole.subspan(1536)}}}};
        disk->read_all(reads);
        EXPECT_TRUE(reads[0].success);
        EXPECT_FALSE(reads[1].success) << "beyond the end";
        EXPECT_TRUE(reads[2].success);
        EXPECT_EQ(std::string(found.begin(), found.begin() + 1024),
                  std::string(512, 'x') + std::string(512, 'y'));
        EXPECT_EQ(std::string(found.begin() + 1536, found.end()), std::string(512, 'y'));
    }
}

TEST_F(DiskImageTest, OfEveryFormatKeepsWhatIsWritten) {
    const std::array<u8, 512> ones{1};
    for (const auto& [name, format] :
         {std::pair("a.qcow2", "qcow2"), std::pair("a.vmdk", "vmdk"),
          std::pair("a.vhd", "vpc -o force_size=on"), std::pair("a.vhdx", "vhdx"), std::pair("a.vdi", "vdi"),
          std::pair("copy.raw", "raw")}) {
        SCOPED_TRACE(name);
        const std::string file = converted(name, format);
        {
            const auto disk = open({.path = file}).value();
            ASSERT_EQ(disk->size(), image_size);
            EXPECT_EQ(bytes_at(*disk, 4096, 2), (std::vector<u8>{'x', 'x'}));
            EXPECT_TRUE(disk->write(4096, ones));
            EXPECT_TRUE(disk->flush());
        }
        const auto disk = open({.path = file, .mode = read_only}).value();
        EXPECT_TRUE(disk->is_read_only());
        EXPECT_EQ(bytes_at(*disk, 4095, 3), (std::vector<u8>{'x', 1, 0}));
    }
}

TEST_F(DiskImageTest, MovesPiecesAndMuchAtOnce) {
    ASSERT_EQ(run("qemu-img create -f qcow2 " + path("a.qcow2") + " 32M"), 0);
    const auto disk = open({.path = path("a.qcow2")}).value();
    std::vector<u8> much(9 << 20);
    for (std::size_t i = 0; i < much.size(); ++i) much[i] = static_cast<u8>(i * 7 >> 4);
    EXPECT_TRUE(disk->write(512, much));
    EXPECT_EQ(bytes_at(*disk, 512, much.size()), much);
    std::array<u8, 1000> first{};
    std::array<u8, 24> second{};
    std::array pieces{std::span<u8>(first), std::span<u8>(second)};
    EXPECT_TRUE(disk->read_scattered(512, pieces));
    EXPECT_TRUE(std::ranges::equal(first, std::span(much).first(1000)));
    EXPECT_TRUE(std::ranges::equal(second, std::span(much).subspan(1000, 24)));
    std::ranges::reverse(pieces);
    EXPECT_TRUE(disk->write_gathered(20 << 20, pieces));
    EXPECT_EQ(bytes_at(*disk, 20 << 20, 24), std::vector<u8>(second.begin(), second.end()));
    EXPECT_EQ(bytes_at(*disk, (20 << 20) + 24, 1000), std::vector<u8>(first.begin(), first.end()));
}

TEST_F(DiskImageTest, ZeroesAndDiscards) {
    const auto disk = open({.path = converted("a.qcow2", "qcow2")}).value();
    for (const bool may_unmap : {false, true}) {
        EXPECT_TRUE(disk->write(0, std::vector<u8>(4096, 1)));
        EXPECT_TRUE(disk->write_zeroes(512, 1024, may_unmap));
        const auto found = bytes_at(*disk, 0, 4096);
        for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], i >= 512 && i < 1536 ? 0 : 1) << i;
    }
    EXPECT_TRUE(disk->discard(0, 65536));
    EXPECT_EQ(bytes_at(*disk, 65536, 1), std::vector<u8>{'x'});
}

TEST_F(DiskImageTest, OverlayKeepsWritesApart) {
    const auto before = contents(path("base.raw"));
    const std::array<u8, 512> ones{1};
    {
        const auto disk = open_overlay("a.cow").value();
        EXPECT_EQ(disk->size(), image_size);
        EXPECT_TRUE(disk->write(512, ones));
        EXPECT_TRUE(disk->flush());
        EXPECT_EQ(bytes_at(*disk, 511, 3), (std::vector<u8>{'x', 1, 0}));
        const auto other = open_overlay("b.cow").value();
        EXPECT_EQ(bytes_at(*other, 511, 3), (std::vector<u8>{'x', 'x', 'x'})) << "of the same base";
    }
    EXPECT_EQ(contents(path("base.raw")), before);
    const auto again = open_overlay("a.cow").value();
    EXPECT_EQ(bytes_at(*again, 511, 3), (std::vector<u8>{'x', 1, 0}));
    EXPECT_EQ(run("qemu-img check -U -f qcow2 " + path("a.cow")), 0);
}

TEST_F(DiskImageTest, OverlayBelongsToOneBase) {
    ASSERT_TRUE(open_overlay("a.cow"));
    std::ofstream(path("other.raw")) << std::string(image_size, 'y');
    expect_refused({.path = path("other.raw"), .overlay = path("a.cow")}, "is one of " + path("base.raw"));
    expect_refused({.path = path("base.raw"), .overlay = path("other.raw")}, "is no overlay");
    expect_refused({.path = path("base.raw"), .overlay = path("base.raw")}, "is in use");
    EXPECT_EQ(contents(path("other.raw")), std::vector<u8>(image_size, 'y'));
    const std::string image = converted("a.qcow2", "qcow2");
    expect_refused({.path = image, .overlay = path("a.cow")}, "is one of " + path("base.raw"));
    {
        const auto disk = open({.path = image, .overlay = path("b.cow")}).value();
        EXPECT_EQ(bytes_at(*disk, 0, 1), std::vector<u8>{'x'});
    }
    expect_refused({.path = image, .format = ImageFormat::raw, .overlay = path("b.cow")},
                   "give format=qcow2");
    expect_refused({.path = path("base.raw"), .overlay = path("none/a.cow")}, "cannot be made");
    EXPECT_FALSE(std::filesystem::exists(path("none")));
}

TEST_F(DiskImageTest, HasOneWriterOrManyReaders) {
    const std::string image = converted("a.qcow2", "qcow2"), in_use = "is in use by another machine";
    {
        const auto writer = open({.path = image}).value();
        expect_refused({.path = image}, in_use);
        expect_refused({.path = image, .mode = read_only}, in_use);
        expect_refused({.path = image, .format = ImageFormat::raw}, in_use);
        expect_refused({.path = image, .overlay = path("a.cow")}, in_use);
    }
    {
        const auto reader = open({.path = image, .mode = read_only}),
                   other = open({.path = image, .mode = read_only});
        EXPECT_TRUE(reader && other);
        expect_refused({.path = image}, in_use);
        EXPECT_TRUE(open({.path = image, .overlay = path("a.cow")}));
    }
    const auto overlay = open_overlay("b.cow").value();
    expect_refused({.path = path("base.raw")}, in_use);
    expect_refused({.path = path("base.raw"), .overlay = path("b.cow")}, in_use);
    EXPECT_TRUE(open({.path = path("base.raw"), .mode = read_only}));
}

TEST_F(DiskImageTest, SharesLocksWithQemu) {
    const std::string base = path("base.raw"), write = "qemu-io -f raw -c 'write 0 512' " + base,
                      read = "qemu-io -r -f raw -c 'read 0 512' " + base;
    {
        const auto writer = open({.path = base}).value();
        EXPECT_NE(run(write), 0);
    }
    {
        const auto reader = open({.path = base, .mode = read_only}).value();
        EXPECT_NE(run(write), 0);
        EXPECT_EQ(run(read), 0);
    }
    const auto overlay = open_overlay("a.cow").value();
    EXPECT_NE(run(write), 0);
    EXPECT_EQ(run(read), 0);
}

TEST_F(DiskImageTest, RefusesWhatIsNoImage) {
    expect_refused({.path = path("none.qcow2")}, "no such file");
    expect_refused({.path = path("base.raw"), .format = ImageFormat::qcow2}, "not in qcow2 format");
    const std::string cut = converted("cut.qcow2", "qcow2");
    std::filesystem::resize_file(cut, std::filesystem::file_size(cut) - 100'000);
    expect_refused({.path = cut}, "is damaged or cut off");
    expect_refused({.path = cut, .overlay = path("a.cow")}, "is damaged or cut off");
    const std::string image = converted("a.qcow2", "qcow2");
    ASSERT_TRUE(open({.path = image, .overlay = path("b.qcow2")}));
    std::filesystem::remove(image);
    expect_refused({.path = path("b.qcow2")}, "No such file");
    std::filesystem::copy(path("base.raw"), path("short.raw"));
    std::filesystem::resize_file(path("short.raw"), 0);
    expect_refused({.path = path("short.raw"), .overlay = path("c.cow")}, "empty");
}

TEST_F(DiskImageTest, NeedsItsPrograms) {
    const std::string before = std::getenv("PATH");
    setenv("PATH", folder_.c_str(), 1);
    const auto disk = open({.path = path("base.raw"), .overlay = path("a.cow")});
    setenv("PATH", before.c_str(), 1);
    ASSERT_FALSE(disk);
    EXPECT_NE(disk.error().message.find("install the package qemu-utils"), std::string::npos);
}

TEST_F(DiskImageTest, FailsWhenTheHostHasNoRoom) {
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    ASSERT_TRUE(open_overlay("a.cow"));
    const rlimit tight{.rlim_cur = 400'000, .rlim_max = before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    const auto disk = open_overlay("a.cow");
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    ASSERT_TRUE(disk);
    testing::internal::CaptureStdout();
    const std::array<u8, 512> ones{1};
    EXPECT_TRUE(disk.value()->write(0, ones));
    EXPECT_FALSE(disk.value()->write(512 << 10, ones));
    EXPECT_FALSE(disk.value()->write(512 << 10, ones));
    EXPECT_EQ(bytes_at(*disk.value(), 0, 1), std::vector<u8>{1});
    const std::string told = testing::internal::GetCapturedStdout();
    const std::string_view words = "cannot be written (no space left on device)";
    EXPECT_NE(told.find(words), std::string::npos) << told;
    EXPECT_EQ(told.find(words), told.rfind(words)) << told;
}

} // namespace
} // namespace ringer::host
