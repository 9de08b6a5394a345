#pragma once

#include "x86/cpu.h"

namespace ringer::x86 {

/// Where an interrupt or exception comes from; it decides privilege checks, the error code's EXT bit, and the
/// saved RIP.
enum class EventSource : u8 {
    hardware,            ///< An exception, NMI or external interrupt.
    software_interrupt,  ///< INT n, INT3, INTO: the gate's DPL is checked.
    privileged_software, ///< INT1: not checked.
};

/// Delivers cpu.exception (RIP already at the instruction that is to be restarted, or behind it for a trap):
/// sets CR2 or DR6, goes through the IDT or the real-mode vector table, and turns failures on the way into
/// #DF and then shutdown (Intel SDM Vol. 3, 6.15, table 6-5). Never fails: the worst outcome is
/// Activity::shutdown. Stop::not_yet cannot occur, as descriptor tables in device memory read as all ones.
void deliver_exception(Cpu& cpu);

/// Delivers an external interrupt or NMI in the same way.
void deliver_interrupt(Cpu& cpu, Vector vector);

/// One try at delivering an event: checks everything, then commits. Used by the two above and by INT n.
Guest<void> enter_handler(Cpu& cpu, Vector vector, EventSource source, bool has_error_code, u32 error_code);

/// Before an instruction, when something needs attention: takes, in the order of their priority (Intel SDM
/// Vol. 3, table 6-2), INIT, a pending debug trap, an NMI, an external interrupt, a code breakpoint. Returns
/// true when the vCPU went somewhere else. Also wakes the vCPU from HLT.
bool deliver_pending(Cpu& cpu);

/// Whether deliver_pending() would take an event here that is not about the next instruction: INIT, a pending
/// debug trap, an NMI or an external interrupt. They also come between the iterations of a repeated
/// instruction.
bool event_ready(const Cpu& cpu);

/// Whether something keeps the interpreter off its fast path now: RFLAGS.TF or RF, an armed code breakpoint,
/// a pending debug trap, a shadow to lift, a deliverable interrupt or NMI. While it does, each instruction is
/// preceded by deliver_pending() and stands between begin_step() and end_step().
bool attention_needed(const Cpu& cpu);

/// Makes the interpreter look before the next instruction when attention_needed(): after a change of RFLAGS
/// that may have unmasked something.
inline void check_attention(Cpu& cpu) {
    if (attention_needed(cpu)) cpu.request_check();
}

/// What an instruction off the fast path began with.
struct Step {
    bool resume_flag;
    InterruptShadow shadow;
    u64 pending_debug; ///< Of a load of SS before it.
};

/// Takes RFLAGS.RF and the interrupt shadow, which last for one instruction, out of the state, so that the
/// instruction may set them anew; notes TF.
Step begin_step(Cpu& cpu);

/// After the instruction, before the exception that it may have raised is delivered: puts back what an
/// incomplete one must find again, and turns the TF that a complete one began with into a pending trap.
void end_step(Cpu& cpu, const Step& step, Flow flow);

} // namespace ringer::x86
