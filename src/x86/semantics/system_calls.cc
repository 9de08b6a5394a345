#include "x86/cpuid.h"
#include "x86/debug_registers.h"
#include "x86/events.h"
#include "x86/segmentation.h"
#include "x86/semantics/system_families.h"

/// SYSCALL, SYSRET, SYSENTER and SYSEXIT: to and from privilege level 0 without a look at any descriptor
/// (Intel SDM Vol. 2 and Vol. 3, 5.8.7 and 5.8.8; AMD APM Vol. 2, 6.1).
namespace ringer::x86 {

namespace {

constexpr u16 code_64 = 0xa09b, code_32 = 0xc09b, data_32 = 0xc093;

Segment flat_segment(u16 selector, u16 attributes, unsigned dpl) {
    return {.selector = selector,
            .attributes = static_cast<u16>(attributes | dpl << 5),
            .limit = 0xffff'ffff,
            .base = 0};
}

/// Commits CS, SS and the privilege level `cpl`.
void enter_flat(Cpu& cpu, unsigned code_selector, u16 code_attributes, unsigned stack_selector,
                unsigned cpl) {
    CpuState& state = cpu.state;
    const auto code = static_cast<u16>((code_selector & 0xfffc) | cpl);
    const auto stack = static_cast<u16>((stack_selector & 0xfffc) | cpl);
    state.segments[cs] = flat_segment(code, code_attributes, cpl);
    state.segments[ss] = flat_segment(stack, data_32, cpl);
    state.cpl = static_cast<u8>(cpl);
    mode_changed(cpu);
}

/// AMD alone has these two outside of 64-bit mode.
bool syscall_exists(const Cpu& cpu) {
    return (cpu.state.msr.efer & efer::sce) && (cpu.long64() || cpu.model.is_amd);
}

/// SYSCALL and SYSRET trap at once by the TF that they leave, whatever it was before: so FMASK keeps traps
/// out of a system's entry.
void single_step_by_new_flags(Cpu& cpu) {
    cpu.step_trap = false;
    if (cpu.state.rflags & flag::tf) cpu.state.pending_debug |= dr6::bs;
    check_attention(cpu);
}

Outcome system_call(Cpu& cpu, const Instruction&) {
    CpuState& state = cpu.state;
    if (!syscall_exists(cpu)) return invalid_opcode(cpu);
    const u64 star = state.msr.star;
    const bool long_mode = cpu.long_mode_active();
    if (long_mode) {
        state.gpr[rcx] = state.rip;
        state.gpr[r11] = state.rflags;
        state.rip = cpu.long64() ? state.msr.lstar : state.msr.cstar;
        state.rflags &= ~(state.msr.fmask | flag::rf);
    } else {
        state.gpr[rcx] = state.rip;
        state.rip = star & 0xffff'ffff;
        state.rflags &= ~(flag::vm | flag::interrupt | flag::rf);
    }
    state.rflags |= flag::reserved_one;
    const unsigned selector = (star >> 32) & 0xffff;
    enter_flat(cpu, selector, long_mode ? code_64 : code_32, selector + 8, 0);
    single_step_by_new_flags(cpu);
    return Flow::end_block;
}

/// AMD leaves the hidden part of SS as it is (AMD APM Vol. 3, SYSRET), and does not check RCX.
Outcome system_return(Cpu& cpu, const Instruction& instruction) {
    CpuState& state = cpu.state;
    if (!syscall_exists(cpu)) return invalid_opcode(cpu);
    TRY(require_privilege(cpu));
    if (cpu.real_mode()) return general_protection(cpu);
    const bool to_64_bit = instruction.operand_size == 8;
    const u64 target = to_64_bit ? state.gpr[rcx] : state.gpr[rcx] & 0xffff'ffff;
    if (!cpu.model.is_amd && !is_canonical(target)) return general_protection(cpu);
    state.rip = target;
    if (cpu.long_mode_active())
        state.rflags = (state.gpr[r11] & flag::writable & ~(flag::rf | flag::vm)) | flag::reserved_one;
    else
        state.rflags |= flag::interrupt;
    const unsigned selector = (state.msr.star >> 48) & 0xffff;
    const Segment old_stack = state.segments[ss];
    enter_flat(cpu, to_64_bit ? selector + 16 : selector, to_64_bit ? code_64 : code_32, selector + 8, 3);
    if (cpu.model.is_amd) {
        const u16 stack_selector = state.segments[ss].selector;
        state.segments[ss] = old_stack;
        state.segments[ss].selector = stack_selector;
    }
    single_step_by_new_flags(cpu);
    return Flow::end_block;
}

/// AMD has these two in no submode of long mode.
bool sysenter_exists(const Cpu& cpu) { return !(cpu.model.is_amd && cpu.long_mode_active()); }

Outcome system_enter(Cpu& cpu, const Instruction&) {
    CpuState& state = cpu.state;
    if (!sysenter_exists(cpu)) return invalid_opcode(cpu);
    const auto selector = static_cast<unsigned>(state.msr.sysenter_cs & 0xfffc);
    if (cpu.real_mode() || selector == 0) return general_protection(cpu);
    const bool long_mode = cpu.long_mode_active();
    const u64 mask = long_mode ? ~u64{0} : 0xffff'ffff;
    state.rflags &= ~(flag::vm | flag::interrupt | flag::rf);
    state.gpr[rsp] = state.msr.sysenter_esp & mask;
    state.rip = state.msr.sysenter_eip & mask;
    enter_flat(cpu, selector, long_mode ? code_64 : code_32, selector + 8, 0);
    return Flow::end_block;
}

Outcome system_exit(Cpu& cpu, const Instruction& instruction) {
    CpuState& state = cpu.state;
    TRY(require_privilege(cpu));
    if (!sysenter_exists(cpu)) return invalid_opcode(cpu);
    const auto selector = static_cast<unsigned>(state.msr.sysenter_cs & 0xfffc);
    if (cpu.real_mode() || selector == 0) return general_protection(cpu);
    const bool to_64_bit = instruction.operand_size == 8;
    const u64 mask = to_64_bit ? ~u64{0} : 0xffff'ffff;
    const u64 target = state.gpr[rdx] & mask;
    const u64 pointer = state.gpr[rcx] & mask;
    if (!is_canonical(target) || !is_canonical(pointer)) return general_protection(cpu);
    state.gpr[rsp] = pointer;
    state.rip = target;
    if (to_64_bit)
        enter_flat(cpu, selector + 32, code_64, selector + 40, 3);
    else
        enter_flat(cpu, selector + 16, code_32, selector + 24, 3);
    return Flow::end_block;
}

} // namespace

void add_system_calls(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_SYSCALL, &always<&system_call>);
    table.add(ZYDIS_MNEMONIC_SYSRET, &always<&system_return>);
    table.add(ZYDIS_MNEMONIC_SYSENTER, &always<&system_enter>);
    table.add(ZYDIS_MNEMONIC_SYSEXIT, &always<&system_exit>);
}

} // namespace ringer::x86
