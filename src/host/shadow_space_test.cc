#include "host/shadow_space.h"

#include "base/bits.h"
#include "host/code_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace ringer::host {
namespace {

using memory::ShadowSpace;

constexpr u64 page = 4 * KiB;

/// Has the thread go on where it is told.
class Refusals final : public memory::RefusedAccessHandler {
  public:
    const u8* access_refused(const memory::RefusedAccess& access) override {
        all.push_back(access);
        return resume_at;
    }

    const u8* resume_at = nullptr;
    std::vector<memory::RefusedAccess> all;
};

class ShadowSpaceTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!space_) GTEST_SKIP() << "this process has no room for one";
    }

    std::span<u8> ram(u64 offset, u64 bytes = page) { return ram_.bytes().subspan(offset, bytes); }
    static u8& byte_at(u64 place) { return *reinterpret_cast<u8*>(place); }

    HostRam ram_ = HostRam::allocate(64 * KiB, HostRam::Kind::shared).value();
    std::unique_ptr<HostShadowSpace> space_ = HostShadowSpace::make(ram_);
};

TEST_F(ShadowSpaceTest, ShowsThePagesOfRamAtBothEnds) {
    constexpr u64 low = 0x40'0000, high = ShadowSpace::high_end - page;
    ASSERT_TRUE(space_->map(low, ram(page), true));
    ASSERT_TRUE(space_->map(high, ram(2 * page), true));
    ram(page)[5] = 1;
    byte_at(high + ShadowSpace::gs_base + 6) = 2;
    EXPECT_EQ(byte_at(low + 5), 1);
    EXPECT_EQ(ram(2 * page)[6], 2);
}

TEST_F(ShadowSpaceTest, FindsHighAddressesByGs) {
    constexpr u64 high = ShadowSpace::high_begin + 16 * page;
    ASSERT_TRUE(space_->map(high, ram(0), true));
    space_->enter_thread();
    asm volatile("movb $77, %%gs:(%0)" : : "r"(high + 3) : "memory");
    EXPECT_EQ(ram(0)[3], 77);
}

TEST_F(ShadowSpaceTest, MapsWhatIsInARegionAndInRam) {
    const std::array<u8, page> elsewhere{};
    EXPECT_FALSE(space_->map(0, ram(0), true));
    EXPECT_FALSE(space_->map(ShadowSpace::low_end, ram(0), true));
    EXPECT_FALSE(space_->map(ShadowSpace::high_end, ram(0), true));
    EXPECT_FALSE(space_->map(ShadowSpace::lowest, elsewhere, true));
}

TEST_F(ShadowSpaceTest, IsOneInAProcess) { EXPECT_EQ(HostShadowSpace::make(ram_), nullptr); }

TEST_F(ShadowSpaceTest, TellsOfWritesThatAreRefused) {
    constexpr std::array<u8, 4> store{0xc6, 0x07, 0x01, // mov byte ptr [rdi], 1
                                      0xc3};            // ret
    const CodeMemory code = CodeMemory::allocate(page).value();
    std::ranges::copy(store, code.writable().begin());
    const auto run = reinterpret_cast<void (*)(u64)>(reinterpret_cast<std::uintptr_t>(code.executable()));
    constexpr u64 low = 0x40'0000;
    ASSERT_TRUE(space_->map(low, ram(0), false));

    Refusals refusals;
    refusals.resume_at = code.executable() + 3;
    space_->watch({code.executable(), store.size()}, &refusals);
    run(low + 9);
    run(low + page);
    run(u64{1} << 60);
    space_->watch({}, nullptr);

    ASSERT_EQ(refusals.all.size(), 3u);
    EXPECT_EQ(refusals.all[0].code, code.executable());
    EXPECT_TRUE(refusals.all[0].has_address && refusals.all[0].is_write);
    EXPECT_EQ(refusals.all[0].linear, low + 9);
    EXPECT_EQ(refusals.all[1].linear, low + page) << "where nothing is mapped";
    EXPECT_FALSE(refusals.all[2].has_address) << "not in canonical form";
    EXPECT_EQ(ram(0)[9], 0);
}

TEST_F(ShadowSpaceTest, CountsWhatIsMapped) {
    const u64 before = HostShadowSpace::most_mapped();
    ASSERT_TRUE(space_->map(0x40'0000, ram(0, 16 * page), true));
    space_->unmap(0x40'0000, page);
    EXPECT_GE(HostShadowSpace::most_mapped(), std::max(before, 16 * page));
}

} // namespace
} // namespace ringer::host
