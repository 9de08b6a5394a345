#include "base/bits.h"
#include "x86/code_target.h"
#include "x86/cpuid.h"
#include "x86/events.h"
#include "x86/semantics/system_families.h"
#include "x86/stack_frame.h"
#include "x86/task_switch.h"

/// Far CALL, JMP and RET (Intel SDM Vol. 2, and Vol. 3, 5.8).
namespace ringer::x86 {

namespace {

/// The operand of JMP or CALL, which may be immediate.
Guest<FarPointer> read_far_pointer(Cpu& cpu, const Instruction& instruction) {
    if (instruction.has_memory) return load_far_pointer(cpu, instruction);
    return FarPointer{instruction.selector, instruction.immediate & byte_mask(instruction.operand_size)};
}

/// Code that a JMP or CALL may reach without a gate, hence at the same privilege level.
Guest<Descriptor> check_direct_code(Cpu& cpu, u16 selector, Descriptor code) {
    const unsigned cpl = cpu.state.cpl;
    const bool privilege_fits =
        code.is_conforming() ? code.dpl() <= cpl : code.dpl() == cpl && requested_privilege(selector) <= cpl;
    if (!privilege_fits || (cpu.long_mode_active() && code.is_long() && code.default_is_32()))
        return general_protection(cpu, selector_error(selector));
    if (!code.present()) return raise(cpu, Vector::segment_not_present, selector_error(selector));
    TRY(mark_accessed(cpu, code));
    return code;
}

Guest<void> push_return_address(Cpu& cpu, PushStack& stack, unsigned size) {
    TRY(stack.push(cpu.state.segments[cs].selector, size));
    return stack.push(cpu.state.rip, size);
}

Outcome finish_transfer(Cpu& cpu, u16 selector, const Descriptor& code, u64 target, unsigned cpl) {
    cpu.state.rip = target;
    commit_code_segment(cpu, selector, code, cpl);
    return Flow::end_block;
}

Outcome transfer_real(Cpu& cpu, const FarPointer& pointer, unsigned size, bool is_call) {
    if (pointer.offset > cpu.state.segments[cs].limit) return general_protection(cpu);
    if (is_call) {
        PushStack stack = PushStack::current(cpu);
        TRY(push_return_address(cpu, stack, size));
        stack.commit();
    }
    load_real_segment(cpu, cs, pointer.selector);
    cpu.state.rip = pointer.offset;
    mode_changed(cpu);
    return Flow::end_block;
}

Outcome transfer_direct(Cpu& cpu, const FarPointer& pointer, const Descriptor& descriptor, unsigned size,
                        bool is_call) {
    const Descriptor code = TRY(check_direct_code(cpu, pointer.selector, descriptor));
    // A call pushes before the target is checked.
    if (!is_call) TRY(check_target(cpu, code, pointer.offset));
    PushStack stack = PushStack::for_call(cpu, code);
    if (is_call) TRY(push_return_address(cpu, stack, size));
    const u64 target = TRY(check_target(cpu, code, pointer.offset));
    if (is_call) stack.commit();
    return finish_transfer(cpu, pointer.selector, code, target, cpu.state.cpl);
}

struct Gate {
    u16 selector;
    u64 offset;
    unsigned size; ///< Of what is pushed, in bytes.
    unsigned parameters;
};

Gate parse_call_gate(const Cpu& cpu, const Descriptor& gate) {
    if (cpu.long_mode_active()) return {gate.gate_selector(), gate.gate_offset64(), 8, 0};
    if (gate.type() == system_type::call_gate)
        return {gate.gate_selector(), gate.gate_offset32(), 4, gate.parameter_count()};
    return {gate.gate_selector(), gate.gate_offset16(), 2, gate.parameter_count()};
}

Guest<Descriptor> read_gate_code(Cpu& cpu, u16 selector, bool is_call) {
    if (is_null(selector)) return general_protection(cpu);
    Descriptor code = TRY(read_descriptor(cpu, selector));
    const bool privilege_fits =
        code.dpl() <= cpu.state.cpl && (is_call || code.is_conforming() || code.dpl() == cpu.state.cpl);
    const bool size_fits = !cpu.long_mode_active() || (code.is_long() && !code.default_is_32());
    if (!code.is_code() || !privilege_fits || !size_fits)
        return general_protection(cpu, selector_error(selector));
    if (!code.present()) return raise(cpu, Vector::segment_not_present, selector_error(selector));
    TRY(mark_accessed(cpu, code));
    return code;
}

/// The parameters of a call through a gate, topmost first.
Guest<std::array<u64, 31>> read_parameters(Cpu& cpu, const Gate& gate) {
    std::array<u64, 31> parameters{};
    PopStack stack(cpu);
    for (unsigned i = 0; i < gate.parameters; ++i) parameters[i] = TRY(stack.pop(gate.size));
    return parameters;
}

Outcome call_inner_long(Cpu& cpu, const Gate& gate, const Descriptor& code, u64 target) {
    CpuState& state = cpu.state;
    const u64 pointer = TRY(long_mode_stack_from_tss(cpu, code.dpl()));
    PushStack stack = PushStack::long_mode(cpu, pointer, true);
    TRY(stack.push(state.segments[ss].selector, 8));
    TRY(stack.push(state.gpr[rsp], 8));
    TRY(push_return_address(cpu, stack, 8));
    stack.commit();
    state.segments[ss] = {.selector = static_cast<u16>(code.dpl())};
    return finish_transfer(cpu, gate.selector, code, target, code.dpl());
}

Outcome call_inner(Cpu& cpu, const Gate& gate, const Descriptor& code, u64 target) {
    CpuState& state = cpu.state;
    const InnerStack named = TRY(stack_from_tss(cpu, code.dpl()));
    const Segment segment = TRY(checked_stack_segment(cpu, named.selector, code.dpl(), Vector::invalid_tss));
    const std::array<u64, 31> parameters = TRY(read_parameters(cpu, gate));
    PushStack stack = PushStack::inner(cpu, segment, named.pointer);
    TRY(stack.push(state.segments[ss].selector, gate.size));
    TRY(stack.push(state.gpr[rsp], gate.size));
    for (unsigned i = gate.parameters; i-- > 0;) TRY(stack.push(parameters[i], gate.size));
    TRY(push_return_address(cpu, stack, gate.size));
    stack.commit();
    state.segments[ss] = segment;
    return finish_transfer(cpu, gate.selector, code, target, code.dpl());
}

Outcome transfer_through_gate(Cpu& cpu, const Descriptor& descriptor, bool is_call) {
    const Gate gate = parse_call_gate(cpu, descriptor);
    const Descriptor code = TRY(read_gate_code(cpu, gate.selector, is_call));
    const u64 target = TRY(check_target(cpu, code, gate.offset));
    const bool to_inner = is_call && !code.is_conforming() && code.dpl() < cpu.state.cpl;
    if (to_inner)
        return cpu.long_mode_active() ? call_inner_long(cpu, gate, code, target)
                                      : call_inner(cpu, gate, code, target);
    if (is_call) {
        PushStack stack = PushStack::current(cpu);
        TRY(push_return_address(cpu, stack, gate.size));
        stack.commit();
    }
    return finish_transfer(cpu, gate.selector, code, target, cpu.state.cpl);
}

Outcome transfer_to_system_descriptor(Cpu& cpu, u16 selector, const Descriptor& descriptor, bool is_call) {
    using namespace system_type;
    const unsigned type = descriptor.type();
    const bool is_legacy = type == tss16 || type == tss || type == task_gate || type == call_gate16;
    if (type != call_gate && (!is_legacy || cpu.long_mode_active()))
        return general_protection(cpu, selector_error(selector));
    // The upper half of a 64-bit gate must not look like a descriptor of its own.
    if (cpu.long_mode_active() && bits(descriptor.high, 40, 5) != 0)
        return general_protection(cpu, selector_error(selector));
    if (descriptor.dpl() < cpu.state.cpl || descriptor.dpl() < requested_privilege(selector))
        return general_protection(cpu, selector_error(selector));
    if (!descriptor.present()) return raise(cpu, Vector::segment_not_present, selector_error(selector));
    if (type == call_gate || type == call_gate16) return transfer_through_gate(cpu, descriptor, is_call);
    const TaskSwitch reason = is_call ? TaskSwitch::call : TaskSwitch::jump;
    const bool sound = TRY(type == task_gate ? switch_through_gate(cpu, descriptor, reason)
                                             : switch_task(cpu, selector, descriptor, reason));
    if (!sound) deliver_exception(cpu);
    return Flow::end_block;
}

template <bool is_call>
Outcome transfer(Cpu& cpu, const Instruction& instruction) {
    const FarPointer pointer = TRY(read_far_pointer(cpu, instruction));
    if (!cpu.protected_mode()) return transfer_real(cpu, pointer, instruction.operand_size, is_call);
    if (is_null(pointer.selector)) return general_protection(cpu);
    const Descriptor descriptor = TRY(read_descriptor(cpu, pointer.selector));
    if (descriptor.is_code())
        return transfer_direct(cpu, pointer, descriptor, instruction.operand_size, is_call);
    if (descriptor.is_code_or_data()) return general_protection(cpu, selector_error(pointer.selector));
    return transfer_to_system_descriptor(cpu, pointer.selector, descriptor, is_call);
}

Outcome return_real(Cpu& cpu, const Instruction& instruction, u64 released) {
    const unsigned size = instruction.operand_size;
    PopStack stack(cpu);
    const u64 target = TRY(stack.pop(size));
    const u64 selector = TRY(stack.pop(size));
    if (target > cpu.state.segments[cs].limit) return general_protection(cpu);
    stack.skip(released);
    stack.commit();
    load_real_segment(cpu, cs, static_cast<u16>(selector));
    cpu.state.rip = target;
    mode_changed(cpu);
    return Flow::end_block;
}

/// RET, with or without `released` bytes of parameters to drop.
Outcome return_far(Cpu& cpu, const Instruction& instruction) {
    const unsigned size = instruction.operand_size;
    const u64 released = instruction.immediate & 0xffff;
    if (!cpu.protected_mode()) return return_real(cpu, instruction, released);
    CpuState& state = cpu.state;
    PopStack stack(cpu);
    const u16 selector = static_cast<u16>(TRY(stack.peek(size, size)));
    const u64 offset = TRY(stack.pop(size));
    stack.skip(size);
    // AMD's CPUs read an outer level's SS before they check CS, even when CS names an inner level.
    if (cpu.model.is_amd && requested_privilege(selector) != state.cpl)
        TRY(stack.peek(size, released + size));
    const Descriptor code = TRY(check_return_code(cpu, selector));
    const u64 target = TRY(check_target(cpu, code, offset));
    const unsigned new_cpl = requested_privilege(selector);
    stack.skip(released);
    if (new_cpl == state.cpl) {
        stack.commit();
        return finish_transfer(cpu, selector, code, target, new_cpl);
    }
    const u64 outer_pointer = TRY(stack.pop(size));
    const u16 outer_selector = static_cast<u16>(TRY(stack.pop(size)));
    const Segment outer = TRY(check_return_stack(cpu, outer_selector, new_cpl, code));
    state.segments[ss] = outer;
    finish_transfer(cpu, selector, code, target, new_cpl);
    set_stack_pointer(cpu, outer_pointer + released, stack_size(cpu));
    drop_inner_segments(cpu);
    return Flow::end_block;
}

bool is_far(const Decoded& decoded) { return decoded.instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR; }

Handler select_call(const Decoded& decoded, Instruction&) {
    return is_far(decoded) ? &transfer<true> : nullptr;
}
Handler select_jump(const Decoded& decoded, Instruction&) {
    return is_far(decoded) ? &transfer<false> : nullptr;
}
Handler select_return(const Decoded& decoded, Instruction&) {
    return is_far(decoded) ? &return_far : nullptr;
}

} // namespace

void add_far_transfers(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_CALL, &select_call);
    table.add(ZYDIS_MNEMONIC_JMP, &select_jump);
    table.add(ZYDIS_MNEMONIC_RET, &select_return);
    add_interrupts(table);
    add_system_calls(table);
}

} // namespace ringer::x86
