#include "x86/semantics/vectors.h"

#include "x86/access.h"
#include "x86/x87_state.h"

#include <cstring>

namespace ringer::x86 {

namespace {

enum class MoveForm : u8 { load, store, copy };

/// A whole-register move. A legacy one keeps the upper half of the register, an AVX one clears what it does
/// not write.
template <unsigned bytes, bool is_avx, bool is_aligned, MoveForm form>
Outcome plain_move(Cpu& cpu, const Instruction& instruction) {
    if constexpr (is_avx)
        TRY(check_avx(cpu));
    else
        TRY(check_sse(cpu));
    auto& ymm = cpu.state.vector.ymm;
    if constexpr (form == MoveForm::copy) {
        auto& destination = ymm[instruction.operand[0]];
        std::memmove(destination.data(), ymm[instruction.operand[1]].data(), bytes);
        if constexpr (is_avx && bytes == 16) std::memset(destination.data() + bytes, 0, bytes);
        return Flow::next;
    }
    constexpr Access access = form == MoveForm::store ? Access::write : Access::read;
    const u64 linear = TRY(aligned_address(cpu, instruction, bytes, is_aligned ? bytes : 1, access));
    if constexpr (form == MoveForm::store) {
        TRY(store_bytes(cpu, linear, ymm[instruction.operand[1]].data(), bytes, instruction.segment));
    } else {
        auto& destination = ymm[instruction.operand[0]];
        TRY(load_bytes(cpu, linear, destination.data(), bytes, instruction.segment));
        if constexpr (is_avx && bytes == 16) std::memset(destination.data() + bytes, 0, bytes);
    }
    return Flow::next;
}

template <unsigned bytes, bool is_avx, bool is_aligned>
Handler for_form(const Decoded& decoded) {
    if (decoded.is_memory(0)) return &plain_move<bytes, is_avx, is_aligned, MoveForm::store>;
    if (decoded.is_memory(1)) return &plain_move<bytes, is_avx, is_aligned, MoveForm::load>;
    return &plain_move<bytes, is_avx, is_aligned, MoveForm::copy>;
}

template <bool is_aligned>
Handler for_size(const Decoded& decoded) {
    if (decoded.instruction.encoding != ZYDIS_INSTRUCTION_ENCODING_VEX)
        return for_form<16, false, is_aligned>(decoded);
    return decoded.instruction.avx.vector_length == 256 ? for_form<32, true, is_aligned>(decoded)
                                                        : for_form<16, true, is_aligned>(decoded);
}

} // namespace

Handler select_plain_move(const Decoded& decoded) {
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_MOVAPS:
    case ZYDIS_MNEMONIC_MOVAPD:
    case ZYDIS_MNEMONIC_MOVDQA:
    case ZYDIS_MNEMONIC_MOVNTPS:
    case ZYDIS_MNEMONIC_MOVNTPD:
    case ZYDIS_MNEMONIC_MOVNTDQ:
    case ZYDIS_MNEMONIC_MOVNTDQA:
    case ZYDIS_MNEMONIC_VMOVAPS:
    case ZYDIS_MNEMONIC_VMOVAPD:
    case ZYDIS_MNEMONIC_VMOVDQA:
    case ZYDIS_MNEMONIC_VMOVNTPS:
    case ZYDIS_MNEMONIC_VMOVNTPD:
    case ZYDIS_MNEMONIC_VMOVNTDQ:
    case ZYDIS_MNEMONIC_VMOVNTDQA: return for_size<true>(decoded);
    case ZYDIS_MNEMONIC_MOVUPS:
    case ZYDIS_MNEMONIC_MOVUPD:
    case ZYDIS_MNEMONIC_MOVDQU:
    case ZYDIS_MNEMONIC_LDDQU:
    case ZYDIS_MNEMONIC_VMOVUPS:
    case ZYDIS_MNEMONIC_VMOVUPD:
    case ZYDIS_MNEMONIC_VMOVDQU:
    case ZYDIS_MNEMONIC_VLDDQU: return for_size<false>(decoded);
    default: return nullptr;
    }
}

namespace {

/// EMMS (Intel SDM Vol. 2A).
Outcome empty_mmx(Cpu& cpu, const Instruction&) {
    TRY(check_mmx(cpu));
    set_x87_top(cpu.state.x87, 0);
    cpu.state.x87.valid = 0;
    return Flow::next;
}

/// VZEROUPPER and VZEROALL (Intel SDM Vol. 2C): outside of 64-bit mode only the lower eight registers.
template <unsigned kept>
Outcome zero_registers(Cpu& cpu, const Instruction&) {
    TRY(check_avx(cpu));
    const unsigned count = cpu.long64() ? 16 : 8;
    for (unsigned i = 0; i < count; ++i) {
        auto& ymm = cpu.state.vector.ymm[i];
        std::fill(ymm.begin() + kept, ymm.end(), u8{0});
    }
    return Flow::next;
}

template <unsigned kept>
Handler select_zero(const Decoded&, Instruction&) {
    return &zero_registers<kept>;
}

/// MOVNTI: a store like any other, as nothing here is cached.
template <class T>
Outcome store_non_temporal(Cpu& cpu, const Instruction& instruction) {
    TRY(store_operand<T>(cpu, instruction, cpu.get<T>(instruction.operand[1])));
    return Flow::next;
}

Handler select_store_non_temporal(const Decoded& decoded, Instruction&) {
    return decoded.operand_bits(1) == 64 ? &store_non_temporal<u64> : &store_non_temporal<u32>;
}

} // namespace

void add_vector_control(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_EMMS, [](const Decoded&, Instruction&) -> Handler { return &empty_mmx; });
    table.add(ZYDIS_MNEMONIC_VZEROUPPER, &select_zero<16>);
    table.add(ZYDIS_MNEMONIC_VZEROALL, &select_zero<0>);
    table.add(ZYDIS_MNEMONIC_MOVNTI, &select_store_non_temporal);
}

} // namespace ringer::x86
