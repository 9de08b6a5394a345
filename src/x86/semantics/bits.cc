#include "x86/cpuid.h"
#include "x86/semantics/flags.h"
#include "x86/semantics/operands.h"

namespace ringer::x86 {

namespace {

/// Where the count of a shift is.
enum class Count : u8 { immediate, cl };

template <Count count>
u8 shift_count(const Cpu& cpu, const Instruction& instruction) {
    return count == Count::cl ? cpu.get<u8>(gpr_offset(rcx)) : static_cast<u8>(instruction.immediate);
}

/// SHL, SHR, SAR, ROL, ROR, RCL, RCR. A masked count of zero changes nothing, not even the upper half of a
/// 32-bit register's flags; the memory operand is still written.
template <auto operation, class T, Place destination, Count where>
Outcome shift(Cpu& cpu, const Instruction& instruction) {
    const u8 count = shift_count<where>(cpu, instruction);
    return update_operand<T, destination>(cpu, instruction,
                                          [=](u64& rflags, T old) { return operation(rflags, old, count); });
}

/// ROL and ROR of a register by an immediate. OF is defined for a count of 1 alone (Intel SDM Vol. 2,
/// "RCL/RCR/ROL/ROR"): otherwise Intel's CPUs keep it, but not in memory, nor where the same count is in CL,
/// as it is when the host does it here.
template <auto operation, class T>
Outcome rotate_register_by_immediate(Cpu& cpu, const Instruction& instruction) {
    const u8 count = shift_count<Count::immediate>(cpu, instruction);
    const bool keeps_overflow = !cpu.model.is_amd && (count & (sizeof(T) == 8 ? 63 : 31)) != 1;
    return update_operand<T, Place::general_register>(cpu, instruction, [=](u64& rflags, T old) {
        const u64 before = rflags & flag::of;
        const T result = operation(rflags, old, count);
        if (keeps_overflow) rflags = (rflags & ~flag::of) | before;
        return result;
    });
}

/// SHLD, SHRD.
template <auto operation, class T, Place destination, Count where>
Outcome double_shift(Cpu& cpu, const Instruction& instruction) {
    const u8 count = shift_count<where>(cpu, instruction);
    const T filler = cpu.get<T>(instruction.operand[1]);
    return update_operand<T, destination>(
        cpu, instruction, [=](u64& rflags, T old) { return operation(rflags, old, filler, count); });
}

enum class FlaglessShift : u8 { rotate_right, left, right, right_arithmetic };

/// RORX, SHLX, SHRX, SARX: no flags, the count masked to the operand's size.
template <FlaglessShift kind, class T, Place source>
Outcome shift_flagless(Cpu& cpu, const Instruction& instruction) {
    const T value = TRY((read_operand<T, source>(cpu, instruction, 1)));
    constexpr unsigned width = 8 * sizeof(T);
    const u64 given =
        kind == FlaglessShift::rotate_right ? instruction.immediate : u64{cpu.get<T>(instruction.operand[2])};
    const unsigned count = given % width;
    T result;
    switch (kind) {
    case FlaglessShift::rotate_right:
        result = static_cast<T>(value >> count | value << (-count % width));
        break;
    case FlaglessShift::left: result = value << count; break;
    case FlaglessShift::right: result = value >> count; break;
    case FlaglessShift::right_arithmetic:
        result = static_cast<T>(static_cast<std::make_signed_t<T>>(value) >> count);
        break;
    }
    cpu.set<T>(instruction.operand[0], result);
    return Flow::next;
}

/// BT, BTS, BTR, BTC with the bit number in a register: of a memory operand it addresses a bit string around
/// the operand, in units of the operand's size (Intel SDM Vol. 1, 3.3.7 and Vol. 2, "BitBase").
template <auto operation, class T, bool writes>
Outcome bit_string(Cpu& cpu, const Instruction& instruction) {
    const T number = cpu.get<T>(instruction.operand[1]);
    const auto displacement =
        static_cast<i64>(static_cast<std::make_signed_t<T>>(number)) >> std::countr_zero(8 * sizeof(T));
    const u64 offset = (effective_address(cpu, instruction) + static_cast<u64>(displacement) * sizeof(T)) &
                       (~u64{0} >> instruction.address_shift);
    const Access access = writes ? Access::write : Access::read;
    const u64 linear = TRY(linear_address(cpu, instruction.segment, offset, sizeof(T), access));
    if (writes) TRY(check_writable(cpu, linear, sizeof(T), instruction.segment));
    const T old = TRY(load<T>(cpu, linear, instruction.segment));
    u64 rflags = cpu.state.rflags;
    const T result = operation(rflags, old, number);
    if (writes) TRY(store<T>(cpu, linear, result, instruction.segment));
    cpu.state.rflags = rflags;
    return Flow::next;
}

/// The same on a register, or with an immediate bit number: modulo the operand's size.
template <auto operation, class T, Place destination, Place number_place, bool writes>
Outcome bit_of_operand(Cpu& cpu, const Instruction& instruction) {
    const T number = TRY((read_operand<T, number_place>(cpu, instruction, 1))) % (8 * sizeof(T));
    if constexpr (writes) {
        return update_operand<T, destination>(
            cpu, instruction, [=](u64& rflags, T old) { return operation(rflags, old, number); });
    } else {
        const T value = TRY((read_operand<T, destination>(cpu, instruction, 0)));
        operation(cpu.state.rflags, value, number);
        return Flow::next;
    }
}

/// BSF, BSR, TZCNT, LZCNT, POPCNT, BLSI, BLSMSK, BLSR: destination = OP(source), the old destination going
/// in.
template <auto operation, class T, Place source, bool keeps_destination_on_zero>
Outcome scan(Cpu& cpu, const Instruction& instruction) {
    const T value = TRY((read_operand<T, source>(cpu, instruction, 1)));
    const T result = operation(cpu.state.rflags, cpu.get<T>(instruction.operand[0]), value);
    // BSF and BSR of zero leave the whole register, the upper half of a 64-bit one included.
    if (!keeps_destination_on_zero || value != 0) cpu.set<T>(instruction.operand[0], result);
    return Flow::next;
}

/// ANDN takes its second source from memory, BEXTR and BZHI their first.
template <auto operation, class T, Place first_place, Place second_place>
Outcome ternary(Cpu& cpu, const Instruction& instruction) {
    const T first = TRY((read_operand<T, first_place>(cpu, instruction, 1)));
    const T second = TRY((read_operand<T, second_place>(cpu, instruction, 2)));
    cpu.set<T>(instruction.operand[0], operation(cpu.state.rflags, first, second));
    return Flow::next;
}

/// PDEP: the low bits of `value` go to the places of the bits set in `mask`.
constexpr auto deposit_bits = []<class T>(T value, T mask) {
    T result = 0;
    for (; mask; mask &= mask - 1, value >>= 1) result |= value & 1 ? mask & -mask : 0;
    return result;
};

/// PEXT: the bits of `value` at the places set in `mask` go to the low bits.
constexpr auto extract_bits = []<class T>(T value, T mask) {
    T result = 0;
    for (T place = 1; mask; mask &= mask - 1, place <<= 1) result |= value & mask & -mask ? place : 0;
    return result;
};

template <auto operation, class T, Place mask_place>
Outcome bit_gather(Cpu& cpu, const Instruction& instruction) {
    const T mask = TRY((read_operand<T, mask_place>(cpu, instruction, 2)));
    cpu.set<T>(instruction.operand[0], operation(cpu.get<T>(instruction.operand[1]), mask));
    return Flow::next;
}

/// CRC32 with the Castagnoli polynomial, on the host's instruction. Source of T; destination 32 or 64 bits.
template <class T, Place source>
Outcome crc32(Cpu& cpu, const Instruction& instruction) {
    const T value = TRY((read_operand<T, source>(cpu, instruction, 1)));
    if constexpr (sizeof(T) == 8) {
        u64 sum = cpu.get<u32>(instruction.operand[0]);
        asm("crc32q %[value], %[sum]" : [sum] "+r"(sum) : [value] "r"(value));
        cpu.set<u64>(instruction.operand[0], sum);
    } else {
        u32 sum = cpu.get<u32>(instruction.operand[0]);
        if constexpr (sizeof(T) == 4)
            asm("crc32l %[value], %[sum]" : [sum] "+r"(sum) : [value] "r"(value));
        else if constexpr (sizeof(T) == 2)
            asm("crc32w %[value], %[sum]" : [sum] "+r"(sum) : [value] "r"(value));
        else
            asm("crc32b %[value], %[sum]" : [sum] "+r"(sum) : [value] "r"(value));
        cpu.set<u32>(instruction.operand[0], sum);
    }
    return Flow::next;
}

template <auto operation>
Handler select_shift(const Decoded& decoded, Instruction&) {
    return for_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 0, [&]<Place place>() -> Handler {
            return decoded.is_immediate(1) ? shift<operation, T, place, Count::immediate>
                                           : shift<operation, T, place, Count::cl>;
        });
    });
}

template <auto operation>
Handler select_rotate(const Decoded& decoded, Instruction&) {
    return for_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 0, [&]<Place place>() -> Handler {
            if (!decoded.is_immediate(1)) return shift<operation, T, place, Count::cl>;
            if constexpr (place == Place::general_register)
                return rotate_register_by_immediate<operation, T>;
            else
                return shift<operation, T, place, Count::immediate>;
        });
    });
}

template <auto operation>
Handler select_double_shift(const Decoded& decoded, Instruction&) {
    return for_wide(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 0, [&]<Place place>() -> Handler {
            return decoded.is_immediate(2) ? double_shift<operation, T, place, Count::immediate>
                                           : double_shift<operation, T, place, Count::cl>;
        });
    });
}

template <FlaglessShift kind>
Handler select_shift_flagless(const Decoded& decoded, Instruction&) {
    return for_vex_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(
            decoded, 1, [&]<Place place>() -> Handler { return shift_flagless<kind, T, place>; });
    });
}

template <auto operation, bool writes>
Handler select_bit_test(const Decoded& decoded, Instruction&) {
    return for_wide(decoded.operand_bits(0), [&]<class T>() -> Handler {
        constexpr Place reg = Place::general_register, mem = Place::memory, imm = Place::immediate;
        if (decoded.is_immediate(1))
            return decoded.is_memory(0) ? bit_of_operand<operation, T, mem, imm, writes>
                                        : bit_of_operand<operation, T, reg, imm, writes>;
        return decoded.is_memory(0) ? bit_string<operation, T, writes>
                                    : bit_of_operand<operation, T, reg, reg, writes>;
    });
}

template <auto operation, bool keeps_destination_on_zero = false>
Handler select_scan(const Decoded& decoded, Instruction&) {
    return for_wide(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 1, [&]<Place place>() -> Handler {
            return scan<operation, T, place, keeps_destination_on_zero>;
        });
    });
}

/// BLSI, BLSMSK, BLSR.
template <auto operation>
Handler select_lowest_bit(const Decoded& decoded, Instruction&) {
    return for_vex_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(
            decoded, 1, [&]<Place place>() -> Handler { return scan<operation, T, place, false>; });
    });
}

template <auto operation>
Handler select_ternary(const Decoded& decoded, Instruction&) {
    return for_vex_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        constexpr Place reg = Place::general_register, mem = Place::memory;
        if (decoded.is_memory(1)) return ternary<operation, T, mem, reg>;
        return decoded.is_memory(2) ? ternary<operation, T, reg, mem> : ternary<operation, T, reg, reg>;
    });
}

template <auto operation>
Handler select_bit_gather(const Decoded& decoded, Instruction&) {
    return for_vex_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(
            decoded, 2, [&]<Place place>() -> Handler { return bit_gather<operation, T, place>; });
    });
}

Handler select_crc32(const Decoded& decoded, Instruction&) {
    return for_width(decoded.operand_bits(1), [&]<class T>() -> Handler {
        return for_register_or_memory(decoded, 1, [&]<Place place>() -> Handler { return crc32<T, place>; });
    });
}

} // namespace

void add_bits(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_ROL, &select_rotate<rotate_left>);
    table.add(ZYDIS_MNEMONIC_ROR, &select_rotate<rotate_right>);
    table.add(ZYDIS_MNEMONIC_RCL, &select_shift<rotate_left_through_carry>);
    table.add(ZYDIS_MNEMONIC_RCR, &select_shift<rotate_right_through_carry>);
    table.add(ZYDIS_MNEMONIC_SHL, &select_shift<shift_left>);
    table.add(ZYDIS_MNEMONIC_SHR, &select_shift<shift_right>);
    table.add(ZYDIS_MNEMONIC_SAR, &select_shift<shift_right_arithmetic>);
    table.add(ZYDIS_MNEMONIC_SHLD, &select_double_shift<double_shift_left>);
    table.add(ZYDIS_MNEMONIC_SHRD, &select_double_shift<double_shift_right>);
    table.add(ZYDIS_MNEMONIC_RORX, &select_shift_flagless<FlaglessShift::rotate_right>);
    table.add(ZYDIS_MNEMONIC_SHLX, &select_shift_flagless<FlaglessShift::left>);
    table.add(ZYDIS_MNEMONIC_SHRX, &select_shift_flagless<FlaglessShift::right>);
    table.add(ZYDIS_MNEMONIC_SARX, &select_shift_flagless<FlaglessShift::right_arithmetic>);
    table.add(ZYDIS_MNEMONIC_BT, &select_bit_test<bit_test, false>);
    table.add(ZYDIS_MNEMONIC_BTS, &select_bit_test<bit_test_and_set, true>);
    table.add(ZYDIS_MNEMONIC_BTR, &select_bit_test<bit_test_and_reset, true>);
    table.add(ZYDIS_MNEMONIC_BTC, &select_bit_test<bit_test_and_complement, true>);
    table.add(ZYDIS_MNEMONIC_BSF, &select_scan<bit_scan_forward, true>);
    table.add(ZYDIS_MNEMONIC_BSR, &select_scan<bit_scan_reverse, true>);
    table.add(ZYDIS_MNEMONIC_TZCNT, &select_scan<count_trailing_zeros>);
    table.add(ZYDIS_MNEMONIC_LZCNT, &select_scan<count_leading_zeros>);
    table.add(ZYDIS_MNEMONIC_POPCNT, &select_scan<count_ones>);
    table.add(ZYDIS_MNEMONIC_BLSI, &select_lowest_bit<lowest_set_bit>);
    table.add(ZYDIS_MNEMONIC_BLSMSK, &select_lowest_bit<mask_up_to_lowest_set_bit>);
    table.add(ZYDIS_MNEMONIC_BLSR, &select_lowest_bit<reset_lowest_set_bit>);
    table.add(ZYDIS_MNEMONIC_ANDN, &select_ternary<and_not>);
    table.add(ZYDIS_MNEMONIC_BEXTR, &select_ternary<bit_field_extract>);
    table.add(ZYDIS_MNEMONIC_BZHI, &select_ternary<zero_high_bits>);
    table.add(ZYDIS_MNEMONIC_PDEP, &select_bit_gather<deposit_bits>);
    table.add(ZYDIS_MNEMONIC_PEXT, &select_bit_gather<extract_bits>);
    table.add(ZYDIS_MNEMONIC_CRC32, &select_crc32);
}

} // namespace ringer::x86
