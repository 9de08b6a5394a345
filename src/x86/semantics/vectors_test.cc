#include "x86/testing/simd_error_recovery.h"
#include "x86/testing/test_machine.h"

#include <gtest/gtest.h>

#include <cstring>

namespace ringer::x86 {
namespace {

using testing::TestMachine;
using Ymm = std::array<u8, 32>;

constexpr u64 data = TestMachine::data_base;
constexpr u64 not_mapped = u64{1} << 30;

template <class T>
Ymm elements(std::initializer_list<T> values) {
    Ymm ymm{};
    std::memcpy(ymm.data(), values.begin(), values.size() * sizeof(T));
    return ymm;
}

class Vectors : public ::testing::Test {
  protected:
    /// Makes the page that begins at `linear` not present.
    void unmap(u64 linear) { machine.set_page_entry(linear, 0); }

    Flow step(std::initializer_list<u8> bytes) {
        cpu.state.rip = TestMachine::code_base;
        return machine.step(bytes);
    }
    bool raises(Vector vector, std::initializer_list<u8> bytes) {
        const CpuState before = cpu.state;
        const bool raised = step(bytes) == Flow::exception && cpu.exception.vector == vector;
        EXPECT_EQ(cpu.state.vector.ymm, before.vector.ymm);
        EXPECT_EQ(cpu.state.x87.st, before.x87.st);
        EXPECT_EQ(cpu.state.gpr, before.gpr);
        return raised;
    }

    TestMachine machine;
    Cpu& cpu = machine.cpu;
    std::array<Ymm, 16>& ymm = cpu.state.vector.ymm;
};

TEST_F(Vectors, SseNeedsItsControlBits) {
    const auto addps = {u8{0x0f}, u8{0x58}, u8{0xc1}};
    cpu.state.cr0 |= cr0::ts;
    EXPECT_TRUE(raises(Vector::device_not_available, addps));
    cpu.state.cr0 |= cr0::em;
    EXPECT_TRUE(raises(Vector::invalid_opcode, addps));
    cpu.state.cr0 &= ~(cr0::em | cr0::ts);
    cpu.state.cr4 &= ~cr4::osfxsr;
    EXPECT_TRUE(raises(Vector::invalid_opcode, addps));
    EXPECT_TRUE(raises(Vector::invalid_opcode, {0x0f, 0x28, 0xc1})); // movaps
}

TEST_F(Vectors, AvxNeedsItsControlBits) {
    const auto vaddps = {u8{0xc5}, u8{0xf4}, u8{0x58}, u8{0xc1}};
    ASSERT_EQ(step(vaddps), Flow::next);
    cpu.state.cr0 |= cr0::ts;
    EXPECT_TRUE(raises(Vector::device_not_available, vaddps));
    cpu.state.cr0 &= ~cr0::ts;
    cpu.state.xcr0 = 3;
    EXPECT_TRUE(raises(Vector::invalid_opcode, vaddps));
    EXPECT_TRUE(raises(Vector::invalid_opcode, {0xc5, 0xf8, 0x77})); // vzeroupper
    cpu.state.xcr0 = 7;
    cpu.state.cr4 &= ~cr4::osxsave;
    EXPECT_TRUE(raises(Vector::invalid_opcode, vaddps));
}

TEST_F(Vectors, MmxNeedsItsControlBitsAndNoPendingError) {
    const auto paddb = {u8{0x0f}, u8{0xfc}, u8{0xc1}};
    cpu.state.x87.control = 0x37e;
    cpu.state.x87.status = 0x8081;
    EXPECT_TRUE(raises(Vector::x87_error, paddb));
    EXPECT_TRUE(raises(Vector::x87_error, {0x0f, 0x77})); // emms
    cpu.state.cr0 |= cr0::ts;
    EXPECT_TRUE(raises(Vector::device_not_available, paddb));
    cpu.state.cr0 |= cr0::em;
    EXPECT_TRUE(raises(Vector::invalid_opcode, paddb));
}

TEST_F(Vectors, MmxRegistersAreX87Registers) {
    cpu.state.x87.status = 3 << 11;
    cpu.state.x87.st[(5 - 3) & 7][0] = 0x55;         // R5 is ST(2) while TOP is 3.
    ASSERT_EQ(step({0x0f, 0x6f, 0xc5}), Flow::next); // movq mm0, mm5
    EXPECT_EQ(cpu.state.x87.top(), 0u);
    EXPECT_EQ(cpu.state.x87.valid, 0xff);
    EXPECT_EQ(cpu.state.x87.st[0][0], 0x55);
    EXPECT_EQ(cpu.state.x87.st[0][9], 0xff);
    EXPECT_EQ(cpu.state.x87.st[5][0], 0x55);
    ASSERT_EQ(step({0x0f, 0x77}), Flow::next);
    EXPECT_EQ(cpu.state.x87.valid, 0);
}

TEST_F(Vectors, LegacyOperandsAreAligned) {
    cpu.state.gpr[rsi] = data + 8;
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0x58, 0x06}));       // addps
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0x28, 0x06}));       // movaps
    EXPECT_TRUE(raises(Vector::general_protection, {0x66, 0x0f, 0xe7, 0x06})); // movntdq
    EXPECT_TRUE(raises(Vector::general_protection, {0xc5, 0xfd, 0x6f, 0x06})); // vmovdqa ymm
    EXPECT_EQ(step({0x0f, 0x10, 0x06}), Flow::next);                           // movups
    EXPECT_EQ(step({0xc5, 0xfc, 0x58, 0x06}), Flow::next);                     // vaddps
    EXPECT_EQ(step({0x66, 0x0f, 0x3a, 0x63, 0x06, 0x00}), Flow::next);         // pcmpistri
    cpu.state.gpr[rsi] = data + 16;
    EXPECT_EQ(step({0x0f, 0x28, 0x06}), Flow::next);
    EXPECT_TRUE(raises(Vector::general_protection, {0xc5, 0xfd, 0x6f, 0x06}));
}

TEST_F(Vectors, StoreAcrossAPageIsWholeOrNothing) {
    unmap(data + 0x1000);
    ymm[1].fill(0xaa);
    cpu.state.gpr[rsi] = data + 0xff0;
    EXPECT_TRUE(raises(Vector::page_fault, {0xc5, 0xfe, 0x7f, 0x0e})); // vmovdqu [rsi], ymm1
    EXPECT_EQ(cpu.exception.address, data + 0x1000);
    EXPECT_EQ(machine.memory_value<u64>(data + 0xff0), 0u);
    EXPECT_TRUE(raises(Vector::page_fault, {0xc5, 0xfc, 0x58, 0x0e})); // vaddps ymm1, ymm0, [rsi]
}

TEST_F(Vectors, HighAndRipRelativeOperands) {
    machine.set_memory(TestMachine::code_base + 8 + 0x100, u64{0x1122334455667788});
    ASSERT_EQ(step({0xf3, 0x44, 0x0f, 0x7e, 0x3d, 0xff, 0x00, 0x00, 0x00}),
              Flow::next); // movq xmm15, [rip+0xff]
    EXPECT_EQ(ymm[15][0], 0x88);
    EXPECT_EQ(ymm[15][7], 0x11);
}

TEST_F(Vectors, VzeroStaysWithinTheModesRegisters) {
    for (Ymm& value : ymm) value.fill(0xff);
    ASSERT_EQ(step({0xc5, 0xf8, 0x77}), Flow::next);
    EXPECT_EQ(ymm[15][15], 0xff);
    EXPECT_EQ(ymm[15][16], 0);
    machine.enter_protected32(0);
    ASSERT_EQ(step({0xc5, 0xfc, 0x77}), Flow::next); // vzeroall
    EXPECT_EQ(ymm[7], Ymm{});
    EXPECT_EQ(ymm[8][0], 0);
}

TEST_F(Vectors, AvxDoesNotExistInRealMode) {
    machine.enter_real();
    cpu.state.cr4 = cr4::osfxsr | cr4::osxsave;
    cpu.state.xcr0 = 7;
    cpu.state.rip = 0;
    EXPECT_TRUE(machine.raises(Vector::invalid_opcode, {0xc5, 0xf4, 0x58, 0xc1}));
    EXPECT_EQ(machine.step({0x0f, 0x58, 0xc1}), Flow::next);
}

TEST_F(Vectors, MaskedMovesTouchOnlyWhatIsSelected) {
    unmap(data + 0x1000);
    cpu.state.gpr[rsi] = data + 0xff8;
    machine.set_memory(data + 0xff8, u64{0x22222222'11111111});
    ymm[1] = elements<u32>({0, 0x8000'0000, 0x7fff'ffff, 0});
    ASSERT_EQ(step({0xc4, 0xe2, 0x71, 0x8c, 0x06}), Flow::next); // vpmaskmovd xmm0, xmm1, [rsi]
    EXPECT_EQ(ymm[0], elements<u32>({0, 0x22222222, 0, 0}));
    ymm[2] = elements<u32>({1, 2, 3, 4});
    ASSERT_EQ(step({0xc4, 0xe2, 0x71, 0x8e, 0x16}), Flow::next); // vpmaskmovd [rsi], xmm1, xmm2
    EXPECT_EQ(machine.memory_value<u64>(data + 0xff8), 0x00000002'11111111u);
    ymm[1] = elements<u32>({0x8000'0000, 0, 0x8000'0000, 0});
    EXPECT_TRUE(raises(Vector::page_fault, {0xc4, 0xe2, 0x71, 0x8c, 0x06}));
    EXPECT_TRUE(raises(Vector::page_fault, {0xc4, 0xe2, 0x71, 0x8e, 0x16}));
    EXPECT_EQ(machine.memory_value<u64>(data + 0xff8), 0x00000002'11111111u);
}

TEST_F(Vectors, MaskmovdquWritesSelectedBytesThroughRdi) {
    cpu.state.gpr[rdi] = data;
    cpu.state.segments[gs].base = 0x40;
    ymm[0].fill(0x77);
    ymm[1] = elements<u8>({0x80, 0, 0xff, 0x7f});
    ASSERT_EQ(step({0x66, 0x0f, 0xf7, 0xc1}), Flow::next);
    EXPECT_EQ(machine.memory_value<u32>(data), 0x00770077u);
    ASSERT_EQ(step({0x65, 0x66, 0x0f, 0xf7, 0xc1}), Flow::next);
    EXPECT_EQ(machine.memory_value<u32>(data + 0x40), 0x00770077u);
}

TEST_F(Vectors, GatherLoadsSelectedElements) {
    for (u32 i = 0; i < 16; ++i) machine.set_memory(data + 4 * i, 100 + i);
    cpu.state.gpr[rsi] = data + 16;
    ymm[0].fill(0xee);
    ymm[1] = elements<u32>({~0u, 0, ~0u, ~0u, 0x8000'0000, 0, 0, ~0u});
    ymm[2] = elements<u32>({0, 1, 2, ~0u, 4, 5, 6, ~3u});
    ASSERT_EQ(step({0xc4, 0xe2, 0x75, 0x90, 0x04, 0x96}), Flow::next); // vpgatherdd ymm0, [rsi+ymm2*4], ymm1
    EXPECT_EQ(ymm[0], elements<u32>({104, 0xeeeeeeee, 106, 103, 108, 0xeeeeeeee, 0xeeeeeeee, 100}));
    EXPECT_EQ(ymm[1], Ymm{});
    EXPECT_TRUE(
        raises(Vector::invalid_opcode, {0xc4, 0xe2, 0x75, 0x90, 0x04, 0x8e})); // index and mask are one
}

TEST_F(Vectors, GatherWithWideIndicesFillsTheLowHalf) {
    machine.set_memory(data, u64{0x2222'2222'1111'1111});
    cpu.state.gpr[rsi] = data;
    ymm[0].fill(0xee);
    ymm[1].fill(0xff);
    ymm[2] = elements<u64>({4, 0});
    ASSERT_EQ(step({0xc4, 0xe2, 0x71, 0x91, 0x04, 0x16}), Flow::next); // vpgatherqd xmm0, [rsi+xmm2], xmm1
    EXPECT_EQ(ymm[0], elements<u32>({0x2222'2222, 0x1111'1111}));
    EXPECT_EQ(ymm[1], Ymm{});
}

TEST_F(Vectors, GatherThatFaultsKeepsWhatItHas) {
    unmap(data + 0x1000);
    cpu.state.gpr[rsi] = data;
    machine.set_memory(data, u64{0x1234});
    ymm[1] = elements<u64>({~u64{0}, ~u64{0}});
    ymm[2] = elements<u64>({0, 0x1000});
    ASSERT_EQ(step({0xc4, 0xe2, 0xf1, 0x91, 0x04, 0x16}),
              Flow::exception); // vpgatherqq xmm0, [rsi+xmm2], xmm1
    EXPECT_EQ(cpu.exception.vector, Vector::page_fault);
    EXPECT_EQ(ymm[0][0], 0x34);
    EXPECT_EQ(ymm[1], elements<u64>({0, ~u64{0}}));
    EXPECT_EQ(cpu.state.rip, TestMachine::code_base);
}

class SimdErrors : public Vectors {
    testing::SimdErrorRecovery recovery_{*cpu.model.stubs};
};

TEST_F(SimdErrors, UnmaskedDivisionByZero) {
    constexpr u32 zero_divide = 1 << 2;
    const auto divps = {u8{0x0f}, u8{0x5e}, u8{0xc1}};
    ymm[0] = elements<float>({1, 1, 1, 1});
    cpu.state.vector.mxcsr = 0x1f80 & ~(zero_divide << 7);
    EXPECT_TRUE(raises(Vector::simd_error, divps));
    EXPECT_EQ(cpu.state.vector.mxcsr, (0x1f80 & ~(zero_divide << 7)) | zero_divide);
    cpu.state.cr4 &= ~cr4::osxmmexcpt;
    EXPECT_TRUE(raises(Vector::invalid_opcode, divps));
    EXPECT_TRUE(raises(Vector::invalid_opcode, {0xc5, 0xf8, 0x5e, 0xc1})); // vdivps
    cpu.state.vector.mxcsr = 0x1f80;
    EXPECT_EQ(step(divps), Flow::next);
    EXPECT_EQ(ymm[0], elements<u32>({0x7f80'0000, 0x7f80'0000, 0x7f80'0000, 0x7f80'0000}));
    EXPECT_EQ(cpu.state.vector.mxcsr, 0x1f80 | zero_divide);
}

TEST_F(SimdErrors, RoundingModeStaysTheGuests) {
    cpu.state.vector.mxcsr = 0x1f80 | 2 << 13; // Up.
    ymm[1] = elements<float>({0.25f});
    ASSERT_EQ(step({0xf3, 0x0f, 0x2d, 0xc1}), Flow::next); // cvtss2si eax, xmm1
    EXPECT_EQ(cpu.state.gpr[rax], 1u);
    u32 host;
    asm volatile("stmxcsr %0" : "=m"(host));
    EXPECT_EQ(host & ~0x3fu, 0x1f80u);
}

/// An instruction without register extensions means the same in every protected mode, and gets the same stub.
TEST(HostStubs, AreSharedBetweenModesAndRegisters) {
    TestMachine machine;
    const auto stub_of = [&](std::span<const u8> bytes, CodeMode mode) -> const HostStub* {
        Instruction instruction;
        EXPECT_EQ(decode(bytes, mode, machine.model, instruction), DecodeStatus::ok);
        return instruction.handler(machine.cpu, instruction).flow() == Flow::next ? instruction.stub
                                                                                  : nullptr;
    };
    machine.cpu.state.gpr[rsi] = data;
    for (const u8 prefix : {0x66, 0xf3, 0xf2}) {
        for (unsigned opcode = 0x51; opcode < 0x70; ++opcode) {
            const std::array<u8, 4> low{prefix, 0x0f, static_cast<u8>(opcode), 0xca};
            const std::array<u8, 5> high{prefix, 0x45, 0x0f, static_cast<u8>(opcode), 0xfe};
            const HostStub* const expected = stub_of(low, CodeMode::long64);
            EXPECT_EQ(stub_of(high, CodeMode::long64), expected) << opcode;
            EXPECT_EQ(stub_of(low, CodeMode::protected32), expected) << opcode;
            EXPECT_EQ(stub_of(low, CodeMode::protected16), expected) << opcode;
        }
    }
    const std::array<u8, 3> near_operand{0x0f, 0x58, 0x0e}; // addps xmm1, [rsi]
    const std::array<u8, 4> displaced{0x0f, 0x58, 0x56, 0x10};
    EXPECT_NE(stub_of(near_operand, CodeMode::long64), nullptr);
    EXPECT_EQ(stub_of(near_operand, CodeMode::long64), stub_of(displaced, CodeMode::long64));
    EXPECT_EQ(stub_of(near_operand, CodeMode::long64), stub_of(displaced, CodeMode::protected32));
}

/// With room for few stubs at a time, all of them go on working.
TEST(HostStubs, CodeIsMadeAgainWhenItsMemoryWasFull) {
    testing::TestCodeMemory code(4 * KiB);
    HostStubs stubs(code.memory());
    TestMachine machine;
    CpuModel model = machine.model;
    model.stubs = &stubs;
    Cpu cpu(machine, model);
    cpu.state = machine.cpu.state;
    state_changed(cpu);
    // PSHUFD, PSHUFHW, PSHUFLW, SHUFPS, SHUFPD: five times 256 stubs of 20 bytes and more.
    constexpr std::array<std::array<u8, 3>, 5> forms{
        {{0x66, 0x0f, 0x70}, {0xf3, 0x0f, 0x70}, {0xf2, 0x0f, 0x70}, {0x40, 0x0f, 0xc6}, {0x66, 0x0f, 0xc6}}};
    std::vector<Instruction> instructions(forms.size() * 256);
    for (unsigned i = 0; i < instructions.size(); ++i) {
        const auto& form = forms[i / 256];
        const std::array<u8, 5> bytes{form[0], form[1], form[2], 0xc1, static_cast<u8>(i)};
        ASSERT_EQ(decode(bytes, CodeMode::long64, model, instructions[i]), DecodeStatus::ok);
    }
    cpu.state.vector.ymm[1] = elements<u32>({10, 11, 12, 13});
    for (unsigned round = 0; round < 3; ++round) {
        for (unsigned i = 0; i < instructions.size(); ++i) {
            ASSERT_EQ(instructions[i].handler(cpu, instructions[i]).flow(), Flow::next);
            ASSERT_TRUE(i >= 256 || cpu.state.vector.ymm[0][0] == 10 + i % 4);
        }
    }
    EXPECT_GT(stubs.times_filled(), 2u);
}

} // namespace
} // namespace ringer::x86
