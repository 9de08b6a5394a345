#include "x86/extended_area.h"

#include "x86/testing/test_machine.h"

#include <gtest/gtest.h>

namespace ringer::x86 {
namespace {

using testing::TestMachine;
using Bytes = std::vector<u8>;

constexpr u64 data = TestMachine::data_base;

const Bytes fxsave{0x0f, 0xae, 0x06}, fxrstor{0x0f, 0xae, 0x0e};
const Bytes fxsave64{0x48, 0x0f, 0xae, 0x06}, fxrstor64{0x48, 0x0f, 0xae, 0x0e};
const Bytes xsave64{0x48, 0x0f, 0xae, 0x26}, xrstor64{0x48, 0x0f, 0xae, 0x2e};
const Bytes xsaveopt64{0x48, 0x0f, 0xae, 0x36}, xsavec64{0x48, 0x0f, 0xc7, 0x26};
const Bytes xgetbv{0x0f, 0x01, 0xd0}, xsetbv{0x0f, 0x01, 0xd1};
const Bytes ldmxcsr{0x0f, 0xae, 0x16}, stmxcsr{0x0f, 0xae, 0x1e};

class ExtendedState : public ::testing::Test {
  protected:
    ExtendedState() {
        cpu.state.gpr[rsi] = data;
        fill_state();
        for (u64 i = 0; i < 1024; i += 8) machine.set_memory(data + i, ~u64{0});
    }

    void fill_state() {
        for (unsigned i = 0; i < 16; ++i) cpu.state.vector.ymm[i].fill(static_cast<u8>(0x10 + i));
        cpu.state.vector.mxcsr = 0x3f80;
        cpu.state.x87 = {.control = 0x27f,
                         .status = 0x3800,
                         .valid = 0x80,
                         .opcode = 0x123,
                         .instruction_pointer = 0xffff'8000'1234'5678,
                         .data_pointer = 0x7fff'0000'1111,
                         .code_selector = 0x33,
                         .data_selector = 0x2b};
        cpu.state.x87.st[0].fill(0x3f);
        std::fill(cpu.state.x87.st[0].begin() + 10, cpu.state.x87.st[0].end(), u8{0});
    }

    void clear_header() {
        for (u64 i = 0; i < 64; i += 8) machine.set_memory(data + 512 + i, u64{0});
    }

    Flow step(const Bytes& bytes, u64 requested = ~u64{0}) {
        cpu.state.gpr[rax] = static_cast<u32>(requested);
        cpu.state.gpr[rdx] = requested >> 32;
        return machine.step(bytes);
    }
    bool raises(Vector vector, const Bytes& bytes, u64 requested = ~u64{0}) {
        return step(bytes, requested) == Flow::exception && cpu.exception.vector == vector;
    }
    template <class T>
    T at(u64 offset) const {
        return machine.memory_value<T>(data + offset);
    }

    void expect_state(const CpuState& expected) const {
        EXPECT_EQ(cpu.state.vector.ymm, expected.vector.ymm);
        EXPECT_EQ(cpu.state.vector.mxcsr, expected.vector.mxcsr);
        EXPECT_EQ(cpu.state.x87.st, expected.x87.st);
        EXPECT_EQ(cpu.state.x87.status, expected.x87.status);
        EXPECT_EQ(cpu.state.x87.control, expected.x87.control);
        EXPECT_EQ(cpu.state.x87.valid, expected.x87.valid);
    }

    TestMachine machine;
    Cpu& cpu = machine.cpu;
};

TEST_F(ExtendedState, FxsaveLaysOutItsImage) {
    cpu.state.x87.control = 0x27e;
    cpu.state.x87.status = 0xb881; // Pending, so that every maker's processors save the pointers.
    ASSERT_EQ(step(fxsave64), Flow::next);
    EXPECT_EQ(at<u16>(0), 0x27e);
    EXPECT_EQ(at<u16>(2), 0xb881);
    EXPECT_EQ(at<u16>(4), 0x80);
    EXPECT_EQ(at<u16>(6), 0x123);
    EXPECT_EQ(at<u64>(8), 0xffff'8000'1234'5678);
    EXPECT_EQ(at<u64>(16), 0x7fff'0000'1111u);
    EXPECT_EQ(at<u32>(24), 0x3f80u);
    EXPECT_EQ(at<u32>(28), 0xffffu);
    EXPECT_EQ(at<u16>(32 + 8), 0x3f3f);
    EXPECT_EQ(at<u8>(160 + 15 * 16), 0x1f);
    EXPECT_EQ(at<u8>(416), 0xff);
    ASSERT_EQ(step(fxsave), Flow::next);
    EXPECT_EQ(at<u64>(8), cpu.model.is_amd ? 0x33'1234'5678u : 0x1234'5678u);
    EXPECT_EQ(at<u64>(16), cpu.model.is_amd ? 0x2b'0000'1111u : 0x1111u);
}

TEST_F(ExtendedState, AmdSavesPointersOfPendingErrorsAlone) {
    ASSERT_EQ(step(fxsave64), Flow::next);
    EXPECT_EQ(at<u64>(8), cpu.model.is_amd ? 0 : cpu.state.x87.instruction_pointer);
    EXPECT_EQ(at<u64>(16), cpu.model.is_amd ? 0 : cpu.state.x87.data_pointer);
    EXPECT_EQ(at<u16>(6), cpu.model.is_amd ? 0 : cpu.state.x87.opcode);
}

TEST_F(ExtendedState, FxrstorBringsBackWhatFxsaveSaved) {
    const CpuState before = cpu.state;
    ASSERT_EQ(step(fxsave64), Flow::next);
    cpu.state.x87 = {};
    cpu.state.vector.mxcsr = 0x1f80;
    for (auto& ymm : cpu.state.vector.ymm) std::fill_n(ymm.begin(), 16, u8{0});
    ASSERT_EQ(step(fxrstor64), Flow::next);
    expect_state(before);
}

TEST_F(ExtendedState, OutsideOf64BitModeHalfOfTheRegistersAreSaved) {
    machine.enter_protected32(0);
    cpu.state.gpr[rsi] = data;
    fill_state();
    ASSERT_EQ(step(fxsave), Flow::next);
    EXPECT_EQ(at<u8>(160 + 7 * 16), 0x17);
    EXPECT_EQ(at<u8>(160 + 8 * 16), 0xff);
}

TEST_F(ExtendedState, FxrstorRefuses) {
    ASSERT_EQ(step(fxsave64), Flow::next);
    machine.set_memory(data + 24, u32{0x10000});
    EXPECT_TRUE(raises(Vector::general_protection, fxrstor64));
    cpu.state.gpr[rsi] = data + 8;
    EXPECT_TRUE(raises(Vector::general_protection, fxsave64));
    cpu.state.cr0 |= cr0::ts;
    EXPECT_TRUE(raises(Vector::device_not_available, fxsave64));
}

TEST_F(ExtendedState, XsaveWritesRequestedComponentsAndKeepsTheRestOfTheHeader) {
    clear_header();
    machine.set_memory(data + 512, u64{1});
    ASSERT_EQ(step(xsave64, component::sse | component::avx), Flow::next);
    EXPECT_EQ(at<u64>(512), 7u);
    EXPECT_EQ(at<u64>(520), 0u);
    EXPECT_EQ(at<u16>(0), 0xffff);
    EXPECT_EQ(at<u32>(24), 0x3f80u);
    EXPECT_EQ(at<u8>(160), 0x10);
    EXPECT_EQ(at<u8>(576 + 15 * 16), 0x1f);
    EXPECT_EQ(at<u8>(832), 0xff);
}

TEST_F(ExtendedState, InitialComponentsAreMarkedAndOptimisedAway) {
    clear_header();
    for (auto& ymm : cpu.state.vector.ymm) std::fill_n(ymm.begin() + 16, 16, u8{0});
    ASSERT_EQ(step(xsaveopt64), Flow::next);
    EXPECT_EQ(at<u64>(512), component::x87 | component::sse);
    EXPECT_EQ(at<u8>(576), 0xff);
    ASSERT_EQ(step(xsave64), Flow::next);
    EXPECT_EQ(at<u64>(512), component::x87 | component::sse);
    EXPECT_EQ(at<u8>(576), 0);
    cpu.state.gpr[rcx] = 1;
    ASSERT_EQ(step(xgetbv), Flow::next);
    EXPECT_EQ(cpu.state.gpr[rax], component::x87 | component::sse);
}

TEST_F(ExtendedState, EveryFormComesBack) {
    const CpuState before = cpu.state;
    for (const Bytes& save : {xsave64, xsaveopt64, xsavec64}) {
        clear_header();
        ASSERT_EQ(step(save), Flow::next);
        cpu.state.x87 = {};
        cpu.state.vector = {};
        ASSERT_EQ(step(xrstor64), Flow::next);
        expect_state(before);
    }
    EXPECT_EQ(at<u64>(520), u64{1} << 63 | 7);
}

TEST_F(ExtendedState, AbsentComponentsGetTheirInitialState) {
    clear_header();
    machine.set_memory(data + 24, u32{0x5f80});
    ASSERT_EQ(step(xrstor64), Flow::next);
    EXPECT_EQ(cpu.state.x87.control, 0x37f);
    EXPECT_EQ(cpu.state.x87.valid, 0);
    EXPECT_EQ(cpu.state.vector.ymm, VectorState{}.ymm);
    EXPECT_EQ(cpu.state.vector.mxcsr, 0x5f80u);
    fill_state();
    machine.set_memory(data + 520, u64{1} << 63 | 7);
    ASSERT_EQ(step(xrstor64, component::sse), Flow::next);
    EXPECT_EQ(cpu.state.vector.mxcsr, 0x1f80u);
    EXPECT_EQ(cpu.state.vector.ymm[3][0], 0);
    EXPECT_EQ(cpu.state.vector.ymm[3][16], 0x13);
    EXPECT_EQ(cpu.state.x87.control, 0x27f);
}

TEST_F(ExtendedState, XrstorRefusesBadHeaders) {
    const auto refuses = [&](u64 present, u64 compacted, u64 reserved_at) {
        clear_header();
        machine.set_memory(data + 512, present);
        machine.set_memory(data + 520, compacted);
        if (reserved_at) machine.set_memory(data + 512 + reserved_at, u64{1});
        return raises(Vector::general_protection, xrstor64, 0);
    };
    constexpr u64 compacted_format = u64{1} << 63;
    EXPECT_FALSE(refuses(7, 0, 0));
    EXPECT_FALSE(refuses(3, compacted_format | 7, 0));
    EXPECT_TRUE(refuses(8, 0, 0));
    EXPECT_TRUE(refuses(7, 1, 0));
    EXPECT_TRUE(refuses(7, 0, 16));
    EXPECT_FALSE(refuses(7, 0, 24));
    EXPECT_TRUE(refuses(7, compacted_format | 3, 0));
    EXPECT_TRUE(refuses(0, compacted_format | 8, 0));
    EXPECT_TRUE(refuses(0, compacted_format, 24));
}

TEST_F(ExtendedState, XsaveChecks) {
    cpu.state.gpr[rsi] = data + 32;
    EXPECT_TRUE(raises(Vector::general_protection, xsave64));
    cpu.state.cr0 |= cr0::ts;
    EXPECT_TRUE(raises(Vector::device_not_available, xsave64));
    cpu.state.cr4 &= ~cr4::osxsave;
    for (const Bytes& bytes : {xsave64, xrstor64, xsavec64, xgetbv, xsetbv})
        EXPECT_TRUE(raises(Vector::invalid_opcode, bytes));
}

TEST_F(ExtendedState, FaultInTheMiddleOfAnAreaLeavesNoTrace) {
    const u64 linear = data + 0x1000 - 576;
    for (u64 i = 0; i < 64; i += 8) machine.set_memory(linear + 512 + i, u64{0});
    machine.set_page_entry(data + 0x1000, 0);
    cpu.state.gpr[rsi] = linear;
    const CpuState before = cpu.state;
    EXPECT_TRUE(raises(Vector::page_fault, xsave64));
    EXPECT_EQ(machine.memory_value<u64>(linear), 0u);
    machine.set_memory(linear + 512, u64{7});
    EXPECT_TRUE(raises(Vector::page_fault, xrstor64));
    expect_state(before);
    EXPECT_EQ(step(xrstor64, component::x87), Flow::next);
}

TEST_F(ExtendedState, Xcr0TakesOnlySoundValues) {
    cpu.state.gpr[rcx] = 0;
    for (const u64 bad : {0, 2, 5, 6, 15})
        EXPECT_TRUE(raises(Vector::general_protection, xsetbv, bad)) << bad;
    EXPECT_TRUE(raises(Vector::general_protection, xsetbv, u64{1} << 32 | 3));
    EXPECT_EQ(step(xsetbv, 3), Flow::end_block);
    EXPECT_EQ(cpu.state.xcr0, 3u);
    ASSERT_EQ(step(xgetbv), Flow::next);
    EXPECT_EQ(cpu.state.gpr[rax], 3u);
    cpu.state.gpr[rcx] = 2;
    EXPECT_TRUE(raises(Vector::general_protection, xgetbv));
    EXPECT_TRUE(raises(Vector::general_protection, xsetbv, 3));
    cpu.state.gpr[rcx] = 0;
    machine.enter_long64(3);
    EXPECT_TRUE(raises(Vector::general_protection, xsetbv, 3));
}

TEST_F(ExtendedState, MxcsrHasNoReservedBits) {
    machine.set_memory(data, u32{0xffff});
    ASSERT_EQ(step(ldmxcsr), Flow::next);
    machine.set_memory(data, u32{0x1ffff});
    EXPECT_TRUE(raises(Vector::general_protection, ldmxcsr));
    ASSERT_EQ(step(stmxcsr), Flow::next);
    EXPECT_EQ(at<u32>(0), 0xffffu);
    cpu.state.cr4 &= ~cr4::osfxsr;
    EXPECT_TRUE(raises(Vector::invalid_opcode, ldmxcsr));
}

} // namespace
} // namespace ringer::x86
