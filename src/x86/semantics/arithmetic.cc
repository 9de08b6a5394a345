#include "x86/semantics/flags.h"
#include "x86/semantics/operands.h"

#include <limits>

namespace ringer::x86 {

namespace {

/// ADD, OR, ADC, SBB, AND, SUB, XOR: destination = destination OP source.
template <auto operation, class T, Place destination, Place source>
Outcome binary(Cpu& cpu, const Instruction& instruction) {
    const T right = TRY(read_operand<T, source>(cpu, instruction, 1));
    return update_operand<T, destination>(
        cpu, instruction, [=](u64& rflags, T left) { return operation(rflags, left, right); });
}

/// CMP, TEST: the flags alone.
template <auto operation, class T, Place left_place, Place right_place>
Outcome compare(Cpu& cpu, const Instruction& instruction) {
    const T left = TRY((read_operand<T, left_place>(cpu, instruction, 0)));
    const T right = TRY((read_operand<T, right_place>(cpu, instruction, 1)));
    operation(cpu.state.rflags, left, right);
    return Flow::next;
}

/// INC, DEC, NEG.
template <auto operation, class T, Place place>
Outcome unary(Cpu& cpu, const Instruction& instruction) {
    return update_operand<T, place>(cpu, instruction,
                                    [](u64& rflags, T old) { return operation(rflags, old); });
}

template <class T, Place place>
Outcome bitwise_not(Cpu& cpu, const Instruction& instruction) {
    return update_operand<T, place>(cpu, instruction, [](u64&, T old) { return static_cast<T>(~old); });
}

/// XADD: the destination's old value goes to the source register.
template <class T, Place destination>
Outcome exchange_and_add(Cpu& cpu, const Instruction& instruction) {
    const T right = cpu.get<T>(instruction.operand[1]);
    T old{};
    u64 rflags = cpu.state.rflags;
    const auto sum = [&](T left) {
        old = left;
        return add(rflags, left, right);
    };
    if constexpr (destination == Place::memory) {
        TRY(modify_operand<T>(cpu, instruction, sum));
        cpu.set<T>(instruction.operand[1], old);
    } else {
        const T result = sum(cpu.get<T>(instruction.operand[0]));
        cpu.set<T>(instruction.operand[1], old);
        cpu.set<T>(instruction.operand[0], result); // Wins when both are the same register.
    }
    cpu.state.rflags = rflags;
    return Flow::next;
}

/// CMPXCHG: the destination is written in either case, with its own value when they differ.
template <class T, Place destination>
Outcome compare_and_exchange(Cpu& cpu, const Instruction& instruction) {
    const T expected = cpu.get<T>(gpr_offset(rax));
    const T desired = cpu.get<T>(instruction.operand[1]);
    T found{};
    const auto exchange = [&](u64& rflags, T old) {
        found = old;
        subtract(rflags, expected, old);
        return old == expected ? desired : old;
    };
    if constexpr (destination == Place::general_register) {
        // A register destination stays untouched, upper half included, when they differ.
        const T old = cpu.get<T>(instruction.operand[0]);
        const T result = exchange(cpu.state.rflags, old);
        if (old == expected) cpu.set<T>(instruction.operand[0], result);
    } else {
        const Outcome outcome = update_operand<T, destination>(cpu, instruction, exchange);
        if (outcome.flow() != Flow::next) return outcome;
    }
    if (found != expected) cpu.set<T>(gpr_offset(rax), found);
    return Flow::next;
}

/// CMPXCHG8B and CMPXCHG16B: EDX:EAX or RDX:RAX against memory of twice T's size.
template <class T>
Outcome compare_and_exchange_pair(Cpu& cpu, const Instruction& instruction) {
    constexpr unsigned size = 2 * sizeof(T);
    const u64 linear = TRY(operand_address(cpu, instruction, size, Access::write));
    if (size == 16 && linear % 16 != 0) return general_protection(cpu);
    TRY(check_writable(cpu, linear, size, instruction.segment));
    std::array<T, 2> memory{};
    TRY(load_bytes(cpu, linear, reinterpret_cast<u8*>(memory.data()), size, instruction.segment));
    const bool equal = memory[0] == cpu.get<T>(gpr_offset(rax)) && memory[1] == cpu.get<T>(gpr_offset(rdx));
    const std::array<T, 2> written =
        equal ? std::array{cpu.get<T>(gpr_offset(rbx)), cpu.get<T>(gpr_offset(rcx))} : memory;
    TRY(store_bytes(cpu, linear, reinterpret_cast<const u8*>(written.data()), size, instruction.segment));
    cpu.state.rflags = with_bit(cpu.state.rflags, 6, equal);
    if (!equal) {
        cpu.set<T>(gpr_offset(rax), memory[0]);
        cpu.set<T>(gpr_offset(rdx), memory[1]);
    }
    return Flow::next;
}

/// MUL, and IMUL with one operand: (E/R)DX:(E/R)AX, or AX, = accumulator * source.
template <auto operation, class T, Place source>
Outcome multiply(Cpu& cpu, const Instruction& instruction) {
    const T factor = TRY((read_operand<T, source>(cpu, instruction, 0)));
    const Wide<T> product = operation(cpu.state.rflags, cpu.get<T>(gpr_offset(rax)), factor);
    cpu.set<T>(gpr_offset(rax), product.low);
    cpu.set<T>(sizeof(T) == 1 ? gpr_offset(rax) + 1 : gpr_offset(rdx), product.high);
    return Flow::next;
}

/// IMUL with two operands, and with three.
template <class T, Place source, bool three>
Outcome multiply_truncating(Cpu& cpu, const Instruction& instruction) {
    const T left = three ? static_cast<T>(instruction.immediate) : cpu.get<T>(instruction.operand[0]);
    const T right = TRY((read_operand<T, source>(cpu, instruction, 1)));
    cpu.set<T>(instruction.operand[0], multiply_truncated(cpu.state.rflags, left, right));
    return Flow::next;
}

/// MULX: no flags; the high half wins when both destinations are one register.
template <class T, Place source>
Outcome multiply_flagless(Cpu& cpu, const Instruction& instruction) {
    const T factor = TRY((read_operand<T, source>(cpu, instruction, 2)));
    const u128 product = u128{cpu.get<T>(gpr_offset(rdx))} * factor;
    cpu.set<T>(instruction.operand[1], static_cast<T>(product));
    cpu.set<T>(instruction.operand[0], static_cast<T>(product >> (8 * sizeof(T))));
    return Flow::next;
}

template <class T>
struct Signed;
template <>
struct Signed<u8> {
    using Wide = i32;
};
template <>
struct Signed<u16> {
    using Wide = i64;
};
template <>
struct Signed<u32> {
    using Wide = i64;
};
template <>
struct Signed<u64> {
    using Wide = i128;
};

/// The dividend: AX for bytes, else (E/R)DX:(E/R)AX.
template <class T>
u128 dividend(const Cpu& cpu) {
    if constexpr (sizeof(T) == 1)
        return cpu.get<u16>(gpr_offset(rax));
    else
        return u128{cpu.get<T>(gpr_offset(rdx))} << (8 * sizeof(T)) | cpu.get<T>(gpr_offset(rax));
}

/// Divides by the host's own instruction; the quotient fits.
template <class T, class Operation>
Outcome divide(Cpu& cpu, Operation operation, T divisor) {
    const RegisterOffset high = sizeof(T) == 1 ? gpr_offset(rax) + 1 : gpr_offset(rdx);
    const Division<T> result =
        operation(cpu.state.rflags, cpu.get<T>(high), cpu.get<T>(gpr_offset(rax)), divisor);
    cpu.set<T>(gpr_offset(rax), result.quotient);
    cpu.set<T>(high, result.remainder);
    return Flow::next;
}

/// DIV.
template <class T, Place source>
Outcome divide_unsigned(Cpu& cpu, const Instruction& instruction) {
    const T divisor = TRY((read_operand<T, source>(cpu, instruction, 0)));
    const u128 number = dividend<T>(cpu);
    if (divisor == 0 || (number >> (8 * sizeof(T))) >= divisor) return raise(cpu, Vector::divide_error);
    return divide(cpu, host_divide_unsigned, divisor);
}

/// IDIV. The quotient is truncated towards zero, the remainder has the dividend's sign.
template <class T, Place source>
Outcome divide_signed(Cpu& cpu, const Instruction& instruction) {
    using SignedT = std::make_signed_t<T>;
    using WideSigned = typename Signed<T>::Wide;
    const auto divisor = static_cast<SignedT>(TRY((read_operand<T, source>(cpu, instruction, 0))));
    constexpr unsigned unused = 128 - 16 * sizeof(T);
    const auto number = static_cast<i128>(dividend<T>(cpu) << unused) >> unused;
    constexpr bool narrow = sizeof(T) < 8;
    if (divisor == 0) return raise(cpu, Vector::divide_error);
    // The one dividend whose negation overflows even the wide type.
    constexpr auto lowest = std::numeric_limits<WideSigned>::min();
    if (divisor == -1 && number == (narrow ? i128{lowest} : static_cast<i128>(u128{1} << 127)))
        return raise(cpu, Vector::divide_error);
    const auto wide = static_cast<WideSigned>(number);
    const WideSigned quotient = wide / divisor;
    if (quotient != static_cast<SignedT>(quotient)) return raise(cpu, Vector::divide_error);
    return divide(cpu, host_divide_signed, static_cast<T>(divisor));
}

/// ADCX and ADOX: addition with CF, or OF, as the only flag read and written.
template <class T, unsigned carry_bit, Place source>
Outcome add_with_one_flag(Cpu& cpu, const Instruction& instruction) {
    const T right = TRY((read_operand<T, source>(cpu, instruction, 1)));
    const u128 sum = u128{cpu.get<T>(instruction.operand[0])} + right + bit(cpu.state.rflags, carry_bit);
    cpu.set<T>(instruction.operand[0], static_cast<T>(sum));
    cpu.state.rflags = with_bit(cpu.state.rflags, carry_bit, bool(sum >> (8 * sizeof(T))));
    return Flow::next;
}

template <auto operation>
Handler select_binary(const Decoded& decoded, Instruction&) {
    return for_two_operands(decoded, []<class T, Place destination, Place source>() -> Handler {
        return binary<operation, T, destination, source>;
    });
}

template <auto operation>
Handler select_compare(const Decoded& decoded, Instruction&) {
    return for_two_operands(decoded, []<class T, Place left, Place right>() -> Handler {
        return compare<operation, T, left, right>;
    });
}

template <auto operation>
Handler select_unary(const Decoded& decoded, Instruction&) {
    return for_one_operand(decoded,
                           []<class T, Place place>() -> Handler { return unary<operation, T, place>; });
}

Handler select_not(const Decoded& decoded, Instruction&) {
    return for_one_operand(decoded, []<class T, Place place>() -> Handler { return bitwise_not<T, place>; });
}

Handler select_exchange_and_add(const Decoded& decoded, Instruction&) {
    return for_one_operand(decoded,
                           []<class T, Place place>() -> Handler { return exchange_and_add<T, place>; });
}

Handler select_compare_and_exchange(const Decoded& decoded, Instruction&) {
    return for_one_operand(decoded,
                           []<class T, Place place>() -> Handler { return compare_and_exchange<T, place>; });
}

template <auto operation>
Handler select_multiply(const Decoded& decoded, Instruction&) {
    return for_one_operand(decoded,
                           []<class T, Place place>() -> Handler { return multiply<operation, T, place>; });
}

Handler select_divide_unsigned(const Decoded& decoded, Instruction&) {
    return for_one_operand(decoded,
                           []<class T, Place place>() -> Handler { return divide_unsigned<T, place>; });
}

Handler select_divide_signed(const Decoded& decoded, Instruction&) {
    return for_one_operand(decoded,
                           []<class T, Place place>() -> Handler { return divide_signed<T, place>; });
}

Handler select_multiply_signed(const Decoded& decoded, Instruction& instruction) {
    if (decoded.instruction.operand_count_visible == 1)
        return select_multiply<multiply_signed>(decoded, instruction);
    const bool three = decoded.instruction.operand_count_visible == 3;
    return for_wide(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 1, [&]<Place place>() -> Handler {
            return three ? multiply_truncating<T, place, true> : multiply_truncating<T, place, false>;
        });
    });
}

template <unsigned carry_bit>
Handler select_add_with_one_flag(const Decoded& decoded, Instruction&) {
    return for_vex_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(
            decoded, 1, [&]<Place place>() -> Handler { return add_with_one_flag<T, carry_bit, place>; });
    });
}

Handler select_multiply_flagless(const Decoded& decoded, Instruction&) {
    return for_vex_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 2,
                                      [&]<Place place>() -> Handler { return multiply_flagless<T, place>; });
    });
}

} // namespace

void add_arithmetic(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_ADD, &select_binary<add>);
    table.add(ZYDIS_MNEMONIC_OR, &select_binary<bitwise_or>);
    table.add(ZYDIS_MNEMONIC_ADC, &select_binary<add_with_carry>);
    table.add(ZYDIS_MNEMONIC_SBB, &select_binary<subtract_with_borrow>);
    table.add(ZYDIS_MNEMONIC_AND, &select_binary<bitwise_and>);
    table.add(ZYDIS_MNEMONIC_SUB, &select_binary<subtract>);
    table.add(ZYDIS_MNEMONIC_XOR, &select_binary<bitwise_xor>);
    table.add(ZYDIS_MNEMONIC_CMP, &select_compare<subtract>);
    table.add(ZYDIS_MNEMONIC_TEST, &select_compare<bitwise_and>);
    table.add(ZYDIS_MNEMONIC_INC, &select_unary<increment>);
    table.add(ZYDIS_MNEMONIC_DEC, &select_unary<decrement>);
    table.add(ZYDIS_MNEMONIC_NEG, &select_unary<negate>);
    table.add(ZYDIS_MNEMONIC_NOT, &select_not);
    table.add(ZYDIS_MNEMONIC_XADD, &select_exchange_and_add);
    table.add(ZYDIS_MNEMONIC_CMPXCHG, &select_compare_and_exchange);
    table.add(ZYDIS_MNEMONIC_CMPXCHG8B,
              [](const Decoded&, Instruction&) -> Handler { return compare_and_exchange_pair<u32>; });
    table.add(ZYDIS_MNEMONIC_CMPXCHG16B,
              [](const Decoded&, Instruction&) -> Handler { return compare_and_exchange_pair<u64>; });
    table.add(ZYDIS_MNEMONIC_MUL, &select_multiply<multiply_unsigned>);
    table.add(ZYDIS_MNEMONIC_IMUL, &select_multiply_signed);
    table.add(ZYDIS_MNEMONIC_MULX, &select_multiply_flagless);
    table.add(ZYDIS_MNEMONIC_DIV, &select_divide_unsigned);
    table.add(ZYDIS_MNEMONIC_IDIV, &select_divide_signed);
    table.add(ZYDIS_MNEMONIC_ADCX, &select_add_with_one_flag<0>);
    table.add(ZYDIS_MNEMONIC_ADOX, &select_add_with_one_flag<11>);
}

} // namespace ringer::x86
