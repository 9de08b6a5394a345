#include "x86/code_target.h"
#include "x86/cpuid.h"
#include "x86/events.h"
#include "x86/semantics/system_families.h"
#include "x86/stack_frame.h"
#include "x86/task_switch.h"

/// INT n, INT3, INTO, INT1 and IRET in every mode (Intel SDM Vol. 2A; virtual-8086 mode: Vol. 3, 20.3).
namespace ringer::x86 {

namespace {

Outcome enter(Cpu& cpu, Vector vector, EventSource source) {
    TRY(enter_handler(cpu, vector, source, false, 0));
    return Flow::end_block;
}

/// Whether the TSS sends INT `vector` of a virtual-8086 program back to the program's own handler: its bit in
/// the 32 bytes below the I/O permission bitmap is clear (Intel SDM Vol. 3, 20.3.3). A bit beyond the TSS's
/// limit is #GP (AMD APM Vol. 3, INT n).
Guest<bool> redirected_to_program(Cpu& cpu, u8 vector) {
    constexpr u64 bitmap_base_field = 0x66;
    const Segment& tss = cpu.state.tr;
    if (!(cpu.state.cr4 & cr4::vme)) return false;
    if (bitmap_base_field + 1 > tss.limit) return general_protection(cpu);
    const u64 bitmap = TRY(system_load<u16>(cpu, tss.base + bitmap_base_field));
    const u64 offset = bitmap - 32 + vector / 8;
    if (bitmap < 32 || offset > tss.limit) return general_protection(cpu);
    return !(TRY(system_load<u8>(cpu, tss.base + offset)) >> (vector % 8) & 1);
}

/// The program's own handler, through its interrupt vector table at linear address 0. With IOPL below 3 the
/// program sees and changes VIF in the place of IF.
Outcome enter_program_handler(Cpu& cpu, u8 vector) {
    CpuState& state = cpu.state;
    const bool is_virtual = cpu.iopl() < 3;
    u64 image = state.rflags;
    if (is_virtual) {
        image = (image | flag::iopl) & ~flag::interrupt;
        image |= image & flag::vif ? flag::interrupt : 0;
    }
    const u32 entry = TRY(load<u32>(cpu, u64{vector} * 4));
    PushStack stack = PushStack::current(cpu);
    TRY(stack.push(image, 2));
    TRY(stack.push(state.segments[cs].selector, 2));
    TRY(stack.push(state.rip, 2));
    stack.commit();
    load_real_segment(cpu, cs, static_cast<u16>(entry >> 16));
    state.rip = entry & 0xffff;
    state.rflags &= ~(flag::tf | (is_virtual ? flag::vif : flag::interrupt));
    cpu.step_trap = false;
    return Flow::end_block;
}

Outcome interrupt(Cpu& cpu, const Instruction& instruction) {
    const auto vector = static_cast<u8>(instruction.immediate);
    if (cpu.virtual8086()) {
        if (TRY(redirected_to_program(cpu, vector))) return enter_program_handler(cpu, vector);
        if (cpu.iopl() < 3) return general_protection(cpu);
    }
    return enter(cpu, static_cast<Vector>(vector), EventSource::software_interrupt);
}

Outcome breakpoint(Cpu& cpu, const Instruction&) {
    return enter(cpu, Vector::breakpoint, EventSource::software_interrupt);
}

Outcome interrupt_on_overflow(Cpu& cpu, const Instruction&) {
    if (!(cpu.state.rflags & flag::of)) return Flow::next;
    return enter(cpu, Vector::overflow, EventSource::software_interrupt);
}

Outcome interrupt_1(Cpu& cpu, const Instruction&) {
    return enter(cpu, Vector::debug, EventSource::privileged_software);
}

/// What IRET pops at first.
struct ReturnFrame {
    u64 rip;
    u16 selector;
    u64 rflags;
};

/// In the order of silicon, which a page fault's address shows: RFLAGS first.
Guest<ReturnFrame> pop_frame(PopStack& stack, unsigned size) {
    ReturnFrame frame{};
    frame.rflags = TRY(stack.peek(size, 2 * size));
    frame.selector = static_cast<u16>(TRY(stack.peek(size, size)));
    frame.rip = TRY(stack.pop(size));
    stack.skip(2 * size);
    return frame;
}

/// The bits of RFLAGS that IRET may change at the present privilege level.
u64 changeable_flags(const Cpu& cpu, unsigned size) {
    u64 mask = flag::status | flag::tf | flag::df | flag::nt;
    if (size >= 4) mask |= flag::rf | flag::ac | flag::id;
    if (cpu.state.cpl <= cpu.iopl()) mask |= flag::interrupt;
    if (cpu.state.cpl == 0) mask |= flag::iopl | (size >= 4 ? flag::vif | flag::vip : 0);
    return mask;
}

void set_flags(Cpu& cpu, u64 value, u64 mask) {
    cpu.state.rflags = (cpu.state.rflags & ~mask) | (value & mask) | flag::reserved_one;
    check_attention(cpu);
}

Outcome finish_real_return(Cpu& cpu, const PopStack& stack, const ReturnFrame& frame) {
    stack.commit();
    load_real_segment(cpu, cs, frame.selector);
    cpu.state.rip = frame.rip;
    mode_changed(cpu);
    return Flow::end_block;
}

Outcome return_real(Cpu& cpu, unsigned size) {
    PopStack stack(cpu);
    const ReturnFrame frame = TRY(pop_frame(stack, size));
    if (frame.rip > cpu.state.segments[cs].limit) return general_protection(cpu);
    const u64 preserved = flag::vm | flag::vif | flag::vip | (cpu.virtual8086() ? flag::iopl : 0);
    const u64 all = size == 2 ? flag::writable & 0xffff : flag::writable;
    set_flags(cpu, frame.rflags, all & ~preserved);
    return finish_real_return(cpu, stack, frame);
}

/// Virtual-8086 mode with IOPL below 3 and VME: the popped IF goes to VIF.
Outcome return_virtual_interrupt(Cpu& cpu) {
    PopStack stack(cpu);
    const ReturnFrame frame = TRY(pop_frame(stack, 2));
    const bool enables = frame.rflags & flag::interrupt;
    if ((enables && (cpu.state.rflags & flag::vip)) || (frame.rflags & flag::tf))
        return general_protection(cpu);
    if (frame.rip > cpu.state.segments[cs].limit) return general_protection(cpu);
    const u64 value = (frame.rflags & 0xffff) | (enables ? flag::vif : 0);
    set_flags(cpu, value, flag::status | flag::tf | flag::df | flag::nt | flag::vif);
    return finish_real_return(cpu, stack, frame);
}

Outcome return_within_virtual8086(Cpu& cpu, unsigned size) {
    if (cpu.iopl() == 3) return return_real(cpu, size);
    if (size == 2 && (cpu.state.cr4 & cr4::vme)) return return_virtual_interrupt(cpu);
    return general_protection(cpu);
}

/// From protected mode at CPL 0 into virtual-8086 mode. The upper half of EIP is ignored.
Outcome return_to_virtual8086(Cpu& cpu, PopStack& stack, const ReturnFrame& frame) {
    CpuState& state = cpu.state;
    const u64 outer_pointer = TRY(stack.pop(4));
    std::array<u16, 6> selectors{};
    selectors[cs] = frame.selector;
    for (const SegmentRegister segment : {ss, es, ds, fs, gs})
        selectors[segment] = static_cast<u16>(TRY(stack.pop(4)));
    set_flags(cpu, frame.rflags, flag::writable);
    for (unsigned i = 0; i < selectors.size(); ++i)
        load_real_segment(cpu, static_cast<SegmentRegister>(i), selectors[i]);
    state.gpr[rsp] = outer_pointer;
    state.rip = frame.rip & 0xffff;
    state.cpl = 3;
    mode_changed(cpu);
    return Flow::end_block;
}

/// The task that the back link names.
Outcome return_to_task(Cpu& cpu) {
    if (cpu.long_mode_active()) return general_protection(cpu);
    const u16 selector = TRY(system_load<u16>(cpu, cpu.state.tr.base));
    if (is_null(selector) || (selector & 4)) return raise(cpu, Vector::invalid_tss, selector_error(selector));
    const Descriptor tss = TRY(read_descriptor(cpu, selector, Vector::invalid_tss));
    const bool sound = TRY(switch_task(cpu, selector, tss, TaskSwitch::interrupt_return));
    if (!sound) deliver_exception(cpu);
    return Flow::end_block;
}

/// To protected-mode code of the same or an outer level. In 64-bit mode SS:RSP are popped in either case.
Outcome return_protected(Cpu& cpu, PopStack& stack, const ReturnFrame& frame, unsigned size) {
    CpuState& state = cpu.state;
    const Descriptor code = TRY(check_return_code(cpu, frame.selector));
    const unsigned new_cpl = requested_privilege(frame.selector);
    const bool to_outer = new_cpl != state.cpl;
    const bool pops_stack = to_outer || cpu.long64();
    if (cpu.model.is_amd) TRY(check_target(cpu, code, frame.rip));
    u64 outer_pointer = 0;
    Segment outer;
    if (pops_stack) {
        outer_pointer = TRY(stack.pop(size));
        const u16 selector = static_cast<u16>(TRY(stack.pop(size)));
        outer = TRY(check_return_stack(cpu, selector, new_cpl, code));
    }
    const u64 target = TRY(check_target(cpu, code, frame.rip)); // Intel's CPUs look at the stack first.
    set_flags(cpu, frame.rflags, changeable_flags(cpu, size));
    if (!pops_stack)
        stack.commit();
    else
        state.segments[ss] = outer;
    state.rip = target;
    commit_code_segment(cpu, frame.selector, code, new_cpl);
    if (pops_stack) set_stack_pointer(cpu, outer_pointer, stack_size(cpu));
    if (to_outer) drop_inner_segments(cpu);
    return Flow::end_block;
}

Outcome interrupt_return(Cpu& cpu, const Instruction& instruction) {
    const unsigned size = instruction.operand_size;
    // Also an IRET that faults lets NMIs in again (Intel SDM Vol. 3, 6.7.1).
    cpu.state.nmi_blocked = false;
    if (cpu.real_mode()) return return_real(cpu, size);
    if (cpu.virtual8086()) return return_within_virtual8086(cpu, size);
    if (cpu.state.rflags & flag::nt) return return_to_task(cpu);
    PopStack stack(cpu);
    const ReturnFrame frame = TRY(pop_frame(stack, size));
    if (size == 4 && (frame.rflags & flag::vm) && cpu.state.cpl == 0 && !cpu.long_mode_active())
        return return_to_virtual8086(cpu, stack, frame);
    // AMD's CPUs read an outer level's SS before they check CS, even when CS names an inner level.
    const bool pops_stack = cpu.long64() || requested_privilege(frame.selector) != cpu.state.cpl;
    if (cpu.model.is_amd && pops_stack) TRY(stack.peek(size, size));
    return return_protected(cpu, stack, frame, size);
}

} // namespace

void add_interrupts(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_INT, &always<&interrupt>);
    table.add(ZYDIS_MNEMONIC_INT3, &always<&breakpoint>);
    table.add(ZYDIS_MNEMONIC_INTO, &always<&interrupt_on_overflow>);
    table.add(ZYDIS_MNEMONIC_INT1, &always<&interrupt_1>);
    table.add(ZYDIS_MNEMONIC_IRET, &always<&interrupt_return>);
    table.add(ZYDIS_MNEMONIC_IRETD, &always<&interrupt_return>);
    table.add(ZYDIS_MNEMONIC_IRETQ, &always<&interrupt_return>);
}

} // namespace ringer::x86
