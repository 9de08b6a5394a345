#include "x86/events.h"

#include "x86/stack_frame.h"
#include "x86/task_switch.h"

/// The way from an event to the first instruction of its handler: Intel SDM Vol. 2A, INT n, and Vol.
/// 3, 6.12, 6.14 and 20.1 to 20.3.
namespace ringer::x86 {

namespace {

struct Event {
    Vector vector;
    EventSource source;
    bool has_error_code;
    u32 error_code;

    /// The EXT bit of error codes.
    u32 external() const { return source == EventSource::software_interrupt ? 0 : 1; }
    /// The error code that names the gate.
    u32 gate_error() const { return static_cast<u32>(vector) << 3 | 2 | external(); }
};

void set_handler_flags(Cpu& cpu, bool masks_interrupts) {
    u64 cleared = flag::tf | flag::vm | flag::rf | flag::nt;
    if (masks_interrupts) cleared |= flag::interrupt;
    cpu.state.rflags &= ~cleared;
    cpu.step_trap = false;
}

Guest<void> enter_real_mode(Cpu& cpu, const Event& event) {
    CpuState& state = cpu.state;
    const u64 offset = static_cast<u64>(event.vector) * 4;
    if (offset + 3 > state.idtr.limit) return general_protection(cpu, event.gate_error());
    const u32 entry = TRY(system_load<u32>(cpu, state.idtr.base + offset));
    PushStack stack = PushStack::current(cpu);
    TRY(stack.push(state.rflags, 2));
    TRY(stack.push(state.segments[cs].selector, 2));
    TRY(stack.push(state.rip, 2));
    stack.commit();
    load_real_segment(cpu, cs, static_cast<u16>(entry >> 16));
    state.rip = entry & 0xffff;
    state.rflags &= ~(flag::interrupt | flag::tf | flag::ac | flag::rf);
    cpu.step_trap = false;
    mode_changed(cpu);
    return {};
}

/// The gate for the event: its type fits the mode, a program may use it, and it is present.
Guest<Descriptor> read_gate(Cpu& cpu, const Event& event) {
    using namespace system_type;
    const bool long_mode = cpu.long_mode_active();
    const unsigned size = long_mode ? 16 : 8;
    const u64 offset = static_cast<u64>(event.vector) * size;
    if (offset + size - 1 > cpu.state.idtr.limit) return general_protection(cpu, event.gate_error());
    Descriptor gate{.address = cpu.state.idtr.base + offset};
    gate.low = TRY(system_load<u64>(cpu, gate.address));
    if (long_mode) gate.high = TRY(system_load<u64>(cpu, gate.address + 8));
    const unsigned type = gate.type();
    const bool is_gate = type == interrupt_gate || type == trap_gate;
    const bool is_legacy_gate = type == task_gate || type == interrupt_gate16 || type == trap_gate16;
    if (gate.is_code_or_data() || !(is_gate || (is_legacy_gate && !long_mode)))
        return general_protection(cpu, event.gate_error());
    if (event.source == EventSource::software_interrupt && gate.dpl() < cpu.state.cpl)
        return general_protection(cpu, event.gate_error());
    if (!gate.present()) return raise(cpu, Vector::segment_not_present, event.gate_error());
    return gate;
}

/// The handler's code segment; never less privileged than the interrupted code.
Guest<Descriptor> read_handler_code(Cpu& cpu, const Event& event, u16 selector) {
    const u32 external = event.external();
    if (is_null(selector)) return general_protection(cpu, external);
    Descriptor code = TRY(read_descriptor(cpu, selector, Vector::general_protection, external));
    const u32 error = selector_error(selector) | external;
    if (!code.is_code() || code.dpl() > cpu.state.cpl) return general_protection(cpu, error);
    if (cpu.long_mode_active() && (!code.is_long() || code.default_is_32()))
        return general_protection(cpu, error);
    if (cpu.virtual8086() && (code.is_conforming() || code.dpl() != 0)) return general_protection(cpu, error);
    if (!code.present()) return raise(cpu, Vector::segment_not_present, error);
    TRY(mark_accessed(cpu, code));
    return code;
}

Guest<void> push_return_frame(Cpu& cpu, PushStack& stack, const Event& event, unsigned size) {
    const CpuState& state = cpu.state;
    TRY(stack.push(state.rflags, size));
    TRY(stack.push(state.segments[cs].selector, size));
    TRY(stack.push(state.rip, size));
    if (event.has_error_code) TRY(stack.push(event.error_code, size));
    return {};
}

Guest<void> enter_long_mode(Cpu& cpu, const Event& event, const Descriptor& gate, const Descriptor& code) {
    CpuState& state = cpu.state;
    const unsigned new_cpl = code.is_conforming() ? state.cpl : code.dpl();
    const bool changes_privilege = new_cpl != state.cpl;
    u64 pointer = state.gpr[rsp];
    if (gate.interrupt_stack())
        pointer = TRY(long_mode_stack_from_tss(cpu, gate.interrupt_stack() + 3, event.external()));
    else if (changes_privilege)
        pointer = TRY(long_mode_stack_from_tss(cpu, new_cpl, event.external()));
    const u64 target = gate.gate_offset64();
    if (!is_canonical(target)) return general_protection(cpu, event.external());

    PushStack stack = PushStack::long_mode(cpu, pointer & ~u64{15}, changes_privilege, event.external());
    TRY(stack.push(state.segments[ss].selector, 8));
    TRY(stack.push(state.gpr[rsp], 8));
    TRY(push_return_frame(cpu, stack, event, 8));
    stack.commit();
    if (changes_privilege) state.segments[ss] = {.selector = static_cast<u16>(new_cpl)};
    state.rip = target;
    set_handler_flags(cpu, gate.type() == system_type::interrupt_gate);
    commit_code_segment(cpu, gate.gate_selector(), code, new_cpl);
    return {};
}

struct HandlerStack {
    PushStack pushes;
    Segment segment;
};

/// The stack that the TSS names for a handler at `level`.
Guest<HandlerStack> inner_handler_stack(Cpu& cpu, const Event& event, unsigned level) {
    const u32 external = event.external();
    const InnerStack named = TRY(stack_from_tss(cpu, level, external));
    const Segment segment =
        TRY(checked_stack_segment(cpu, named.selector, level, Vector::invalid_tss, external));
    return HandlerStack{PushStack::inner(cpu, segment, named.pointer, external), segment};
}

Guest<void> push_virtual8086_segments(Cpu& cpu, PushStack& stack, unsigned size) {
    for (const SegmentRegister segment : {gs, fs, ds, es})
        TRY(stack.push(cpu.state.segments[segment].selector, size));
    return {};
}

void drop_virtual8086_segments(Cpu& cpu) {
    for (const SegmentRegister segment : {gs, fs, ds, es}) cpu.state.segments[segment] = {};
}

Guest<void> enter_protected_mode(Cpu& cpu, const Event& event, const Descriptor& gate,
                                 const Descriptor& code) {
    using namespace system_type;
    CpuState& state = cpu.state;
    const bool is_32_bit = gate.type() == interrupt_gate || gate.type() == trap_gate;
    const unsigned size = is_32_bit ? 4 : 2;
    const u64 target = is_32_bit ? gate.gate_offset32() : gate.gate_offset16();
    const unsigned new_cpl = code.is_conforming() ? state.cpl : code.dpl();
    const bool changes_privilege = new_cpl != state.cpl;
    const bool from_virtual8086 = cpu.virtual8086();
    if (target > segment_from(gate.gate_selector(), code).limit)
        return general_protection(cpu, event.external());

    HandlerStack handler{PushStack::current(cpu, event.external()), state.segments[ss]};
    if (changes_privilege) {
        handler = TRY(inner_handler_stack(cpu, event, new_cpl));
        if (from_virtual8086) TRY(push_virtual8086_segments(cpu, handler.pushes, size));
        TRY(handler.pushes.push(state.segments[ss].selector, size));
        TRY(handler.pushes.push(state.gpr[rsp], size));
    }
    TRY(push_return_frame(cpu, handler.pushes, event, size));
    handler.pushes.commit();
    state.segments[ss] = handler.segment;
    if (from_virtual8086) drop_virtual8086_segments(cpu);
    state.rip = target;
    set_handler_flags(cpu, gate.type() == interrupt_gate || gate.type() == interrupt_gate16);
    commit_code_segment(cpu, gate.gate_selector(), code, new_cpl);
    return {};
}

/// A fault over the new task's own state is one in delivering the event, and two contributory ones make a
/// double fault; INT n has no part in that, and is complete once the tasks are switched.
Guest<void> enter_task(Cpu& cpu, const Event& event, const Descriptor& gate) {
    const bool sound = TRY(switch_through_gate(cpu, gate, TaskSwitch::event, event.external()));
    cpu.step_trap = false;
    if (!sound && event.source == EventSource::hardware) return std::unexpected(Stop::exception);
    if (!sound) deliver_exception(cpu);
    if (!sound || !event.has_error_code) return {};
    PushStack stack = PushStack::current(cpu, event.external());
    TRY(stack.push(event.error_code, cpu.state.tr.type() == system_type::busy_tss ? 4 : 2));
    stack.commit();
    return {};
}

} // namespace

Guest<void> enter_handler(Cpu& cpu, Vector vector, EventSource source, bool has_error_code, u32 error_code) {
    const Event event{vector, source, has_error_code, error_code};
    if (cpu.real_mode()) return enter_real_mode(cpu, event);
    const Descriptor gate = TRY(read_gate(cpu, event));
    if (gate.type() == system_type::task_gate) return enter_task(cpu, event, gate);
    const Descriptor code = TRY(read_handler_code(cpu, event, gate.gate_selector()));
    if (cpu.long_mode_active()) return enter_long_mode(cpu, event, gate, code);
    return enter_protected_mode(cpu, event, gate, code);
}

} // namespace ringer::x86
