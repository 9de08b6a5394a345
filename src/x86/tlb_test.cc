#include "x86/tlb.h"

#include "base/bits.h"

#include <gtest/gtest.h>

#include <memory>

namespace ringer::x86 {
namespace {

constexpr PageKind local_page{4 * KiB, false}, global_page{4 * KiB, true}, local_large_page{2 * MiB, false};

class TlbTest : public testing::Test {
  protected:
    void fill(u64 linear, const PageKind& kind) { tlb_->fill(view(), linear, page_.data(), kind, true); }
    bool holds(u64 linear) { return view().readable(linear, 1) != nullptr; }
    bool is_writable(u64 linear) { return view().writable(linear, 1) != nullptr; }
    Tlb::View& view() { return tlb_->view(TlbView::user); }

    std::unique_ptr<Tlb> tlb_ = std::make_unique<Tlb>();
    std::array<u8, 4 * KiB> page_{};
};

TEST(LargePagesTest, ThoseOfAllMemoryAreHeldAndRarelyTakeOthersForTheirs) {
    constexpr u64 map_of_memory = 0xffff'8880'0000'0000, programs = 0x7f00'0000'0000;
    constexpr unsigned pages = 1024; // 2 GiB.
    LargePages large;
    for (u64 i = 0; i < pages; ++i) large.add(map_of_memory + i * 2 * MiB, local_large_page);
    unsigned held = 0, taken = 0;
    for (u64 i = 0; i < pages; ++i) {
        held += large.may_hold(map_of_memory + i * 2 * MiB + 0x1234);
        taken += large.may_hold(programs + i * 2 * MiB);
    }
    EXPECT_EQ(held, pages);
    EXPECT_LT(taken, pages / 8);
}

TEST_F(TlbTest, FlushOfASpaceKeepsGlobalPages) {
    fill(0x1000, local_page);
    fill(0x2000, global_page);
    tlb_->flush_space();
    EXPECT_FALSE(holds(0x1000));
    EXPECT_TRUE(holds(0x2000));
    tlb_->flush();
    EXPECT_FALSE(holds(0x2000));
}

TEST_F(TlbTest, ASpaceComesBackAsItWasLeft) {
    fill(0x1000, local_page);
    fill(0x2000, global_page);
    const u32 generation = tlb_->generation(false);
    tlb_->enter_space(7);
    EXPECT_FALSE(holds(0x1000));
    EXPECT_TRUE(holds(0x2000));
    EXPECT_NE(tlb_->generation(false), generation);
    fill(0x3000, local_page);
    tlb_->enter_space(0);
    EXPECT_TRUE(holds(0x1000));
    EXPECT_FALSE(holds(0x3000));
    EXPECT_EQ(tlb_->generation(false), generation);
}

TEST_F(TlbTest, AForgottenSpaceIsEmptyAndNew) {
    fill(0x1000, local_page);
    const u32 generation = tlb_->generation(false);
    tlb_->enter_space(1);
    tlb_->forget_space(0);
    tlb_->enter_space(0);
    EXPECT_FALSE(holds(0x1000));
    EXPECT_NE(tlb_->generation(false), generation);
}

TEST_F(TlbTest, FewSpacesAreKept) {
    fill(0x1000, local_page);
    for (u16 space = 1; space <= 20; ++space) tlb_->enter_space(space);
    tlb_->enter_space(0);
    EXPECT_FALSE(holds(0x1000));
}

TEST_F(TlbTest, RevokedWritesStayRevokedInOtherSpaces) {
    fill(0x1000, local_page);
    tlb_->enter_space(1);
    tlb_->revoke_write(page_.data());
    tlb_->enter_space(0);
    EXPECT_TRUE(holds(0x1000));
    EXPECT_FALSE(is_writable(0x1000));
}

TEST_F(TlbTest, APageOfALargeOneEndsAllOfIt) {
    fill(0x200000, local_large_page);
    fill(0x3ff000, local_large_page);
    fill(0x400000, local_page);
    tlb_->flush_page(0x2abcde);
    EXPECT_FALSE(holds(0x200000));
    EXPECT_FALSE(holds(0x3ff000));
    EXPECT_TRUE(holds(0x400000));
}

TEST_F(TlbTest, MoreEntriesThanAreNotedAreFlushedAsWell) {
    for (u64 page = 0; page < 900; ++page) fill(page << 12, local_page);
    tlb_->enter_space(1);
    for (u64 page = 0; page < 900; ++page) EXPECT_FALSE(holds(page << 12));
}

} // namespace
} // namespace ringer::x86
