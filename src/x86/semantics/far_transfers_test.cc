#include "x86/testing/system_fixture.h"

namespace ringer::x86::testing {

namespace {

class FarTransfersTest : public SystemFixture {
  protected:
    static constexpr u64 pointer = TestMachine::data_base;

    void set_pointer(u64 offset, u16 selector) {
        machine.set_memory<u32>(pointer, static_cast<u32>(offset));
        machine.set_memory<u16>(pointer + 4, selector);
        cpu.gpr(rcx) = pointer;
    }
    void set_call_gate(u16 selector, u16 target, unsigned type, unsigned dpl, unsigned parameters = 0) {
        const u64 low = (handler & 0xffff) | u64{target} << 16 | u64{parameters} << 32 |
                        u64{0x80 | dpl << 5 | type} << 40 | (handler >> 16 & 0xffff) << 48;
        set_descriptor(selector, low);
        machine.set_memory<u64>(gdt + (selector & 0xfff8) + 8, 0);
    }
    Flow far_call() { return machine.step({0xff, 0x19}); } // call far [rcx]
    Flow far_jump() { return machine.step({0xff, 0x29}); } // jmp far [rcx]
};

TEST_F(FarTransfersTest, JumpFromLongToCompatibilityMode) {
    set_pointer(0x1234, kernel_code32);
    ASSERT_EQ(far_jump(), Flow::end_block);
    EXPECT_EQ(cpu.code_mode, CodeMode::protected32);
    EXPECT_EQ(cpu.state.rip, 0x1234u);
    EXPECT_TRUE(descriptor_at(kernel_code32) >> 40 & 1) << "accessed";
}

TEST_F(FarTransfersTest, CallPushesAndReturnComesBack) {
    set_pointer(0x1234, kernel_code);
    if (!cpu.model.is_amd) { // Only Intel has 64-bit offsets.
        machine.set_memory<u64>(pointer, 0x1234);
        machine.set_memory<u16>(pointer + 8, kernel_code);
    }
    ASSERT_EQ(machine.step({0x48, 0xff, 0x19}), Flow::end_block);
    EXPECT_EQ(cpu.state.rip, 0x1234u);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 16);
    EXPECT_EQ(stack_slot(1), kernel_code);
    ASSERT_EQ(machine.step({0x48, 0xca, 0x10, 0x00}), Flow::end_block); // retfq 16
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack + 16);
    EXPECT_EQ(cpu.state.rip, TestMachine::code_base + 3);
}

TEST_F(FarTransfersTest, DirectTargetsMustBeOfTheSamePrivilege) {
    set_pointer(0, user_code64);
    EXPECT_EQ(far_jump(), Flow::exception);
    EXPECT_EQ(cpu.exception.error_code, user_code64 & ~3u);
    set_pointer(0, 0);
    EXPECT_EQ(far_jump(), Flow::exception);
    EXPECT_EQ(cpu.exception.error_code, 0u);
    set_pointer(0, kernel_data);
    EXPECT_EQ(far_jump(), Flow::exception);
    enter_user64();
    set_pointer(0x40, conforming_code | 3);
    EXPECT_EQ(far_jump(), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 3) << "conforming code keeps the caller's level";
    EXPECT_EQ(cpu.state.segments[cs].selector, conforming_code | 3);
}

TEST_F(FarTransfersTest, TargetsBeyondTheLimitFault) {
    set_descriptor(spare, descriptor(0, 0xfff, 0x409a));
    set_pointer(0x1000, spare);
    EXPECT_EQ(far_jump(), Flow::exception);
    EXPECT_EQ(cpu.exception.vector, Vector::general_protection);
    EXPECT_EQ(cpu.exception.error_code, 0u);
    set_pointer(0xfff, spare);
    EXPECT_EQ(far_jump(), Flow::end_block);
}

TEST_F(FarTransfersTest, LongModeCallGateSwitchesToTheInnerStack) {
    enter_user64();
    set_call_gate(spare, kernel_code, system_type::call_gate, 3);
    set_pointer(0, spare | 3);
    ASSERT_EQ(far_call(), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 0);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 32);
    EXPECT_EQ(stack_slot(0), user_code + 2);
    EXPECT_EQ(stack_slot(1), user_code64);
    EXPECT_EQ(stack_slot(2), user_stack);
    EXPECT_EQ(stack_slot(3), user_data);
    EXPECT_EQ(cpu.state.segments[ss].selector, 0);
    ASSERT_EQ(machine.step({0x48, 0xcb}), Flow::end_block); // retfq
    EXPECT_EQ(cpu.state.cpl, 3);
    EXPECT_EQ(cpu.state.gpr[rsp], user_stack);
    EXPECT_EQ(cpu.state.rip, user_code + 2);
}

TEST_F(FarTransfersTest, CallGateChecks) {
    enter_user64();
    set_call_gate(spare, kernel_code, system_type::call_gate, 0);
    set_pointer(0, spare | 3);
    EXPECT_EQ(far_call(), Flow::exception);
    EXPECT_EQ(cpu.exception.error_code, spare);
    set_call_gate(spare, kernel_code32, system_type::call_gate, 3);
    EXPECT_EQ(far_call(), Flow::exception);
    EXPECT_EQ(cpu.exception.error_code, kernel_code32);
    set_call_gate(spare, kernel_code, system_type::call_gate16, 3);
    EXPECT_EQ(far_call(), Flow::exception) << "long mode has no 16-bit gates";
    set_call_gate(spare, kernel_code, system_type::call_gate, 3);
    EXPECT_EQ(far_jump(), Flow::exception) << "a jump changes no privilege";
    machine.set_memory<u64>(gdt + spare + 8, u64{1} << 40);
    EXPECT_EQ(far_call(), Flow::exception) << "upper half looks like a descriptor";
}

TEST_F(FarTransfersTest, ProtectedModeCallGateCopiesParameters) {
    enter_protected32(3);
    set_call_gate(spare, kernel_code32, system_type::call_gate, 3, 2);
    machine.set_memory<u32>(user_stack, 0xaaaa);
    machine.set_memory<u32>(user_stack + 4, 0xbbbb);
    set_pointer(0, spare | 3);
    ASSERT_EQ(far_call(), Flow::end_block);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack - 24);
    EXPECT_EQ(stack_slot(0, 4), user_code + 2);
    EXPECT_EQ(stack_slot(2, 4), 0xaaaau);
    EXPECT_EQ(stack_slot(3, 4), 0xbbbbu);
    EXPECT_EQ(stack_slot(4, 4), user_stack);
    ASSERT_EQ(machine.step({0xca, 0x08, 0x00}), Flow::end_block); // retf 8
    EXPECT_EQ(cpu.state.cpl, 3);
    EXPECT_EQ(cpu.state.gpr[rsp], user_stack + 8);
}

TEST_F(FarTransfersTest, ReturnsNeverGoInward) {
    enter_user64();
    machine.set_memory<u64>(user_stack, handler);
    machine.set_memory<u64>(user_stack + 8, kernel_code);
    EXPECT_TRUE(raises(Vector::general_protection, kernel_code, {0x48, 0xcb}));
    EXPECT_EQ(cpu.state.gpr[rsp], user_stack);
}

TEST_F(FarTransfersTest, RealModeCallAndReturn) {
    machine.enter_real();
    cpu.state.gpr[rsp] = 0x8000;
    ASSERT_EQ(machine.step({0x9a, 0x10, 0x00, 0x00, 0x20}), Flow::end_block); // call 2000:0010
    EXPECT_EQ(cpu.state.segments[cs].base, 0x20000u);
    EXPECT_EQ(cpu.state.rip, 0x10u);
    ASSERT_EQ(machine.step({0xcb}), Flow::end_block);
    EXPECT_EQ(cpu.state.segments[cs].selector, 0x1000);
    EXPECT_EQ(cpu.state.rip, 5u);
}

TEST_F(FarTransfersTest, TheWayFromRealToLongMode) {
    machine.enter_real();
    cpu.state.gdtr = {.base = gdt, .limit = 0x7f};
    cpu.gpr(rax) = cr0::pe | cr0::et;
    ASSERT_EQ(machine.step({0x0f, 0x22, 0xc0}), Flow::end_block); // mov cr0, eax
    ASSERT_EQ(machine.step({0x66, 0xea, 0x00, 0x00, 0x01, 0x00, kernel_code32, 0x00}), Flow::end_block);
    EXPECT_EQ(cpu.code_mode, CodeMode::protected32);
    cpu.gpr(rax) = cr4::pae;
    machine.step({0x0f, 0x22, 0xe0});
    cpu.gpr(rax) = TestMachine::page_tables;
    machine.step({0x0f, 0x22, 0xd8});
    cpu.gpr(rcx) = 0xc000'0080;
    cpu.gpr(rax) = efer::lme;
    cpu.gpr(rdx) = 0;
    ASSERT_EQ(machine.step({0x0f, 0x30}), Flow::end_block);
    cpu.gpr(rax) = cr0::pe | cr0::pg | cr0::et;
    ASSERT_EQ(machine.step({0x0f, 0x22, 0xc0}), Flow::end_block);
    EXPECT_TRUE(cpu.long_mode_active());
    EXPECT_EQ(cpu.code_mode, CodeMode::protected32) << "compatibility mode until CS.L";
    ASSERT_EQ(machine.step({0xea, 0x00, 0x00, 0x02, 0x00, kernel_code, 0x00}), Flow::end_block);
    EXPECT_TRUE(cpu.long64());
    EXPECT_EQ(cpu.state.rip, 0x20000u);
}

TEST_F(FarTransfersTest, SyscallAndSysret) {
    enter_user64();
    cpu.state.msr.star = u64{0x1b} << 48 | u64{kernel_code} << 32;
    cpu.state.msr.lstar = handler;
    cpu.state.msr.fmask = flag::interrupt | flag::tf | flag::df;
    flags() |= flag::df | flag::cf;
    const u64 user_flags = flags();
    ASSERT_EQ(machine.step({0x0f, 0x05}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 0);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(cpu.gpr(rcx), user_code + 2);
    EXPECT_EQ(cpu.gpr(r11), user_flags);
    EXPECT_FALSE(flags() & (flag::interrupt | flag::df));
    EXPECT_TRUE(flags() & flag::cf);
    EXPECT_EQ(cpu.state.segments[cs].selector, kernel_code);
    EXPECT_EQ(cpu.state.segments[ss].selector, kernel_data);
    ASSERT_EQ(machine.step({0x48, 0x0f, 0x07}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 3);
    EXPECT_EQ(cpu.state.rip, user_code + 2);
    EXPECT_EQ(flags(), user_flags);
    EXPECT_EQ(cpu.state.segments[cs].selector, user_code64);
    EXPECT_EQ(cpu.state.segments[ss].selector, user_data);
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x48, 0x0f, 0x07})) << "from user mode";
    cpu.state.msr.efer &= ~efer::sce;
    EXPECT_TRUE(machine.raises(Vector::invalid_opcode, {0x0f, 0x05}));
}

TEST_F(FarTransfersTest, SysretToCompatibilityMode) {
    cpu.state.msr.star = u64{0x1b} << 48 | u64{kernel_code} << 32;
    cpu.gpr(rcx) = 0x1'0000'1000;
    cpu.gpr(r11) = flag::interrupt;
    ASSERT_EQ(machine.step({0x0f, 0x07}), Flow::end_block);
    EXPECT_EQ(cpu.code_mode, CodeMode::protected32);
    EXPECT_EQ(cpu.state.rip, 0x1000u);
    EXPECT_EQ(cpu.state.segments[cs].selector, user_code32);
}

TEST_F(FarTransfersTest, SysenterAndSysexitIn32BitMode) {
    enter_protected32(3);
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x34})) << "SYSENTER_CS is null";
    cpu.state.msr.sysenter_cs = kernel_code32;
    cpu.state.msr.sysenter_esp = kernel_stack;
    cpu.state.msr.sysenter_eip = handler;
    ASSERT_EQ(machine.step({0x0f, 0x34}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 0);
    EXPECT_EQ(cpu.state.rip, handler);
    EXPECT_EQ(cpu.state.gpr[rsp], kernel_stack);
    EXPECT_EQ(cpu.state.segments[ss].selector, kernel_code32 + 8);
    EXPECT_FALSE(flags() & flag::interrupt);
    cpu.gpr(rdx) = user_code;
    cpu.gpr(rcx) = user_stack;
    ASSERT_EQ(machine.step({0x0f, 0x35}), Flow::end_block);
    EXPECT_EQ(cpu.state.cpl, 3);
    EXPECT_EQ(cpu.state.segments[cs].selector, (kernel_code32 + 16) | 3);
    EXPECT_EQ(cpu.state.rip, user_code);
}

TEST_F(FarTransfersTest, IretqMayNotLoadAUsersNullStack) {
    const auto push_frame = [&](u16 code, u16 stack) {
        const std::array<u64, 5> frame{user_code, code, flag::reserved_one, user_stack, stack};
        machine.set_memory(kernel_stack - 40, frame);
        cpu.state.gpr[rsp] = kernel_stack - 40;
    };
    push_frame(user_code64, 3);
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x48, 0xcf}));
    push_frame(user_code64, kernel_data);
    EXPECT_TRUE(raises(Vector::general_protection, kernel_data, {0x48, 0xcf}));
    push_frame(kernel_code, 0);
    EXPECT_EQ(machine.step({0x48, 0xcf}), Flow::end_block);
    EXPECT_EQ(cpu.state.gpr[rsp], user_stack);
    flags() |= flag::nt;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x48, 0xcf})) << "no nested tasks in long mode";
}

} // namespace

} // namespace ringer::x86::testing
