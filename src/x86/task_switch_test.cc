#include "x86/testing/system_fixture.h"

namespace ringer::x86::testing {

namespace {

class TaskSwitchTest : public SystemFixture {
  protected:
    static constexpr u64 new_tss = 0x134000;
    static constexpr u16 new_selector = 0x50;

    TaskSwitchTest() {
        enter_protected32(0);
        set_descriptor(tss_selector, descriptor(tss, 0x67, tss32_type | 2)); // Busy: the current one.
        set_descriptor(new_selector, descriptor(new_tss, 0x67, tss32_type));
        put(0x20, user_code);
        put(0x24, flag::reserved_one | flag::interrupt | flag::cf);
        for (u64 i = 0; i < 8; ++i) put(0x28 + 4 * i, 0x100 + i);
        for (u64 i = 0; i < 6; ++i) put(0x48 + 4 * i, kernel_data);
        put(0x4c, kernel_code32);
        put(0x60, 0);
        put(0x64, 0);
        cpu.gpr(rcx) = 0x1111;
    }
    void put(u64 offset, u64 value) { machine.set_memory<u32>(new_tss + offset, static_cast<u32>(value)); }
    unsigned type_of(u16 selector) const { return descriptor_at(selector) >> 40 & 0xf; }
    Flow jump(u16 selector) {
        const auto low = static_cast<u8>(selector);
        return machine.step({0xea, 0, 0, 0, 0, low, 0});
    }
    Flow call(u16 selector) {
        const auto low = static_cast<u8>(selector);
        return machine.step({0x9a, 0, 0, 0, 0, low, 0});
    }
};

TEST_F(TaskSwitchTest, JumpSavesTheOldTaskAndLoadsTheNew) {
    flags() |= flag::zf;
    cpu.state.dr7 |= 3;
    ASSERT_EQ(jump(new_selector), Flow::end_block);
    EXPECT_EQ(machine.memory_value<u32>(tss + 0x20), user_code + 7);
    EXPECT_EQ(machine.memory_value<u32>(tss + 0x24), flag::reserved_one | flag::interrupt | flag::zf);
    EXPECT_EQ(machine.memory_value<u32>(tss + 0x2c), 0x1111u);
    EXPECT_EQ(machine.memory_value<u16>(tss + 0x4c), kernel_code32);
    EXPECT_EQ(cpu.state.rip, user_code);
    EXPECT_EQ(flags(), flag::reserved_one | flag::interrupt | flag::cf);
    EXPECT_EQ(cpu.gpr(rcx), 0x101u);
    EXPECT_EQ(cpu.state.gpr[rdi], 0x107u);
    EXPECT_EQ(cpu.state.tr.selector, new_selector);
    EXPECT_EQ(type_of(new_selector), system_type::busy_tss);
    EXPECT_EQ(type_of(tss_selector), system_type::tss);
    EXPECT_TRUE(cpu.state.cr0 & cr0::ts);
    EXPECT_EQ(cpu.state.dr7 & 3, 2u) << "local breakpoints belong to the old task";
}

TEST_F(TaskSwitchTest, CallNestsAndIretReturns) {
    ASSERT_EQ(call(new_selector), Flow::end_block);
    EXPECT_TRUE(flags() & flag::nt);
    EXPECT_EQ(machine.memory_value<u16>(new_tss), tss_selector);
    EXPECT_EQ(type_of(tss_selector), system_type::busy_tss);
    ASSERT_EQ(machine.step({0xcf}), Flow::end_block);
    EXPECT_EQ(cpu.state.tr.selector, tss_selector);
    EXPECT_EQ(cpu.state.rip, user_code + 7);
    EXPECT_FALSE(flags() & flag::nt);
    EXPECT_EQ(type_of(new_selector), system_type::tss);
    EXPECT_EQ(cpu.gpr(rcx), 0x1111u);
    EXPECT_FALSE(machine.memory_value<u32>(new_tss + 0x24) & flag::nt);
}

TEST_F(TaskSwitchTest, BusyShortAndMissingTasksAreRefused) {
    EXPECT_EQ(jump(tss_selector), Flow::exception);
    EXPECT_EQ(cpu.exception.vector, Vector::general_protection);
    EXPECT_EQ(cpu.exception.error_code, tss_selector);
    set_descriptor(new_selector, descriptor(new_tss, 0x66, tss32_type));
    EXPECT_EQ(jump(new_selector), Flow::exception);
    EXPECT_EQ(cpu.exception.vector, Vector::invalid_tss);
    set_descriptor(new_selector, descriptor(new_tss, 0x67, 0x09));
    EXPECT_EQ(jump(new_selector), Flow::exception);
    EXPECT_EQ(cpu.exception.vector, Vector::segment_not_present);
    EXPECT_EQ(cpu.state.tr.selector, tss_selector);
}

TEST_F(TaskSwitchTest, ExceptionThroughATaskGatePushesItsErrorCode) {
    machine.set_memory(idt + 8 * 13, u64{new_selector} << 16 | u64{0x85} << 40);
    put(0x38, kernel_stack - 0x100); // ESP
    general_protection(cpu, 0x4242);
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.tr.selector, new_selector);
    EXPECT_EQ(cpu.state.rip, user_code);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 0x104);
    EXPECT_EQ(stack_slot(0, 4), 0x4242u);
    EXPECT_TRUE(machine.memory_value<u32>(tss + 0x24) & flag::rf);
}

TEST_F(TaskSwitchTest, BadSegmentsFaultInTheNewTask) {
    set_gate32(10, interrupt_gate, 0);
    put(0x38, kernel_stack - 0x100);
    put(0x54, user_code32 & ~3u); // DS: DPL 3 code is readable; ES is bad instead.
    put(0x48, 0x7a);
    ASSERT_EQ(jump(new_selector), Flow::end_block);
    EXPECT_EQ(cpu.state.tr.selector, new_selector);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(stack_slot(0, 4), 0x78u);
    EXPECT_EQ(stack_slot(1, 4), user_code);
}

TEST_F(TaskSwitchTest, SixteenBitTask) {
    set_descriptor(new_selector, descriptor(new_tss, 0x2b, tss16_type));
    for (u64 offset = 0; offset < 0x2c; offset += 2) machine.set_memory<u16>(new_tss + offset, 0);
    machine.set_memory<u16>(new_tss + 0x0e, 0x777);
    machine.set_memory<u16>(new_tss + 0x10, 2);
    machine.set_memory<u16>(new_tss + 0x14, 0xbeef); // CX
    for (const u64 offset : {0x22, 0x26, 0x28}) machine.set_memory<u16>(new_tss + offset, kernel_data);
    machine.set_memory<u16>(new_tss + 0x24, kernel_code16);
    ASSERT_EQ(jump(new_selector), Flow::end_block);
    EXPECT_EQ(cpu.state.rip, 0x777u);
    EXPECT_EQ(cpu.gpr(rcx) & 0xffff, 0xbeefu);
    EXPECT_EQ(cpu.code_mode, CodeMode::protected16);
    EXPECT_EQ(cpu.state.segments[fs].selector, 0);
}

TEST_F(TaskSwitchTest, DebugTrapBitTrapsBeforeTheFirstInstruction) {
    set_gate32(1, interrupt_gate, 0);
    put(0x38, kernel_stack - 0x100);
    put(0x64, 1);
    ASSERT_EQ(jump(new_selector), Flow::end_block);
    EXPECT_TRUE(deliver_pending(cpu));
    EXPECT_TRUE(cpu.state.dr6 & dr6::bt);
    EXPECT_EQ(stack_slot(0, 4), user_code);
}

TEST_F(TaskSwitchTest, SwitchIntoVirtual8086Mode) {
    put(0x24, flag::reserved_one | flag::vm);
    put(0x20, 0x10);
    for (u64 i = 0; i < 6; ++i) put(0x48 + 4 * i, 0x2000);
    ASSERT_EQ(jump(new_selector), Flow::end_block);
    EXPECT_TRUE(cpu.virtual8086());
    EXPECT_EQ(cpu.state.cpl, 3);
    EXPECT_EQ(cpu.state.segments[cs].base, 0x20000u);
    EXPECT_EQ(cpu.code_mode, CodeMode::real16);
}

TEST_F(TaskSwitchTest, LongModeHasNoTasks) {
    const CpuState before = cpu.state;
    machine.enter_long64(0);
    keep_tables(before);
    machine.set_memory<u32>(TestMachine::data_base, 0);
    machine.set_memory<u16>(TestMachine::data_base + 4, new_selector);
    cpu.gpr(rcx) = TestMachine::data_base;
    EXPECT_TRUE(raises(Vector::general_protection, new_selector, {0xff, 0x29}));
}

} // namespace

} // namespace ringer::x86::testing
