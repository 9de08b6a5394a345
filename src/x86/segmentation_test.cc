#include "x86/testing/system_fixture.h"

namespace ringer::x86::testing {

namespace {

using SegmentationTest = SystemFixture;

TEST_F(SegmentationTest, DescriptorGivesTheHiddenPart) {
    const Segment segment = segment_from(0x50, {.low = descriptor(0x1234'5678, 0xabcde, code32 | for_users)});
    EXPECT_EQ(segment.base, 0x1234'5678u);
    EXPECT_EQ(segment.limit, 0xabcd'efffu);
    EXPECT_EQ(segment.dpl(), 3u);
    EXPECT_TRUE(segment.is_code());
    EXPECT_TRUE(segment.default_is_32());
    EXPECT_EQ(segment_from(0x50, {.low = descriptor(0, 0xabcde, 0x0092)}).limit, 0xabcdeu);
    EXPECT_EQ(
        segment_from(0x50, {.low = descriptor(0x89ab'cdef, 0x67, tss64_type), .high = 0xffff'8000}).base,
        0xffff'8000'89ab'cdefu);
}

TEST_F(SegmentationTest, LoadSetsTheAccessedBitOnce) {
    cpu.gpr(rax) = kernel_data;
    ASSERT_EQ(machine.step({0x8e, 0xd8}), Flow::next); // mov ds, eax
    EXPECT_TRUE(descriptor_at(kernel_data) >> 40 & 1);
    EXPECT_TRUE(cpu.state.segments[ds].attributes & 1);
    // From a page that cannot be written the load succeeds when the bit is set already.
    machine.set_page_entry(gdt, gdt | 1);
    EXPECT_EQ(machine.step({0x8e, 0xd8}), Flow::next);
    cpu.gpr(rax) = user_data;
    EXPECT_TRUE(machine.raises(Vector::page_fault, {0x8e, 0xd8}));
}

TEST_F(SegmentationTest, DataSegmentsAreCheckedForTypePrivilegeAndPresence) {
    enter_user64();
    const auto load_ds = [&](u16 selector) {
        cpu.gpr(rax) = selector;
        return machine.step({0x8e, 0xd8}) == Flow::exception ? std::optional(cpu.exception) : std::nullopt;
    };
    EXPECT_FALSE(load_ds(user_data));
    EXPECT_FALSE(load_ds(0));
    EXPECT_FALSE(load_ds(3));
    EXPECT_EQ(cpu.state.segments[ds].selector, 3);
    EXPECT_FALSE(cpu.state.segments[ds].present());
    EXPECT_EQ(load_ds(kernel_data)->error_code, kernel_data);
    set_segment(spare, 0xc0f8); // execute-only code
    EXPECT_EQ(load_ds(spare | 3)->vector, Vector::general_protection);
    set_segment(spare, 0xc0fa); // readable code
    EXPECT_FALSE(load_ds(spare | 3));
    set_segment(spare, 0xc09e); // readable conforming code of level 0
    EXPECT_FALSE(load_ds(spare | 3));
    set_segment(spare, 0xc072); // not present
    EXPECT_EQ(load_ds(spare | 3)->vector, Vector::segment_not_present);
    EXPECT_EQ(load_ds(0x80)->error_code, 0x80u) << "beyond the limit";
    EXPECT_EQ(load_ds(0x0c)->error_code, 0x0cu) << "there is no LDT";
    EXPECT_EQ(load_ds(tss_selector)->vector, Vector::general_protection);
}

TEST_F(SegmentationTest, StackSegmentMustFitThePrivilegeLevel) {
    cpu.gpr(rax) = kernel_data;
    EXPECT_EQ(machine.step({0x8e, 0xd0}), Flow::end_block);
    EXPECT_EQ(cpu.state.interrupt_shadow, InterruptShadow::events);
    cpu.gpr(rax) = user_data;
    EXPECT_TRUE(raises(Vector::general_protection, user_data & ~3, {0x8e, 0xd0}));
    set_segment(spare, 0xc012); // not present
    cpu.gpr(rax) = spare;
    EXPECT_TRUE(raises(Vector::stack_fault, spare, {0x8e, 0xd0}));
    set_segment(spare, 0xc090); // read-only
    EXPECT_TRUE(raises(Vector::general_protection, spare, {0x8e, 0xd0}));
}

TEST_F(SegmentationTest, NullStackSegmentIsFor64BitSupervisors) {
    cpu.gpr(rax) = 0;
    EXPECT_EQ(machine.step({0x8e, 0xd0}), Flow::end_block);
    cpu.gpr(rax) = 1;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x8e, 0xd0}));
    enter_protected32(0);
    cpu.gpr(rax) = 0;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x8e, 0xd0}));
}

TEST_F(SegmentationTest, LocalTableAnswersForItsSelectors) {
    set_descriptor(spare, descriptor(ldt, 0xf, ldt_type));
    machine.set_memory<u64>(gdt + spare + 8, 0);
    machine.set_memory(ldt + 8, descriptor(0x7000, 0xfff, 0x92));
    cpu.gpr(rax) = spare;
    ASSERT_EQ(machine.step({0x0f, 0x00, 0xd0}), Flow::next); // lldt ax
    cpu.gpr(rax) = 0x0c;
    ASSERT_EQ(machine.step({0x8e, 0xe0}), Flow::next); // mov fs, eax
    EXPECT_EQ(cpu.state.segments[fs].base, 0x7000u);
    cpu.gpr(rax) = 0x14;
    EXPECT_TRUE(raises(Vector::general_protection, 0x14, {0x8e, 0xe0}));
}

TEST_F(SegmentationTest, RealModeLoadKeepsTheLimit) {
    machine.enter_real();
    cpu.state.segments[ds].limit = 0xffff'ffff; // As left by protected mode: "unreal" mode.
    cpu.gpr(rax) = 0x1234;
    ASSERT_EQ(machine.step({0x8e, 0xd8}), Flow::next);
    EXPECT_EQ(cpu.state.segments[ds].base, 0x12340u);
    EXPECT_EQ(cpu.state.segments[ds].limit, 0xffff'ffffu);
}

TEST_F(SegmentationTest, LimitsUpAndDown) {
    const Segment up = segment_from(0, {.low = descriptor(0, 0xfff, 0x4092)});
    EXPECT_TRUE(within_limit(up, 0xffc, 4));
    EXPECT_FALSE(within_limit(up, 0xffd, 4));
    const Segment down = segment_from(0, {.low = descriptor(0, 0xfff, 0x4096)});
    EXPECT_FALSE(within_limit(down, 0xfff, 1));
    EXPECT_TRUE(within_limit(down, 0x1000, 4));
    EXPECT_TRUE(within_limit(down, 0xffff'fffc, 4));
    EXPECT_FALSE(within_limit(down, 0xffff'fffd, 4));
    const Segment small_down = segment_from(0, {.low = descriptor(0, 0xfff, 0x0096)});
    EXPECT_TRUE(within_limit(small_down, 0xfffc, 4));
    EXPECT_FALSE(within_limit(small_down, 0x10000, 1));
}

TEST_F(SegmentationTest, AccessesAreCheckedByType) {
    enter_protected32(0);
    CpuState& state = cpu.state;
    state.segments[ds].attributes = 0xc091; // read-only
    EXPECT_TRUE(segmented_address(cpu, ds, 0, 4, Access::read));
    EXPECT_FALSE(segmented_address(cpu, ds, 0, 4, Access::write));
    EXPECT_EQ(cpu.exception.vector, Vector::general_protection);
    state.segments[ds].attributes = 0xc099; // execute-only
    EXPECT_FALSE(segmented_address(cpu, ds, 0, 4, Access::read));
    state.segments[ds] = {};
    EXPECT_FALSE(segmented_address(cpu, ds, 0, 4, Access::read));
    state.segments[ss].limit = 10;
    EXPECT_FALSE(segmented_address(cpu, ss, 8, 4, Access::read));
    EXPECT_EQ(cpu.exception.vector, Vector::stack_fault);
    state.segments[es] = {.selector = 0x50, .attributes = 0xc093, .limit = 0xffff'ffff, .base = 0xffff'fff0};
    EXPECT_EQ(segmented_address(cpu, es, 0x20, 4, Access::read), 0x10u) << "linear addresses wrap at 4 GiB";
}

TEST_F(SegmentationTest, PushAndPopOfSegmentRegisters) {
    ASSERT_EQ(machine.step({0x0f, 0xa0}), Flow::next); // push fs
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 8);
    EXPECT_EQ(stack_slot(0), 0x10u);
    ASSERT_EQ(machine.step({0x0f, 0xa9}), Flow::next); // pop gs
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack);
    EXPECT_EQ(cpu.state.segments[gs].selector, 0x10);
    ASSERT_EQ(machine.step({0x66, 0x0f, 0xa0}), Flow::next);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 2);
}

TEST_F(SegmentationTest, PopOfABadSelectorLeavesTheStackPointer) {
    machine.set_memory<u64>(kernel_stack - 8, 0x7b);
    cpu.state.gpr[rsp] = kernel_stack - 8;
    EXPECT_TRUE(raises(Vector::general_protection, 0x78, {0x0f, 0xa1}));
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 8);
}

TEST_F(SegmentationTest, FarPointerLoads) {
    enter_protected32(0);
    machine.set_memory<u32>(TestMachine::data_base, 0x1122'3344);
    machine.set_memory<u16>(TestMachine::data_base + 4, user_data);
    cpu.gpr(rcx) = TestMachine::data_base;
    ASSERT_EQ(machine.step({0xc4, 0x01}), Flow::next); // les eax, [ecx]
    EXPECT_EQ(cpu.gpr(rax), 0x1122'3344u);
    EXPECT_EQ(cpu.state.segments[es].selector, user_data);
    machine.set_memory<u16>(TestMachine::data_base + 4, 0x7b);
    EXPECT_TRUE(raises(Vector::general_protection, 0x78, {0x0f, 0xb2, 0x01})); // lss eax, [ecx]
    EXPECT_EQ(cpu.gpr(rax), 0x1122'3344u);
}

TEST_F(SegmentationTest, SegmentBasesByInstruction) {
    cpu.gpr(rax) = 0x7fff'1234'5678;
    EXPECT_TRUE(machine.raises(Vector::invalid_opcode, {0xf3, 0x48, 0x0f, 0xae, 0xd0}));
    cpu.state.cr4 |= cr4::fsgsbase;
    ASSERT_EQ(machine.step({0xf3, 0x48, 0x0f, 0xae, 0xd0}), Flow::next); // wrfsbase rax
    EXPECT_EQ(cpu.state.segments[fs].base, 0x7fff'1234'5678u);
    ASSERT_EQ(machine.step({0xf3, 0x0f, 0xae, 0xc1}), Flow::next); // rdfsbase ecx
    EXPECT_EQ(cpu.gpr(rcx), 0x1234'5678u);
    cpu.gpr(rax) = 0x8000'0000'0000;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0xf3, 0x48, 0x0f, 0xae, 0xd8})); // wrgsbase rax
    cpu.state.msr.kernel_gs_base = 0x55;
    ASSERT_EQ(machine.step({0x0f, 0x01, 0xf8}), Flow::next); // swapgs
    EXPECT_EQ(cpu.state.segments[gs].base, 0x55u);
    EXPECT_EQ(cpu.state.msr.kernel_gs_base, 0u);
    enter_user64();
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x01, 0xf8}));
}

TEST_F(SegmentationTest, TableRegistersRoundTrip) {
    cpu.gpr(rcx) = TestMachine::data_base;
    machine.set_memory<u16>(TestMachine::data_base, 0x123);
    machine.set_memory<u64>(TestMachine::data_base + 2, 0xffff'8000'0000'1000);
    ASSERT_EQ(machine.step({0x0f, 0x01, 0x19}), Flow::next); // lidt [rcx]
    EXPECT_EQ(cpu.state.idtr.base, 0xffff'8000'0000'1000u);
    EXPECT_EQ(cpu.state.idtr.limit, 0x123);
    machine.set_memory<u64>(TestMachine::data_base + 2, 0x8000'0000'0000);
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x01, 0x11})); // lgdt [rcx]
    EXPECT_EQ(cpu.state.gdtr.base, gdt);
    ASSERT_EQ(machine.step({0x0f, 0x01, 0x01}), Flow::next); // sgdt [rcx]
    EXPECT_EQ(machine.memory_value<u64>(TestMachine::data_base + 2), gdt);
    enter_user64();
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x01, 0x11}));
    EXPECT_EQ(machine.step({0x0f, 0x01, 0x01}), Flow::next);
    cpu.state.cr4 |= cr4::umip;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x01, 0x01}));
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x01, 0xe0})); // smsw eax
}

TEST_F(SegmentationTest, SixteenBitLgdtTakes24BitsOfBase) {
    machine.enter_real();
    machine.set_memory<u16>(0x500, 0x27);
    machine.set_memory<u32>(0x502, 0xff12'3456);
    ASSERT_EQ(machine.step({0x0f, 0x01, 0x16, 0x00, 0x05}), Flow::next);
    EXPECT_EQ(cpu.state.gdtr.base, 0x12'3456u);
    ASSERT_EQ(machine.step({0x66, 0x0f, 0x01, 0x16, 0x00, 0x05}), Flow::next);
    EXPECT_EQ(cpu.state.gdtr.base, 0xff12'3456u);
    EXPECT_TRUE(machine.raises(Vector::invalid_opcode, {0x0f, 0x00, 0xd0})) << "LLDT needs protected mode";
}

TEST_F(SegmentationTest, TaskRegisterMarksItsTssBusy) {
    cpu.gpr(rax) = tss_selector;
    ASSERT_EQ(machine.step({0x0f, 0x00, 0xd8}), Flow::next); // ltr ax
    EXPECT_EQ(descriptor_at(tss_selector) >> 40 & 0xf, system_type::busy_tss);
    EXPECT_EQ(cpu.state.tr.base, tss);
    EXPECT_TRUE(raises(Vector::general_protection, tss_selector, {0x0f, 0x00, 0xd8})) << "busy now";
    cpu.gpr(rax) = 0;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x00, 0xd8}));
    ASSERT_EQ(machine.step({0x0f, 0x00, 0xc9}), Flow::next); // str ecx
    EXPECT_EQ(cpu.gpr(rcx), tss_selector);
}

TEST_F(SegmentationTest, QueriesAnswerInZeroFlag) {
    enter_user64();
    const auto zero_after = [&](u16 selector, std::initializer_list<u8> bytes) {
        cpu.gpr(rcx) = selector;
        EXPECT_EQ(machine.step(bytes), Flow::next);
        return (flags() & flag::zf) != 0;
    };
    EXPECT_TRUE(zero_after(user_data, {0x0f, 0x02, 0xc1})); // lar eax, ecx
    EXPECT_EQ(cpu.gpr(rax), 0x00cf'f200u);
    EXPECT_TRUE(zero_after(user_data, {0x48, 0x0f, 0x03, 0xc1})); // lsl rax, ecx
    EXPECT_EQ(cpu.gpr(rax), 0xffff'ffffu);
    cpu.gpr(rax) = 7;
    EXPECT_FALSE(zero_after(kernel_data, {0x0f, 0x03, 0xc1}));
    EXPECT_FALSE(zero_after(0, {0x0f, 0x02, 0xc1}));
    EXPECT_FALSE(zero_after(0x1230, {0x0f, 0x02, 0xc1}));
    EXPECT_EQ(cpu.gpr(rax), 7u);
    EXPECT_TRUE(zero_after(user_data, {0x0f, 0x00, 0xe9})); // verw cx
    EXPECT_FALSE(zero_after(user_code64, {0x0f, 0x00, 0xe9}));
    EXPECT_TRUE(zero_after(user_code64, {0x0f, 0x00, 0xe1})); // verr cx
    EXPECT_FALSE(zero_after(tss_selector, {0x0f, 0x00, 0xe1}));
}

TEST_F(SegmentationTest, ArplRaisesTheRequestedPrivilege) {
    enter_protected32(0);
    cpu.gpr(rax) = 0x51;
    cpu.gpr(rcx) = 0x03;
    ASSERT_EQ(machine.step({0x63, 0xc8}), Flow::next); // arpl ax, cx
    EXPECT_EQ(cpu.gpr(rax), 0x53u);
    EXPECT_TRUE(flags() & flag::zf);
    ASSERT_EQ(machine.step({0x63, 0xc8}), Flow::next);
    EXPECT_FALSE(flags() & flag::zf);
}

} // namespace

} // namespace ringer::x86::testing
