#include "x86/cpuid.h"
#include "x86/semantics/flags.h"
#include "x86/semantics/operands.h"
#include "x86/semantics/vector_elements.h"

#include <algorithm>
#include <utility>

namespace ringer::x86 {

namespace {

template <class T, Place destination, Place source>
Outcome move(Cpu& cpu, const Instruction& instruction) {
    const T value = TRY((read_operand<T, source>(cpu, instruction, 1)));
    TRY((write_operand<T, destination>(cpu, instruction, 0, value)));
    return Flow::next;
}

/// MOV between the accumulator and an address of 64 bits (moffs).
template <class T, bool is_store>
Outcome move_by_address(Cpu& cpu, const Instruction& instruction) {
    const u64 linear = TRY(linear_address(cpu, instruction.segment, instruction.immediate, sizeof(T),
                                          is_store ? Access::write : Access::read));
    if constexpr (is_store)
        TRY(store<T>(cpu, linear, cpu.get<T>(gpr_offset(rax)), instruction.segment));
    else
        cpu.set<T>(gpr_offset(rax), TRY(load<T>(cpu, linear, instruction.segment)));
    return Flow::next;
}

/// MOVZX.
template <class To, class From, Place source>
Outcome move_zero_extended(Cpu& cpu, const Instruction& instruction) {
    const From value = TRY((read_operand<From, source>(cpu, instruction, 1)));
    cpu.set<To>(instruction.operand[0], static_cast<To>(value));
    return Flow::next;
}

/// MOVSX, MOVSXD.
template <class To, class From, Place source>
Outcome move_sign_extended(Cpu& cpu, const Instruction& instruction) {
    const From value = TRY((read_operand<From, source>(cpu, instruction, 1)));
    cpu.set<To>(instruction.operand[0], static_cast<To>(sign_extend(value)));
    return Flow::next;
}

/// LEA: the address size wraps the sum, the operand size cuts it.
template <class T>
Outcome load_effective_address(Cpu& cpu, const Instruction& instruction) {
    cpu.set<T>(instruction.operand[0], static_cast<T>(effective_address(cpu, instruction)));
    return Flow::next;
}

template <class T, Place destination>
Outcome exchange(Cpu& cpu, const Instruction& instruction) {
    const T right = cpu.get<T>(instruction.operand[1]);
    T left{};
    if constexpr (destination == Place::memory) {
        TRY(modify_operand<T>(cpu, instruction, [&](T old) { return left = old, right; }));
    } else {
        left = cpu.get<T>(instruction.operand[0]);
        cpu.set<T>(instruction.operand[0], right);
    }
    cpu.set<T>(instruction.operand[1], left);
    return Flow::next;
}

/// XCHG when its memory operand comes second.
template <class T>
Outcome exchange_with_memory(Cpu& cpu, const Instruction& instruction) {
    const T value = cpu.get<T>(instruction.operand[0]);
    T old{};
    TRY(modify_operand<T>(cpu, instruction, [&](T found) { return old = found, value; }));
    cpu.set<T>(instruction.operand[0], old);
    return Flow::next;
}

/// CMOVcc reads its source, and clears the upper half of a 32-bit destination, whether or not the condition
/// holds.
template <unsigned code, class T, Place source>
Outcome move_if(Cpu& cpu, const Instruction& instruction) {
    const T value = TRY((read_operand<T, source>(cpu, instruction, 1)));
    const T old = cpu.get<T>(instruction.operand[0]);
    cpu.set<T>(instruction.operand[0], condition<code>(cpu.state.rflags) ? value : old);
    return Flow::next;
}

template <unsigned code, Place destination>
Outcome set_if(Cpu& cpu, const Instruction& instruction) {
    TRY((write_operand<u8, destination>(cpu, instruction, 0, condition<code>(cpu.state.rflags))));
    return Flow::next;
}

template <class T>
T swapped(T value) {
    if constexpr (sizeof(T) == 2)
        return __builtin_bswap16(value);
    else if constexpr (sizeof(T) == 4)
        return __builtin_bswap32(value);
    else
        return __builtin_bswap64(value);
}

/// BSWAP. Of 16 bits it is undefined; silicon gives zero.
template <class T>
Outcome byte_swap(Cpu& cpu, const Instruction& instruction) {
    const T value = cpu.get<T>(instruction.operand[0]);
    cpu.set<T>(instruction.operand[0], sizeof(T) == 2 ? T{0} : swapped(value));
    return Flow::next;
}

template <class T>
Outcome load_swapped(Cpu& cpu, const Instruction& instruction) {
    cpu.set<T>(instruction.operand[0], swapped(TRY(load_operand<T>(cpu, instruction))));
    return Flow::next;
}

template <class T>
Outcome store_swapped(Cpu& cpu, const Instruction& instruction) {
    TRY(store_operand<T>(cpu, instruction, swapped(cpu.get<T>(instruction.operand[1]))));
    return Flow::next;
}

Outcome load_swapped_unchecked(Cpu& cpu, const Instruction& instruction) {
    const u64 linear = TRY(operand_address(cpu, instruction, sizeof(u64), Access::read));
    cpu.set<u64>(instruction.operand[0], swapped(TRY(load_element<u64>(cpu, linear, instruction.segment))));
    return Flow::next;
}

Outcome store_swapped_unchecked(Cpu& cpu, const Instruction& instruction) {
    const u64 linear = TRY(operand_address(cpu, instruction, sizeof(u64), Access::write));
    const u64 value = swapped(cpu.get<u64>(instruction.operand[1]));
    TRY(check_unaligned_writable(cpu, linear, sizeof(u64), instruction.segment));
    TRY(store_element<u64>(cpu, linear, value, instruction.segment));
    return Flow::next;
}

/// CBW, CWDE, CDQE: the accumulator's lower half extended to the whole.
template <class From, class To>
Outcome extend_accumulator(Cpu& cpu, const Instruction&) {
    cpu.set<To>(gpr_offset(rax), static_cast<To>(sign_extend(cpu.get<From>(gpr_offset(rax)))));
    return Flow::next;
}

/// CWD, CDQ, CQO: the accumulator's sign spread over (E/R)DX.
template <class T>
Outcome spread_sign(Cpu& cpu, const Instruction&) {
    const bool negative = cpu.get<T>(gpr_offset(rax)) >> (8 * sizeof(T) - 1);
    cpu.set<T>(gpr_offset(rdx), negative ? static_cast<T>(~T{0}) : T{0});
    return Flow::next;
}

/// XLAT: AL = [(E/R)BX + AL].
Outcome translate_byte(Cpu& cpu, const Instruction& instruction) {
    const u64 offset = (cpu.gpr(rbx) + cpu.get<u8>(gpr_offset(rax))) & (~u64{0} >> instruction.address_shift);
    const u64 linear = TRY(linear_address(cpu, instruction.segment, offset, 1, Access::read));
    cpu.set<u8>(gpr_offset(rax), TRY(load<u8>(cpu, linear, instruction.segment)));
    return Flow::next;
}

Handler select_move(const Decoded& decoded, Instruction&) {
    const ZydisRegisterClass classes[] = {
        decoded.is_register(0) ? ZydisRegisterGetClass(decoded.operands[0].reg.value)
                               : ZYDIS_REGCLASS_INVALID,
        decoded.is_register(1) ? ZydisRegisterGetClass(decoded.operands[1].reg.value)
                               : ZYDIS_REGCLASS_INVALID};
    for (const ZydisRegisterClass register_class : classes) {
        if (register_class >= ZYDIS_REGCLASS_X87)
            return nullptr; // Control, debug and segment registers are in other files.
    }
    if (decoded.instruction.raw.disp.size == 64) {
        return for_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
            return decoded.is_memory(0) ? move_by_address<T, true> : move_by_address<T, false>;
        });
    }
    return for_two_operands(decoded, []<class T, Place destination, Place source>() -> Handler {
        return move<T, destination, source>;
    });
}

/// MOVZX and MOVSX: `pick` gets the widths of destination and source, and where the source is.
template <class Pick>
Handler for_extension(const Decoded& decoded, Pick&& pick) {
    return for_wide(decoded.operand_bits(0), [&]<class To>() -> Handler {
        return for_width(decoded.operand_bits(1), [&]<class From>() -> Handler {
            return for_register_or_memory(decoded, 1, [&]<Place place>() -> Handler {
                return pick.template operator()<To, From, place>();
            });
        });
    });
}

Handler select_zero_extension(const Decoded& decoded, Instruction&) {
    return for_extension(decoded, []<class To, class From, Place place>() -> Handler {
        return move_zero_extended<To, From, place>;
    });
}

Handler select_sign_extension(const Decoded& decoded, Instruction&) {
    return for_extension(decoded, []<class To, class From, Place place>() -> Handler {
        return move_sign_extended<To, From, place>;
    });
}

Handler select_load_effective_address(const Decoded& decoded, Instruction&) {
    return for_wide(decoded.operand_bits(0), []<class T>() -> Handler { return load_effective_address<T>; });
}

Handler select_byte_swap(const Decoded& decoded, Instruction&) {
    return for_wide(decoded.operand_bits(0), []<class T>() -> Handler { return byte_swap<T>; });
}

Handler select_exchange(const Decoded& decoded, Instruction&) {
    return for_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        if (decoded.is_memory(1)) return exchange_with_memory<T>;
        return for_register_or_memory(decoded, 0,
                                      [&]<Place place>() -> Handler { return exchange<T, place>; });
    });
}

/// Intel's CPUs check no alignment for MOVBE of 64 bits behind a prefix 66.
bool is_unchecked_move(const Decoded& decoded) {
    const auto& raw = decoded.instruction.raw;
    const auto* const end = raw.prefixes + raw.prefix_count;
    const bool has_66 =
        std::any_of(raw.prefixes, end, [](const auto& prefix) { return prefix.value == 0x66; });
    return !decoded.model.is_amd && raw.rex.W && has_66;
}

Handler select_move_swapped(const Decoded& decoded, Instruction&) {
    if (is_unchecked_move(decoded))
        return decoded.is_memory(0) ? store_swapped_unchecked : load_swapped_unchecked;
    return for_wide(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return decoded.is_memory(0) ? store_swapped<T> : load_swapped<T>;
    });
}

template <unsigned code>
Handler select_move_if(const Decoded& decoded, Instruction&) {
    return for_wide(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 1,
                                      [&]<Place place>() -> Handler { return move_if<code, T, place>; });
    });
}

template <unsigned code>
Handler select_set_if(const Decoded& decoded, Instruction&) {
    return for_register_or_memory(decoded, 0, [&]<Place place>() -> Handler { return set_if<code, place>; });
}

/// The mnemonics of CMOVcc and SETcc in the order of their condition codes.
constexpr std::array<std::pair<ZydisMnemonic, ZydisMnemonic>, 16> conditional_mnemonics{{
    {ZYDIS_MNEMONIC_CMOVO, ZYDIS_MNEMONIC_SETO},
    {ZYDIS_MNEMONIC_CMOVNO, ZYDIS_MNEMONIC_SETNO},
    {ZYDIS_MNEMONIC_CMOVB, ZYDIS_MNEMONIC_SETB},
    {ZYDIS_MNEMONIC_CMOVNB, ZYDIS_MNEMONIC_SETNB},
    {ZYDIS_MNEMONIC_CMOVZ, ZYDIS_MNEMONIC_SETZ},
    {ZYDIS_MNEMONIC_CMOVNZ, ZYDIS_MNEMONIC_SETNZ},
    {ZYDIS_MNEMONIC_CMOVBE, ZYDIS_MNEMONIC_SETBE},
    {ZYDIS_MNEMONIC_CMOVNBE, ZYDIS_MNEMONIC_SETNBE},
    {ZYDIS_MNEMONIC_CMOVS, ZYDIS_MNEMONIC_SETS},
    {ZYDIS_MNEMONIC_CMOVNS, ZYDIS_MNEMONIC_SETNS},
    {ZYDIS_MNEMONIC_CMOVP, ZYDIS_MNEMONIC_SETP},
    {ZYDIS_MNEMONIC_CMOVNP, ZYDIS_MNEMONIC_SETNP},
    {ZYDIS_MNEMONIC_CMOVL, ZYDIS_MNEMONIC_SETL},
    {ZYDIS_MNEMONIC_CMOVNL, ZYDIS_MNEMONIC_SETNL},
    {ZYDIS_MNEMONIC_CMOVLE, ZYDIS_MNEMONIC_SETLE},
    {ZYDIS_MNEMONIC_CMOVNLE, ZYDIS_MNEMONIC_SETNLE},
}};

template <unsigned... codes>
void add_conditionals(SelectorTable& table, std::integer_sequence<unsigned, codes...>) {
    ((table.add(conditional_mnemonics[codes].first, &select_move_if<codes>),
      table.add(conditional_mnemonics[codes].second, &select_set_if<codes>)),
     ...);
}

} // namespace

void add_moves(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_MOV, &select_move);
    table.add(ZYDIS_MNEMONIC_MOVZX, &select_zero_extension);
    table.add(ZYDIS_MNEMONIC_MOVSX, &select_sign_extension);
    table.add(ZYDIS_MNEMONIC_MOVSXD, &select_sign_extension);
    table.add(ZYDIS_MNEMONIC_LEA, &select_load_effective_address);
    table.add(ZYDIS_MNEMONIC_XCHG, &select_exchange);
    table.add(ZYDIS_MNEMONIC_BSWAP, &select_byte_swap);
    table.add(ZYDIS_MNEMONIC_MOVBE, &select_move_swapped);
    table.add(ZYDIS_MNEMONIC_CBW, &always<extend_accumulator<u8, u16>>);
    table.add(ZYDIS_MNEMONIC_CWDE, &always<extend_accumulator<u16, u32>>);
    table.add(ZYDIS_MNEMONIC_CDQE, &always<extend_accumulator<u32, u64>>);
    table.add(ZYDIS_MNEMONIC_CWD, &always<spread_sign<u16>>);
    table.add(ZYDIS_MNEMONIC_CDQ, &always<spread_sign<u32>>);
    table.add(ZYDIS_MNEMONIC_CQO, &always<spread_sign<u64>>);
    table.add(ZYDIS_MNEMONIC_XLAT, &always<translate_byte>);
    add_conditionals(table, std::make_integer_sequence<unsigned, 16>{});
}

} // namespace ringer::x86
