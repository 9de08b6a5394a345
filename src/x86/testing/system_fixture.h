#pragma once

#include "x86/debug_registers.h"
#include "x86/events.h"
#include "x86/segmentation.h"
#include "x86/testing/test_machine.h"

#include <gtest/gtest.h>

namespace ringer::x86::testing {

/// A machine with descriptor tables, a TSS and stacks, as a small kernel sets them up.
class SystemFixture : public ::testing::Test {
  protected:
    static constexpr u64 gdt = 0x110000, idt = 0x120000, tss = 0x130000, ldt = 0x138000;
    static constexpr u64 kernel_stack = 0x140000, interrupt_stack = 0x150000, user_stack = 0x160000;
    static constexpr u64 handler = 0x20000, user_code = 0x30000;

    static constexpr u16 kernel_code = 0x08, kernel_data = 0x10, user_code32 = 0x1b, user_data = 0x23;
    static constexpr u16 user_code64 = 0x2b, kernel_code32 = 0x30, kernel_code16 = 0x38, tss_selector = 0x40;
    static constexpr u16 spare = 0x50, conforming_code = 0x60;

    /// Attributes as in a descriptor's upper doubleword, shifted right by 8.
    static constexpr u16 code64 = 0xa09a, code32 = 0xc09a, code16 = 0x009a, data32 = 0xc092;
    static constexpr u16 for_users = 0x60, conforming = 0x04;
    static constexpr u16 tss64_type = 0x89, tss32_type = 0x89, tss16_type = 0x81, ldt_type = 0x82;

    SystemFixture() {
        set_segment(kernel_code, code64);
        set_segment(kernel_data, data32);
        set_segment(user_code32, code32 | for_users);
        set_segment(user_data, data32 | for_users);
        set_segment(user_code64, code64 | for_users);
        set_segment(kernel_code32, code32);
        set_segment(kernel_code16, code16);
        set_segment(conforming_code, code64 | conforming);
        set_long_mode_tss();
        cpu.state.gdtr = {.base = gdt, .limit = 0x7f};
        cpu.state.idtr = {.base = idt, .limit = 0xfff};
        cpu.state.gpr[rsp] = kernel_stack;
        flags() |= flag::interrupt;
    }

    u64& flags() { return cpu.state.rflags; }
    u64 stack_slot(unsigned index, unsigned size = 8) const {
        const u64 address = cpu.state.gpr[rsp] + index * size;
        if (size == 8) return machine.memory_value<u64>(address);
        return size == 4 ? machine.memory_value<u32>(address) : machine.memory_value<u16>(address);
    }

    static u64 descriptor(u64 base, u64 limit, u16 attributes) {
        return (limit & 0xffff) | (base & 0xff'ffff) << 16 | u64{attributes} << 40 |
               (limit & 0xf'0000) << 32 | (base & 0xff00'0000) << 32;
    }
    void set_descriptor(u16 selector, u64 low) { machine.set_memory(gdt + (selector & 0xfff8), low); }
    u64 descriptor_at(u16 selector) const { return machine.memory_value<u64>(gdt + (selector & 0xfff8)); }
    void set_segment(u16 selector, u16 attributes) {
        set_descriptor(selector, descriptor(0, 0xf'ffff, attributes));
    }

    void set_long_mode_tss() {
        set_descriptor(tss_selector, descriptor(tss, 0x67, tss64_type));
        machine.set_memory<u64>(gdt + tss_selector + 8, 0);
        machine.set_memory<u64>(tss + 4, kernel_stack);     // RSP0
        machine.set_memory<u64>(tss + 36, interrupt_stack); // IST1
        cpu.state.tr = {.selector = tss_selector, .attributes = 0x8b, .limit = 0x67, .base = tss};
    }

    void set_gate64(u8 vector, unsigned type, unsigned dpl, unsigned stack = 0, u16 selector = kernel_code) {
        const u64 low = (handler & 0xffff) | u64{selector} << 16 | u64{stack} << 32 |
                        u64{0x80 | dpl << 5 | type} << 40 | (handler >> 16 & 0xffff) << 48;
        machine.set_memory(idt + 16 * vector, low);
        machine.set_memory<u64>(idt + 16 * vector + 8, 0);
    }
    void set_gate32(u8 vector, unsigned type, unsigned dpl, u16 selector = kernel_code32) {
        const u64 low = (handler & 0xffff) | u64{selector} << 16 | u64{0x80 | dpl << 5 | type} << 40 |
                        (handler >> 16 & 0xffff) << 48;
        machine.set_memory(idt + 8 * vector, low);
    }

    /// The tables of the constructor, which entering another mode resets.
    void keep_tables(const CpuState& before) {
        cpu.state.gdtr = before.gdtr;
        cpu.state.idtr = before.idtr;
        cpu.state.tr = before.tr;
        cpu.state.gpr[rsp] = kernel_stack;
        flags() |= flag::interrupt;
    }

    void enter_user64() {
        const CpuState before = cpu.state;
        machine.enter_long64(3);
        keep_tables(before);
        cpu.state.segments[cs].selector = user_code64;
        cpu.state.segments[ss].selector = user_data;
        cpu.state.gpr[rsp] = user_stack;
        cpu.state.rip = user_code;
    }

    void enter_protected32(u8 cpl) {
        const CpuState before = cpu.state;
        machine.enter_protected32(cpl);
        keep_tables(before);
        cpu.state.segments[cs].selector = cpl == 0 ? kernel_code32 : user_code32;
        cpu.state.segments[ss].selector = cpl == 0 ? kernel_data : user_data;
        machine.set_memory<u32>(tss + 4, kernel_stack);
        machine.set_memory<u32>(tss + 8, kernel_data);
        if (cpl == 3) cpu.state.gpr[rsp] = user_stack;
        cpu.state.rip = user_code;
    }

    void enter_virtual8086() {
        enter_protected32(3);
        flags() |= flag::vm;
        cpu.state.gpr[rsp] = 0x1000;
        cpu.state.rip = 0x100;
        for (unsigned i = 0; i < 6; ++i)
            load_real_segment(cpu, static_cast<SegmentRegister>(i), static_cast<u16>(0x2000 + 0x100 * i));
        state_changed(cpu);
    }

    bool raises(Vector vector, u32 error_code, std::initializer_list<u8> bytes) {
        return machine.raises(vector, bytes) && cpu.exception.error_code == error_code;
    }

    static constexpr unsigned interrupt_gate = system_type::interrupt_gate,
                              trap_gate = system_type::trap_gate;

    TestMachine machine;
    Cpu& cpu = machine.cpu;
};

} // namespace ringer::x86::testing
