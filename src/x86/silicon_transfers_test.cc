#include "x86/testing/silicon_fixture.h"

#include <array>

/// Branches, calls and returns, stacks, strings, and prefixes that make another instruction of one.
namespace ringer::x86::testing {
namespace {

TEST_F(Silicon, RepeatedMoveHeedsFsOnEveryIteration) {
    cpu.state.segments[fs].base = data;
    for (u64 i = 0; i < 16; ++i) machine.set_memory(data + 0x10 + i, static_cast<u8>(i + 1));
    gpr(rsi) = 0x10;
    gpr(rdi) = data + 0x2000;
    gpr(rcx) = 16;
    ASSERT_EQ(step({0x8a, 0x06}), Flow::next); // mov al, [rsi], which makes the page of base 0 known
    Flow flow;
    do flow = step({0xf3, 0x64, 0xa4}); // rep movsb from fs
    while (flow == Flow::again);
    ASSERT_EQ(flow, Flow::next);
    for (u64 i = 0; i < 16; ++i) EXPECT_EQ(machine.memory_value<u8>(data + 0x2000 + i), i + 1);
}

TEST_F(Silicon, StringsAreLoadedBeforeTheirDestinationIsChecked) {
    enter_compatibility_mode(3);
    cpu.state.segments[es].limit = 0;
    gpr(rdi) = data;
    gpr(rsi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped, {0xa4})); // movsb
    gpr(rsi) = data;
    EXPECT_TRUE(raises(Vector::general_protection, {0xa4}));
}

TEST_F(Silicon, ComparedStringsAreReadAtTheirDestinationFirst) {
    gpr(rsi) = not_mapped;
    gpr(rdi) = not_mapped + 0x1000;
    gpr(rcx) = 1;
    EXPECT_TRUE(page_faults(gpr(rdi), {0xa7}));       // cmpsd
    EXPECT_TRUE(page_faults(gpr(rdi), {0xf3, 0xa7})); // repe cmpsd
}

/// REPE CMPSB of what is mapped nowhere.
template <bool source_first>
class RepeatedComparisonOfBytes : public Silicon {
  protected:
    RepeatedComparisonOfBytes() : Silicon(model()) {
        gpr(rsi) = not_mapped;
        gpr(rdi) = not_mapped + 0x1000;
        gpr(rcx) = 1;
    }

  private:
    static CpuModel model() {
        CpuModel model = host_model();
        model.repe_cmpsb_reads_source_first = source_first;
        return model;
    }
};
using Zen4Comparison = RepeatedComparisonOfBytes<true>;
using UsualComparison = RepeatedComparisonOfBytes<false>;

TEST_F(Zen4Comparison, ReadsItsSourceFirst) { EXPECT_TRUE(page_faults(gpr(rsi), {0xf3, 0xa6})); }

TEST_F(UsualComparison, ReadsItsDestinationFirst) { EXPECT_TRUE(page_faults(gpr(rdi), {0xf3, 0xa6})); }

TEST_F(Silicon, OutputNeedsItsPortEvenForNothing) {
    machine.enter_long64(3);
    constexpr u16 task_limit = 0x67;
    cpu.state.tr = {.selector = 0x40, .attributes = 0x8b, .limit = task_limit, .base = data};
    machine.set_memory(data + 0x66, u16{task_limit + 1}); // No I/O permission bitmap.
    gpr(rcx) = 0;
    EXPECT_TRUE(raises(Vector::general_protection, {0xf3, 0x6e})); // rep outsb
    EXPECT_TRUE(raises(Vector::general_protection, {0xf3, 0x6c})); // rep insb
}

TEST_F(AmdSilicon, PauseWithRexBIsAnExchange) {
    gpr(rax) = 1;
    gpr(r8) = 2;
    ASSERT_EQ(step({0xf3, 0x49, 0x90}), Flow::next);
    EXPECT_EQ(gpr(rax), 2);
    EXPECT_EQ(gpr(r8), 1);
}

TEST_F(Silicon, BoundsInstructionsAreNops) {
    machine.enter_protected16(0);
    gpr(rbx) = 0xffff;
    EXPECT_EQ(step({0x0f, 0x1b, 0x99, 0x4a, 0x69}), Flow::next); // bndstx [bx + di + 0x694a], bnd3
    EXPECT_EQ(step({0xf3, 0x0f, 0x1e, 0xfa}), Flow::next);       // endbr64
    EXPECT_EQ(step({0x0f, 0x1c, 0x00}), Flow::next);             // cldemote [bx + si]
}

TEST_F(Silicon, PopAllLoadsRegistersUpToTheFault) {
    enter_compatibility_mode(3);
    gpr(rsp) = ram_end - 4;
    gpr(rdi) = 1;
    machine.set_memory(ram_end - 4, u32{2});
    EXPECT_TRUE(page_faults(ram_end, {0x61}));
    EXPECT_EQ(gpr(rdi), 2);
    EXPECT_EQ(gpr(rsp), ram_end - 4);
}

TEST_F(Silicon, ArplWritesOnlyWhatChanges) {
    enter_compatibility_mode(3);
    machine.set_page_entry(data, machine.page_entry(data) & ~u64{2});
    machine.set_memory(data, u16{3});
    gpr(rsi) = data;
    gpr(rax) = 3;
    EXPECT_EQ(step({0x63, 0x06}), Flow::next); // arpl [esi], ax
    machine.set_memory(data, u16{0});
    EXPECT_TRUE(raises(Vector::page_fault, {0x63, 0x06}));
}

TEST_F(Silicon, SysexitIsPrivilegedBeforeItIsUndefined) {
    machine.enter_long64(3);
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0x35}));
}

TEST_F(Silicon, ReturnFramesAreReadFromTheTop) {
    gpr(rsp) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped + 16, {0x48, 0xcf})); // iretq
    EXPECT_TRUE(page_faults(not_mapped + 4, {0xcb}));        // retf
}

TEST_F(AmdSilicon, OperandSizePrefixNarrowsEveryNearBranch) {
    ASSERT_EQ(step({0x66, 0xeb, 0x10}), Flow::branch);
    EXPECT_EQ(cpu.state.rip, (TestMachine::code_base + 3 + 0x10) & 0xffff);
    cpu.state.rip = TestMachine::code_base;
    gpr(rax) = 0x1'2345;
    ASSERT_EQ(step({0x66, 0xff, 0xe0}), Flow::branch); // jmp ax
    EXPECT_EQ(cpu.state.rip, 0x2345);
}

TEST_F(AmdSilicon, RepeatPrefixChoosesTheConditionOfLoops) {
    gpr(rcx) = 5;
    cpu.state.rflags &= ~flag::zf;
    ASSERT_EQ(step({0xf2, 0xe1, 0x10}), Flow::branch); // loope with REPNE
    EXPECT_EQ(cpu.state.rip, TestMachine::code_base + 3 + 0x10);
}

TEST_F(AmdSilicon, HasNoPrefetchOfRegisters) {
    EXPECT_TRUE(raises(Vector::invalid_opcode, {0x0f, 0x0d, 0xc3}));
    gpr(rbx) = not_mapped;
    EXPECT_EQ(step({0x0f, 0x0d, 0x03}), Flow::next); // prefetch [rbx]
}

TEST_F(AmdSilicon, HasNoOperandOfUd0AndUd1) {
    EXPECT_TRUE(raises(Vector::invalid_opcode, {0x0f, 0xff}));
    EXPECT_TRUE(raises(Vector::invalid_opcode, {0x0f, 0xb9}));
}

TEST_F(AmdSilicon, FarReturnReadsAnOuterStackBeforeItChecksCode) {
    machine.enter_long64(3);
    gpr(rsp) = ram_end - 8;
    machine.set_memory(ram_end - 8, u64{0}); // A null selector, of an inner level.
    EXPECT_TRUE(page_faults(ram_end + 4, {0xcb}));
}

TEST_F(AmdSilicon, InterruptReturnReadsTheOuterStackBeforeItChecksCode) {
    gpr(rsp) = ram_end - 24;
    machine.set_memory(ram_end - 24, std::array<u64, 3>{0, 0, 2}); // A null selector.
    EXPECT_TRUE(page_faults(ram_end + 8, {0x48, 0xcf}));           // iretq
}

TEST_F(AmdSilicon, CallChecksTheStackBeforeItsTarget) {
    gpr(rax) = not_canonical;
    gpr(rsp) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped - 8, {0xff, 0xd0})); // call rax
    gpr(rsp) = data;
    machine.set_memory(data - 8, u64{0x1234});
    EXPECT_TRUE(raises(Vector::general_protection, {0xff, 0xd0}));
    EXPECT_EQ(gpr(rsp), data);
    EXPECT_EQ(machine.memory_value<u64>(data - 8), 0x1234);
}

TEST_F(IntelSilicon, CallHasPushedWhenItsTargetIsRefused) {
    gpr(rax) = not_canonical;
    gpr(rsp) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped - 8, {0xff, 0xd0})); // call rax
    gpr(rsp) = data;
    EXPECT_TRUE(raises(Vector::general_protection, {0xff, 0xd0}));
    EXPECT_EQ(gpr(rsp), data);
    EXPECT_EQ(machine.memory_value<u64>(data - 8), TestMachine::code_base + 2);
}

TEST_F(IntelSilicon, InterruptReturnChecksTheStackBeforeItsTarget) {
    const u16 code = put_descriptors(), bad_stack = 0x3c;
    gpr(rsp) = data + 0x1000;
    machine.set_memory(data + 0x1000, std::array<u64, 5>{not_canonical, code, 2, data, bad_stack});
    EXPECT_TRUE(raises(Vector::general_protection, {0x48, 0xcf})); // iretq
    EXPECT_EQ(cpu.exception.error_code, bad_stack);
}

TEST_F(AmdSilicon, FarCallToCompatibilityModeLeaves32BitsOfTheStackPointer) {
    const u16 code = put_descriptors();
    machine.set_memory(data, u32{0x5678});
    machine.set_memory(data + 4, code);
    gpr(rsp) = u64{1} << 32 | (data + 0x1000);
    ASSERT_EQ(step({0xff, 0x1e}), Flow::end_block); // call far [rsi]
    EXPECT_EQ(gpr(rsp), data + 0x1000 - 8);
}

TEST_F(Silicon, FarCallTo64BitModeKnowsNoBaseOfTheStack) {
    constexpr u64 long_code = 0x00af'9b00'0000'ffff;
    const u16 code = put_descriptors();
    enter_compatibility_mode(0);
    put_descriptors();
    machine.set_memory(cpu.state.gdtr.base + code, long_code);
    machine.set_memory(data, u32{0x5678});
    machine.set_memory(data + 4, code);
    cpu.state.segments[ss].base = 0x2000;
    gpr(rsi) = data;
    gpr(rsp) = data + 0x1000;
    ASSERT_EQ(step({0xff, 0x1e}), Flow::end_block); // call far [esi]
    EXPECT_EQ(machine.memory_value<u32>(data + 0x1000 - 8), TestMachine::code_base + 2);
    EXPECT_EQ(gpr(rsp), data + 0x1000 - 8);
}

TEST_F(AmdSilicon, FarCallPushesBeforeItChecksItsTarget) {
    const u16 code = put_descriptors();
    machine.set_memory(cpu.state.gdtr.base + code, u64{0x0040'9b00'0000'0fff}); // 4 KiB of 32-bit code
    machine.set_memory(data, u32{0x5678});
    machine.set_memory(data + 4, code);
    gpr(rsp) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped - 4, {0xff, 0x1e})); // call far [rsi]
    gpr(rsp) = data + 0x1000;
    EXPECT_TRUE(raises(Vector::general_protection, {0xff, 0x1e}));
    EXPECT_EQ(gpr(rsp), data + 0x1000);
}

TEST_F(AmdSilicon, ReturnToCompatibilityModeKeepsTheWholeOffset) {
    const u16 code = put_descriptors();
    gpr(rsp) = data + 0x1000;
    const u64 offset = u64{1} << 32 | 0x5678;
    machine.set_memory(data + 0x1000, std::array<u64, 5>{offset, code, 2, data, 0x10});
    EXPECT_TRUE(raises(Vector::general_protection, {0x48, 0xcf})); // iretq
    machine.set_memory(data + 0x1000, u64{0x5678});
    EXPECT_EQ(step({0x48, 0xcf}), Flow::end_block);
}

} // namespace
} // namespace ringer::x86::testing
