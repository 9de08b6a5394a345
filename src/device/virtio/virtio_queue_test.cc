#include "device/virtio/virtio_queue.h"

#include "device/virtio/driver_ring.h"
#include "state/reader.h"
#include "state/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

constexpr VirtioRingPlace place{.size = 8, .descriptors = 0x1000, .driver = 0x2000, .device = 0x3000};

/// What both kinds of ring do alike.
class VirtioQueueTest : public testing::TestWithParam<bool> {
  protected:
    VirtioQueueTest() { enable({.indirect = true, .event_index = true, .packed = GetParam()}); }

    void enable(const VirtioRingFeatures& features) {
        queue_.reset();
        queue_.new_place() = place;
        queue_.enable(features);
    }

    static constexpr VirtioSegment a{0x5000, 16}, b{0x6000, 100}, c{0x7000, 512};

    fixture::DriverMemory memory_;
    std::unique_ptr<fixture::DriverRing> driver_ = fixture::make_ring(GetParam(), memory_, place);
    VirtioQueue queue_{memory_.space, 8};
};

TEST_P(VirtioQueueTest, TakesAndGivesBuffersManyTimesAround) {
    EXPECT_FALSE(queue_.take());
    for (u32 round = 0; round < 70'000; ++round) {
        const u16 first = driver_->add({a, b}, {c});
        const u16 second = driver_->add({}, {c, b, a});
        const auto one = queue_.take(), two = queue_.take();
        ASSERT_TRUE(one && two) << round;
        EXPECT_FALSE(queue_.take());
        EXPECT_EQ(one->id, first);
        EXPECT_TRUE(std::ranges::equal(one->readable, std::array{a, b}));
        EXPECT_TRUE(std::ranges::equal(one->writable, std::array{c}));
        EXPECT_TRUE(two->readable.empty());
        EXPECT_TRUE(std::ranges::equal(two->writable, std::array{c, b, a}));
        EXPECT_FALSE(driver_->take_used());
        queue_.give(*two, 7);
        EXPECT_EQ(driver_->take_used(), (fixture::Used{second, 7}));
        queue_.give(*one, round);
        ASSERT_EQ(driver_->take_used(), (fixture::Used{first, round}));
        EXPECT_FALSE(driver_->take_used());
    }
    EXPECT_FALSE(queue_.is_broken());
}

TEST_P(VirtioQueueTest, FollowsAnIndirectTable) {
    const u16 id = driver_->add_indirect(0x8000, {a, b}, {c, c, c, c, c, c, c, c, c, c});
    const auto buffer = queue_.take();
    ASSERT_TRUE(buffer);
    EXPECT_EQ(buffer->id, id);
    EXPECT_EQ(buffer->readable.size(), 2u);
    EXPECT_EQ(buffer->writable.size(), 10u);
    queue_.give(*buffer, 1);
    EXPECT_EQ(driver_->take_used(), (fixture::Used{id, 1}));
}

TEST_P(VirtioQueueTest, RefusesAnIndirectTableThatWasNotAgreedOn) {
    enable({.event_index = true, .packed = GetParam()});
    driver_->add_indirect(0x8000, {a}, {});
    EXPECT_FALSE(queue_.take());
    EXPECT_TRUE(queue_.is_broken());
}

TEST_P(VirtioQueueTest, RefusesAnIndirectTableWithinAnother) {
    driver_->add_indirect(0x8000, {a, b}, {});
    memory_.put<u16>(0x8000 + 16 + (GetParam() ? 14 : 12), 4);
    EXPECT_FALSE(queue_.take());
    EXPECT_TRUE(queue_.is_broken());
}

TEST_P(VirtioQueueTest, RefusesTablesThatAreNoneOrTooLong) {
    for (const u32 size : {0u, 8u, 24u, 16u * 1025, ~u32{15}}) {
        enable({.indirect = true, .packed = GetParam()});
        driver_ = fixture::make_ring(GetParam(), memory_, place);
        memory_.bytes.assign(memory_.size, 0);
        driver_->add_indirect(0x8000, {a}, {});
        memory_.put<u32>(place.descriptors + 8, size);
        EXPECT_FALSE(queue_.take()) << size;
        EXPECT_TRUE(queue_.is_broken()) << size;
    }
}

TEST_P(VirtioQueueTest, RefusesToReadAfterWhatItWrites) {
    driver_->add({a}, {b, c});
    // The last one is to be read.
    const u64 flags = place.descriptors + 2 * 16 + (GetParam() ? 14 : 12);
    memory_.put<u16>(flags, memory_.get<u16>(flags) & static_cast<u16>(~2));
    EXPECT_FALSE(queue_.take());
    EXPECT_TRUE(queue_.is_broken());
}

TEST_P(VirtioQueueTest, IsBrokenWhereThereIsNoMemory) {
    for (const GuestPhysical outside : {GuestPhysical{0x10'0000}, ~GuestPhysical{0xf}}) {
        for (unsigned part = 0; part < (GetParam() ? 1 : 2); ++part) {
            queue_.reset();
            queue_.new_place() = place;
            (part == 0 ? queue_.new_place().descriptors : queue_.new_place().driver) = outside;
            queue_.enable({.packed = GetParam()});
            if (!GetParam()) memory_.put<u16>(place.driver + 2, 1);
            EXPECT_FALSE(queue_.take());
            EXPECT_TRUE(queue_.is_broken());
        }
    }
}

TEST_P(VirtioQueueTest, RefusesPlacesThatAreNotAligned) {
    for (VirtioRingPlace wrong : {VirtioRingPlace{8, 0x1008, 0x2000, 0x3000},
                                  {8, 0x1000, 0x2001, 0x3000},
                                  {8, 0x1000, 0x2000, 0x3002},
                                  {16, 0x1000, 0x2000, 0x3000},
                                  {0, 0x1000, 0x2000, 0x3000}}) {
        queue_.reset();
        queue_.new_place() = wrong;
        queue_.enable({.packed = GetParam()});
        EXPECT_TRUE(queue_.is_broken());
    }
}

TEST_P(VirtioQueueTest, InterruptsWhenTheDriverWantsIt) {
    enable({.packed = GetParam()});
    const auto use_one = [this] {
        driver_->add({a}, {});
        queue_.give(*queue_.take(), 0);
        driver_->take_used();
    };
    EXPECT_FALSE(queue_.wants_interrupt());
    use_one();
    EXPECT_TRUE(queue_.wants_interrupt());
    EXPECT_FALSE(queue_.wants_interrupt()) << "nothing was used since";
    driver_->want_no_interrupts();
    use_one();
    EXPECT_FALSE(queue_.wants_interrupt());
}

TEST_P(VirtioQueueTest, InterruptsAtTheEventIndex) {
    for (u32 round = 0; round < 100; ++round) {
        driver_->want_interrupt_after(3);
        for (u32 i = 1; i <= 5; ++i) {
            driver_->add({a}, {});
            queue_.give(*queue_.take(), 0);
            EXPECT_EQ(queue_.wants_interrupt(), i == 3) << round << " " << i;
        }
        while (driver_->take_used()) {
        }
    }
}

TEST_P(VirtioQueueTest, AsksForNotificationsWhenItHasTakenAll) {
    for (u32 round = 0; round < 50; ++round) {
        queue_.ask_for_notification();
        driver_->add({a}, {});
        EXPECT_TRUE(driver_->must_notify());
        driver_->add({b}, {});
        EXPECT_FALSE(driver_->must_notify()) << "it was notified already";
        queue_.give(*queue_.take(), 0);
        queue_.give(*queue_.take(), 0);
        while (driver_->take_used()) {
        }
    }
}

TEST_P(VirtioQueueTest, GoesBack) {
    driver_->add({a}, {});
    const u16 second = driver_->add({b, c}, {});
    (void)queue_.take();
    const auto position = queue_.position();
    EXPECT_TRUE(queue_.take());
    EXPECT_FALSE(queue_.take());
    queue_.go_back(position);
    EXPECT_EQ(queue_.take()->id, second);
}

TEST_P(VirtioQueueTest, GoesOnAfterALoad) {
    for (unsigned i = 0; i < 5; ++i) {
        driver_->add({a}, {b});
        queue_.give(*queue_.take(), 1);
        driver_->take_used();
    }
    state::Writer writer;
    queue_.visit(writer);
    const auto contents = writer.finish();
    state::Reader reader(contents, "test");
    VirtioQueue loaded(memory_.space, 8);
    loaded.visit(reader);
    for (unsigned i = 0; i < 5; ++i) {
        const u16 id = driver_->add({a}, {b});
        loaded.give(*loaded.take(), 2);
        EXPECT_EQ(driver_->take_used(), (fixture::Used{id, 2}));
    }
}

TEST_P(VirtioQueueTest, IsBrokenAfterALoadOfAStateThatCannotBe) {
    state::Writer writer;
    VirtioQueue large(memory_.space, 64);
    large.new_place() = {64, 0x1000, 0x2000, 0x3000};
    large.enable({.packed = GetParam()});
    large.visit(writer);
    const auto contents = writer.finish();
    state::Reader reader(contents, "test");
    queue_.visit(reader);
    EXPECT_TRUE(queue_.is_broken());
    EXPECT_FALSE(queue_.take());
}

INSTANTIATE_TEST_SUITE_P(Rings, VirtioQueueTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Packed" : "Split"; });

class VirtioSplitQueueTest : public testing::Test {
  protected:
    VirtioSplitQueueTest() {
        queue_.new_place() = place;
        queue_.enable({.indirect = true});
    }
    void expect_broken() {
        EXPECT_FALSE(queue_.take());
        EXPECT_TRUE(queue_.is_broken());
    }

    fixture::DriverMemory memory_;
    fixture::SplitDriverRing driver_{memory_, place};
    VirtioQueue queue_{memory_.space, 8};
};

TEST_F(VirtioSplitQueueTest, RefusesLoops) {
    driver_.put_descriptor(0x1000, 0x5000, 1, 1, 1);
    driver_.put_descriptor(0x1010, 0x5000, 1, 1, 0);
    driver_.offer(0);
    expect_broken();
}

TEST_F(VirtioSplitQueueTest, RefusesLoopsInATable) {
    driver_.put_descriptor(0x8000, 0x5000, 1, 1, 0);
    driver_.put_descriptor(0x1000, 0x8000, 16, 4, 0);
    driver_.offer(0);
    expect_broken();
}

TEST_F(VirtioSplitQueueTest, RefusesDescriptorsThatAreNotThere) {
    driver_.put_descriptor(0x1000, 0x5000, 1, 1, 8);
    driver_.offer(0);
    expect_broken();
}

TEST_F(VirtioSplitQueueTest, RefusesHeadsThatAreNotThere) {
    driver_.offer(8);
    expect_broken();
}

TEST_F(VirtioSplitQueueTest, RefusesMoreBuffersThanThereAreDescriptors) {
    memory_.put<u16>(place.driver + 2, 9);
    expect_broken();
}

TEST_F(VirtioSplitQueueTest, RefusesATableThatGoesOn) {
    driver_.put_descriptor(0x8000, 0x5000, 1, 0, 0);
    driver_.put_descriptor(0x1000, 0x8000, 16, 4 | 1, 1);
    driver_.offer(0);
    expect_broken();
}

TEST(VirtioPackedQueue, RefusesAChainWithoutEnd) {
    fixture::DriverMemory memory;
    VirtioQueue queue(memory.space, 8);
    queue.new_place() = place;
    queue.enable({.packed = true});
    for (u64 i = 0; i < 8; ++i) memory.put<u16>(place.descriptors + 16 * i + 14, 1 << 7 | 1);
    EXPECT_FALSE(queue.take());
    EXPECT_TRUE(queue.is_broken());
}

TEST(VirtioCursor, GoesOverSegmentsAsOneRun) {
    fixture::DriverMemory memory;
    memory.put_bytes(0x100, std::array<u8, 3>{1, 2, 3});
    memory.put_bytes(0x200, std::array<u8, 2>{4, 5});
    const std::array<VirtioSegment, 4> segments{{{0x100, 3}, {0x300, 0}, {0x200, 2}, {0x10'0000, 4}}};
    VirtioCursor cursor(memory.space, segments);
    EXPECT_EQ(cursor.left(), 9u);
    std::array<u8, 4> bytes{};
    EXPECT_TRUE(cursor.read(bytes));
    EXPECT_EQ(bytes, (std::array<u8, 4>{1, 2, 3, 4}));
    EXPECT_FALSE(cursor.read(bytes)) << "partly not RAM";

    VirtioCursor writer(memory.space, std::span(segments).first(3));
    writer.skip(2);
    EXPECT_TRUE(writer.write(std::array<u8, 3>{9, 8, 7}));
    EXPECT_EQ(memory.get<u8>(0x102), 9);
    EXPECT_EQ(memory.get<u16>(0x200), 0x0708);
    EXPECT_FALSE(writer.write(std::array<u8, 1>{1})) << "past the end";
    writer.skip(~u64{0});
    EXPECT_EQ(writer.left(), 0u);
}

} // namespace
} // namespace ringer::device
