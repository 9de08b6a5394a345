#include "x86/testing/silicon_fixture.h"

#include "x86/x87_state.h"

#include <array>
#include <cstring>
#include <utility>

/// Undefined flags, and the state in which vector and x87 instructions leave the CPU when they fault.
namespace ringer::x86::testing {
namespace {

class SimdErrorSilicon : public Silicon {
  protected:
    explicit SimdErrorSilicon(CpuModel model = host_model()) : Silicon(std::move(model)) {}

    /// vcvtps2ph [rsi], xmm0, 0 of what is too large for halves, to memory that is not there.
    static constexpr std::initializer_list<u8> bad_conversion{0xc4, 0xe3, 0x79, 0x1d, 0x06, 0x00};
    void prepare_bad_conversion(u32 mxcsr) {
        gpr(rsi) = not_mapped;
        cpu.state.vector.mxcsr = mxcsr;
        cpu.state.vector.ymm[0].fill(0x71);
    }

  private:
    SimdErrorRecovery recovery_{*cpu.model.stubs};
};

using AmdSimdErrorSilicon = MadeBy<SimdErrorSilicon, true>;
using IntelSimdErrorSilicon = MadeBy<SimdErrorSilicon, false>;

TEST_F(Silicon, DivisionLeavesTheHostsFlags) {
    for (const u64 before : {u64{0}, flag::status}) {
        u64 low = 1000, high = 0, after = before | flag::reserved_one | flag::interrupt;
        asm("push %[flags]\n\tpopfq\n\tdivq %[divisor]\n\tpushfq\n\tpop %[flags]"
            : "+a"(low), "+d"(high), [flags] "+r"(after)
            : [divisor] "r"(u64{7})
            : "cc");
        cpu.state.rflags = before | flag::reserved_one;
        gpr(rax) = 1000;
        gpr(rdx) = 0;
        gpr(rbx) = 7;
        ASSERT_EQ(step({0x48, 0xf7, 0xf3}), Flow::next); // div rbx
        EXPECT_EQ(gpr(rax), low);
        EXPECT_EQ(gpr(rdx), high);
        EXPECT_EQ(status(), after & flag::status);
    }
}

/// What the host leaves of `before` when it rotates `value` to the right, by 7 and by 33, which is 1.
std::array<u64, 2> flags_of_rotates(u64 before, u32 value) {
    u64 by_seven = before, by_one = before;
    u32 other = value;
    asm("push %[flags]\n\tpopfq\n\trorl $7, %[value]\n\tpushfq\n\tpop %[flags]"
        : [flags] "+r"(by_seven), [value] "+r"(value)
        :
        : "cc");
    asm("push %[flags]\n\tpopfq\n\trorl $33, %[value]\n\tpushfq\n\tpop %[flags]"
        : [flags] "+r"(by_one), [value] "+r"(other)
        :
        : "cc");
    return {by_seven & flag::status, by_one & flag::status};
}

TEST_F(Silicon, RotatesByAnImmediateLeaveTheHostsFlags) {
    for (const u64 before : {u64{0}, flag::status}) {
        for (const u32 value : {0u, 1u, 0x40u, 0x80u, 0x100u, 0x4000'0000u, 0x8000'0000u, 0x1234'5678u}) {
            const auto expected = flags_of_rotates(before | flag::reserved_one | flag::interrupt, value);
            gpr(rcx) = value;
            cpu.state.rflags = before | flag::reserved_one;
            ASSERT_EQ(step({0xc1, 0xc9, 0x07}), Flow::next); // ror ecx, 7
            EXPECT_EQ(status(), expected[0]) << value;
            gpr(rcx) = value;
            cpu.state.rflags = before | flag::reserved_one;
            ASSERT_EQ(step({0xc1, 0xc9, 0x21}), Flow::next); // ror ecx, 33
            EXPECT_EQ(status(), expected[1]) << value;
        }
    }
}

TEST_F(IntelSilicon, DecimalArithmeticSetsTheFlagsOfItsDigits) {
    machine.enter_protected32(0);
    cpu.state.rflags = flag::reserved_one | flag::of;
    gpr(rax) = 0x7fff;
    ASSERT_EQ(step({0x37}), Flow::next); // aaa
    EXPECT_EQ(gpr(rax), 0x8105);
    EXPECT_EQ(status(), flag::af | flag::pf | flag::cf);
    cpu.state.rflags = flag::reserved_one | flag::cf;
    gpr(rax) = 0x25;
    ASSERT_EQ(step({0x27}), Flow::next); // daa
    EXPECT_EQ(gpr(rax), 0x85);
    EXPECT_EQ(status(), flag::sf | flag::cf);
}

TEST_F(IntelSilicon, RepetitionsNarrowTheirRegisters) {
    machine.enter_long64(0);
    gpr(rcx) = gpr(rsi) = gpr(rdi) = u64{5} << 32;
    ASSERT_EQ(step({0x67, 0xf3, 0xaa}), Flow::next); // rep stosb with 32-bit addresses
    EXPECT_EQ(gpr(rcx), 0);
    EXPECT_EQ(gpr(rdi), 0);
    EXPECT_EQ(gpr(rsi), u64{5} << 32);
    gpr(rcx) = u64{5} << 32;
    ASSERT_EQ(step({0x67, 0xf3, 0xac}), Flow::next); // rep lodsb
    EXPECT_EQ(gpr(rcx), 0);
    EXPECT_EQ(gpr(rsi), u64{5} << 32);
}

TEST_F(IntelSilicon, RepeatedComparisonsSetFlagsAtTheirEnd) {
    machine.enter_long64(0);
    machine.set_memory(data, u16{0x0102});
    cpu.step_trap = true;
    cpu.state.rflags = flag::reserved_one;
    gpr(rdi) = data;
    gpr(rax) = 2;
    gpr(rcx) = 2;
    ASSERT_EQ(step({0xf3, 0xae}), Flow::again); // repe scasb
    EXPECT_EQ(status(), 0);
    ASSERT_EQ(step({0xf3, 0xae}), Flow::next);
    EXPECT_EQ(status() & (flag::zf | flag::cf), 0);
}

TEST_F(AmdSilicon, DecimalArithmeticSetsTheFlagsOfItsAdditions) {
    machine.enter_protected32(0);
    gpr(rax) = 0xba5d;
    ASSERT_EQ(step({0xd5, 0x88}), Flow::next); // aad 0x88: 0x5d + 0xd0
    EXPECT_EQ(gpr(rax), 0x2d);
    EXPECT_EQ(status(), flag::cf | flag::pf);
    gpr(rax) = 0x7fff;
    ASSERT_EQ(step({0x37}), Flow::next); // aaa: 0x7fff + 0x106 overflows
    EXPECT_EQ(gpr(rax), 0x8105);
    EXPECT_EQ(status(), flag::of | flag::sf | flag::af | flag::pf | flag::cf);
    cpu.state.rflags = flag::reserved_one | flag::cf;
    gpr(rax) = 0x25;
    ASSERT_EQ(step({0x27}), Flow::next); // daa: 0x25 + 0x60 overflows
    EXPECT_EQ(gpr(rax), 0x85);
    EXPECT_EQ(status(), flag::of | flag::sf | flag::cf);
    cpu.state.rflags = flag::reserved_one | flag::status;
    gpr(rax) = 25;
    ASSERT_EQ(step({0xd4, 0x0a}), Flow::next); // aam
    EXPECT_EQ(gpr(rax), 0x205);
    EXPECT_EQ(status(), flag::pf);
}

TEST_F(Silicon, ConversionsToIntegersReadMemory) {
    machine.set_memory(data, 3.0);
    ASSERT_EQ(step({0xf2, 0x0f, 0x2d, 0x06}), Flow::next); // cvtsd2si eax, [rsi]
    EXPECT_EQ(gpr(rax), 3);
    cpu.state.cr4 &= ~cr4::osfxsr;
    EXPECT_TRUE(raises(Vector::invalid_opcode, {0xf2, 0x0f, 0x2d, 0x06}));
}

TEST_F(Silicon, EmmsSetsTheTop) {
    cpu.state.x87.status = 3 << 11;
    ASSERT_EQ(step({0x0f, 0x77}), Flow::next);
    EXPECT_EQ(cpu.state.x87.top(), 0);
}

TEST_F(SimdErrorSilicon, SimdErrorOfAnMmxConversionEntersMmx) {
    cpu.state.vector.mxcsr = 0x1f00; // Invalid operations unmasked.
    cpu.state.x87.status = 3 << 11;
    machine.set_memory(data, u64{0x7fc0'0000});
    EXPECT_TRUE(raises(Vector::simd_error, {0x0f, 0x2d, 0x06})); // cvtps2pi mm0, [rsi]
    EXPECT_EQ(cpu.state.x87.top(), 0);
    EXPECT_EQ(cpu.state.x87.valid, 0xff);
}

TEST_F(AmdSilicon, X87StoreFaultsBeforeItsArithmetic) {
    gpr(rsi) = not_mapped;
    cpu.state.x87.control = 0x37e;                      // Invalid operations unmasked,
    EXPECT_TRUE(page_faults(not_mapped, {0xd9, 0x1e})); // fstp dword [rsi] of an empty register
    EXPECT_EQ(cpu.state.x87.status, 0);
}

TEST_F(IntelSilicon, X87StoreThatHasNoResultDoesNotFault) {
    gpr(rsi) = not_mapped;
    cpu.state.x87.control = 0x37e;
    ASSERT_EQ(step({0xd9, 0x1e}), Flow::next); // fstp dword [rsi] of an empty register
    EXPECT_EQ(cpu.state.x87.status, 0x80c1);
}

TEST_F(IntelSilicon, X87PointersNameTheInstructionThatRaisedAnException) {
    cpu.state.x87.opcode = 0x123;
    ASSERT_EQ(step({0xd9, 0x06}), Flow::next); // fld dword [rsi]
    EXPECT_EQ(cpu.state.x87.opcode, 0x123);
    EXPECT_EQ(cpu.state.x87.data_pointer, 0);
    cpu.state.x87.control = 0x37e;             // Invalid operations unmasked.
    ASSERT_EQ(step({0xd8, 0x36}), Flow::next); // fdiv dword [rsi]: 0 / 0
    EXPECT_EQ(cpu.state.x87.opcode, 0x036);
    EXPECT_EQ(cpu.state.x87.data_pointer, data);
}

TEST_F(AmdSimdErrorSilicon, VectorStoreFaultsBeforeItsArithmetic) {
    if (!has_avx()) GTEST_SKIP() << "The host has no AVX";
    prepare_bad_conversion(0);
    EXPECT_TRUE(page_faults(not_mapped, bad_conversion));
    EXPECT_EQ(cpu.state.vector.mxcsr, 0);
}

TEST_F(IntelSimdErrorSilicon, VectorStoreFaultsAfterItsArithmetic) {
    constexpr u32 overflow_and_inexact = 0x28;
    if (!has_avx()) GTEST_SKIP() << "The host has no AVX";
    prepare_bad_conversion(0x1f80);
    EXPECT_TRUE(page_faults(not_mapped, bad_conversion));
    EXPECT_EQ(cpu.state.vector.mxcsr, 0x1f80 | overflow_and_inexact);
    prepare_bad_conversion(0);
    EXPECT_TRUE(raises(Vector::simd_error, bad_conversion));
}

TEST_F(AmdSilicon, MmxStoreThatFaultsLeavesTheX87StackAlone) {
    cpu.state.x87.status = 3 << 11;
    gpr(rsi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped, {0x0f, 0x7f, 0x06})); // movq [rsi], mm0
    EXPECT_EQ(cpu.state.x87.top(), 3);
    EXPECT_EQ(cpu.state.x87.valid, 0);
}

TEST_F(IntelSilicon, MmxStoreThatFaultsHasResetTheX87StacksTop) {
    cpu.state.x87.status = 3 << 11;
    gpr(rsi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped, {0x0f, 0x7f, 0x06})); // movq [rsi], mm0
    EXPECT_EQ(cpu.state.x87.top(), 0);
    EXPECT_EQ(cpu.state.x87.valid, 0);
}

TEST_F(Silicon, ShortEnvironmentHasNoOpcode) {
    cpu.state.x87.opcode = 0x123;
    machine.set_memory(data, std::array<u16, 7>{0x37f, 0, 0xffff});
    ASSERT_EQ(step({0x66, 0xd9, 0x26}), Flow::next); // fldenv [rsi], 16 bits
    EXPECT_EQ(cpu.state.x87.opcode, 0);
}

TEST_F(Silicon, NopOfTheX87UnitMovesItsPointer) {
    ASSERT_EQ(step({0xd9, 0xd0}), Flow::next); // fnop
    EXPECT_EQ(cpu.state.x87.instruction_pointer, TestMachine::code_base);
}

class GatherSilicon : public Silicon {
  protected:
    explicit GatherSilicon(CpuModel model = host_model()) : Silicon(std::move(model)) {
        machine.set_memory(data, u32{0x55});
        set(mask, {~0u, ~0u, ~0u, 0});
        set(index, {0, not_mapped, 0, 0});
    }

    /// vgatherdps xmm0, [rsi + xmm2], xmm1: the first element can be loaded, the second cannot.
    static constexpr std::initializer_list<u8> gather{0xc4, 0xe2, 0x71, 0x92, 0x04, 0x16};

    static void set(std::array<u8, 32>& ymm, const std::array<u32, 4>& values) {
        std::memcpy(ymm.data(), values.data(), sizeof(values));
    }
    std::array<u32, 4> remaining() const {
        std::array<u32, 4> values;
        std::memcpy(values.data(), mask.data(), sizeof(values));
        return values;
    }
    void SetUp() override {
        if (!has_avx()) GTEST_SKIP() << "The host has no AVX";
    }

    std::array<u8, 32>& mask = cpu.state.vector.ymm[1];
    std::array<u8, 32>& index = cpu.state.vector.ymm[2];
};

TEST_F(GatherSilicon, LeavesTheMaskOfWhatItHasNotReached) {
    EXPECT_TRUE(page_faults(data + not_mapped, gather));
    EXPECT_EQ(cpu.state.vector.ymm[0][0], 0x55);
    EXPECT_EQ(remaining(), (std::array<u32, 4>{0, ~0u, ~0u, 0}));
}

TEST_F(GatherSilicon, SingleStepEndsBeforeAFault) {
    cpu.step_trap = true;
    EXPECT_EQ(step(gather), Flow::again);
    EXPECT_EQ(remaining()[0], 0);
    EXPECT_TRUE(page_faults(data + not_mapped, gather));
}

using AmdGatherSilicon = MadeBy<GatherSilicon, true>;
using IntelGatherSilicon = MadeBy<GatherSilicon, false>;

TEST_F(AmdGatherSilicon, KeepsTheUpperHalfUntilItIsDone) {
    cpu.state.vector.ymm[0].fill(0x77);
    EXPECT_TRUE(page_faults(data + not_mapped, gather));
    EXPECT_EQ(cpu.state.vector.ymm[0][16], 0x77);
}

TEST_F(IntelGatherSilicon, ClearsTheUpperHalfWithItsFirstElement) {
    cpu.state.vector.ymm[0].fill(0x77);
    EXPECT_TRUE(page_faults(data + not_mapped, gather));
    EXPECT_EQ(cpu.state.vector.ymm[0][15], 0x77);
    EXPECT_EQ(cpu.state.vector.ymm[0][16], 0);
}

TEST_F(AmdSilicon, WideElementMovesExistIn64BitModeAlone) {
    if (!has_avx()) GTEST_SKIP() << "The host has no AVX";
    enter_compatibility_mode(0);
    gpr(rsi) = data;
    EXPECT_TRUE(raises(Vector::invalid_opcode, {0xc4, 0xe3, 0xf9, 0x22, 0x06, 0x00})); // vpinsrd, VEX.W
    EXPECT_EQ(step({0xc4, 0xe3, 0x79, 0x22, 0x06, 0x00}), Flow::next);
}

} // namespace
} // namespace ringer::x86::testing
