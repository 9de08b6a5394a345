#pragma once

#include "x86/access.h"

namespace ringer::x86 {

/// The linear address of `size` bytes that lie `distance` behind the memory operand.
inline Guest<u64> element_address(Cpu& cpu, const Instruction& instruction, u64 distance, unsigned size,
                                  Access access) {
    const u64 offset =
        (effective_address(cpu, instruction) + distance) & (~u64{0} >> instruction.address_shift);
    if (cpu.long64()) return cpu.get<u64>(instruction.segment_base) + offset;
    return segmented_address(cpu, instruction.segment, offset, size, access);
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
