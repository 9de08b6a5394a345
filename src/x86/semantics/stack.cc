#include "x86/semantics/stack.h"

#include "x86/semantics/operands.h"

namespace ringer::x86 {

namespace {

template <class T, Place source>
Outcome push_operand(Cpu& cpu, const Instruction& instruction) {
    const T value = TRY((read_operand<T, source>(cpu, instruction, 0)));
    TRY(push<T>(cpu, value));
    return Flow::next;
}

template <class T>
Outcome pop_register(Cpu& cpu, const Instruction& instruction) {
    const T value = TRY(peek<T>(cpu));
    discard(cpu, sizeof(T));
    cpu.set<T>(instruction.operand[0], value); // After RSP moved: POP RSP keeps what was popped.
    return Flow::next;
}

/// An address based on RSP is computed after RSP has moved (Intel SDM Vol. 2, POP).
template <class T>
Outcome pop_memory(Cpu& cpu, const Instruction& instruction) {
    const T value = TRY(peek<T>(cpu));
    const u64 old_stack_pointer = cpu.gpr(rsp);
    discard(cpu, sizeof(T));
    const Guest<void> stored = store_operand<T>(cpu, instruction, value);
    if (!stored) {
        cpu.gpr(rsp) = old_stack_pointer;
        return std::unexpected(stored.error());
    }
    return Flow::next;
}

/// PUSHA, PUSHAD: all eight, with the value that SP had before.
template <class T>
Outcome push_all(Cpu& cpu, const Instruction&) {
    const u64 old_stack_pointer = cpu.gpr(rsp);
    const u64 bottom = wrap_stack_pointer(cpu, old_stack_pointer - 8 * sizeof(T));
    for (unsigned i = 0; i < 8; ++i) { // The registers go down from AX to DI.
        const u64 offset = wrap_stack_pointer(cpu, old_stack_pointer - (i + 1) * sizeof(T));
        const u64 linear = TRY(linear_address(cpu, ss, offset, sizeof(T), Access::write));
        TRY(store<T>(cpu, linear, cpu.get<T>(gpr_offset(i)), ss));
    }
    set_stack_pointer(cpu, bottom);
    return Flow::next;
}

/// POPA, POPAD: all but SP. Like silicon's, a fault in the middle finds the registers before it loaded, and
/// the instruction starts over.
template <class T>
Outcome pop_all(Cpu& cpu, const Instruction&) {
    for (unsigned i = 0; i < 8; ++i) { // The registers go up from DI to AX.
        const unsigned number = 7 - i;
        const T value = TRY(peek<T>(cpu, i * sizeof(T)));
        if (number != rsp) cpu.set<T>(gpr_offset(number), value);
    }
    discard(cpu, 8 * sizeof(T));
    return Flow::next;
}

/// Stores `value` below `top`, which moves down.
template <class T>
Guest<void> push_below(Cpu& cpu, u64& top, T value) {
    const u64 offset = wrap_stack_pointer(cpu, top - sizeof(T));
    const u64 linear = TRY(linear_address(cpu, ss, offset, sizeof(T), Access::write));
    TRY(store<T>(cpu, linear, value, ss));
    top = offset;
    return {};
}

/// ENTER: a frame of `immediate` bytes at nesting level `second_immediate` (Intel SDM Vol. 2, ENTER).
template <class T>
Outcome enter(Cpu& cpu, const Instruction& instruction) {
    const unsigned level = instruction.second_immediate % 32;
    const u64 size = instruction.immediate & 0xffff;
    u64 top = cpu.gpr(rsp);
    TRY(push_below<T>(cpu, top, cpu.get<T>(gpr_offset(rbp))));
    // With a 16-bit stack a 32-bit frame pointer has the upper half of ESP; so does Zen 4.
    const u64 frame = stack_size(cpu) == 2 ? (cpu.gpr(rsp) & ~u64{0xffff}) | top : top;
    u64 display = cpu.gpr(rbp);
    for (unsigned i = 1; i < level; ++i) {
        display = wrap_stack_pointer(cpu, display - sizeof(T));
        const u64 linear = TRY(linear_address(cpu, ss, display, sizeof(T), Access::read));
        const T pointer = TRY(load<T>(cpu, linear, ss));
        TRY(push_below<T>(cpu, top, pointer));
    }
    if (level > 0) TRY(push_below<T>(cpu, top, static_cast<T>(frame)));
    top = wrap_stack_pointer(cpu, top - size);
    // The new top must be writable, or the fault comes now and not at the first push.
    const u64 linear = TRY(linear_address(cpu, ss, top, sizeof(T), Access::write));
    TRY(check_writable(cpu, linear, sizeof(T), ss));
    cpu.set<T>(gpr_offset(rbp), static_cast<T>(frame));
    set_stack_pointer(cpu, top);
    return Flow::next;
}

/// LEAVE: SP = BP, then POP BP.
template <class T>
Outcome leave(Cpu& cpu, const Instruction&) {
    const u64 frame = wrap_stack_pointer(cpu, cpu.gpr(rbp));
    const u64 linear = TRY(linear_address(cpu, ss, frame, sizeof(T), Access::read));
    const T value = TRY(load<T>(cpu, linear, ss));
    set_stack_pointer(cpu, frame + sizeof(T));
    cpu.set<T>(gpr_offset(rbp), value);
    return Flow::next;
}

bool is_other_register(const Decoded& decoded) {
    return decoded.is_register(0) &&
           ZydisRegisterGetClass(decoded.operands[0].reg.value) >= ZYDIS_REGCLASS_X87;
}

Handler select_push(const Decoded& decoded, Instruction&) {
    if (is_other_register(decoded)) return nullptr;
    return for_wide(decoded.instruction.operand_width, [&]<class T>() -> Handler {
        return for_any_place(decoded, 0, [&]<Place place>() -> Handler { return push_operand<T, place>; });
    });
}

Handler select_pop(const Decoded& decoded, Instruction&) {
    if (is_other_register(decoded)) return nullptr;
    return for_wide(decoded.instruction.operand_width, [&]<class T>() -> Handler {
        return decoded.is_memory(0) ? pop_memory<T> : pop_register<T>;
    });
}

Handler select_enter(const Decoded& decoded, Instruction&) {
    return for_wide(decoded.instruction.operand_width, []<class T>() -> Handler { return enter<T>; });
}

Handler select_leave(const Decoded& decoded, Instruction&) {
    return for_wide(decoded.instruction.operand_width, []<class T>() -> Handler { return leave<T>; });
}

} // namespace

void add_stack(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_PUSH, &select_push);
    table.add(ZYDIS_MNEMONIC_POP, &select_pop);
    table.add(ZYDIS_MNEMONIC_PUSHA, &always<push_all<u16>>);
    table.add(ZYDIS_MNEMONIC_PUSHAD, &always<push_all<u32>>);
    table.add(ZYDIS_MNEMONIC_POPA, &always<pop_all<u16>>);
    table.add(ZYDIS_MNEMONIC_POPAD, &always<pop_all<u32>>);
    table.add(ZYDIS_MNEMONIC_ENTER, &select_enter);
    table.add(ZYDIS_MNEMONIC_LEAVE, &select_leave);
}

} // namespace ringer::x86
