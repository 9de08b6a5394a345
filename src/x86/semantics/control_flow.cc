#include "x86/cpuid.h"
#include "x86/semantics/flags.h"
#include "x86/semantics/operands.h"
#include "x86/semantics/stack.h"

#include <utility>

namespace ringer::x86 {

namespace {

/// A near branch's target, wrapped to the operand size, must be canonical, or lie within CS's limit.
Guest<void> branch_to(Cpu& cpu, u64 target, unsigned operand_size) {
    target &= byte_mask(operand_size);
    if (cpu.long64() ? !is_canonical(target) : target > cpu.state.segments[cs].limit)
        return general_protection(cpu);
    cpu.state.rip = target;
    return {};
}

Guest<void> branch_relative(Cpu& cpu, const Instruction& instruction) {
    return branch_to(cpu, cpu.state.rip + instruction.immediate, instruction.operand_size);
}

Outcome jump_relative(Cpu& cpu, const Instruction& instruction) {
    TRY(branch_relative(cpu, instruction));
    return Flow::branch;
}

template <class T, Place place>
Outcome jump_indirect(Cpu& cpu, const Instruction& instruction) {
    const T target = TRY((read_operand<T, place>(cpu, instruction, 0)));
    TRY(branch_to(cpu, target, sizeof(T)));
    return Flow::branch;
}

template <unsigned code>
Outcome jump_if(Cpu& cpu, const Instruction& instruction) {
    if (!condition<code>(cpu.state.rflags)) return Flow::next;
    TRY(branch_relative(cpu, instruction));
    return Flow::branch;
}

/// What a call whose target is refused has done with the stack, whose faults come before the target's:
/// Intel's CPUs have written the return address.
template <class T>
Guest<void> push_in_vain(Cpu& cpu, T return_address) {
    if (cpu.model.is_amd) return check_push<T>(cpu);
    const u64 stack_pointer = cpu.gpr(rsp);
    TRY(push<T>(cpu, return_address));
    cpu.gpr(rsp) = stack_pointer;
    return {};
}

/// Takes the branch and then pushes the return address; a push that faults takes the branch back, since the
/// caller restores RIP.
template <class T>
Outcome call(Cpu& cpu, u64 target) {
    const T return_address = static_cast<T>(cpu.state.rip);
    const Guest<void> taken = branch_to(cpu, target, sizeof(T));
    if (!taken) {
        const Exception refused = cpu.exception;
        TRY(push_in_vain(cpu, return_address));
        cpu.exception = refused;
        return std::unexpected(taken.error());
    }
    TRY(push<T>(cpu, return_address));
    return Flow::branch;
}

template <class T>
Outcome call_relative(Cpu& cpu, const Instruction& instruction) {
    return call<T>(cpu, cpu.state.rip + instruction.immediate);
}

template <class T, Place place>
Outcome call_indirect(Cpu& cpu, const Instruction& instruction) {
    const T target = TRY((read_operand<T, place>(cpu, instruction, 0)));
    return call<T>(cpu, target);
}

/// RET, and RET with a number of bytes of parameters to discard.
template <class T>
Outcome return_near(Cpu& cpu, const Instruction& instruction) {
    const T target = TRY(peek<T>(cpu));
    TRY(branch_to(cpu, target, sizeof(T)));
    discard(cpu, sizeof(T) + (instruction.immediate & 0xffff));
    return Flow::branch;
}

u64 counter(const Cpu& cpu, const Instruction& instruction) {
    return cpu.get<u64>(gpr_offset(rcx)) & (~u64{0} >> instruction.address_shift);
}

void set_counter(Cpu& cpu, const Instruction& instruction, u64 value) {
    switch (instruction.address_size()) {
    case 2: cpu.set<u16>(gpr_offset(rcx), static_cast<u16>(value)); break;
    case 4: cpu.set<u32>(gpr_offset(rcx), static_cast<u32>(value)); break;
    default: cpu.set<u64>(gpr_offset(rcx), value); break;
    }
}

/// JCXZ, JECXZ, JRCXZ.
Outcome jump_if_counter_zero(Cpu& cpu, const Instruction& instruction) {
    if (counter(cpu, instruction) == 0) TRY(branch_relative(cpu, instruction));
    return Flow::branch;
}

enum class LoopCondition : u8 { none, zero, not_zero };

/// LOOP, LOOPE, LOOPNE: the counter is decremented without flags.
template <LoopCondition wanted>
Outcome loop(Cpu& cpu, const Instruction& instruction) {
    const u64 left = (counter(cpu, instruction) - 1) & (~u64{0} >> instruction.address_shift);
    const bool zero = cpu.state.rflags & flag::zf;
    const bool holds = wanted == LoopCondition::none || zero == (wanted == LoopCondition::zero);
    if (left != 0 && holds) TRY(branch_relative(cpu, instruction));
    set_counter(cpu, instruction, left);
    return Flow::branch;
}

/// LOOPE and LOOPNE. On AMD's CPUs a REPNE prefix makes either LOOPNE, and REPE makes it LOOPE.
template <LoopCondition wanted>
Handler select_loop(const Decoded& decoded, Instruction&) {
    bool zero = wanted == LoopCondition::zero;
    const auto& raw = decoded.instruction.raw;
    for (unsigned i = 0; decoded.model.is_amd && i < raw.prefix_count; ++i) {
        if (raw.prefixes[i].value == 0xf2) zero = false;
        if (raw.prefixes[i].value == 0xf3) zero = true;
    }
    return zero ? &loop<LoopCondition::zero> : &loop<LoopCondition::not_zero>;
}

bool is_far(const Decoded& decoded) { return decoded.instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR; }

Handler select_jump(const Decoded& decoded, Instruction&) {
    if (is_far(decoded)) return nullptr;
    if (decoded.is_immediate(0)) return jump_relative;
    return for_wide(decoded.instruction.operand_width, [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 0,
                                      []<Place place>() -> Handler { return jump_indirect<T, place>; });
    });
}

Handler select_call(const Decoded& decoded, Instruction&) {
    if (is_far(decoded)) return nullptr;
    return for_wide(decoded.instruction.operand_width, [&]<class T>() -> Handler {
        if (decoded.is_immediate(0)) return call_relative<T>;
        return for_register_or_memory(decoded, 0,
                                      []<Place place>() -> Handler { return call_indirect<T, place>; });
    });
}

Handler select_return(const Decoded& decoded, Instruction&) {
    if (is_far(decoded)) return nullptr;
    return for_wide(decoded.instruction.operand_width, []<class T>() -> Handler { return return_near<T>; });
}

/// Jcc in the order of their condition codes.
constexpr std::array<ZydisMnemonic, 16> conditional_jumps{
    ZYDIS_MNEMONIC_JO, ZYDIS_MNEMONIC_JNO, ZYDIS_MNEMONIC_JB,  ZYDIS_MNEMONIC_JNB,
    ZYDIS_MNEMONIC_JZ, ZYDIS_MNEMONIC_JNZ, ZYDIS_MNEMONIC_JBE, ZYDIS_MNEMONIC_JNBE,
    ZYDIS_MNEMONIC_JS, ZYDIS_MNEMONIC_JNS, ZYDIS_MNEMONIC_JP,  ZYDIS_MNEMONIC_JNP,
    ZYDIS_MNEMONIC_JL, ZYDIS_MNEMONIC_JNL, ZYDIS_MNEMONIC_JLE, ZYDIS_MNEMONIC_JNLE};

template <unsigned... codes>
void add_conditional_jumps(SelectorTable& table, std::integer_sequence<unsigned, codes...>) {
    (table.add(conditional_jumps[codes], &always<jump_if<codes>>), ...);
}

} // namespace

void add_control_flow(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_JMP, &select_jump);
    table.add(ZYDIS_MNEMONIC_CALL, &select_call);
    table.add(ZYDIS_MNEMONIC_RET, &select_return);
    table.add(ZYDIS_MNEMONIC_JCXZ, &always<jump_if_counter_zero>);
    table.add(ZYDIS_MNEMONIC_JECXZ, &always<jump_if_counter_zero>);
    table.add(ZYDIS_MNEMONIC_JRCXZ, &always<jump_if_counter_zero>);
    table.add(ZYDIS_MNEMONIC_LOOP, &always<loop<LoopCondition::none>>);
    table.add(ZYDIS_MNEMONIC_LOOPE, &select_loop<LoopCondition::zero>);
    table.add(ZYDIS_MNEMONIC_LOOPNE, &select_loop<LoopCondition::not_zero>);
    add_conditional_jumps(table, std::make_integer_sequence<unsigned, 16>{});
}

} // namespace ringer::x86
