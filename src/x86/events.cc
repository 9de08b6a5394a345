#include "x86/events.h"

#include "x86/cpuid.h"
#include "x86/debug_registers.h"

namespace ringer::x86 {

namespace {

/// Intel SDM Vol. 3, table 6-4.
enum class Severity : u8 { benign, contributory, page_fault, double_fault };

Severity severity(Vector vector) {
    switch (vector) {
    case Vector::divide_error:
    case Vector::invalid_tss:
    case Vector::segment_not_present:
    case Vector::stack_fault:
    case Vector::general_protection: return Severity::contributory;
    case Vector::page_fault: return Severity::page_fault;
    case Vector::double_fault: return Severity::double_fault;
    default: return Severity::benign;
    }
}

bool makes_double_fault(Severity first, Severity second) {
    if (first == Severity::contributory) return second == Severity::contributory;
    return first == Severity::page_fault && second != Severity::benign;
}

/// Faults are pushed with RF set, so that the instruction is not stopped twice by the same code breakpoint
/// (Intel SDM Vol. 3, 17.3.1.1).
bool is_fault(const Exception& exception) {
    switch (exception.vector) {
    case Vector::debug: return exception.address & dr6::bd;
    case Vector::nmi:
    case Vector::breakpoint:
    case Vector::overflow:
    case Vector::double_fault:
    case Vector::machine_check: return false;
    default: return true;
    }
}

void note_cause(Cpu& cpu, const Exception& exception) {
    CpuState& state = cpu.state;
    if (exception.vector == Vector::page_fault) state.cr2 = exception.address;
    if (exception.vector == Vector::debug) {
        state.dr6 = (state.dr6 & ~dr6::breakpoints) | exception.address;
        state.dr7 &= ~dr7::gd;
    }
    if (is_fault(exception)) state.rflags |= flag::rf;
}

void shut_down(Cpu& cpu) {
    cpu.state.activity = Activity::shutdown;
    cpu.request_check();
}

/// Enters the handler of `exception`, or that of what goes wrong on the way.
void deliver(Cpu& cpu, Exception exception) {
    // A page fault in the delivery of a benign exception, then a double fault: no sound chain is longer than
    // three. #AC in delivering #AC could go on for ever, and hangs a real CPU.
    for (unsigned attempt = 0; attempt < 4; ++attempt) {
        note_cause(cpu, exception);
        const auto entered = enter_handler(cpu, exception.vector, EventSource::hardware,
                                           exception.has_error_code, exception.error_code);
        if (entered) return;
        const Severity first = severity(exception.vector);
        if (entered.error() != Stop::exception) break;
        exception = cpu.exception;
        // CR2 tells of the last page fault, whatever becomes of it.
        if (exception.vector == Vector::page_fault) cpu.state.cr2 = exception.address;
        if (first == Severity::double_fault) break;
        if (makes_double_fault(first, severity(exception.vector)))
            exception = {
                .vector = Vector::double_fault, .has_error_code = true, .error_code = 0, .address = 0};
    }
    shut_down(cpu);
}

void wake(Cpu& cpu) {
    if (cpu.state.activity == Activity::halted) cpu.state.activity = Activity::running;
}

bool interrupt_ready(const Cpu& cpu) {
    return cpu.interrupt_line && (cpu.state.rflags & flag::interrupt) &&
           cpu.state.interrupt_shadow == InterruptShadow::none &&
           cpu.surroundings.interrupts().interrupt_pending();
}

bool nmi_ready(const Cpu& cpu) {
    return cpu.state.nmi_pending && !cpu.state.nmi_blocked &&
           cpu.state.interrupt_shadow != InterruptShadow::events;
}

bool trap_ready(const Cpu& cpu) {
    return cpu.state.pending_debug && cpu.state.interrupt_shadow != InterruptShadow::events;
}

void take_init(Cpu& cpu) {
    cpu.state = init_state(cpu.state);
    cpu.state.gpr[rdx] = cpuid(cpu, 1, 0).eax;
    state_changed(cpu);
}

void take_debug(Cpu& cpu, u64 dr6_bits) {
    cpu.state.pending_debug = 0;
    (void)raise_debug(cpu, dr6_bits);
    deliver_exception(cpu);
}

u64 code_breakpoint_hits(const Cpu& cpu) {
    const CpuState& state = cpu.state;
    if ((state.rflags & flag::rf) || state.interrupt_shadow == InterruptShadow::events) return 0;
    const u64 linear = state.segments[cs].base + state.rip;
    return code_breakpoints_at(cpu, cpu.long64() ? state.rip : linear & 0xffff'ffff);
}

/// VIF and VIP are both set where they mean something: #GP at the beginning of the next instruction (Intel
/// SDM Vol. 3, 20.3.2 and 20.4). Only IRET and a task switch can bring this about.
bool virtual_interrupt_ready(const Cpu& cpu) {
    constexpr u64 both = flag::vif | flag::vip;
    const CpuState& state = cpu.state;
    if ((state.rflags & both) != both || state.cpl != 3 || cpu.iopl() == 3) return false;
    return state.cr4 & (cpu.virtual8086() ? cr4::vme : cr4::pvi);
}

} // namespace

void deliver_exception(Cpu& cpu) {
    cpu.state.interrupt_shadow = InterruptShadow::none;
    deliver(cpu, cpu.exception);
    cpu.request_check();
}

void deliver_interrupt(Cpu& cpu, Vector vector) {
    const auto entered = enter_handler(cpu, vector, EventSource::hardware, false, 0);
    if (!entered) deliver(cpu, cpu.exception);
    cpu.request_check();
}

bool deliver_pending(Cpu& cpu) {
    CpuState& state = cpu.state;
    if (state.init_pending) {
        take_init(cpu);
        return true;
    }
    if (state.activity == Activity::shutdown) return false;
    if (trap_ready(cpu)) {
        wake(cpu);
        take_debug(cpu, state.pending_debug);
        return true;
    }
    if (nmi_ready(cpu)) {
        wake(cpu);
        state.nmi_pending = false;
        state.nmi_blocked = true;
        deliver_interrupt(cpu, Vector::nmi);
        return true;
    }
    if (interrupt_ready(cpu)) {
        wake(cpu);
        deliver_interrupt(cpu, static_cast<Vector>(cpu.surroundings.interrupts().acknowledge()));
        return true;
    }
    if (state.activity != Activity::running) return false;
    if (const u64 hits = has_code_breakpoint(cpu) ? code_breakpoint_hits(cpu) : 0) {
        take_debug(cpu, hits);
        return true;
    }
    if (!virtual_interrupt_ready(cpu)) return false;
    (void)general_protection(cpu);
    deliver_exception(cpu);
    return true;
}

bool event_ready(const Cpu& cpu) {
    return cpu.state.init_pending || trap_ready(cpu) || nmi_ready(cpu) || interrupt_ready(cpu);
}

bool attention_needed(const Cpu& cpu) {
    const CpuState& state = cpu.state;
    return (state.rflags & (flag::tf | flag::rf)) || state.interrupt_shadow != InterruptShadow::none ||
           state.activity != Activity::running || state.pending_debug || state.init_pending ||
           nmi_ready(cpu) || interrupt_ready(cpu) || has_code_breakpoint(cpu) || virtual_interrupt_ready(cpu);
}

Step begin_step(Cpu& cpu) {
    CpuState& state = cpu.state;
    const Step step{.resume_flag = (state.rflags & flag::rf) != 0,
                    .shadow = state.interrupt_shadow,
                    .pending_debug = state.pending_debug};
    state.rflags &= ~flag::rf;
    state.interrupt_shadow = InterruptShadow::none;
    cpu.step_trap = state.rflags & flag::tf;
    return step;
}

void end_step(Cpu& cpu, const Step& step, Flow flow) {
    CpuState& state = cpu.state;
    const bool single_step = std::exchange(cpu.step_trap, false);
    switch (flow) {
    case Flow::not_yet:
        if (step.resume_flag) state.rflags |= flag::rf;
        state.interrupt_shadow = step.shadow;
        state.pending_debug = step.pending_debug;
        return;
    case Flow::exception: state.pending_debug = step.pending_debug; return;
    case Flow::again:
    case Flow::next:
    case Flow::branch:
    case Flow::end_block: break;
    }
    // Between the iterations of a string instruction events are taken with RF set, as the instruction is not
    // yet done.
    if (flow == Flow::again) state.rflags |= flag::rf;
    if (single_step && state.interrupt_shadow != InterruptShadow::events) state.pending_debug |= dr6::bs;
}

} // namespace ringer::x86
