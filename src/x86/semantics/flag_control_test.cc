#include "x86/testing/system_fixture.h"

namespace ringer::x86::testing {

namespace {

using FlagControlTest = SystemFixture;

constexpr std::initializer_list<u8> cli{0xfa}, sti{0xfb}, pushf{0x9c}, popf{0x9d};

TEST_F(FlagControlTest, LahfSahfAndSingleFlags) {
    flags() = flag::reserved_one | flag::cf | flag::zf | flag::of;
    machine.step({0x9f});
    EXPECT_EQ(cpu.gpr(rax), 0x4300u);
    cpu.gpr(rax) = 0xff00;
    machine.step({0x9e});
    EXPECT_EQ(flags(), flag::status | flag::reserved_one);
    machine.step({0xf5});
    EXPECT_FALSE(flags() & flag::cf);
    machine.step({0xf9});
    EXPECT_TRUE(flags() & flag::cf);
    machine.step({0xfd});
    EXPECT_TRUE(flags() & flag::df);
    machine.step({0xfc});
    EXPECT_FALSE(flags() & flag::df);
}

TEST_F(FlagControlTest, InterruptFlagNeedsIopl) {
    enter_user64();
    EXPECT_TRUE(raises(Vector::general_protection, 0, cli));
    EXPECT_TRUE(raises(Vector::general_protection, 0, sti));
    flags() |= flag::iopl;
    EXPECT_EQ(machine.step(cli), Flow::next);
    EXPECT_FALSE(flags() & flag::interrupt);
    EXPECT_EQ(machine.step(sti), Flow::end_block);
    EXPECT_EQ(cpu.state.interrupt_shadow, InterruptShadow::interrupts);
}

TEST_F(FlagControlTest, StiWithInterruptsOnCastsNoShadow) {
    EXPECT_EQ(machine.step(sti), Flow::next);
    EXPECT_EQ(cpu.state.interrupt_shadow, InterruptShadow::none);
}

TEST_F(FlagControlTest, ProtectedModeVirtualInterrupts) {
    enter_protected32(3);
    cpu.state.cr4 |= cr4::pvi;
    EXPECT_EQ(machine.step(sti), Flow::next);
    EXPECT_TRUE(flags() & flag::vif);
    EXPECT_EQ(machine.step(cli), Flow::next);
    EXPECT_FALSE(flags() & flag::vif);
    EXPECT_TRUE(flags() & flag::interrupt);
    flags() |= flag::vip;
    EXPECT_TRUE(raises(Vector::general_protection, 0, sti));
}

TEST_F(FlagControlTest, PushfHidesVmAndRf) {
    flags() |= flag::rf | flag::ac;
    ASSERT_EQ(machine.step(pushf), Flow::next);
    EXPECT_EQ(stack_slot(0), flags() & ~flag::rf);
}

TEST_F(FlagControlTest, PopfChangesWhatThePrivilegeAllows) {
    const auto pop = [&](u64 image) {
        cpu.state.gpr[rsp] -= 8;
        machine.set_memory<u64>(cpu.state.gpr[rsp], image);
        EXPECT_EQ(machine.step(popf), Flow::end_block);
    };
    pop(flag::writable & ~flag::tf);
    EXPECT_EQ(flags(), (flag::writable & ~(flag::tf | flag::rf | flag::vm | flag::vif | flag::vip)) | 2);
    pop(0);
    EXPECT_EQ(flags(), 2u);
    enter_user64();
    pop(flag::iopl | flag::cf);
    EXPECT_EQ(flags(), flag::reserved_one | flag::interrupt | flag::cf);
    flags() |= flag::iopl;
    pop(0);
    EXPECT_EQ(flags(), flag::reserved_one | flag::iopl);
}

TEST_F(FlagControlTest, Virtual8086FlagsWithVme) {
    enter_virtual8086();
    EXPECT_TRUE(raises(Vector::general_protection, 0, pushf));
    cpu.state.cr4 |= cr4::vme;
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x66, 0x9c})) << "no 32-bit form";
    EXPECT_EQ(machine.step(sti), Flow::next);
    ASSERT_EQ(machine.step(pushf), Flow::next);
    EXPECT_EQ(machine.memory_value<u16>(0x22000 + 0xffe), flag::reserved_one | flag::iopl | flag::interrupt);
    machine.set_memory<u16>(0x22000 + 0xffe, flag::cf);
    ASSERT_EQ(machine.step(popf), Flow::end_block);
    EXPECT_TRUE(flags() & flag::cf);
    EXPECT_FALSE(flags() & flag::vif);
    EXPECT_TRUE(flags() & flag::interrupt);
    cpu.state.gpr[rsp] -= 2;
    machine.set_memory<u16>(0x22000 + 0xffe, flag::tf);
    EXPECT_TRUE(raises(Vector::general_protection, 0, popf));
}

TEST_F(FlagControlTest, AlignmentFlagInstructionsAreTheSupervisors) {
    cpu.state.cr4 |= cr4::smap;
    mode_changed(cpu);
    const Tlb::View* const closed = cpu.data_view;
    ASSERT_EQ(machine.step({0x0f, 0x01, 0xcb}), Flow::next); // stac
    EXPECT_TRUE(flags() & flag::ac);
    EXPECT_NE(cpu.data_view, closed);
    ASSERT_EQ(machine.step({0x0f, 0x01, 0xca}), Flow::next); // clac
    EXPECT_EQ(cpu.data_view, closed);
    enter_user64();
    EXPECT_TRUE(machine.raises(Vector::invalid_opcode, {0x0f, 0x01, 0xcb}));
}

TEST_F(FlagControlTest, HintsTouchNothing) {
    cpu.gpr(rax) = 0x7777'0000; // Not mapped.
    const CpuState before = cpu.state;
    for (const std::initializer_list<u8> bytes :
         std::initializer_list<std::initializer_list<u8>>{{0x0f, 0x1f, 0x00},
                                                          {0xf3, 0x90},
                                                          {0xf3, 0x0f, 0x1e, 0xfa},
                                                          {0x0f, 0x18, 0x08},
                                                          {0x0f, 0x0d, 0x08},
                                                          {0x0f, 0xae, 0xe8},
                                                          {0x0f, 0xae, 0xf0},
                                                          {0x0f, 0xae, 0xf8},
                                                          {0xf3, 0x48, 0x0f, 0x1e, 0xc8}})
        EXPECT_EQ(machine.step(bytes), Flow::next);
    EXPECT_EQ(cpu.state.gpr, before.gpr);
    EXPECT_TRUE(machine.raises(Vector::page_fault, {0x0f, 0xae, 0x38})) << "CLFLUSH is checked like a load";
}

TEST_F(FlagControlTest, WhatDoesNotExistIsUndefined) {
    for (const std::initializer_list<u8> bytes :
         std::initializer_list<std::initializer_list<u8>>{{0x0f, 0x0b},
                                                          {0x0f, 0xb9, 0xc0},
                                                          {0x0f, 0x01, 0xc1},
                                                          {0x0f, 0x01, 0xd9},
                                                          {0x0f, 0x01, 0xc8},
                                                          {0x0f, 0x01, 0xc9},
                                                          {0x0f, 0xaa},
                                                          {0x0f, 0xc7, 0xf0},
                                                          {0x0f, 0x01, 0xe8}})
        EXPECT_TRUE(machine.raises(Vector::invalid_opcode, bytes));
}

} // namespace

} // namespace ringer::x86::testing
