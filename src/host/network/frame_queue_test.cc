#include "host/network/frame_queue.h"

#include <gtest/gtest.h>

#include <thread>

namespace ringer::host {
namespace {

using Pushed = FrameQueue::Pushed;

std::vector<u8> frame(u8 tag, std::size_t size = 100) { return std::vector<u8>(size, tag); }

TEST(FrameQueue, HandsFramesOverInTheirOrder) {
    FrameQueue queue(10'000);
    EXPECT_EQ(queue.push(frame(1)), Pushed::first);
    EXPECT_EQ(queue.push(frame(2)), Pushed::more);
    EXPECT_EQ(queue.push(frame(3)), Pushed::more);
    std::vector<u8> seen;
    const auto take = [&](const device::Frame& each) {
        seen.push_back(each.bytes[0]);
        return true;
    };
    EXPECT_EQ(queue.read(2, take), 2u);
    EXPECT_EQ(queue.read(9, take), 1u);
    EXPECT_EQ(queue.read(9, take), 0u);
    EXPECT_EQ(seen, (std::vector<u8>{1, 2, 3}));
    EXPECT_EQ(queue.push(frame(4)), Pushed::first);
}

TEST(FrameQueue, KeepsAFrameThatWasRefused) {
    FrameQueue queue(10'000);
    queue.push(frame(1));
    queue.push(frame(2));
    EXPECT_EQ(queue.read(9, [](const device::Frame&) { return false; }), 0u);
    std::vector<u8> seen;
    EXPECT_EQ(queue.read(9,
                         [&](const device::Frame& each) {
                             seen.push_back(each.bytes[0]);
                             return each.bytes[0] == 1;
                         }),
              1u);
    EXPECT_EQ(seen, (std::vector<u8>{1, 2}));
    EXPECT_EQ(queue.push(frame(3)), Pushed::more);
}

TEST(FrameQueue, HoldsNoMoreThanItsBytes) {
    FrameQueue queue(1000);
    unsigned held = 0;
    while (queue.push(frame(1)) != Pushed::full) ASSERT_LT(++held, 10u);
    EXPECT_GE(held, 5u);
    // Empty frames take room as well.
    while (queue.push(frame(0, 0)) != Pushed::full) ASSERT_LT(++held, 100u);
    EXPECT_EQ(queue.push(frame(1), std::chrono::milliseconds(1)), Pushed::full);
    EXPECT_EQ(queue.read(1000, [](const device::Frame&) { return true; }), held);
    EXPECT_EQ(queue.push(frame(1)), Pushed::first);
}

TEST(FrameQueue, AWriterDoesNotWaitAgainForAReaderThatIsStuck) {
    FrameQueue queue(300);
    while (queue.push(frame(1)) != Pushed::full) continue;
    EXPECT_EQ(queue.push(frame(1), std::chrono::milliseconds(1)), Pushed::full);
    // Would never end if it waited.
    EXPECT_EQ(queue.push(frame(1), std::chrono::hours(1'000'000)), Pushed::full);
    EXPECT_EQ(queue.read(1, [](const device::Frame&) { return true; }), 1u);
    EXPECT_NE(queue.push(frame(1), std::chrono::hours(1'000'000)), Pushed::full);
}

TEST(FrameQueue, LetsAWriterWaitForRoom) {
    FrameQueue queue(300);
    constexpr unsigned count = 1000;
    std::thread writer([&] {
        for (unsigned i = 0; i < count; ++i)
            EXPECT_NE(queue.push(frame(static_cast<u8>(i)), std::chrono::minutes(10)), Pushed::full);
    });
    for (unsigned seen = 0; seen < count;)
        seen += static_cast<unsigned>(queue.read(9, [&, next = seen](const device::Frame& each) mutable {
            EXPECT_EQ(each.bytes[0], static_cast<u8>(next++));
            return true;
        }));
    writer.join();
}

} // namespace
} // namespace ringer::host
