#include "base/bits.h"
#include "x86/cpuid.h"
#include "x86/semantics/vector_elements.h"
#include "x86/semantics/vectors.h"
#include "x86/x87_state.h"

#include <algorithm>

/// VGATHERxPx and VPGATHERxx (Intel SDM Vol. 2C). An element that is done with clears its mask, and both
/// stay when a later one faults, so that the instruction goes on from there when it is restarted.
namespace ringer::x86 {

namespace {

template <class T>
Guest<T> gathered(Cpu& cpu, const Instruction& instruction, u64 distance) {
    const u64 linear = TRY(element_address(cpu, instruction, distance, sizeof(T), Access::read));
    return load_element<T>(cpu, linear, instruction.segment);
}

/// Intel's CPUs begin with a mask of whole elements, and nothing above the instruction's vectors.
template <class T>
void normalize(std::array<u8, 32>& mask, unsigned vector_bytes) {
    for (unsigned i = 0; i < vector_bytes / sizeof(T); ++i)
        set_element<T>(mask, i, selected<T>(mask, i) ? ~T{0} : T{0});
    std::fill(mask.begin() + vector_bytes, mask.end(), u8{0});
}

void clear_above(std::array<u8, 32>& vector, unsigned bytes) {
    std::fill(vector.begin() + bytes, vector.end(), u8{0});
}

/// Operands 0 and 2 are destination and mask; operand 1 was made the index, second_immediate the number of
/// elements.
template <class T, class Index>
Outcome gather(Cpu& cpu, const Instruction& instruction) {
    TRY(check_avx(cpu));
    auto& ymm = cpu.state.vector.ymm;
    auto& destination = ymm[instruction.operand[0]];
    const auto& index = ymm[instruction.operand[1]];
    auto& mask = ymm[instruction.operand[2]];
    const unsigned count = instruction.second_immediate;
    const unsigned vector_bytes = count * std::max(sizeof(T), sizeof(Index));
    if (!cpu.model.is_amd) normalize<T>(mask, vector_bytes);
    bool has_loaded = false;
    for (unsigned i = 0; i < count; ++i) {
        if (selected<T>(mask, i)) {
            const u64 distance = sign_extend(element<Index>(index, i)) << instruction.scale;
            const Guest<T> value = gathered<T>(cpu, instruction, distance);
            // A single step ends with what has been loaded; the fault comes after the restart.
            if (!value && has_loaded && cpu.step_trap) return Flow::again;
            set_element<T>(destination, i, TRY(value));
            if (!cpu.model.is_amd) clear_above(destination, vector_bytes);
            has_loaded = true;
        }
        set_element<T>(mask, i, 0);
    }
    clear_above(destination, count * sizeof(T));
    mask.fill(0);
    return Flow::next;
}

template <class T, class Index>
Handler select_gather(const Decoded& decoded, Instruction& instruction) {
    const auto number = [](ZydisRegister value) { return static_cast<u16>(ZydisRegisterGetId(value)); };
    const u16 destination = instruction.operand[0], mask = instruction.operand[2];
    const u16 index = number(decoded.operands[1].mem.index);
    if (decoded.instruction.encoding != ZYDIS_INSTRUCTION_ENCODING_VEX || destination == mask ||
        destination == index || mask == index)
        return nullptr;
    instruction.operand[1] = index;
    const unsigned vector_bytes = decoded.instruction.avx.vector_length / 8;
    instruction.second_immediate = static_cast<u8>(vector_bytes / std::max(sizeof(T), sizeof(Index)));
    return &gather<T, Index>;
}

} // namespace

void add_gathers(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_VPGATHERDD, &select_gather<u32, u32>);
    table.add(ZYDIS_MNEMONIC_VPGATHERDQ, &select_gather<u64, u32>);
    table.add(ZYDIS_MNEMONIC_VPGATHERQD, &select_gather<u32, u64>);
    table.add(ZYDIS_MNEMONIC_VPGATHERQQ, &select_gather<u64, u64>);
    table.add(ZYDIS_MNEMONIC_VGATHERDPS, &select_gather<u32, u32>);
    table.add(ZYDIS_MNEMONIC_VGATHERDPD, &select_gather<u64, u32>);
    table.add(ZYDIS_MNEMONIC_VGATHERQPS, &select_gather<u32, u64>);
    table.add(ZYDIS_MNEMONIC_VGATHERQPD, &select_gather<u64, u64>);
}

} // namespace ringer::x86
