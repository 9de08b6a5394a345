#include "x86/cpuid.h"
#include "x86/events.h"
#include "x86/semantics/flags.h"
#include "x86/semantics/operands.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace ringer::x86 {

namespace {

/// A repeated instruction looks up after so many iterations, or bytes on the fast paths.
constexpr u64 iterations_between_checks = 4096;

u64 address_mask(const Instruction& instruction) { return ~u64{0} >> instruction.address_shift; }

/// SI, DI or CX at the address size.
u64 index_register(const Cpu& cpu, const Instruction& instruction, Register number) {
    return cpu.state.gpr[number] & address_mask(instruction);
}

void set_index_register(Cpu& cpu, const Instruction& instruction, Register number, u64 value) {
    switch (instruction.address_size()) {
    case 2: cpu.set<u16>(gpr_offset(number), static_cast<u16>(value)); break;
    case 4: cpu.set<u32>(gpr_offset(number), static_cast<u32>(value)); break;
    default: cpu.set<u64>(gpr_offset(number), value); break;
    }
}

bool goes_down(const Cpu& cpu) { return (cpu.state.rflags & flag::df) != 0; }

void advance_index(Cpu& cpu, const Instruction& instruction, Register number, u64 bytes) {
    const u64 old = index_register(cpu, instruction, number);
    set_index_register(cpu, instruction, number, goes_down(cpu) ? old - bytes : old + bytes);
}

template <class T>
Guest<u64> source_address(Cpu& cpu, const Instruction& instruction) {
    const u64 offset = index_register(cpu, instruction, rsi);
    return linear_address(cpu, instruction.segment, offset, sizeof(T), Access::read);
}

template <class T>
Guest<u64> destination_address(Cpu& cpu, const Instruction& instruction, Access access) {
    return linear_address(cpu, es, index_register(cpu, instruction, rdi), sizeof(T), access);
}

/// Each instruction as a struct: one iteration, and where there is one a fast path over many.
template <class T>
struct StringInstruction {
    using Element = T;
    static constexpr bool compares = false; ///< ZF can end a repetition.
    /// Of which addresses narrow_registers() clears the upper half.
    static constexpr bool narrows_source = false, narrows_destination = false;
    static constexpr bool uses_port = false; ///< There is a port in DX.
};

template <class T>
struct Move : StringInstruction<T> {
    static constexpr bool narrows_source = true, narrows_destination = true;
    static Guest<void> once(Cpu& cpu, const Instruction& instruction) {
        const u64 source = TRY(source_address<T>(cpu, instruction));
        const T value = TRY(load<T>(cpu, source, instruction.segment));
        const u64 destination = TRY(destination_address<T>(cpu, instruction, Access::write));
        TRY(store<T>(cpu, destination, value, es));
        advance_index(cpu, instruction, rsi, sizeof(T));
        advance_index(cpu, instruction, rdi, sizeof(T));
        return {};
    }
};

template <class T>
struct Store : StringInstruction<T> {
    static constexpr bool narrows_destination = true;
    static Guest<void> once(Cpu& cpu, const Instruction& instruction) {
        const u64 destination = TRY(destination_address<T>(cpu, instruction, Access::write));
        TRY(store<T>(cpu, destination, cpu.get<T>(gpr_offset(rax)), es));
        advance_index(cpu, instruction, rdi, sizeof(T));
        return {};
    }
};

template <class T>
struct Load : StringInstruction<T> {
    static Guest<void> once(Cpu& cpu, const Instruction& instruction) {
        const u64 source = TRY(source_address<T>(cpu, instruction));
        cpu.set<T>(gpr_offset(rax), TRY(load<T>(cpu, source, instruction.segment)));
        advance_index(cpu, instruction, rsi, sizeof(T));
        return {};
    }
};

template <class T>
struct Compare : StringInstruction<T> {
    static constexpr bool compares = true;

    /// The destination is read first, as page faults show; by REPE CMPSB on some of AMD's CPUs the source is.
    static Guest<void> once(Cpu& cpu, const Instruction& instruction) {
        if (sizeof(T) == 1 && instruction.repeat == Repeat::equal &&
            cpu.model.repe_cmpsb_reads_source_first) {
            const u64 first = TRY(source_address<T>(cpu, instruction));
            TRY(load<T>(cpu, first, instruction.segment));
        }
        const u64 destination = TRY(destination_address<T>(cpu, instruction, Access::read));
        const T right = TRY(load<T>(cpu, destination, es));
        const u64 source = TRY(source_address<T>(cpu, instruction));
        const T left = TRY(load<T>(cpu, source, instruction.segment));
        subtract(cpu.state.rflags, left, right);
        advance_index(cpu, instruction, rsi, sizeof(T));
        advance_index(cpu, instruction, rdi, sizeof(T));
        return {};
    }
};

template <class T>
struct Scan : StringInstruction<T> {
    static constexpr bool compares = true;

    static Guest<void> once(Cpu& cpu, const Instruction& instruction) {
        const u64 destination = TRY(destination_address<T>(cpu, instruction, Access::read));
        const T right = TRY(load<T>(cpu, destination, es));
        subtract(cpu.state.rflags, cpu.get<T>(gpr_offset(rax)), right);
        advance_index(cpu, instruction, rdi, sizeof(T));
        return {};
    }
};

template <class T>
struct Input : StringInstruction<T> {
    static constexpr bool uses_port = true;

    static Guest<void> once(Cpu& cpu, const Instruction& instruction) {
        const u16 port = cpu.get<u16>(gpr_offset(rdx));
        TRY(check_port_permission(cpu, port, sizeof(T)));
        const u64 destination = TRY(destination_address<T>(cpu, instruction, Access::write));
        TRY(check_writable(cpu, destination, sizeof(T), es)); // The port is read only once.
        const T value = static_cast<T>(TRY(read_port(cpu, port, sizeof(T))));
        TRY(store<T>(cpu, destination, value, es));
        advance_index(cpu, instruction, rdi, sizeof(T));
        return {};
    }
};

template <class T>
struct Output : StringInstruction<T> {
    static constexpr bool uses_port = true;

    static Guest<void> once(Cpu& cpu, const Instruction& instruction) {
        const u16 port = cpu.get<u16>(gpr_offset(rdx));
        TRY(check_port_permission(cpu, port, sizeof(T)));
        const u64 source = TRY(source_address<T>(cpu, instruction));
        const T value = TRY(load<T>(cpu, source, instruction.segment));
        TRY(write_port(cpu, port, sizeof(T), value));
        advance_index(cpu, instruction, rsi, sizeof(T));
        return {};
    }
};

/// How many of `count` elements of T, the first at `linear`, lie in its page; zero where that one leaves it.
template <class T>
u64 elements_in_page(const Cpu& cpu, u64 linear, u64 count) {
    const u64 offset = linear & 0xfff, up = (0x1000 - offset) / sizeof(T);
    const u64 down = up == 0 ? 0 : offset / sizeof(T) + 1;
    return std::min(count, goes_down(cpu) ? down : up);
}

void account(Cpu& cpu, const Instruction& instruction, u64 elements, u64 bytes, bool moves_source) {
    if (moves_source) advance_index(cpu, instruction, rsi, bytes);
    advance_index(cpu, instruction, rdi, bytes);
    set_index_register(cpu, instruction, rcx, index_register(cpu, instruction, rcx) - elements);
}

/// The linear address of the lowest of some elements of T, the first of which an index register points to.
/// nullopt: not all of them are in the segment, or the register wraps on the way.
template <class T>
std::optional<u64> run_address(Cpu& cpu, const Instruction& instruction, SegmentRegister segment,
                               Register index, u64 elements, Access access) {
    const u64 bytes = elements * sizeof(T), behind_first = bytes - sizeof(T);
    u64 offset = index_register(cpu, instruction, index);
    if (goes_down(cpu)) {
        if (behind_first > offset) return std::nullopt;
        offset -= behind_first;
    }
    if (bytes - 1 > address_mask(instruction) - offset) return std::nullopt;
    const Guest<u64> linear = linear_address(cpu, segment, offset, static_cast<unsigned>(bytes), access);
    return linear ? std::optional(*linear) : std::nullopt;
}

/// A destination just ahead of its source repeats what was written, element by element.
template <class T>
void move_in_order(u8* out, const u8* in, u64 elements, bool is_down) {
    const u64 bytes = elements * sizeof(T);
    const bool is_ahead = is_down ? out < in && in < out + bytes : in < out && out < in + bytes;
    if (!is_ahead) {
        std::memmove(out, in, bytes);
        return;
    }
    for (u64 done = 0; done < bytes; done += sizeof(T)) {
        const u64 at = is_down ? bytes - sizeof(T) - done : done;
        std::memcpy(out + at, in + at, sizeof(T));
    }
}

/// Moves as many elements as lie in one page of both sides. Returns how many; zero: go on one by one.
template <class T>
u64 run_fast(Cpu& cpu, const Instruction& instruction, Move<T>) {
    const auto source = [&](u64 elements) {
        return run_address<T>(cpu, instruction, instruction.segment, rsi, elements, Access::read);
    };
    const auto destination = [&](u64 elements) {
        return run_address<T>(cpu, instruction, es, rdi, elements, Access::write);
    };
    const auto first_source = source(1), first_destination = destination(1);
    if (!first_source || !first_destination) return 0;
    const u64 left = index_register(cpu, instruction, rcx);
    const u64 elements =
        elements_in_page<T>(cpu, *first_destination, elements_in_page<T>(cpu, *first_source, left));
    if (elements == 0) return 0;
    const auto from = source(elements), to = destination(elements);
    if (!from || !to) return 0;
    const u8* const in = cpu.data_view->readable(*from, 1);
    u8* const out = cpu.data_view->writable(*to, 1);
    if (!in || !out) return 0;
    const u64 bytes = elements * sizeof(T);
    move_in_order<T>(out, in, elements, goes_down(cpu));
    account(cpu, instruction, elements, bytes, true);
    return elements;
}

template <class T>
u64 run_fast(Cpu& cpu, const Instruction& instruction, Store<T>) {
    const auto destination = [&](u64 elements) {
        return run_address<T>(cpu, instruction, es, rdi, elements, Access::write);
    };
    const auto first = destination(1);
    if (!first) return 0;
    const u64 elements = elements_in_page<T>(cpu, *first, index_register(cpu, instruction, rcx));
    if (elements == 0) return 0;
    const auto to = destination(elements);
    if (!to) return 0;
    u8* const out = cpu.data_view->writable(*to, 1);
    if (!out) return 0;
    const T value = cpu.get<T>(gpr_offset(rax));
    if constexpr (sizeof(T) == 1) {
        std::memset(out, value, elements);
    } else {
        for (u64 i = 0; i < elements; ++i) std::memcpy(out + i * sizeof(T), &value, sizeof(T));
    }
    account(cpu, instruction, elements, elements * sizeof(T), false);
    return elements;
}

template <class String>
u64 run_fast(Cpu&, const Instruction&, String) {
    return 0;
}

template <class String>
Outcome once(Cpu& cpu, const Instruction& instruction) {
    TRY(String::once(cpu, instruction));
    return Flow::next;
}

/// Whether something is to be done before the next iteration.
bool is_interrupted(const Cpu& cpu) { return event_ready(cpu) || cpu.kicked || cpu.stop_requested; }

/// With 32-bit addresses in 64-bit mode Intel's CPUs clear the upper half of the count, and of the addresses
/// of MOVS and STOS, before anything else: also when there is nothing to be done, or the first element
/// faults.
template <class String>
void narrow_registers(Cpu& cpu, const Instruction& instruction) {
    const auto narrow = [&](Register number) {
        set_index_register(cpu, instruction, number, index_register(cpu, instruction, number));
    };
    narrow(rcx);
    if (String::narrows_source) narrow(rsi);
    if (String::narrows_destination) narrow(rdi);
}

/// REP, REPE, REPNE. Registers move with each iteration, so a fault or an interrupt finds them where the
/// instruction is to go on (Intel SDM Vol. 2, REP).
template <class String, Repeat prefix>
Outcome repeat(Cpu& cpu, const Instruction& instruction) {
    // Single-stepping traps after each iteration; what a shadow has held back comes after the first.
    const bool only_one = cpu.step_trap || event_ready(cpu);
    // Also a count of zero needs the right to the port.
    if constexpr (String::uses_port)
        TRY(check_port_permission(cpu, cpu.get<u16>(gpr_offset(rdx)), sizeof(typename String::Element)));
    if (!cpu.model.is_amd) narrow_registers<String>(cpu, instruction);
    // Intel's CPUs do not write the flags before the end.
    const auto suspended = [&, before = cpu.state.rflags & flag::status](auto outcome) {
        if (String::compares && !cpu.model.is_amd)
            cpu.state.rflags = (cpu.state.rflags & ~flag::status) | before;
        return outcome;
    };
    for (u64 budget = only_one ? 1 : iterations_between_checks; budget > 0; --budget) {
        if (!only_one && run_fast(cpu, instruction, String{}) > 0) continue;
        const u64 left = index_register(cpu, instruction, rcx);
        if (left == 0) return Flow::next;
        if (const auto done = String::once(cpu, instruction); !done)
            return suspended(std::unexpected(done.error()));
        set_index_register(cpu, instruction, rcx, left - 1);
        if constexpr (String::compares) {
            const bool equal = cpu.state.rflags & flag::zf;
            if (equal != (prefix == Repeat::equal)) return Flow::next;
        }
        // A data breakpoint, or a device's interrupt, is taken after the iteration that causes it. Code that
        // is overwritten, be it the instruction's own, is no reason to stop, and is none on silicon.
        if (cpu.check_requested() && is_interrupted(cpu)) break;
    }
    if (index_register(cpu, instruction, rcx) == 0) return Flow::next;
    return suspended(Flow::again);
}

template <class String>
Handler handler_for(const Instruction& instruction) {
    switch (instruction.repeat) {
    case Repeat::none: return once<String>;
    case Repeat::equal: return repeat<String, Repeat::equal>;
    case Repeat::not_equal: break;
    }
    return repeat<String, Repeat::not_equal>;
}

template <template <class> class Family, class T>
Handler select_string(const Decoded&, Instruction& instruction) {
    return handler_for<Family<T>>(instruction);
}

/// MOVSD and CMPSD also name instructions of SSE, which are not here.
template <template <class> class Family>
Handler select_doubleword(const Decoded& decoded, Instruction& instruction) {
    if (decoded.instruction.meta.category != ZYDIS_CATEGORY_STRINGOP) return nullptr;
    return handler_for<Family<u32>>(instruction);
}

} // namespace

void add_strings(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_MOVSB, &select_string<Move, u8>);
    table.add(ZYDIS_MNEMONIC_MOVSW, &select_string<Move, u16>);
    table.add(ZYDIS_MNEMONIC_MOVSD, &select_doubleword<Move>);
    table.add(ZYDIS_MNEMONIC_MOVSQ, &select_string<Move, u64>);
    table.add(ZYDIS_MNEMONIC_STOSB, &select_string<Store, u8>);
    table.add(ZYDIS_MNEMONIC_STOSW, &select_string<Store, u16>);
    table.add(ZYDIS_MNEMONIC_STOSD, &select_string<Store, u32>);
    table.add(ZYDIS_MNEMONIC_STOSQ, &select_string<Store, u64>);
    table.add(ZYDIS_MNEMONIC_LODSB, &select_string<Load, u8>);
    table.add(ZYDIS_MNEMONIC_LODSW, &select_string<Load, u16>);
    table.add(ZYDIS_MNEMONIC_LODSD, &select_string<Load, u32>);
    table.add(ZYDIS_MNEMONIC_LODSQ, &select_string<Load, u64>);
    table.add(ZYDIS_MNEMONIC_CMPSB, &select_string<Compare, u8>);
    table.add(ZYDIS_MNEMONIC_CMPSW, &select_string<Compare, u16>);
    table.add(ZYDIS_MNEMONIC_CMPSD, &select_doubleword<Compare>);
    table.add(ZYDIS_MNEMONIC_CMPSQ, &select_string<Compare, u64>);
    table.add(ZYDIS_MNEMONIC_SCASB, &select_string<Scan, u8>);
    table.add(ZYDIS_MNEMONIC_SCASW, &select_string<Scan, u16>);
    table.add(ZYDIS_MNEMONIC_SCASD, &select_string<Scan, u32>);
    table.add(ZYDIS_MNEMONIC_SCASQ, &select_string<Scan, u64>);
    table.add(ZYDIS_MNEMONIC_INSB, &select_string<Input, u8>);
    table.add(ZYDIS_MNEMONIC_INSW, &select_string<Input, u16>);
    table.add(ZYDIS_MNEMONIC_INSD, &select_string<Input, u32>);
    table.add(ZYDIS_MNEMONIC_OUTSB, &select_string<Output, u8>);
    table.add(ZYDIS_MNEMONIC_OUTSW, &select_string<Output, u16>);
    table.add(ZYDIS_MNEMONIC_OUTSD, &select_string<Output, u32>);
}

} // namespace ringer::x86
