#pragma once

#include "base/bits.h"
#include "x86/access.h"
#include "x86/decode.h"

#include <concepts>

namespace ringer::x86 {

/// Where an operand of a form lies; semantic functions are instantiated for each.
enum class Place : u8 { general_register, memory, immediate };

inline Place place_of(const Decoded& decoded, unsigned index) {
    if (decoded.is_memory(index)) return Place::memory;
    return decoded.is_immediate(index) ? Place::immediate : Place::general_register;
}

/// The value of operand `index`.
template <std::unsigned_integral T, Place place>
[[gnu::always_inline]] inline Guest<T> read_operand(Cpu& cpu, const Instruction& instruction,
                                                    unsigned index) {
    if constexpr (place == Place::memory)
        return load_operand<T>(cpu, instruction);
    else if constexpr (place == Place::immediate)
        return static_cast<T>(instruction.immediate);
    else
        return cpu.get<T>(instruction.operand[index]);
}

template <std::unsigned_integral T, Place place>
[[gnu::always_inline]] inline Guest<void> write_operand(Cpu& cpu, const Instruction& instruction,
                                                        unsigned index, T value) {
    if constexpr (place == Place::memory) return store_operand<T>(cpu, instruction, value);
    cpu.set<T>(instruction.operand[index], value);
    return {};
}

/// Replaces operand 0 by `change(rflags, old)`; RFLAGS change only once nothing can fault any more.
template <std::unsigned_integral T, Place place, class Change>
[[gnu::always_inline]] inline Outcome update_operand(Cpu& cpu, const Instruction& instruction,
                                                     Change&& change) {
    u64 rflags = cpu.state.rflags;
    if constexpr (place == Place::memory)
        TRY(modify_operand<T>(cpu, instruction, [&](T old) { return change(rflags, old); }));
    else
        cpu.set<T>(instruction.operand[0], change(rflags, cpu.get<T>(instruction.operand[0])));
    cpu.state.rflags = rflags;
    return Flow::next;
}

/// @name Choosing an instantiation
/// `pick` is a lambda with template parameters that returns a Handler.
/// @{
template <class Pick>
Handler for_width(unsigned bits, Pick&& pick) {
    switch (bits) {
    case 8: return pick.template operator()<u8>();
    case 16: return pick.template operator()<u16>();
    case 32: return pick.template operator()<u32>();
    case 64: return pick.template operator()<u64>();
    default: return nullptr;
    }
}

/// Where bytes do not exist in the instruction.
template <class Pick>
Handler for_wide(unsigned bits, Pick&& pick) {
    switch (bits) {
    case 16: return pick.template operator()<u16>();
    case 32: return pick.template operator()<u32>();
    case 64: return pick.template operator()<u64>();
    default: return nullptr;
    }
}

/// Where there are only 32 and 64 bits, as in the VEX-encoded instructions on general registers.
template <class Pick>
Handler for_vex_width(unsigned bits, Pick&& pick) {
    switch (bits) {
    case 32: return pick.template operator()<u32>();
    case 64: return pick.template operator()<u64>();
    default: return nullptr;
    }
}

template <class Pick>
Handler for_register_or_memory(const Decoded& decoded, unsigned index, Pick&& pick) {
    return decoded.is_memory(index) ? pick.template operator()<Place::memory>()
                                    : pick.template operator()<Place::general_register>();
}

template <class Pick>
Handler for_any_place(const Decoded& decoded, unsigned index, Pick&& pick) {
    if (decoded.is_immediate(index)) return pick.template operator()<Place::immediate>();
    return for_register_or_memory(decoded, index, pick);
}
/// The five forms of most two-operand instructions: r,r  r,m  r,i  m,r  m,i.
template <class Pick>
Handler for_two_operands(const Decoded& decoded, Pick&& pick) {
    constexpr Place reg = Place::general_register, mem = Place::memory, imm = Place::immediate;
    return for_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        if (decoded.is_memory(0))
            return decoded.is_immediate(1) ? pick.template operator()<T, mem, imm>()
                                           : pick.template operator()<T, mem, reg>();
        if (decoded.is_memory(1)) return pick.template operator()<T, reg, mem>();
        return decoded.is_immediate(1) ? pick.template operator()<T, reg, imm>()
                                       : pick.template operator()<T, reg, reg>();
    });
}

/// A register or memory operand of any width.
template <class Pick>
Handler for_one_operand(const Decoded& decoded, Pick&& pick) {
    return for_width(decoded.operand_bits(0), [&]<class T>() -> Handler {
        return for_register_or_memory(
            decoded, 0, [&]<Place place>() -> Handler { return pick.template operator()<T, place>(); });
    });
}
/// @}

} // namespace ringer::x86
