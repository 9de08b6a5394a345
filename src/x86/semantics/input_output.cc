#include "x86/semantics/operands.h"

#include "x86/debug_registers.h"

namespace ringer::x86 {

namespace {

/// The port of IN and OUT: an immediate byte, or DX.
template <bool immediate>
u16 port_of(const Cpu& cpu, const Instruction& instruction) {
    return immediate ? static_cast<u8>(instruction.immediate) : cpu.get<u16>(gpr_offset(rdx));
}

template <class T, bool immediate>
Outcome input(Cpu& cpu, const Instruction& instruction) {
    const u16 port = port_of<immediate>(cpu, instruction);
    TRY(check_port_permission(cpu, port, sizeof(T)));
    cpu.set<T>(gpr_offset(rax), static_cast<T>(TRY(read_port(cpu, port, sizeof(T)))));
    return Flow::next;
}

template <class T, bool immediate>
Outcome output(Cpu& cpu, const Instruction& instruction) {
    const u16 port = port_of<immediate>(cpu, instruction);
    TRY(check_port_permission(cpu, port, sizeof(T)));
    TRY(write_port(cpu, port, sizeof(T), cpu.get<T>(gpr_offset(rax))));
    return Flow::next;
}

Handler select_input(const Decoded& decoded, Instruction&) {
    return for_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return decoded.is_immediate(1) ? input<T, true> : input<T, false>;
    });
}

Handler select_output(const Decoded& decoded, Instruction&) {
    return for_width(decoded.operand_bits(1), [&]<class T>() -> Handler {
        return decoded.is_immediate(0) ? output<T, true> : output<T, false>;
    });
}

std::unexpected<Stop> wait_for_port(Cpu& cpu, u16 port, unsigned size, bool is_write) {
    cpu.pending = {.address = port, .size = static_cast<u8>(size), .is_port = true, .is_write = is_write};
    return std::unexpected(Stop::not_yet);
}

/// Whether the TSS's I/O permission bitmap lets all of [port, port + size) through. The processor reads two
/// bytes of it even where one would do (Intel SDM Vol. 1, 19.5.2).
Guest<bool> bitmap_permits(Cpu& cpu, u16 port, unsigned size) {
    constexpr unsigned bitmap_base_offset = 0x66;
    const Segment& task = cpu.state.tr;
    const bool is_32_bit_tss = (task.type() & 0xd) == 9; // Available or busy.
    if (!task.present() || !is_32_bit_tss || task.limit < bitmap_base_offset + 1) return false;
    const u32 offset = TRY(system_load<u16>(cpu, task.base + bitmap_base_offset)) + port / 8;
    if (offset + 1 > task.limit) return false;
    const u16 bitmap = TRY(system_load<u16>(cpu, task.base + offset));
    return ((bitmap >> (port % 8)) & ((1u << size) - 1)) == 0;
}

} // namespace

Guest<void> check_port_permission(Cpu& cpu, u16 port, unsigned size) {
    const bool iopl_suffices = cpu.protected_mode() ? cpu.state.cpl <= cpu.iopl() : cpu.real_mode();
    if (iopl_suffices) return {};
    if (!TRY(bitmap_permits(cpu, port, size))) return general_protection(cpu);
    return {};
}

Guest<u32> read_port(Cpu& cpu, u16 port, unsigned size) {
    note_port_access(cpu, port, size);
    u64 value = 0;
    if (cpu.surroundings.ports().read(port, size, value) == memory::Answer::not_yet)
        return wait_for_port(cpu, port, size, false);
    return static_cast<u32>(value);
}

Guest<void> write_port(Cpu& cpu, u16 port, unsigned size, u32 value) {
    note_port_access(cpu, port, size);
    if (cpu.surroundings.ports().write(port, size, value) == memory::Answer::not_yet)
        return wait_for_port(cpu, port, size, true);
    return {};
}

void add_input_output(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_IN, &select_input);
    table.add(ZYDIS_MNEMONIC_OUT, &select_output);
}

} // namespace ringer::x86
