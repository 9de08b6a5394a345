#include "x86/msr.h"

#include "x86/testing/system_fixture.h"

namespace ringer::x86::testing {

namespace {

class MsrTest : public SystemFixture {
  protected:
    bool accepts(u32 number, u64 value) { return write_msr(cpu, number, value).has_value(); }
};

TEST_F(MsrTest, InstructionsMoveEdxEax) {
    cpu.gpr(rcx) = 0xdead'0000'c000'0082; // Only ECX counts.
    cpu.gpr(rax) = 0xffff'ffff'8000'1000;
    cpu.gpr(rdx) = 0xffff'8000;
    ASSERT_EQ(machine.step({0x0f, 0x30}), Flow::end_block);
    EXPECT_EQ(cpu.state.msr.lstar, 0xffff'8000'8000'1000u);
    ASSERT_EQ(machine.step({0x0f, 0x32}), Flow::next);
    EXPECT_EQ(cpu.gpr(rax), 0x8000'1000u);
    EXPECT_EQ(cpu.gpr(rdx), 0xffff'8000u);
    cpu.gpr(rcx) = 0x1234;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x32}));
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x30}));
}

TEST_F(MsrTest, AddressesMustBeCanonical) {
    for (const u32 number : {0xc000'0082u, 0xc000'0083u, 0xc000'0100u, 0xc000'0101u, 0xc000'0102u}) {
        EXPECT_FALSE(accepts(number, 0x8000'0000'0000)) << number;
        EXPECT_TRUE(accepts(number, 0xffff'8000'0000'0000)) << number;
        EXPECT_EQ(read_msr(cpu, number), 0xffff'8000'0000'0000u) << number;
    }
    EXPECT_EQ(cpu.state.segments[fs].base, 0xffff'8000'0000'0000u);
}

TEST_F(MsrTest, PointersOfSysenterHaveNoUpperHalfOnAmd) {
    for (const u32 number : {0x175u, 0x176u}) {
        EXPECT_EQ(accepts(number, 0x8000'0000'1234), machine.model.is_amd) << number;
        EXPECT_EQ(read_msr(cpu, number), machine.model.is_amd ? 0x1234u : 0u) << number;
    }
}

TEST_F(MsrTest, TimeStampCounterAndItsAdjustment) {
    machine.time = 5000;
    EXPECT_EQ(read_msr(cpu, 0x10), 5000u);
    EXPECT_TRUE(accepts(0x10, 100));
    machine.time = 6000;
    EXPECT_EQ(read_msr(cpu, 0x10), 1100u);
    EXPECT_EQ(read_msr(cpu, 0x3b), static_cast<u64>(-4900));
    EXPECT_TRUE(accepts(0x3b, 0));
    ASSERT_EQ(machine.step({0x0f, 0x31}), Flow::next); // rdtsc
    EXPECT_EQ(cpu.gpr(rax), 6000u);
    EXPECT_TRUE(accepts(0xc000'0103, 42));
    EXPECT_EQ(accepts(0xc000'0103, u64{1} << 32 | 42), machine.model.is_amd) << "AMD's CPUs ignore bit 32";
    ASSERT_EQ(machine.step({0x0f, 0x01, 0xf9}), Flow::next); // rdtscp
    EXPECT_EQ(cpu.gpr(rcx), 42u);
    ASSERT_EQ(machine.step({0xf3, 0x0f, 0xc7, 0xfb}), Flow::next); // rdpid rbx
    EXPECT_EQ(cpu.gpr(rbx), 42u);
    enter_user64();
    cpu.state.cr4 |= cr4::tsd;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x31}));
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x01, 0xf9}));
}

TEST_F(MsrTest, MemoryTypesAreValidated) {
    EXPECT_TRUE(accepts(0x277, 0x0007'0406'0007'0406));
    EXPECT_FALSE(accepts(0x277, 0x02)) << "type 2 is reserved";
    EXPECT_TRUE(accepts(0x2ff, 0xc06));
    EXPECT_FALSE(accepts(0x2ff, 0x1c06));
    EXPECT_FALSE(accepts(0x2ff, 7)) << "UC- is for the PAT alone";
    EXPECT_TRUE(accepts(0x200, 0x8000'0006));
    EXPECT_FALSE(accepts(0x200, 0x8000'0106));
    EXPECT_TRUE(accepts(0x201, 0xff'8000'0800));
    EXPECT_FALSE(accepts(0x201, 0x0100'8000'0800)) << "beyond the physical address width";
    EXPECT_TRUE(accepts(0x20f, 0x800));
    EXPECT_FALSE(accepts(0x210, 0));
    for (const u32 number : {0x250u, 0x258u, 0x259u, 0x268u, 0x26fu}) {
        EXPECT_TRUE(accepts(number, 0x0606'0606'0606'0600 + (number & 1))) << number;
        EXPECT_EQ(read_msr(cpu, number), 0x0606'0606'0606'0600 + (number & 1)) << number;
        EXPECT_FALSE(accepts(number, 0x0206'0606'0606'0606)) << number;
    }
    EXPECT_FALSE(accepts(0xfe, 0x508)) << "read-only";
    EXPECT_EQ(*read_msr(cpu, 0xfe) & 0xff, 8u);
}

TEST_F(MsrTest, MakersHaveTheirOwn) {
    const bool amd = cpu.model.is_amd;
    EXPECT_EQ(read_msr(cpu, 0xc001'0015).has_value(), amd); // HWCR
    EXPECT_EQ(read_msr(cpu, 0xc001'0010).has_value(), amd); // SYSCFG
    EXPECT_EQ(read_msr(cpu, 0x1a0).has_value(), !amd);      // IA32_MISC_ENABLE
    EXPECT_TRUE(read_msr(cpu, 0x8b).has_value());
    if (amd) {
        EXPECT_TRUE(*read_msr(cpu, 0xc001'0015) & 1 << 24) << "TscFreqSel";
        EXPECT_FALSE(accepts(0xc001'0015, 0)) << "TscFreqSel is read-only";
        EXPECT_TRUE(accepts(0xc001'0015, 1 << 24 | 1 << 18));
    }
}

TEST_F(MsrTest, TheInterruptControllerAnswersForItsOwn) {
    EXPECT_EQ(read_msr(cpu, 0x1b), std::nullopt); // The fake one has none.
    EXPECT_FALSE(accepts(0x6e0, 0));
    EXPECT_FALSE(accepts(0x80b, 0));
}

} // namespace

} // namespace ringer::x86::testing
