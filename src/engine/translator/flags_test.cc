#include "engine/translator/flags.h"

#include <gtest/gtest.h>

namespace ringer::engine::translator {
namespace {

using namespace x86::flag;

u64 flags_of(FlagKind kind, u8 size, u64 a, u64 b = 0) {
    u64 rflags = 0;
    x86::set_status(rflags, evaluate({.a = a, .b = b, .code = FlagRecord::code_of(kind, size)}));
    return rflags;
}

TEST(FlagRecord, ComparisonsKnowBothOperands) {
    EXPECT_EQ(flags_of(FlagKind::subtract, 4, 1, 2), cf | pf | af | sf);
    EXPECT_EQ(flags_of(FlagKind::subtract, 1, 0x80, 1), of | af);
    EXPECT_EQ(flags_of(FlagKind::subtract, 8, 5, 5), zf | pf);
}

TEST(FlagRecord, ResultsAreTakenBackToTheirOperands) {
    EXPECT_EQ(flags_of(FlagKind::add_result, 1, 0x00, 0x01), cf | pf | af | zf) << "0xff + 1";
    EXPECT_EQ(flags_of(FlagKind::subtract_result, 2, 0xffff, 1), cf | pf | af | sf) << "0 - 1";
    EXPECT_EQ(flags_of(FlagKind::negate_result, 4, 0x8000'0000), cf | of | pf | sf);
    EXPECT_EQ(flags_of(FlagKind::add_operand, 8, ~u64{0}, 0), cf | pf | af | zf);
    EXPECT_EQ(flags_of(FlagKind::subtract_operand, 8, 0, ~u64{0}), cf | pf | af | sf);
}

TEST(FlagRecord, OnlyAsManyBitsCountAsTheOperandsHave) {
    EXPECT_EQ(flags_of(FlagKind::logic, 1, 0xff00), zf | pf);
    EXPECT_EQ(flags_of(FlagKind::logic, 2, 0xff00), sf | pf);
}

TEST(FlagRecord, SmallSecondOperandsStandBesideTheCode) {
    const FlagRecord record{
        .a = 1, .b = 77, .code = FlagRecord::code_of(FlagKind::subtract, 8, true), .small = -1};
    u64 rflags = 0;
    x86::set_status(rflags, evaluate(record));
    EXPECT_EQ(rflags, cf | af) << "1 - -1";
}

TEST(FlagRecord, ShiftsKnowWhatFellOut) {
    EXPECT_EQ(flags_of(FlagKind::shift_right, 4, 0b11, 1) & (cf | zf), cf);
    EXPECT_EQ(flags_of(FlagKind::shift_left, 4, 0x8000'0000, 1) & (cf | zf), cf | zf);
    EXPECT_EQ(flags_of(FlagKind::shift_right_arithmetic, 1, 0x80, 7) & (cf | sf), sf);
}

TEST(FlagRecord, CountsAreOfWhatWasTestedOrLeftBySubtracting) {
    EXPECT_EQ(flags_of(FlagKind::count_behind_logic, 4, 0) & (cf | zf), cf);
    EXPECT_EQ(flags_of(FlagKind::count_behind_logic, 8, 1) & (cf | zf), zf);
    EXPECT_EQ(flags_of(FlagKind::count_behind_subtract, 2, 0x1'0008, 5) & (cf | zf), 0u) << "13 - 5";
    EXPECT_EQ(flags_of(FlagKind::count_behind_subtract, 2, 0x1'0000, 5) & (cf | zf), cf) << "5 - 5";
    EXPECT_EQ(flags_of(FlagKind::count_behind_increment, 2, 0x1'0000) & (cf | zf), cf) << "-1 + 1";
    EXPECT_EQ(flags_of(FlagKind::count_behind_increment, 4, 0x8000'0000) & (cf | zf | of), of);
}

} // namespace
} // namespace ringer::engine::translator
