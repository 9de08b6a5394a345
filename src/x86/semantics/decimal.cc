#include "x86/cpuid.h"
#include "x86/semantics/flags.h"
#include "x86/semantics/operands.h"

/// Decimal arithmetic and the other instructions that 64-bit mode has dropped (Intel SDM Vol. 2), so that the
/// host cannot execute them.
namespace ringer::x86 {

namespace {

constexpr RegisterOffset al = gpr_offset(rax);
constexpr RegisterOffset ah = gpr_offset(rax) + 1;

void set_carries(Cpu& cpu, bool auxiliary, bool carry) {
    cpu.state.rflags = with_bit(with_bit(cpu.state.rflags, 4, auxiliary), 0, carry);
}

/// SF, ZF and PF by AL.
void set_result_flags(Cpu& cpu) {
    constexpr u64 by_result = flag::sf | flag::zf | flag::pf;
    u64 flags = 0;
    const u8 value = cpu.get<u8>(al);
    bitwise_and(flags, value, value);
    cpu.state.rflags = (cpu.state.rflags & ~by_result) | (flags & by_result);
}

bool low_digit_overflows(const Cpu& cpu) {
    return (cpu.get<u8>(al) & 0xf) > 9 || (cpu.state.rflags & flag::af);
}

/// AAA, AAS: one unpacked digit in AL, with the carry going to AH.
template <int sign>
Outcome adjust_ascii(Cpu& cpu, const Instruction&) {
    const bool adjust = low_digit_overflows(cpu);
    // OF, SF, ZF and PF are undefined; AMD's CPUs set them like the addition or subtraction that this is,
    // Intel's by the digit.
    const u16 ax = cpu.get<u16>(al), change = adjust ? 0x106 : 0;
    cpu.set<u16>(al, sign > 0 ? add(cpu.state.rflags, ax, change) : subtract(cpu.state.rflags, ax, change));
    set_carries(cpu, adjust, adjust);
    cpu.set<u8>(al, cpu.get<u8>(al) & 0xf);
    if (cpu.model.is_amd) return Flow::next;
    set_result_flags(cpu);
    cpu.state.rflags &= ~flag::of;
    return Flow::next;
}

/// DAA, DAS: two packed digits in AL.
template <int sign>
Outcome adjust_decimal(Cpu& cpu, const Instruction&) {
    const u8 old = cpu.get<u8>(al);
    const bool old_carry = cpu.state.rflags & flag::cf;
    const bool low = low_digit_overflows(cpu);
    const bool high = old > 0x99 || old_carry;
    const int change = (low ? 6 : 0) + (high ? 0x60 : 0);
    const bool low_borrows = sign < 0 && low && old < 6;
    // OF is undefined; AMD's CPUs set it like the addition or subtraction that this is, Intel's clear it.
    const u8 operand = static_cast<u8>(change);
    cpu.set<u8>(al,
                sign > 0 ? add(cpu.state.rflags, old, operand) : subtract(cpu.state.rflags, old, operand));
    set_carries(cpu, low, high || low_borrows);
    if (!cpu.model.is_amd) cpu.state.rflags &= ~flag::of;
    return Flow::next;
}

/// AAM: AL in base `immediate`, the upper digit to AH.
Outcome split_digits(Cpu& cpu, const Instruction& instruction) {
    const u8 base = static_cast<u8>(instruction.immediate);
    if (base == 0) return raise(cpu, Vector::divide_error);
    const u8 value = cpu.get<u8>(al);
    cpu.set<u8>(ah, value / base);
    cpu.set<u8>(al, value % base);
    set_result_flags(cpu);
    cpu.state.rflags &= ~(flag::of | flag::af | flag::cf); // Undefined.
    return Flow::next;
}

/// AAD: the number whose digits in base `immediate` are AH and AL.
Outcome join_digits(Cpu& cpu, const Instruction& instruction) {
    const u8 base = static_cast<u8>(instruction.immediate);
    // OF, AF and CF are undefined; silicon sets them like the addition that this is.
    const u8 tens = static_cast<u8>(cpu.get<u8>(ah) * base);
    cpu.set<u16>(al, add(cpu.state.rflags, cpu.get<u8>(al), tens));
    return Flow::next;
}

/// SALC, which no manual names: AL is filled with CF.
Outcome set_al_by_carry(Cpu& cpu, const Instruction&) {
    cpu.set<u8>(al, cpu.state.rflags & flag::cf ? 0xff : 0);
    return Flow::next;
}

/// BOUND: a signed index against a pair of bounds in memory, both inclusive.
template <class T>
Outcome check_bounds(Cpu& cpu, const Instruction& instruction) {
    using Index = std::make_signed_t<T>;
    const u64 mask = ~u64{0} >> instruction.address_shift;
    const auto bound = [&](u64 distance) -> Guest<Index> {
        const u64 offset = (effective_address(cpu, instruction) + distance) & mask;
        const u64 linear = TRY(linear_address(cpu, instruction.segment, offset, sizeof(T), Access::read));
        return static_cast<Index>(TRY(load<T>(cpu, linear, instruction.segment)));
    };
    const Index lower = TRY(bound(0)), upper = TRY(bound(sizeof(T)));
    const auto index = static_cast<Index>(cpu.get<T>(instruction.operand[0]));
    if (index < lower || index > upper) return raise(cpu, Vector::bound_range);
    return Flow::next;
}

Handler select_bound(const Decoded& decoded, Instruction&) {
    return decoded.operand_bits(0) == 16 ? check_bounds<u16> : check_bounds<u32>;
}

} // namespace

void add_decimal(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_AAA, &always<adjust_ascii<1>>);
    table.add(ZYDIS_MNEMONIC_AAS, &always<adjust_ascii<-1>>);
    table.add(ZYDIS_MNEMONIC_DAA, &always<adjust_decimal<1>>);
    table.add(ZYDIS_MNEMONIC_DAS, &always<adjust_decimal<-1>>);
    table.add(ZYDIS_MNEMONIC_AAM, &always<split_digits>);
    table.add(ZYDIS_MNEMONIC_AAD, &always<join_digits>);
    table.add(ZYDIS_MNEMONIC_SALC, &always<set_al_by_carry>);
    table.add(ZYDIS_MNEMONIC_BOUND, &select_bound);
}

} // namespace ringer::x86
