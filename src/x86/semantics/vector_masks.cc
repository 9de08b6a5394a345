#include "base/bits.h"
#include "x86/cpuid.h"
#include "x86/semantics/vector_elements.h"
#include "x86/semantics/vectors.h"
#include "x86/x87_state.h"

#include <algorithm>
#include <optional>

/// Moves under a mask: what the mask leaves out is not accessed and cannot fault (Intel SDM Vol. 2C,
/// VMASKMOV, VPMASKMOV; Vol. 2B, MASKMOVQ and MASKMOVDQU).
namespace ringer::x86 {

namespace {

/// The linear address of element `index`. On Intel's CPUs those of a vector follow each other also where
/// 16-bit addresses would wrap.
template <class T>
Guest<u64> masked_address(Cpu& cpu, const Instruction& instruction, unsigned index, Access access) {
    const u64 distance = index * sizeof(T);
    if (cpu.model.is_amd) return element_address(cpu, instruction, distance, sizeof(T), access);
    const u64 offset = effective_address(cpu, instruction) + distance;
    return linear_address(cpu, instruction.segment, cpu.long64() ? offset : static_cast<u32>(offset),
                          sizeof(T), access);
}

/// Intel's CPUs look at the segment and at the canonical form of all elements before they look at a page, and
/// for a store that reaches into another page at its first and its last byte before the others.
template <class T>
Guest<void> check_elements(Cpu& cpu, const Instruction& instruction, const std::array<u8, 32>& mask,
                           unsigned count, Access access) {
    if (cpu.model.is_amd) return {};
    std::optional<u64> first, last;
    for (unsigned i = 0; i < count; ++i) {
        if (!selected<T>(mask, i)) continue;
        const u64 linear = TRY(masked_address<T>(cpu, instruction, i, access));
        first = first.value_or(linear);
        last = linear + sizeof(T) - 1;
        if (cpu.long64() && !(is_canonical(linear) && is_canonical(*last)))
            return instruction.segment == ss ? raise(cpu, Vector::stack_fault, 0) : general_protection(cpu);
    }
    if (!last || access == Access::read || *first / memory::page_size == *last / memory::page_size) return {};
    TRY(check_writable(cpu, *first, 1, instruction.segment));
    return check_writable(cpu, *last, 1, instruction.segment);
}

template <class T, unsigned bytes>
Outcome masked_load(Cpu& cpu, const Instruction& instruction) {
    TRY(check_avx(cpu));
    const auto& mask = cpu.state.vector.ymm[instruction.operand[1]];
    TRY(check_elements<T>(cpu, instruction, mask, bytes / sizeof(T), Access::read));
    std::array<u8, 32> result{};
    for (unsigned i = 0; i < bytes / sizeof(T); ++i) {
        if (!selected<T>(mask, i)) continue;
        const u64 linear = TRY(masked_address<T>(cpu, instruction, i, Access::read));
        set_element<T>(result, i, TRY(load_element<T>(cpu, linear, instruction.segment)));
    }
    cpu.state.vector.ymm[instruction.operand[0]] = result;
    return Flow::next;
}

/// Nothing is stored unless everything can be.
template <class T, unsigned bytes>
Outcome masked_store(Cpu& cpu, const Instruction& instruction) {
    TRY(check_avx(cpu));
    const auto& mask = cpu.state.vector.ymm[instruction.operand[1]];
    const auto& source = cpu.state.vector.ymm[instruction.operand[2]];
    TRY(check_elements<T>(cpu, instruction, mask, bytes / sizeof(T), Access::write));
    std::array<u64, bytes / sizeof(T)> linear{};
    for (unsigned i = 0; i < linear.size(); ++i) {
        if (!selected<T>(mask, i)) continue;
        linear[i] = TRY(masked_address<T>(cpu, instruction, i, Access::write));
        TRY(check_unaligned_writable(cpu, linear[i], sizeof(T), instruction.segment));
    }
    for (unsigned i = 0; i < linear.size(); ++i) {
        if (selected<T>(mask, i))
            TRY(store_element<T>(cpu, linear[i], element<T>(source, i), instruction.segment));
    }
    return Flow::next;
}

template <class T>
Handler select_masked(const Decoded& decoded, Instruction&) {
    const bool wide = decoded.instruction.avx.vector_length == 256;
    if (decoded.is_memory(0)) return wide ? &masked_store<T, 32> : &masked_store<T, 16>;
    return wide ? &masked_load<T, 32> : &masked_load<T, 16>;
}

/// MASKMOVQ and MASKMOVDQU want their operand aligned to 8 bytes where alignment is checked.
Guest<void> check_operand_alignment(Cpu& cpu, u64 linear) {
    const bool checked = cpu.state.cpl == 3 && (cpu.state.cr0 & cr0::am) && (cpu.state.rflags & flag::ac);
    if (checked && is_canonical(linear) && is_canonical(linear + 7) && linear % 8 != 0)
        return raise(cpu, Vector::alignment_check, 0);
    return {};
}

/// MASKMOVQ and MASKMOVDQU: bytes to DS:rDI.
Guest<void> store_masked_bytes(Cpu& cpu, const Instruction& instruction, const u8* source, const u8* mask,
                               unsigned bytes) {
    const u64 wrap = ~u64{0} >> instruction.address_shift;
    // In quadwords, all of which must be writable, whatever the mask selects; Intel's CPUs begin at the end.
    std::array<u64, 2> linear{};
    const unsigned count = bytes / 8;
    for (unsigned n = 0; n < count; ++n) {
        const unsigned i = cpu.model.is_amd ? n : count - 1 - n;
        const u64 offset = (cpu.state.gpr[rdi] + 8 * i) & wrap;
        linear[i] = TRY(linear_address(cpu, instruction.segment, offset, 8, Access::write));
        TRY(check_operand_alignment(cpu, linear[i]));
        TRY(check_unaligned_writable(cpu, linear[i], 8, instruction.segment));
    }
    for (unsigned i = 0; i < bytes; ++i)
        if (mask[i] & 0x80) TRY(store<u8>(cpu, linear[i / 8] + i % 8, source[i], instruction.segment));
    return {};
}

template <bool is_avx>
Outcome masked_bytes(Cpu& cpu, const Instruction& instruction) {
    if constexpr (is_avx)
        TRY(check_avx(cpu));
    else
        TRY(check_sse(cpu));
    const auto& ymm = cpu.state.vector.ymm;
    TRY(store_masked_bytes(cpu, instruction, ymm[instruction.operand[0]].data(),
                           ymm[instruction.operand[1]].data(), 16));
    return Flow::next;
}

Outcome masked_bytes_mmx(Cpu& cpu, const Instruction& instruction) {
    TRY(check_mmx(cpu));
    X87State& x87 = cpu.state.x87;
    enter_mmx(x87); // Also when the store faults.
    TRY(store_masked_bytes(cpu, instruction, x87.st[instruction.operand[0]].data(),
                           x87.st[instruction.operand[1]].data(), 8));
    return Flow::next;
}

} // namespace

void add_masked_moves(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_VMASKMOVPS, &select_masked<u32>);
    table.add(ZYDIS_MNEMONIC_VMASKMOVPD, &select_masked<u64>);
    table.add(ZYDIS_MNEMONIC_VPMASKMOVD, &select_masked<u32>);
    table.add(ZYDIS_MNEMONIC_VPMASKMOVQ, &select_masked<u64>);
    table.add(ZYDIS_MNEMONIC_MASKMOVQ,
              [](const Decoded&, Instruction&) -> Handler { return &masked_bytes_mmx; });
    table.add(ZYDIS_MNEMONIC_MASKMOVDQU,
              [](const Decoded&, Instruction&) -> Handler { return &masked_bytes<false>; });
    table.add(ZYDIS_MNEMONIC_VMASKMOVDQU,
              [](const Decoded&, Instruction&) -> Handler { return &masked_bytes<true>; });
}

} // namespace ringer::x86
