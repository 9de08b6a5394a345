#include "x86/testing/system_fixture.h"

namespace ringer::x86::testing {

namespace {

using EventsTest = SystemFixture;

constexpr u8 vector_gp = 13, vector_pf = 14, vector_df = 8, vector_db = 1;

TEST_F(EventsTest, LongModeEntryAlignsTheStackAndSavesFiveValues) {
    set_gate64(0x80, interrupt_gate, 3);
    cpu.state.gpr[rsp] = kernel_stack + 4;
    const u64 old_flags = flags() |= flag::tf | flag::nt;
    EXPECT_EQ(machine.step({0xcd, 0x80}), Flow::end_block);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 40);
    EXPECT_EQ(stack_slot(0), TestMachine::code_base + 2);
    EXPECT_EQ(stack_slot(1), kernel_code);
    EXPECT_EQ(stack_slot(2), old_flags);
    EXPECT_EQ(stack_slot(3), kernel_stack + 4);
    EXPECT_EQ(stack_slot(4), kernel_data);
    EXPECT_FALSE(flags() & (flag::interrupt | flag::tf | flag::nt));
}

TEST_F(EventsTest, TrapGateKeepsInterruptsOn) {
    set_gate64(0x80, trap_gate, 3);
    machine.step({0xcd, 0x80});
    EXPECT_TRUE(flags() & flag::interrupt);
}

TEST_F(EventsTest, LongModeEntryFromUserTakesTheKernelStackAndNullSs) {
    enter_user64();
    set_gate64(0x80, interrupt_gate, 3);
    ASSERT_EQ(machine.step({0xcd, 0x80}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 0);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 40);
    EXPECT_EQ(cpu.state.segments[ss].selector, 0);
    EXPECT_EQ(stack_slot(1), user_code64);
    EXPECT_EQ(stack_slot(4), user_data);
    // And IRETQ goes back to exactly where it came from.
    ASSERT_EQ(machine.step({0x48, 0xcf}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 3);
    EXPECT_EQ(cpu.state.rip, user_code + 2);
    EXPECT_EQ(cpu.state.gpr[rsp], user_stack);
    EXPECT_EQ(cpu.state.segments[ss].selector, user_data);
    EXPECT_TRUE(cpu.long64());
}

TEST_F(EventsTest, CompatibilityModeCodeIsInterruptedByA64BitHandler) {
    enter_user64();
    ASSERT_TRUE(cpu.state.segments[cs].is_long());
    cpu.state.segments[cs] = segment_from(user_code32, {.low = descriptor_at(user_code32)});
    mode_changed(cpu);
    ASSERT_EQ(cpu.code_mode, CodeMode::protected32);
    set_gate64(0x80, interrupt_gate, 3);
    ASSERT_EQ(machine.step({0xcd, 0x80}), Flow::end_block);
    EXPECT_TRUE(cpu.long64());
    ASSERT_EQ(machine.step({0x48, 0xcf}), Flow::end_block);
    EXPECT_EQ(cpu.code_mode, CodeMode::protected32);
    EXPECT_EQ(cpu.state.gpr[rsp], user_stack);
}

TEST_F(EventsTest, InterruptStackTableIsUsedWithoutAChangeOfPrivilege) {
    set_gate64(vector_gp, interrupt_gate, 0, 1);
    general_protection(cpu, 0x1234);
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.gpr[rsp], interrupt_stack - 48);
    EXPECT_EQ(stack_slot(0), 0x1234u);
    EXPECT_EQ(stack_slot(1), TestMachine::code_base);
    EXPECT_EQ(cpu.state.segments[ss].selector, kernel_data);
}

TEST_F(EventsTest, FaultsArePushedWithResumeFlagAndInterruptsWithout) {
    set_gate64(vector_gp, interrupt_gate, 0);
    set_gate64(0x40, interrupt_gate, 0);
    general_protection(cpu);
    deliver_exception(cpu);
    EXPECT_TRUE(stack_slot(3) & flag::rf);
    EXPECT_FALSE(flags() & flag::rf);
    deliver_interrupt(cpu, static_cast<Vector>(0x40));
    EXPECT_FALSE(stack_slot(2) & flag::rf);
}

TEST_F(EventsTest, AnInterruptWithAnExceptionsVectorIsNoException) {
    set_gate64(vector_pf, interrupt_gate, 0);
    cpu.state.cr2 = 5;
    deliver_interrupt(cpu, Vector::page_fault);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 40);
    EXPECT_EQ(cpu.state.cr2, 5u);
}

TEST_F(EventsTest, SoftwareInterruptsNeedThePrivilegeOfTheGate) {
    enter_user64();
    set_gate64(0x80, interrupt_gate, 0);
    set_gate64(1, interrupt_gate, 0);
    set_gate64(3, interrupt_gate, 0);
    EXPECT_TRUE(raises(Vector::general_protection, 0x80 << 3 | 2, {0xcd, 0x80}));
    EXPECT_TRUE(raises(Vector::general_protection, 3 << 3 | 2, {0xcc}));
    // INT1 is not asked.
    EXPECT_EQ(machine.step({0xf1}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 0);
}

TEST_F(EventsTest, MissingGatesNameTheVectorInTheErrorCode) {
    set_gate64(0x80, interrupt_gate, 3);
    machine.set_memory<u8>(idt + 16 * 0x80 + 5, 0x6e); // Not present.
    EXPECT_TRUE(raises(Vector::segment_not_present, 0x80 << 3 | 2, {0xcd, 0x80}));
    cpu.state.idtr.limit = 0x7ff;
    EXPECT_TRUE(raises(Vector::general_protection, 0x80 << 3 | 2, {0xcd, 0x80}));
    // A 16-bit gate does not exist in long mode.
    cpu.state.idtr.limit = 0xfff;
    set_gate64(0x80, system_type::interrupt_gate16, 3);
    EXPECT_TRUE(raises(Vector::general_protection, 0x80 << 3 | 2, {0xcd, 0x80}));
}

TEST_F(EventsTest, HandlersMustBe64BitCode) {
    set_gate64(0x80, interrupt_gate, 3, 0, kernel_code32);
    EXPECT_TRUE(raises(Vector::general_protection, kernel_code32, {0xcd, 0x80}));
    set_gate64(0x80, interrupt_gate, 3, 0, kernel_data);
    EXPECT_TRUE(raises(Vector::general_protection, kernel_data, {0xcd, 0x80}));
    set_gate64(0x80, interrupt_gate, 3, 0, 0);
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0xcd, 0x80}));
}

TEST_F(EventsTest, PageFaultSetsCr2) {
    set_gate64(vector_pf, interrupt_gate, 0);
    raise_page_fault(cpu, 0xdead'beef'000, 6);
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.cr2, 0xdead'beef'000u);
    EXPECT_EQ(stack_slot(0), 6u);
}

TEST_F(EventsTest, ContributoryAfterContributoryMakesADoubleFault) {
    set_gate64(vector_df, interrupt_gate, 0, 1);
    // The gate of #GP is missing: #GP while delivering #GP.
    general_protection(cpu);
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.activity, Activity::running);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(cpu.state.gpr[rsp], interrupt_stack - 48);
    EXPECT_EQ(stack_slot(0), 0u);
}

TEST_F(EventsTest, BenignThenContributoryIsDeliveredAsTheSecond) {
    set_gate64(vector_gp, interrupt_gate, 0);
    invalid_opcode(cpu); // Its gate is missing: #GP, with EXT set.
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(stack_slot(0), 6u << 3 | 2 | 1);
}

TEST_F(EventsTest, PageFaultOnTheStackOfAPageFaultMakesADoubleFault) {
    set_gate64(vector_pf, interrupt_gate, 0);
    set_gate64(vector_df, interrupt_gate, 0, 1);
    cpu.state.gpr[rsp] = 0x5000'0000; // Not mapped.
    raise_page_fault(cpu, 0x7000'0000, 0);
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.gpr[rsp], interrupt_stack - 48);
    EXPECT_EQ(cpu.state.cr2, 0x5000'0000u - 8);
}

TEST_F(EventsTest, FaultInADoubleFaultShutsDown) {
    general_protection(cpu); // No gate at all.
    const u64 stack = cpu.state.gpr[rsp];
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.activity, Activity::shutdown);
    EXPECT_EQ(cpu.state.gpr[rsp], stack);
    EXPECT_FALSE(deliver_pending(cpu));
}

TEST_F(EventsTest, InterruptWakesFromHltAndWaitsForTheFlag) {
    set_gate64(0x41, interrupt_gate, 0);
    flags() &= ~flag::interrupt;
    ASSERT_EQ(machine.step({0xf4}), Flow::end_block);
    EXPECT_EQ(cpu.state.activity, Activity::halted);
    machine.interrupts().waiting = 0x41;
    cpu.interrupt_line = true;
    EXPECT_FALSE(deliver_pending(cpu));
    EXPECT_EQ(cpu.state.activity, Activity::halted);
    flags() |= flag::interrupt;
    EXPECT_TRUE(deliver_pending(cpu));
    EXPECT_EQ(cpu.state.activity, Activity::running);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(stack_slot(0), TestMachine::code_base + 1);
}

TEST_F(EventsTest, StiHoldsInterruptsForOneInstruction) {
    set_gate64(0x41, interrupt_gate, 0);
    flags() &= ~flag::interrupt;
    machine.interrupts().waiting = 0x41;
    cpu.interrupt_line = true;
    ASSERT_EQ(machine.step({0xfb}), Flow::end_block);
    EXPECT_TRUE(attention_needed(cpu));
    EXPECT_FALSE(deliver_pending(cpu));
    const Step step = begin_step(cpu);
    end_step(cpu, step, machine.step({0x90}));
    EXPECT_TRUE(deliver_pending(cpu));
    EXPECT_EQ(stack_slot(0), TestMachine::code_base + 2);
}

TEST_F(EventsTest, AnInstructionThatHasToWaitKeepsTheShadowAndResumeFlag) {
    cpu.state.interrupt_shadow = InterruptShadow::events;
    flags() |= flag::rf;
    const Step step = begin_step(cpu);
    EXPECT_FALSE(flags() & flag::rf);
    end_step(cpu, step, Flow::not_yet);
    EXPECT_EQ(cpu.state.interrupt_shadow, InterruptShadow::events);
    EXPECT_TRUE(flags() & flag::rf);
}

TEST_F(EventsTest, NmiIsBlockedUntilIret) {
    set_gate64(2, interrupt_gate, 0);
    cpu.state.nmi_pending = true;
    EXPECT_TRUE(deliver_pending(cpu));
    cpu.state.nmi_pending = true;
    EXPECT_FALSE(attention_needed(cpu));
    EXPECT_FALSE(deliver_pending(cpu));
    ASSERT_EQ(machine.step({0x48, 0xcf}), Flow::end_block);
    EXPECT_TRUE(deliver_pending(cpu));
}

TEST_F(EventsTest, SingleStepTrapsAfterTheInstruction) {
    set_gate64(vector_db, interrupt_gate, 0);
    flags() |= flag::tf;
    const Step step = begin_step(cpu);
    end_step(cpu, step, machine.step({0x90}));
    EXPECT_TRUE(deliver_pending(cpu));
    EXPECT_EQ(cpu.state.dr6, dr6::always_one | dr6::bs);
    EXPECT_EQ(stack_slot(0), TestMachine::code_base + 1);
    EXPECT_TRUE(stack_slot(2) & flag::tf);
    EXPECT_FALSE(flags() & flag::tf);
    EXPECT_FALSE(attention_needed(cpu));
}

TEST_F(EventsTest, SoftwareInterruptsAreNotSingleStepped) {
    set_gate64(0x80, trap_gate, 0);
    flags() |= flag::tf;
    const Step step = begin_step(cpu);
    end_step(cpu, step, machine.step({0xcd, 0x80}));
    EXPECT_EQ(cpu.state.pending_debug, 0u);
}

TEST_F(EventsTest, MovToSsHoldsOffTheTrap) {
    set_gate64(vector_db, interrupt_gate, 0);
    cpu.gpr(rax) = kernel_data;
    flags() |= flag::tf;
    Step step = begin_step(cpu);
    end_step(cpu, step, machine.step({0x8e, 0xd0})); // mov ss, eax
    EXPECT_FALSE(deliver_pending(cpu));
    step = begin_step(cpu);
    end_step(cpu, step, machine.step({0x90}));
    EXPECT_TRUE(deliver_pending(cpu));
    EXPECT_EQ(stack_slot(0), TestMachine::code_base + 3);
}

TEST_F(EventsTest, CodeBreakpointIsAFaultThatResumeFlagSilences) {
    set_gate64(vector_db, interrupt_gate, 0);
    cpu.state.dr[1] = TestMachine::code_base;
    cpu.state.dr7 |= 1 << 3; // G1, execution
    EXPECT_TRUE(attention_needed(cpu));
    flags() |= flag::rf;
    EXPECT_FALSE(deliver_pending(cpu));
    flags() &= ~flag::rf;
    EXPECT_TRUE(deliver_pending(cpu));
    EXPECT_EQ(cpu.state.dr6 & dr6::breakpoints, 2u);
    EXPECT_EQ(stack_slot(0), TestMachine::code_base);
    EXPECT_FALSE(stack_slot(2) & flag::rf);
}

TEST_F(EventsTest, DataBreakpointTrapsAfterTheAccess) {
    set_gate64(vector_db, interrupt_gate, 0);
    cpu.gpr(rax) = TestMachine::data_base + 2;
    cpu.state.dr[0] = TestMachine::data_base;
    cpu.state.dr7 |= 1 | 1 << 16 | 3 << 18; // L0, writes, 4 bytes
    state_changed(cpu);
    machine.step({0x8a, 0x18}); // mov bl, [rax]
    EXPECT_EQ(cpu.state.pending_debug, 0u);
    machine.step({0x88, 0x18}); // mov [rax], bl
    EXPECT_EQ(cpu.state.pending_debug, 1u);
    EXPECT_TRUE(deliver_pending(cpu));
    EXPECT_EQ(stack_slot(0), TestMachine::code_base + 4);
}

TEST_F(EventsTest, InitRestartsAtTheResetVectorAndKeepsVectorState) {
    cpu.state.vector.ymm[3][5] = 77;
    cpu.state.msr.lstar = 0x1000;
    cpu.state.activity = Activity::shutdown;
    cpu.state.retired = 99;
    cpu.state.init_pending = true;
    EXPECT_TRUE(attention_needed(cpu));
    EXPECT_TRUE(deliver_pending(cpu));
    EXPECT_EQ(cpu.state.rip, 0xfff0u);
    EXPECT_EQ(cpu.state.segments[cs].base, 0xffff'0000u);
    EXPECT_EQ(cpu.state.vector.ymm[3][5], 77);
    EXPECT_EQ(cpu.state.msr.lstar, 0x1000u);
    EXPECT_EQ(cpu.state.retired, 99u);
    EXPECT_EQ(cpu.state.activity, Activity::running);
    EXPECT_EQ(cpu.code_mode, CodeMode::real16);
}

TEST_F(EventsTest, RealModeUsesTheVectorTable) {
    machine.enter_real();
    machine.set_memory<u32>(0x21 * 4, 0x1234'5678);
    cpu.state.gpr[rsp] = 0x8000;
    flags() |= flag::interrupt | flag::tf;
    ASSERT_EQ(machine.step({0xcd, 0x21}), Flow::end_block);
    EXPECT_EQ(cpu.state.segments[cs].selector, 0x1234);
    EXPECT_EQ(cpu.state.segments[cs].base, 0x12340u);
    EXPECT_EQ(cpu.state.rip, 0x5678u);
    EXPECT_EQ(cpu.state.gpr[rsp], 0x7ffau);
    EXPECT_EQ(machine.memory_value<u16>(0x7ffa), 2);
    EXPECT_FALSE(flags() & (flag::interrupt | flag::tf));
    ASSERT_EQ(machine.step({0xcf}), Flow::end_block);
    EXPECT_EQ(cpu.state.segments[cs].selector, 0x1000);
    EXPECT_EQ(cpu.state.rip, 2u);
    EXPECT_TRUE(flags() & flag::tf);
}

TEST_F(EventsTest, RealModeStackThatWrapsWithinAWordShutsDown) {
    machine.enter_real();
    cpu.state.gpr[rsp] = 1;
    general_protection(cpu);
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.activity, Activity::shutdown);
}

TEST_F(EventsTest, ProtectedModeEntryFromUserSwitchesTheStack) {
    enter_protected32(3);
    set_gate32(0x80, interrupt_gate, 3);
    ASSERT_EQ(machine.step({0xcd, 0x80}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 0);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 20);
    EXPECT_EQ(cpu.state.segments[ss].selector, kernel_data);
    EXPECT_EQ(stack_slot(0, 4), user_code + 2);
    EXPECT_EQ(stack_slot(1, 4), user_code32);
    EXPECT_EQ(stack_slot(3, 4), user_stack);
    EXPECT_EQ(stack_slot(4, 4), user_data);
    cpu.state.segments[ds] = segment_from(kernel_data, {.low = descriptor_at(kernel_data)});
    ASSERT_EQ(machine.step({0xcf}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 3);
    EXPECT_EQ(cpu.state.gpr[rsp], user_stack);
    EXPECT_EQ(cpu.state.segments[ds].selector, 0) << "a kernel segment must not leak to the user";
    EXPECT_TRUE(cpu.state.segments[es].present());
}

TEST_F(EventsTest, SixteenBitGatePushesWords) {
    enter_protected32(0);
    set_gate32(vector_gp, system_type::interrupt_gate16, 0, kernel_code16);
    machine.set_memory<u16>(idt + 8 * vector_gp, 0x4444);
    general_protection(cpu, 0x18);
    deliver_exception(cpu);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 8);
    EXPECT_EQ(stack_slot(0, 2), 0x18u);
    EXPECT_EQ(cpu.state.rip, 0x4444u);
    EXPECT_EQ(cpu.code_mode, CodeMode::protected16);
}

TEST_F(EventsTest, BadInnerStackIsInvalidTss) {
    enter_protected32(3);
    set_gate32(0x80, interrupt_gate, 3);
    machine.set_memory<u32>(tss + 8, user_data);
    EXPECT_TRUE(raises(Vector::invalid_tss, user_data & ~3u, {0xcd, 0x80}));
    machine.set_memory<u32>(tss + 8, 0);
    EXPECT_TRUE(raises(Vector::invalid_tss, 0, {0xcd, 0x80}));
    cpu.state.tr.limit = 8;
    EXPECT_TRUE(raises(Vector::invalid_tss, tss_selector, {0xcd, 0x80}));
}

TEST_F(EventsTest, Virtual8086EntryAndReturn) {
    enter_virtual8086();
    flags() |= flag::iopl;
    set_gate32(0x21, interrupt_gate, 3);
    ASSERT_EQ(machine.step({0xcd, 0x21}), Flow::end_block);
    EXPECT_FALSE(cpu.virtual8086());
    EXPECT_EQ(cpu.state.cpl, 0);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 36);
    EXPECT_EQ(stack_slot(0, 4), 0x102u);
    EXPECT_EQ(stack_slot(3, 4), 0x1000u);
    EXPECT_EQ(stack_slot(5, 4), 0x2000u); // ES
    EXPECT_EQ(stack_slot(8, 4), 0x2500u); // GS
    EXPECT_FALSE(cpu.state.segments[ds].present());
    ASSERT_EQ(machine.step({0xcf}), Flow::end_block);
    EXPECT_TRUE(cpu.virtual8086());
    EXPECT_EQ(cpu.state.cpl, 3);
    EXPECT_EQ(cpu.state.segments[gs].base, 0x25000u);
    EXPECT_EQ(cpu.state.gpr[rsp], 0x1000u);
}

TEST_F(EventsTest, Virtual8086InterruptNeedsIopl3) {
    enter_virtual8086();
    set_gate32(0x21, interrupt_gate, 3);
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0xcd, 0x21}));
}

TEST_F(EventsTest, VmeSendsInterruptsBackToTheProgram) {
    enter_virtual8086();
    cpu.state.cr4 |= cr4::vme;
    flags() |= flag::vif;
    machine.set_memory<u16>(tss + 0x66, 0x88); // The redirection bitmap begins 32 bytes earlier, at 0x68.
    cpu.state.tr.limit = 0x100;
    machine.set_memory<u32>(0x21 * 4, 0x0300'0010);
    ASSERT_EQ(machine.step({0xcd, 0x21}), Flow::end_block);
    EXPECT_TRUE(cpu.virtual8086());
    EXPECT_EQ(cpu.state.segments[cs].selector, 0x300);
    EXPECT_EQ(cpu.state.rip, 0x10u);
    const auto image = machine.memory_value<u16>(0x22000 + 0xffe);
    EXPECT_TRUE(image & flag::interrupt) << "shows VIF";
    EXPECT_EQ(image & flag::iopl, flag::iopl);
    EXPECT_FALSE(flags() & flag::vif);
    EXPECT_TRUE(flags() & flag::interrupt) << "the real flag is the supervisor's";
    ASSERT_EQ(machine.step({0xcf}), Flow::end_block);
    EXPECT_TRUE(flags() & flag::vif);
    // With its bit set, the interrupt goes to the supervisor.
    machine.set_memory<u8>(tss + 0x68 + 0x21 / 8, 1 << (0x21 % 8));
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0xcd, 0x21}));
}

} // namespace

} // namespace ringer::x86::testing
