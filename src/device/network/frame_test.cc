#include "device/network/frame.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringer::device {
namespace {

/// By the definition (RFC 1071, 1).
u16 checksum_of(std::span<const u8> bytes) {
    u32 sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 ? bytes[i] : bytes[i] << 8;
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<u16>(~sum);
}

TEST(Frame, CompletesChecksumsOfEveryLength) {
    std::vector<u8> bytes;
    for (std::size_t size = 2; size < 100; ++size) {
        bytes.assign(size + 3, 0);
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<u8>(i * 37 + size);
        const std::size_t offset = size / 2 - 1;
        const u16 expected = checksum_of(std::span(bytes).subspan(3));
        ASSERT_TRUE(complete_checksum(bytes, 3, offset));
        EXPECT_EQ(bytes[3 + offset] << 8 | bytes[4 + offset], expected) << size;
    }
}

TEST(Frame, WritesAChecksumOfZeroAsOnes) {
    std::vector<u8> bytes{0xff, 0xff, 0, 0};
    ASSERT_TRUE(complete_checksum(bytes, 0, 2));
    EXPECT_EQ(bytes, (std::vector<u8>{0xff, 0xff, 0xff, 0xff}));
}

TEST(Frame, HasItsChecksumWithin) {
    std::vector<u8> bytes(10);
    EXPECT_TRUE(complete_checksum(bytes, 0, 8));
    EXPECT_FALSE(complete_checksum(bytes, 0, 9));
    EXPECT_FALSE(complete_checksum(bytes, 10, 0));
    EXPECT_FALSE(complete_checksum(bytes, 0xffff, 0xffff));
}

} // namespace
} // namespace ringer::device
