#include "base/bits.h"

#include <gtest/gtest.h>

namespace ringer {
namespace {

TEST(Bits, TakesSingleBitsAndFields) {
    EXPECT_TRUE(bit(u8{0x80}, 7));
    EXPECT_FALSE(bit(u64{1} << 62, 63));
    EXPECT_EQ(bits(0xfedc'ba98'7654'3210, 4, 8), 0x21u);
    EXPECT_EQ(bits(~u64{0}, 1, 63), ~u64{0} >> 1);
}

TEST(Bits, SetsAndClearsOneBit) {
    EXPECT_EQ(with_bit(u32{0}, 31, true), 0x8000'0000u);
    EXPECT_EQ(with_bit(u32{0xffff'ffff}, 0, false), 0xffff'fffeu);
    EXPECT_EQ(with_bit(u32{4}, 2, true), 4u);
}

TEST(Bits, Aligns) {
    EXPECT_EQ(align_down(0x1fff, 0x1000), 0x1000u);
    EXPECT_EQ(align_up(0x1001, 0x1000), 0x2000u);
    EXPECT_EQ(align_up(0x1000, 0x1000), 0x1000u);
    EXPECT_TRUE(is_aligned(0, 16));
    EXPECT_FALSE(is_aligned(8, 16));
}

TEST(Bits, ExtendsTheSignOfItsArgumentsWidth) {
    EXPECT_EQ(sign_extend(u8{0x80}), 0xffff'ffff'ffff'ff80u);
    EXPECT_EQ(sign_extend(u16{0x7fff}), 0x7fffu);
    EXPECT_EQ(sign_extend(u32{0x8000'0000}), 0xffff'ffff'8000'0000u);
    EXPECT_EQ(sign_extend(~u64{0}), ~u64{0});
}

TEST(Bits, MasksBytes) {
    EXPECT_EQ(byte_mask(1), 0xffu);
    EXPECT_EQ(byte_mask(4), 0xffff'ffffu);
    EXPECT_EQ(byte_mask(8), ~u64{0});
}

} // namespace
} // namespace ringer
