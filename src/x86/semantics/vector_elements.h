#pragma once

#include "base/bits.h"
#include "x86/access.h"

namespace ringer::x86 {

/// The linear address of `size` bytes that lie `distance` behind the memory operand.
inline Guest<u64> element_address(Cpu& cpu, const Instruction& instruction, u64 distance, unsigned size,
                                  Access access) {
    const u64 offset =
        (effective_address(cpu, instruction) + distance) & (~u64{0} >> instruction.address_shift);
    return linear_address(cpu, instruction.segment, offset, size, access);
}

/// Loads and stores of what may lie anywhere: gathers and masked moves, for instance, do not raise #AC.
template <class T>
Guest<T> load_element(Cpu& cpu, u64 linear, SegmentRegister segment) {
    if (!(cpu.state.rflags & flag::ac)) return load<T>(cpu, linear, segment);
    T value = 0;
    for (unsigned i = 0; i < sizeof(T); ++i)
        value |= static_cast<T>(static_cast<T>(TRY(load<u8>(cpu, linear + i, segment))) << (8 * i));
    return value;
}
/// What a store of `size` bytes would raise but for #AC.
inline Guest<void> check_unaligned_writable(Cpu& cpu, u64 linear, unsigned size, SegmentRegister segment) {
    // Of what is not canonical the whole access is told, by its #GP or #SS.
    const u64 last = linear + size - 1;
    if (cpu.long64() && !is_canonical(last)) TRY(check_writable(cpu, last, 1, segment));
    TRY(check_writable(cpu, linear, 1, segment));
    const u64 next_page = align_up(linear + 1, memory::page_size);
    if (last >= next_page) TRY(check_writable(cpu, next_page, 1, segment));
    return {};
}
/// After check_unaligned_writable().
template <class T>
Guest<void> store_element(Cpu& cpu, u64 linear, T value, SegmentRegister segment) {
    for (unsigned i = 0; i < sizeof(T); ++i)
        TRY(store<u8>(cpu, linear + i, static_cast<u8>(value >> (8 * i)), segment));
    return {};
}

/// Element `index` of a vector register.
template <class T>
T element(const std::array<u8, 32>& ymm, unsigned index) {
    T value;
    __builtin_memcpy(&value, ymm.data() + index * sizeof(T), sizeof(T));
    return value;
}

template <class T>
void set_element(std::array<u8, 32>& ymm, unsigned index, T value) {
    __builtin_memcpy(ymm.data() + index * sizeof(T), &value, sizeof(T));
}

/// Whether the most significant bit of a mask's element is set.
template <class T>
bool selected(const std::array<u8, 32>& mask, unsigned index) {
    return mask[index * sizeof(T) + sizeof(T) - 1] & 0x80;
}

} // namespace ringer::x86
