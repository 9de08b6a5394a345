#include "x86/events.h"
#include "x86/semantics/system_families.h"
#include "x86/stack_frame.h"

/// Instructions on RFLAGS as such, and HLT (Intel SDM Vol. 2; virtual interrupts: Vol. 3, 20.3 and 20.4).
namespace ringer::x86 {

namespace {

template <u64 bit, bool on>
Outcome set_flag(Cpu& cpu, const Instruction&) {
    cpu.state.rflags = on ? cpu.state.rflags | bit : cpu.state.rflags & ~bit;
    return Flow::next;
}

Outcome complement_carry(Cpu& cpu, const Instruction&) {
    cpu.state.rflags ^= flag::cf;
    return Flow::next;
}

constexpr u64 low_status = flag::status & 0xff;

Outcome load_ah_from_flags(Cpu& cpu, const Instruction&) {
    cpu.set<u8>(gpr_offset(rax) + 1, static_cast<u8>(cpu.state.rflags & (low_status | flag::reserved_one)));
    return Flow::next;
}

Outcome store_ah_into_flags(Cpu& cpu, const Instruction&) {
    const u64 ah = cpu.get<u8>(gpr_offset(rax) + 1);
    cpu.state.rflags = (cpu.state.rflags & ~low_status) | (ah & low_status);
    return Flow::next;
}

/// Which flag CLI and STI act on at present.
enum class InterruptFlag : u8 { real, virtual_one, none };

InterruptFlag interrupt_flag(const Cpu& cpu) {
    if (cpu.real_mode() || cpu.iopl() >= cpu.state.cpl) return InterruptFlag::real;
    const u64 enable = cpu.virtual8086() ? cr4::vme : cr4::pvi;
    const bool has_virtual = (cpu.state.cr4 & enable) && cpu.state.cpl == 3;
    return has_virtual ? InterruptFlag::virtual_one : InterruptFlag::none;
}

Outcome clear_interrupt_flag(Cpu& cpu, const Instruction&) {
    switch (interrupt_flag(cpu)) {
    case InterruptFlag::real: cpu.state.rflags &= ~flag::interrupt; return Flow::next;
    case InterruptFlag::virtual_one: cpu.state.rflags &= ~flag::vif; return Flow::next;
    case InterruptFlag::none: break;
    }
    return general_protection(cpu);
}

/// Interrupts that this lets in wait for one instruction more.
Outcome set_interrupt_flag(Cpu& cpu, const Instruction&) {
    CpuState& state = cpu.state;
    switch (interrupt_flag(cpu)) {
    case InterruptFlag::real:
        if (state.rflags & flag::interrupt) return Flow::next;
        state.rflags |= flag::interrupt;
        state.interrupt_shadow = InterruptShadow::interrupts;
        cpu.request_check();
        return Flow::end_block;
    case InterruptFlag::virtual_one:
        if (state.rflags & flag::vip) return general_protection(cpu);
        state.rflags |= flag::vif;
        return Flow::next;
    case InterruptFlag::none: break;
    }
    return general_protection(cpu);
}

/// PUSHF and POPF of a virtual-8086 program with IOPL below 3 see VIF in the place of IF; only their 16-bit
/// forms exist then.
bool sees_virtual_interrupt_flag(const Cpu& cpu) { return cpu.virtual8086() && cpu.iopl() < 3; }

Guest<void> check_virtual_form(Cpu& cpu, const Instruction& instruction) {
    if (instruction.operand_size != 2 || !(cpu.state.cr4 & cr4::vme)) return general_protection(cpu);
    return {};
}

Outcome push_flags(Cpu& cpu, const Instruction& instruction) {
    u64 image = cpu.state.rflags & ~(flag::vm | flag::rf);
    if (sees_virtual_interrupt_flag(cpu)) {
        TRY(check_virtual_form(cpu, instruction));
        image = (image & ~flag::interrupt) | flag::iopl;
        image |= image & flag::vif ? flag::interrupt : 0;
    }
    PushStack stack = PushStack::current(cpu);
    TRY(stack.push(image, instruction.operand_size));
    stack.commit();
    return Flow::next;
}

void replace_flags(Cpu& cpu, u64 value, u64 mask) {
    const u64 changed = (cpu.state.rflags ^ value) & mask;
    cpu.state.rflags ^= changed;
    cpu.state.rflags &= ~flag::rf;
    if (changed & flag::ac) mode_changed(cpu);
    check_attention(cpu);
}

Outcome pop_virtual_flags(Cpu& cpu, const PopStack& stack, u64 value) {
    const bool enables = value & flag::interrupt;
    if ((enables && (cpu.state.rflags & flag::vip)) || (value & flag::tf)) return general_protection(cpu);
    stack.commit();
    const u64 mask = flag::status | flag::tf | flag::df | flag::nt | flag::vif;
    replace_flags(cpu, (value & 0xffff) | (enables ? flag::vif : 0), mask);
    return Flow::end_block;
}

Outcome pop_flags(Cpu& cpu, const Instruction& instruction) {
    const unsigned size = instruction.operand_size;
    const bool is_virtual = sees_virtual_interrupt_flag(cpu);
    if (is_virtual) TRY(check_virtual_form(cpu, instruction));
    PopStack stack(cpu);
    const u64 value = TRY(stack.pop(size));
    if (is_virtual) return pop_virtual_flags(cpu, stack, value);
    stack.commit();
    u64 mask = flag::status | flag::tf | flag::df | flag::nt;
    if (size >= 4) mask |= flag::ac | flag::id;
    if (cpu.state.cpl <= cpu.iopl()) mask |= flag::interrupt;
    if (cpu.state.cpl == 0) mask |= flag::iopl;
    replace_flags(cpu, value, mask);
    return Flow::end_block;
}

/// CLAC, STAC.
template <bool on>
Outcome set_alignment_flag(Cpu& cpu, const Instruction&) {
    if (cpu.state.cpl != 0) return invalid_opcode(cpu);
    cpu.state.rflags = on ? cpu.state.rflags | flag::ac : cpu.state.rflags & ~flag::ac;
    mode_changed(cpu);
    return Flow::next;
}

Outcome halt(Cpu& cpu, const Instruction&) {
    TRY(require_privilege(cpu));
    cpu.state.activity = Activity::halted;
    cpu.request_check();
    return Flow::end_block;
}

} // namespace

void add_flag_control(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_CLC, &always<&set_flag<flag::cf, false>>);
    table.add(ZYDIS_MNEMONIC_STC, &always<&set_flag<flag::cf, true>>);
    table.add(ZYDIS_MNEMONIC_CMC, &always<&complement_carry>);
    table.add(ZYDIS_MNEMONIC_CLD, &always<&set_flag<flag::df, false>>);
    table.add(ZYDIS_MNEMONIC_STD, &always<&set_flag<flag::df, true>>);
    table.add(ZYDIS_MNEMONIC_LAHF, &always<&load_ah_from_flags>);
    table.add(ZYDIS_MNEMONIC_SAHF, &always<&store_ah_into_flags>);
    table.add(ZYDIS_MNEMONIC_CLI, &always<&clear_interrupt_flag>);
    table.add(ZYDIS_MNEMONIC_STI, &always<&set_interrupt_flag>);
    for (const ZydisMnemonic mnemonic : {ZYDIS_MNEMONIC_PUSHF, ZYDIS_MNEMONIC_PUSHFD, ZYDIS_MNEMONIC_PUSHFQ})
        table.add(mnemonic, &always<&push_flags>);
    for (const ZydisMnemonic mnemonic : {ZYDIS_MNEMONIC_POPF, ZYDIS_MNEMONIC_POPFD, ZYDIS_MNEMONIC_POPFQ})
        table.add(mnemonic, &always<&pop_flags>);
    table.add(ZYDIS_MNEMONIC_CLAC, &always<&set_alignment_flag<false>>);
    table.add(ZYDIS_MNEMONIC_STAC, &always<&set_alignment_flag<true>>);
    table.add(ZYDIS_MNEMONIC_HLT, &always<&halt>);
}

} // namespace ringer::x86
