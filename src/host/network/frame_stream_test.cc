#include "host/network/frame_stream.h"

#include "device/network/frame_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::host {
namespace {

using Frames = std::vector<std::vector<u8>>;

/// The frames of a stream that comes in pieces of `size`.
Frames frames_of(std::span<const u8> stream, std::size_t size) {
    FrameStream reader;
    Frames frames;
    while (!stream.empty()) {
        const auto piece = stream.first(std::min(size, stream.size()));
        EXPECT_TRUE(reader.read(
            piece, [&](std::span<const u8> frame) { frames.emplace_back(frame.begin(), frame.end()); }));
        stream = stream.subspan(piece.size());
    }
    return frames;
}

TEST(FrameStream, PutsTheLengthFirst) {
    std::vector<u8> stream;
    FrameStream::append(stream, std::vector<u8>(0x123, 9));
    EXPECT_EQ(stream.size(), 4u + 0x123);
    EXPECT_THAT(std::span(stream).first(5), testing::ElementsAre(0, 0, 1, 0x23, 9));
}

TEST(FrameStream, FindsFramesHoweverTheyCome) {
    const Frames frames{std::vector<u8>(14, 1), std::vector<u8>(1514, 2),
                        std::vector<u8>(device::most_frame, 3), std::vector<u8>(60, 4)};
    std::vector<u8> stream;
    for (const auto& frame : frames) FrameStream::append(stream, frame);
    for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{17}, std::size_t{1518},
                                   std::size_t{60'000}, stream.size()})
        EXPECT_EQ(frames_of(stream, size), frames) << size;
}

TEST(FrameStream, PassesOverWhatIsTooShort) {
    std::vector<u8> stream;
    FrameStream::append(stream, {});
    FrameStream::append(stream, std::vector<u8>(13, 1));
    FrameStream::append(stream, std::vector<u8>(14, 2));
    for (const std::size_t size : {std::size_t{1}, stream.size()})
        EXPECT_EQ(frames_of(stream, size), Frames{std::vector<u8>(14, 2)});
}

TEST(FrameStream, RefusesALengthThatNoFrameHas) {
    FrameStream reader;
    const auto none = [](std::span<const u8>) { FAIL(); };
    std::vector<u8> stream;
    FrameStream::append(stream, std::vector<u8>(device::most_frame + 1));
    EXPECT_FALSE(reader.read(std::span(stream).first(4), none));
    FrameStream text;
    const std::string request = "GET / HTTP/1.1\r\n";
    EXPECT_FALSE(text.read({reinterpret_cast<const u8*>(request.data()), request.size()}, none));
}

} // namespace
} // namespace ringer::host
