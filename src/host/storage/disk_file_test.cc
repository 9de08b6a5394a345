#include "host/storage/disk_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

namespace ringer::host {
namespace {

using Mode = DiskFile::Mode;

class DiskFileTest : public testing::Test {
  protected:
    DiskFileTest() {
        std::string name = (std::filesystem::temp_directory_path() / "ringer-disk-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        path_ = folder_ / "disk.raw";
        std::ofstream(path_) << std::string(4096, 'x');
    }
    ~DiskFileTest() override { std::filesystem::remove_all(folder_); }

    static Result<std::unique_ptr<DiskFile>> open(const std::string& path, Mode mode) {
        return DiskFile::open("--disk", path, TRY(open_image_file("--disk", path, mode)), mode, 512);
    }
    auto open(Mode mode) { return open(path_, mode); }

    void expect_refused(const std::string& path, Mode mode, std::string_view words) {
        const auto disk = open(path, mode);
        ASSERT_FALSE(disk);
        EXPECT_EQ(disk.error().blame, Blame::user);
        EXPECT_TRUE(disk.error().message.starts_with("--disk " + path)) << disk.error().message;
        EXPECT_NE(disk.error().message.find(words), std::string::npos) << disk.error().message;
    }

    std::filesystem::path folder_, path_;
};

TEST_F(DiskFileTest, KeepsWhatIsWritten) {
    const std::array<u8, 3> bytes{1, 2, 3};
    {
        const auto disk = open(Mode::read_write).value();
        EXPECT_EQ(disk->size(), 4096u);
        EXPECT_FALSE(disk->is_read_only());
        EXPECT_TRUE(disk->write(4093, bytes));
        EXPECT_TRUE(disk->flush());
    }
    std::array<u8, 4> found{};
    EXPECT_TRUE(open(Mode::read_only).value()->read(4092, found));
    EXPECT_EQ(found, (std::array<u8, 4>{'x', 1, 2, 3}));
}

TEST_F(DiskFileTest, HasOneWriterOrManyReaders) {
    auto writer = open(Mode::read_write);
    ASSERT_TRUE(writer);
    expect_refused(path_, Mode::read_write, "in use");
    expect_refused(path_, Mode::read_only, "writes to it");
    writer->reset();
    const auto reader = open(Mode::read_only), other = open(Mode::read_only);
    EXPECT_TRUE(reader && other);
    expect_refused(path_, Mode::read_write, "in use");
}

TEST_F(DiskFileTest, RefusesWhatIsNoDisk) {
    expect_refused(folder_ / "missing", Mode::read_write, "no such file");
    expect_refused(folder_, Mode::read_only, "directory");
    expect_refused("/dev/null", Mode::read_write, "neither");
    std::filesystem::resize_file(path_, 4000);
    expect_refused(path_, Mode::read_write, "cut off");
    std::filesystem::resize_file(path_, 0);
    expect_refused(path_, Mode::read_write, "empty");
}

TEST_F(DiskFileTest, MovesPieces) {
    const auto disk = open(Mode::read_write).value();
    std::vector<u8> bytes(3000);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<u8>(i / 3);
    std::vector<std::span<u8>> pieces; // More than one call takes.
    for (std::size_t i = 0; i < bytes.size(); ++i) pieces.push_back(std::span(bytes).subspan(i, 1));
    EXPECT_TRUE(disk->write_gathered(500, pieces));
    std::vector<u8> found(3000);
    EXPECT_TRUE(disk->read(500, found));
    EXPECT_EQ(found, bytes);
    std::array<u8, 2000> first{};
    std::array<u8, 1000> second{};
    EXPECT_TRUE(disk->read_scattered(500, std::array{std::span<u8>(first), std::span<u8>(second)}));
    EXPECT_TRUE(std::ranges::equal(first, std::span(bytes).first(2000)));
    EXPECT_TRUE(std::ranges::equal(second, std::span(bytes).last(1000)));
    std::filesystem::resize_file(path_, 2048);
    EXPECT_FALSE(disk->read_scattered(500, std::array{std::span<u8>(first), std::span<u8>(second)}));
}

TEST_F(DiskFileTest, DoesAtOnceAllOrNothing) {
    const auto disk = open(Mode::read_write).value();
    std::array<u8, 1000> written{}, found{};
    written.fill(0x5a);
    const std::span<u8> source = written, destination = found;
    EXPECT_TRUE(disk->write_at_once(500, std::array{source.first(300), source.subspan(300)}));
    EXPECT_TRUE(disk->read(500, found));
    EXPECT_EQ(found, written);
    found.fill(0);
    // Not every file system can tell.
    if (disk->read_at_once(500, std::array{destination.first(7), destination.subspan(7)})) {
        EXPECT_EQ(found, written);
    }
    std::filesystem::resize_file(path_, 1024);
    EXPECT_FALSE(disk->read_at_once(500, std::array{destination}));
}

TEST_F(DiskFileTest, Zeroes) {
    const auto disk = open(Mode::read_write).value();
    const std::vector<u8> ones(4096, 1);
    for (const bool may_unmap : {false, true}) {
        EXPECT_TRUE(disk->write(0, ones));
        EXPECT_TRUE(disk->write_zeroes(512, 1024, may_unmap));
        std::vector<u8> found(4096);
        EXPECT_TRUE(disk->read(0, found));
        for (std::size_t i = 0; i < found.size(); ++i)
            ASSERT_EQ(found[i], i >= 512 && i < 1536 ? 0 : 1) << may_unmap << " " << i;
    }
}

TEST_F(DiskFileTest, DiscardsNoMoreThanItWasAskedTo) {
    const auto disk = open(Mode::read_write).value();
    const std::vector<u8> ones(4096, 1);
    EXPECT_TRUE(disk->write(0, ones));
    EXPECT_TRUE(disk->discard(1024, 512));
    std::vector<u8> found(4096);
    EXPECT_TRUE(disk->read(0, found));
    EXPECT_EQ(std::ranges::count(std::span(found).first(1024), 1), 1024);
    EXPECT_EQ(std::ranges::count(std::span(found).subspan(1536), 1), 2560);
    EXPECT_EQ(disk->size(), 4096u);
    EXPECT_EQ(std::filesystem::file_size(path_), 4096u);
}

TEST_F(DiskFileTest, FailsWhereTheFileHasBeenCutOff) {
    const auto disk = open(Mode::read_write).value();
    std::filesystem::resize_file(path_, 1024);
    std::array<u8, 512> sector{};
    EXPECT_TRUE(disk->read(512, sector));
    EXPECT_FALSE(disk->read(1024, sector));
    EXPECT_FALSE(disk->read(768, sector));
}

TEST_F(DiskFileTest, FailsWhenTheHostHasNoRoom) {
    const auto disk = open(Mode::read_write).value();
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit tight{.rlim_cur = 1024, .rlim_max = before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    const std::array<u8, 512> sector{};
    const bool inside = disk->write(512, sector), outside = disk->write(1024, sector);
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    EXPECT_TRUE(inside);
    EXPECT_FALSE(outside);
    EXPECT_TRUE(disk->write(1024, sector)) << "and goes on once there is room";
}

} // namespace
} // namespace ringer::host
