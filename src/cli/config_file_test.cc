#include "cli/config_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace ringer::cli {
namespace {

/// A command with an option of each kind.
class ConfigFileTest : public testing::Test {
  protected:
    ConfigFileTest() {
        command_.add_option("--memory", memory_)->type_name("SIZE");
        command_.add_option("--disk", disks_)
            ->type_name("[file=]FILE[,bus=BUS][,readonly]")
            ->allow_extra_args(false);
        command_.add_flag("--rng", rng_);
        command_.add_option("--config", config_);
    }

    void type(std::vector<std::string> words) {
        std::ranges::reverse(words);
        command_.parse(words);
    }
    Result<ConfigOrigins> apply(std::string_view text) { return apply_config(command_, "m.toml", text); }

    void expect_refused(std::string_view text, std::string_view words) {
        const auto applied = apply(text);
        ASSERT_FALSE(applied) << text;
        EXPECT_EQ(applied.error().blame, Blame::user);
        EXPECT_TRUE(applied.error().message.starts_with(words)) << applied.error().message;
        EXPECT_NE(applied.error().message.find("; "), std::string::npos) << applied.error().message;
    }

    CLI::App command_;
    std::string memory_ = "512M", config_;
    std::vector<std::string> disks_;
    bool rng_ = false;
};

TEST_F(ConfigFileTest, GivesOptionsTheirValues) {
    type({});
    ASSERT_TRUE(apply("memory = '1G'\nrng = true\ndisk = ['a.raw', 'b.raw,readonly']\n"));
    EXPECT_EQ(memory_, "1G");
    EXPECT_TRUE(rng_);
    EXPECT_EQ(disks_, (std::vector<std::string>{"a.raw", "b.raw,readonly"}));
}

TEST_F(ConfigFileTest, TakesNumbersTablesAndSingleValues) {
    type({});
    ASSERT_TRUE(apply("memory = 536870912\n[[disk]]\nreadonly = true\nfile = 'a,b'\n[[disk]]\nfile = 'c'\n"
                      "bus = 'ide'\nreadonly = false\n"));
    EXPECT_EQ(memory_, "536870912");
    EXPECT_EQ(disks_, (std::vector<std::string>{"file=a,,b,readonly", "bus=ide,file=c"}));
}

TEST_F(ConfigFileTest, LeavesWhatWasTyped) {
    type({"--memory", "2G", "--disk", "typed"});
    ASSERT_TRUE(apply("memory = '1G'\ndisk = 'a.raw'\nrng = true\n"));
    EXPECT_EQ(memory_, "2G");
    EXPECT_EQ(disks_, std::vector<std::string>{"typed"});
    EXPECT_TRUE(rng_);
}

TEST_F(ConfigFileTest, SaysWhereSomethingIsWrong) {
    type({});
    expect_refused("# a comment\nmemory = '1G\n", "--config m.toml:2: ");
    expect_refused("\n\nspeed = 1\n",
                   "--config m.toml:3: speed: is no option; give one of memory, disk, rng");
    expect_refused("config = 'other'", "--config m.toml:1: config: is no option");
    expect_refused("memory = true",
                   "--config m.toml:1: memory: is neither a string nor a whole number; give SIZE");
    expect_refused("memory = ['1G']", "--config m.toml:1: memory: ");
    expect_refused("[memory]\nsize = 1", "--config m.toml:1: memory: ");
    expect_refused("rng = 1", "--config m.toml:1: rng: is not true or false");
    expect_refused("disk = ['a',\n 1.5]", "--config m.toml:2: disk: ");
    expect_refused("[[disk]]\nfile = 'a'\nbus = 1979-05-27", "--config m.toml:3: disk.bus: ");
}

TEST_F(ConfigFileTest, LocatesErrorsOfValues) {
    type({});
    const auto origins = apply("memory = '1X'\n[[disk]]\nfile = 'a'\n[[disk]]\nfile = 'b'\n").value();
    const auto place = [&](const std::string& message) {
        const std::string all = located({Blame::user, message}, origins).message;
        EXPECT_TRUE(all.ends_with(message));
        return all.substr(0, all.size() - message.size());
    };
    EXPECT_EQ(place("--memory 1X: is no size"), "--config m.toml:1: ");
    EXPECT_EQ(place("--disk file=b: is bad"), "--config m.toml:4: ");
    EXPECT_EQ(place("--disk c: is bad"), "");
    EXPECT_EQ(place("--diskette: is bad"), "");
}

TEST_F(ConfigFileTest, WritesWhatItReads) {
    type({"--memory", "2G", "--disk", "a \"quoted\" one\\,b", "--disk", "it's", "--rng", "--config", "file"});
    const std::string text = config_text(command_);
    EXPECT_EQ(text.find("config"), std::string::npos);
    command_.clear();
    memory_.clear();
    disks_.clear();
    rng_ = false;
    ASSERT_TRUE(apply(text)) << text;
    EXPECT_EQ(memory_, "2G");
    EXPECT_EQ(disks_, (std::vector<std::string>{"a \"quoted\" one\\,b", "it's"}));
    EXPECT_TRUE(rng_);
    EXPECT_EQ(config_text(command_), text);
}

} // namespace
} // namespace ringer::cli
