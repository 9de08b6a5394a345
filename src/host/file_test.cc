#include "host/file.h"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ringer::host {
namespace {

class FileTest : public testing::Test {
  protected:
    FileTest() {
        std::string pattern = testing::TempDir() + "ringer-file-XXXXXX";
        folder_ = mkdtemp(pattern.data());
    }
    ~FileTest() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    void put(const std::string& name, std::string_view contents) const {
        std::ofstream(path(name), std::ios::binary) << contents;
    }

    std::string get(const std::string& name) const {
        std::ifstream file(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
    }

    std::filesystem::path folder_;
};

std::string text(const InputFile& file) { return {file.contents().begin(), file.contents().end()}; }

TEST_F(FileTest, ReadsARegularFile) {
    put("kernel", "contents");
    const auto file = InputFile::open("--kernel", path("kernel"));
    ASSERT_TRUE(file);
    EXPECT_EQ(text(*file), "contents");
}

u64 resident_pages() {
    u64 size = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return resident;
}

TEST_F(FileTest, GivesBackTheMemoryOfAMappedFile) {
    constexpr u64 pages = 4096;
    put("initrd", std::string(pages * 4096, 'x'));
    const auto file = InputFile::open("--initrd", path("initrd"));
    ASSERT_TRUE(file);
    EXPECT_EQ(std::ranges::count(file->contents(), 'x'), pages * 4096);
    const u64 before = resident_pages();
    file->release();
    EXPECT_LT(resident_pages() + pages / 2, before);
    EXPECT_EQ(std::ranges::count(file->contents(), 'x'), pages * 4096);
}

TEST_F(FileTest, ReadsAPipeToItsEnd) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    ASSERT_EQ(write(ends[1], "piped", 5), 5);
    close(ends[1]);
    const auto file = InputFile::open("--kernel", "/proc/self/fd/" + std::to_string(ends[0]));
    close(ends[0]);
    ASSERT_TRUE(file);
    EXPECT_EQ(text(*file), "piped");
}

TEST_F(FileTest, NamesWhatIsWrongWithAnInput) {
    put("empty", "");
    const std::pair<std::string, std::string> cases[] = {
        {path("absent"), "there is no such file"},
        {folder_.string(), "is a directory"},
        {path("empty"), "is empty"},
        {"/dev/null", "is empty"},
        {path("empty") + "/below", "there is no such file"},
        {std::string(5000, 'x'), "too long"},
    };
    for (const auto& [name, reason] : cases) {
        const auto file = InputFile::open("--kernel", name);
        ASSERT_FALSE(file) << name;
        EXPECT_EQ(file.error().blame, Blame::user) << name;
        EXPECT_NE(file.error().message.find("--kernel " + name), std::string::npos) << file.error().message;
        EXPECT_NE(file.error().message.find(reason), std::string::npos) << file.error().message;
        EXPECT_EQ(file.error().message.find('\n'), std::string::npos);
    }
}

TEST_F(FileTest, ResultAppearsOnlyWhenWhole) {
    auto result = ResultFile::prepare("--stats", path("stats.json"));
    ASSERT_TRUE(result);
    EXPECT_FALSE(std::filesystem::exists(path("stats.json")));
    ASSERT_TRUE(result->commit("{}\n"));
    EXPECT_EQ(get("stats.json"), "{}\n");
    EXPECT_EQ(files(), 1u);
}

TEST_F(FileTest, AbandonedResultLeavesNothing) {
    put("stats.json", "old");
    {
        const auto result = ResultFile::prepare("--stats", path("stats.json"));
        ASSERT_TRUE(result);
    }
    EXPECT_EQ(get("stats.json"), "old");
    EXPECT_EQ(files(), 1u);
}

TEST_F(FileTest, ResultReplacesWhatALinkPointsTo) {
    put("target", "old");
    std::filesystem::permissions(path("target"), std::filesystem::perms(0640));
    std::filesystem::create_symlink("target", path("link"));
    auto result = ResultFile::prepare("--stats", path("link"));
    ASSERT_TRUE(result);
    ASSERT_TRUE(result->commit("new"));
    EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
    EXPECT_EQ(get("target"), "new");
    EXPECT_EQ(std::filesystem::status(path("target")).permissions(), std::filesystem::perms(0640));
}

TEST_F(FileTest, ResultGoesStraightToWhatIsNoRegularFile) {
    auto result = ResultFile::prepare("--stats", "/dev/null");
    ASSERT_TRUE(result);
    ASSERT_TRUE(result->commit("gone"));
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(FileTest, ReportsAFullDisk) {
    auto result = ResultFile::prepare("--stats", "/dev/full");
    ASSERT_TRUE(result);
    const auto committed = result->commit("does not fit");
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().blame, Blame::host);
    EXPECT_TRUE(committed.error().message.starts_with(
        "--stats /dev/full: could not be written (no space left on device)"))
        << committed.error().message;
}

TEST_F(FileTest, NamesWhatIsWrongWithAnOutput) {
    const std::pair<std::string, std::string> cases[] = {
        {path("absent/stats.json"), "its directory does not exist"},
        {folder_.string(), "is a directory"},
        {"", "its directory does not exist"},
    };
    for (const auto& [name, reason] : cases) {
        const auto result = ResultFile::prepare("--stats", name);
        ASSERT_FALSE(result) << name;
        EXPECT_NE(result.error().message.find(reason), std::string::npos) << result.error().message;
        const auto output = open_output("--serial", name);
        ASSERT_FALSE(output) << name;
        EXPECT_NE(output.error().message.find(reason), std::string::npos) << output.error().message;
    }
}

} // namespace
} // namespace ringer::host
