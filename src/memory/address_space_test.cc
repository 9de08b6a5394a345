#include "memory/address_space.h"

#include "base/bits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <numeric>

namespace ringer::memory {
namespace {

using testing::ElementsAre;

struct Access {
    char kind;
    u64 offset;
    unsigned size;
    u64 value;
    bool operator==(const Access&) const = default;
};

/// Remembers what it was asked; each byte it holds is its offset plus 0x10.
class RecordingRegion : public Region {
  public:
    Answer read(u64 offset, unsigned size, u64& value) override {
        if (busy) return Answer::not_yet;
        value = 0xeeee'eeee'eeee'eeee;
        for (unsigned i = 0; i < size; ++i)
            value = (value & ~(u64{0xff} << (8 * i))) | ((0x10 + offset + i) & 0xff) << (8 * i);
        accesses.push_back({'r', offset, size, 0});
        return Answer::now;
    }
    Answer write(u64 offset, unsigned size, u64 value) override {
        if (busy) return Answer::not_yet;
        accesses.push_back({'w', offset, size, value});
        return Answer::now;
    }

    bool busy = false;
    std::vector<Access> accesses;
};

class RecordingWatcher : public CodeWatcher {
  public:
    explicit RecordingWatcher(AddressSpace& space) : space_(space) {}
    void code_written(GuestPhysical address, u64 size) override {
        writes.emplace_back(address, size);
        contents_before.push_back(*space_.ram(address));
    }
    void ram_remapped() override { ++remaps; }

    std::vector<std::pair<GuestPhysical, u64>> writes;
    std::vector<u8> contents_before;
    unsigned remaps = 0;

  private:
    AddressSpace& space_;
};

/// Four pages at 0x1000 and, right behind them but elsewhere on the host, two more.
class AddressSpaceTest : public testing::Test {
  protected:
    AddressSpaceTest() {
        std::iota(low_.begin(), low_.end(), u8{0});
        space_.add_ram({0x1000, low_});
        space_.add_ram({0x5000, high_});
    }

    u64 read(GuestPhysical address, unsigned size) {
        u64 value = 0x5555'5555'5555'5555;
        EXPECT_EQ(space_.read(address, size, value), Answer::now);
        return value;
    }
    void write(GuestPhysical address, unsigned size, u64 value) {
        EXPECT_EQ(space_.write(address, size, value), Answer::now);
    }

    std::array<u8, 4 * page_size> low_{};
    std::array<u8, 2 * page_size> high_{};
    AddressSpace space_;
};

using AddressSpaceDeathTest = AddressSpaceTest;

TEST_F(AddressSpaceTest, FindsRamWithinItsBoundsOnly) {
    EXPECT_EQ(space_.ram(0xfff), nullptr);
    EXPECT_EQ(space_.ram(0x1000), low_.data());
    EXPECT_EQ(space_.ram(0x4fff), low_.data() + 0x3fff);
    EXPECT_EQ(space_.ram(0x5000), high_.data());
    EXPECT_EQ(space_.ram(0x6fff), high_.data() + 0x1fff);
    EXPECT_EQ(space_.ram(0x7000), nullptr);
    EXPECT_EQ(space_.ram(std::numeric_limits<u64>::max()), nullptr);
}

TEST_F(AddressSpaceTest, HasOneFlagByteForEachPage) {
    EXPECT_EQ(space_.page_flags(0x2000), space_.page_flags(0x2fff));
    EXPECT_EQ(space_.page_flags(0x2000) + 1, space_.page_flags(0x3000));
    EXPECT_NE(space_.page_flags(0x5000), nullptr);
    EXPECT_EQ(space_.page_flags(0x7000), nullptr);
}

TEST_F(AddressSpaceTest, ReadsAndWritesRamLittleEndian) {
    EXPECT_EQ(read(0x1002, 1), 0x02u);
    EXPECT_EQ(read(0x1002, 2), 0x0302u);
    EXPECT_EQ(read(0x1002, 4), 0x0504'0302u);
    EXPECT_EQ(read(0x1002, 8), 0x0908'0706'0504'0302u);
    write(0x1010, 2, 0xffff'ffff'ffff'a1b2);
    EXPECT_EQ(read(0x1010, 4), 0x1312'a1b2u);
}

TEST_F(AddressSpaceTest, CrossesFromPageToPageAndSlotToSlot) {
    write(0x1ffd, 8, 0x1122'3344'5566'7788);
    EXPECT_EQ(read(0x1ffd, 8), 0x1122'3344'5566'7788u);
    EXPECT_TRUE(*space_.page_flags(0x1000) & page_dirty);
    EXPECT_TRUE(*space_.page_flags(0x2000) & page_dirty);

    write(0x4ffe, 4, 0xaabb'ccdd);
    EXPECT_EQ(low_[0x3ffe], 0xdd);
    EXPECT_EQ(high_[1], 0xaa);
    EXPECT_EQ(read(0x4ffe, 4), 0xaabb'ccddu);
}

TEST_F(AddressSpaceTest, UnmappedReadsAllOnesAndSwallowsWrites) {
    EXPECT_EQ(read(0x9000, 1), 0xffu);
    EXPECT_EQ(read(0x9000, 8), ~u64{0});
    write(0x9000, 8, 0);
    EXPECT_EQ(read(0x9000, 4), 0xffff'ffffu);
    high_[0x1fff] = 0x42;
    EXPECT_EQ(read(0x6fff, 2), 0xff42u);
    EXPECT_EQ(read(std::numeric_limits<u64>::max(), 8), ~u64{0});
}

TEST_F(AddressSpaceTest, GivesARegionTheWholeAccessWithOffset) {
    RecordingRegion region;
    space_.add_region(0x8000, 0x2000, region);
    EXPECT_EQ(read(0x8004, 4), 0x1716'1514u) << "bytes beyond the size must be masked";
    write(0x8ffc, 8, 0x0102'0304'0506'0708);
    write(0x8008, 1, 0xabcd);
    EXPECT_THAT(region.accesses,
                ElementsAre(Access{'r', 4, 4, 0}, Access{'w', 0xffc, 8, 0x0102'0304'0506'0708},
                            Access{'w', 8, 1, 0xcd}));
}

TEST_F(AddressSpaceTest, SplitsAnAccessThatLeavesARegionIntoBytes) {
    RecordingRegion first, second;
    space_.add_region(0x70, 2, first);
    space_.add_region(0x72, 1, second);
    EXPECT_EQ(read(0x71, 4), 0xffff'1011u);
    write(0x71, 4, 0x4433'2211);
    EXPECT_THAT(first.accesses, ElementsAre(Access{'r', 1, 1, 0}, Access{'w', 1, 1, 0x11}));
    EXPECT_THAT(second.accesses, ElementsAre(Access{'r', 0, 1, 0}, Access{'w', 0, 1, 0x22}));
}

TEST_F(AddressSpaceTest, ReachesARegionFromUnmappedSpaceBelowIt) {
    RecordingRegion region;
    space_.add_region(0x72, 2, region);
    EXPECT_EQ(read(0x71, 2), 0x10ffu);
}

TEST_F(AddressSpaceTest, PassesNotYetOn) {
    RecordingRegion region;
    region.busy = true;
    space_.add_region(0x7000, 0x1000, region);
    u64 value = 0;
    EXPECT_EQ(space_.read(0x7000, 4, value), Answer::not_yet);
    EXPECT_EQ(space_.write(0x7000, 4, 0), Answer::not_yet);
    EXPECT_EQ(space_.read(0x6ffe, 4, value), Answer::not_yet);
    EXPECT_EQ(space_.write(0x6ffe, 4, 0), Answer::not_yet);
}

TEST_F(AddressSpaceTest, FindsEachOfManyRegions) {
    std::array<RecordingRegion, 9> regions;
    for (const std::size_t i : {4, 0, 8, 2, 6, 1, 7, 3, 5}) space_.add_region(0x100 + 16 * i, 8, regions[i]);
    for (std::size_t i = 0; i < regions.size(); ++i) {
        write(0x100 + 16 * i + 7, 1, i);
        write(0x100 + 16 * i + 8, 1, 0xff);
        EXPECT_THAT(regions[i].accesses, ElementsAre(Access{'w', 7, 1, i}));
    }
}

TEST_F(AddressSpaceTest, RemovesARegionAndMayMapItElsewhere) {
    RecordingRegion region;
    space_.add_region(0x8000, 0x1000, region);
    space_.remove_region(0x8000);
    EXPECT_EQ(read(0x8000, 1), 0xffu);
    space_.add_region(0x7800, 0x1000, region);
    EXPECT_EQ(read(0x8000, 1), 0x10u);
}

TEST_F(AddressSpaceTest, CopiesToAndFromRamAcrossSlots) {
    std::array<u8, 0x2100> out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<u8>(i * 7);
    EXPECT_TRUE(space_.write_ram(0x3f80, out));
    std::array<u8, 0x2100> in{};
    EXPECT_TRUE(space_.read_ram(0x3f80, in));
    EXPECT_EQ(in, out);
    EXPECT_FALSE(*space_.page_flags(0x2000) & page_dirty);
    for (const GuestPhysical page : {0x3000, 0x4000, 0x5000, 0x6000})
        EXPECT_TRUE(*space_.page_flags(page) & page_dirty) << page;
}

TEST_F(AddressSpaceTest, CopiesNothingWhenAPartIsNotRam) {
    std::array<u8, 16> buffer{};
    buffer.fill(0x5a);
    EXPECT_FALSE(space_.write_ram(0x6ff8, buffer));
    EXPECT_EQ(high_[0x1ff8], 0);
    EXPECT_FALSE(*space_.page_flags(0x6000) & page_dirty);
    EXPECT_FALSE(space_.read_ram(0x6ff8, buffer));
    EXPECT_EQ(buffer[0], 0x5a);
    EXPECT_FALSE(space_.read_ram(0xff8, buffer));
    EXPECT_FALSE(space_.read_ram(std::numeric_limits<u64>::max() - 3, buffer));
    EXPECT_TRUE(space_.read_ram(0x9000, {})) << "an empty range has no part that is not RAM";
}

TEST_F(AddressSpaceTest, TellsTheWatcherBeforeCodeChanges) {
    RecordingWatcher watcher(space_);
    space_.watch_code(&watcher);
    write(0x2000, 4, 1);
    EXPECT_THAT(watcher.writes, ElementsAre());

    *space_.page_flags(0x2000) |= page_has_code;
    high_[0] = 7;
    *space_.page_flags(0x5000) |= page_has_code;
    write(0x2010, 4, 0xffff'ffff);
    EXPECT_THAT(watcher.writes, ElementsAre(std::pair(0x2010, 4)));
    EXPECT_THAT(watcher.contents_before, ElementsAre(0x10));

    std::array<u8, 0x2004> block{};
    EXPECT_TRUE(space_.write_ram(0x3ffe, block));
    EXPECT_THAT(watcher.writes, ElementsAre(std::pair(0x2010, 4), std::pair(0x5000, 0x1000)));
    EXPECT_EQ(watcher.contents_before.back(), 7);
    EXPECT_TRUE(*space_.page_flags(0x5000) & page_has_code) << "it is the engine that drops the flag";
}

TEST_F(AddressSpaceTest, TellsTheWatcherOfEachPageOfACrossingWrite) {
    RecordingWatcher watcher(space_);
    space_.watch_code(&watcher);
    *space_.page_flags(0x3000) |= page_has_code;
    write(0x2ffe, 4, 0);
    EXPECT_THAT(watcher.writes, ElementsAre(std::pair(0x3000, 1), std::pair(0x3001, 1)));
}

TEST_F(AddressSpaceTest, ReadingNeitherDirtiesNorTellsTheWatcher) {
    RecordingWatcher watcher(space_);
    space_.watch_code(&watcher);
    *space_.page_flags(0x1000) |= page_has_code;
    std::array<u8, 16> buffer;
    EXPECT_TRUE(space_.read_ram(0x1000, buffer));
    read(0x1000, 8);
    EXPECT_EQ(*space_.page_flags(0x1000), page_has_code);
    EXPECT_TRUE(watcher.writes.empty());
}

TEST_F(AddressSpaceDeathTest, RefusesOverlapsAndNonsense) {
    RecordingRegion region;
    space_.add_region(0x8000, 0x1000, region);
    std::array<u8, page_size> page{};
    EXPECT_DEATH(space_.add_region(0x8fff, 1, region), "broken invariant");
    EXPECT_DEATH(space_.add_region(0x7fff, 2, region), "broken invariant");
    EXPECT_DEATH(space_.add_region(0x4fff, 1, region), "broken invariant");
    EXPECT_DEATH(space_.add_region(0x9000, 0, region), "broken invariant");
    EXPECT_DEATH(space_.add_region(~u64{0} - 1, 4, region), "broken invariant");
    EXPECT_DEATH(space_.add_ram({0x8000, page}), "broken invariant");
    EXPECT_DEATH(space_.add_ram({0x4000, page}), "broken invariant");
    EXPECT_DEATH(space_.add_ram({0x9010, page}), "broken invariant");
    EXPECT_DEATH(space_.remove_region(0x8001), "broken invariant");
    EXPECT_DEATH(space_.note_write(0x1fff, 2), "broken invariant");
    space_.add_region(0x9000, 1, region);
    space_.add_region(0x7000, 0x1000, region);
}

class ShadowRamTest : public testing::Test {
  protected:
    ShadowRamTest() {
        space_.add_region(0xe'0000, 2 * page_size, rom_);
        space_.add_shadow_ram({0xe'0000, ram_});
        space_.watch_code(&watcher_);
    }
    u64 read(GuestPhysical address) {
        u64 value = 0;
        EXPECT_EQ(space_.read(address, 1, value), Answer::now);
        return value;
    }
    void write(GuestPhysical address, u8 value) { EXPECT_EQ(space_.write(address, 1, value), Answer::now); }

    static constexpr u64 rom_byte = 0x10; ///< What RecordingRegion holds at offset 0.
    std::vector<u8> ram_ = std::vector<u8>(2 * page_size, 0xaa);
    RecordingRegion rom_;
    AddressSpace space_;
    RecordingWatcher watcher_{space_};
};

TEST_F(ShadowRamTest, IsRamAtFirst) {
    write(0xe'0000, 1);
    EXPECT_EQ(read(0xe'0000), 1u);
    EXPECT_TRUE(rom_.accesses.empty());
}

TEST_F(ShadowRamTest, HiddenLeavesTheRegionBehindIt) {
    space_.set_shadow(0xe'0000, {.read = false, .write = false});
    EXPECT_EQ(space_.ram(0xe'0000), nullptr);
    EXPECT_EQ(space_.writable_ram(0xe'0000), nullptr);
    EXPECT_EQ(space_.any_ram(0xe'0001), &ram_[1]);
    EXPECT_EQ(read(0xe'0000), rom_byte);
    write(0xe'0000, 1);
    EXPECT_EQ(ram_[0], 0xaa);
    EXPECT_THAT(rom_.accesses, ElementsAre(Access{'r', 0, 1, 0}, Access{'w', 0, 1, 1}));
}

TEST_F(ShadowRamTest, IsFilledThroughTheRomInFrontOfIt) {
    space_.set_shadow(0xe'0000, {.read = false, .write = true});
    write(0xe'0000, 1);
    EXPECT_EQ(read(0xe'0000), rom_byte);
    EXPECT_EQ(ram_[0], 1);
    EXPECT_TRUE(*space_.page_flags(0xe'0000) & page_dirty);
}

TEST_F(ShadowRamTest, KeepsWritesOut) {
    space_.set_shadow(0xe'0000, {.read = true, .write = false});
    write(0xe'0000, 1);
    EXPECT_EQ(read(0xe'0000), 0xaau);
    EXPECT_EQ(*space_.page_flags(0xe'1000), page_read_only);
    EXPECT_TRUE(space_.write_ram(0xe'0000, std::array<u8, 1>{2})) << "DMA reaches the RAM";
    EXPECT_EQ(read(0xe'0000), 2u);
    space_.set_shadow(0xe'0000, {});
    write(0xe'0000, 3);
    EXPECT_EQ(ram_[0], 3);
}

TEST_F(ShadowRamTest, TellsTheWatcherOfTheCodeThatGoes) {
    *space_.page_flags(0xe'1000) |= page_has_code;
    space_.set_shadow(0xe'0000, {.read = false, .write = false});
    EXPECT_THAT(watcher_.writes, ElementsAre(std::pair(0xe'1000, page_size)));
    EXPECT_EQ(watcher_.remaps, 1u);
}

class MovableRamTest : public testing::Test {
  protected:
    MovableRamTest() {
        space_.add_ram({0, ram_});
        space_.add_region(0x10'0000, page_size, region_);
        space_.watch_code(&watcher_);
    }

    std::vector<u8> ram_ = std::vector<u8>(page_size), movable_ = std::vector<u8>(2 * page_size, 0xaa);
    RecordingRegion region_;
    AddressSpace space_;
    RecordingWatcher watcher_{space_};
    std::size_t slot_ = space_.add_movable_ram(movable_);
};

TEST_F(MovableRamTest, IsSeenWhereItIsMovedTo) {
    for (const GuestPhysical base : {0x8000, 0x20'0000}) {
        space_.move_ram(slot_, base);
        EXPECT_EQ(space_.ram(base + 1), &movable_[1]);
        ASSERT_EQ(space_.write(base, 1, 7), Answer::now);
        EXPECT_EQ(std::exchange(movable_[0], 0), 7);
        EXPECT_TRUE(space_.write_ram(base, std::array<u8, 1>{8})) << "DMA reaches it too";
    }
    EXPECT_EQ(space_.ram(0x8001), nullptr);
    EXPECT_THAT(space_.take_dirty_pages(), ElementsAre(0x20'0000));
}

TEST_F(MovableRamTest, IsOutOfSightBeforeAndWhereSomethingElseIs) {
    const auto is_seen = [&](GuestPhysical base) {
        std::array<u8, 1> byte{};
        return space_.ram(base) == movable_.data() || space_.read_ram(base + page_size, byte);
    };
    EXPECT_FALSE(is_seen(0));
    for (const GuestPhysical base : {u64{0}, 0xf'f000ul, 0x10'0000ul, 0x8001ul, u64{1} << 63}) {
        space_.move_ram(slot_, base);
        EXPECT_FALSE(is_seen(base)) << base;
        EXPECT_FALSE(is_seen(space_.ram_slots()[slot_].base)) << "where it is kept, DMA does not reach it";
    }
    space_.move_ram(slot_, 0x8000);
    space_.move_ram(slot_, std::nullopt);
    EXPECT_FALSE(is_seen(0x8000));
}

TEST_F(MovableRamTest, TellsTheWatcherOfTheCodeThatGoes) {
    space_.move_ram(slot_, 0x8000);
    *space_.page_flags(0x9000) |= page_has_code;
    const unsigned remaps = watcher_.remaps;
    space_.move_ram(slot_, 0x8000);
    EXPECT_EQ(watcher_.remaps, remaps) << "it has not moved";
    space_.move_ram(slot_, std::nullopt);
    EXPECT_THAT(watcher_.writes, ElementsAre(std::pair(0x9000, page_size)));
    EXPECT_GT(watcher_.remaps, remaps);
}

TEST(AddressSpace, ReleasesWholePagesOfOrdinaryRam) {
    class Watcher : public CodeWatcher {
      public:
        void code_written(GuestPhysical address, u64) override { dropped.push_back(address); }
        void ram_remapped() override {}
        std::vector<GuestPhysical> dropped;
    } watcher;
    std::vector<u8> ram(8 * page_size, 1), shadow(page_size, 1), movable(page_size, 1);
    AddressSpace space;
    space.add_ram({0x1'0000, ram});
    space.add_shadow_ram({0x1'8000, shadow});
    space.move_ram(space.add_movable_ram(movable), 0x1'9000);
    space.watch_code(&watcher);
    *space.page_flags(0x1'2000) |= page_has_code;
    space.take_dirty_pages();

    EXPECT_EQ(space.release_ram(0x1'1800, 3 * page_size), 2 * page_size);
    EXPECT_EQ(ram[2 * page_size - 1], 1);
    EXPECT_EQ(ram[2 * page_size], 0);
    EXPECT_EQ(ram[4 * page_size - 1], 0);
    EXPECT_EQ(ram[4 * page_size], 1);
    EXPECT_THAT(watcher.dropped, ElementsAre(0x1'2000));
    EXPECT_THAT(space.take_dirty_pages(), ElementsAre(0x1'2000, 0x1'3000));

    std::vector<std::size_t> sizes;
    space.set_releaser([&](std::span<u8> pages) { sizes.push_back(pages.size()); });
    EXPECT_EQ(space.release_ram(0x7000, 0x2'0000), 8 * page_size);
    EXPECT_THAT(sizes, ElementsAre(8 * page_size));
    EXPECT_EQ(shadow[0], 1);
    EXPECT_EQ(movable[0], 1);
    for (const GuestPhysical address : {~u64{0}, ~u64{0} - page_size, u64{0x1'0001}})
        EXPECT_EQ(space.release_ram(address, page_size), 0u);
    EXPECT_EQ(space.release_ram(0x1'0000, ~u64{0}), 0u);
}

TEST(AddressSpace, AsksTheBackstopForWhatNothingElseAnswers) {
    RecordingRegion region, backstop;
    AddressSpace space;
    space.add_region(0x8, 4, region);
    space.set_backstop(backstop);
    u64 value = 0;
    EXPECT_EQ(space.read(0x100, 4, value), Answer::now);
    EXPECT_EQ(space.write(0x4, 4, 7), Answer::now);
    EXPECT_EQ(space.write(0x6, 4, 0x0403'0201), Answer::now) << "reaches into the region: byte by byte";
    EXPECT_THAT(backstop.accesses, ElementsAre(Access{'r', 0x100, 4, 0}, Access{'w', 4, 4, 7},
                                               Access{'w', 6, 1, 1}, Access{'w', 7, 1, 2}));
    EXPECT_THAT(region.accesses, ElementsAre(Access{'w', 0, 1, 3}, Access{'w', 1, 1, 4}));
}

TEST(AddressSpace, GivesDirtyPagesOnceUntilTheyAreWrittenAgain) {
    std::vector<u8> low(11 * page_size), high(page_size);
    AddressSpace space;
    space.add_ram({0x10'0000, low});
    space.add_ram({0x80'0000, high});
    EXPECT_THAT(space.take_dirty_pages(), ElementsAre());

    space.note_write(0x10'0fff, 1);
    space.note_write(0x10'a000, 8);
    space.note_write(0x80'0010, 8);
    *space.page_flags(0x10'a000) |= page_has_code;
    EXPECT_THAT(space.take_dirty_pages(), ElementsAre(0x10'0000, 0x10'a000, 0x80'0000));
    EXPECT_THAT(space.take_dirty_pages(), ElementsAre());
    EXPECT_EQ(*space.page_flags(0x10'a000), page_has_code | page_was_dirty);

    space.note_write(0x10'a000, 8);
    EXPECT_THAT(space.take_dirty_pages(), ElementsAre(0x10'a000));
    EXPECT_TRUE(*space.page_flags(0x10'0000) & page_touched);
    EXPECT_FALSE(*space.page_flags(0x10'1000) & page_touched);
}

} // namespace
} // namespace ringer::memory
