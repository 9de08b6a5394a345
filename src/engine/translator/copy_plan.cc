#include "engine/translator/copy_plan.h"

#include <algorithm>

namespace ringer::engine::translator {

namespace {

/// Whether the old value of a register operand matters, also because it or the rest of it stays.
bool is_read(const x86::Decoded& decoded, const ZydisDecodedOperand& operand) {
    constexpr auto may_stay = ZYDIS_OPERAND_ACTION_MASK_READ | ZYDIS_OPERAND_ACTION_CONDWRITE;
    // With a source of zero these leave their destination as it is, which the tables do not tell.
    const ZydisMnemonic mnemonic = decoded.instruction.mnemonic;
    const bool scans = mnemonic == ZYDIS_MNEMONIC_BSF || mnemonic == ZYDIS_MNEMONIC_BSR;
    return (operand.actions & may_stay) || operand.size < 32 || scans;
}

/// A host register that no instruction uses implicitly, and this one not at all.
HostRegister spare_register(const x86::Decoded& decoded) {
    const auto is_used = [&decoded](HostRegister candidate) {
        for (unsigned i = 0; i < decoded.instruction.operand_count; ++i) {
            const ZydisDecodedOperand& operand = decoded.operands[i];
            const int guest = general_register(operand);
            if (guest >= 0 && host_register[static_cast<unsigned>(guest)] == candidate) return true;
        }
        return false;
    };
    static constexpr std::array<HostRegister, 4> candidates{x86::r8, x86::r9, x86::r12, x86::r13};
    return *std::ranges::find_if_not(candidates, is_used);
}

/// The scratch register for a guest register; nullopt: there is none left.
std::optional<HostRegister> borrow(CopyPlan& plan, u8 guest, const x86::Decoded& decoded,
                                   const ZydisDecodedOperand& operand, std::span<const HostRegister> free) {
    auto known = std::ranges::find(plan.borrowed, guest, &BorrowedRegister::guest);
    if (known == plan.borrowed.end()) {
        const std::size_t count = plan.borrowed.size();
        if (count > free.size()) return std::nullopt;
        if (count == free.size()) plan.spilled = spare_register(decoded);
        plan.borrowed.push_back({count < free.size() ? free[count] : *plan.spilled, guest, false, false});
        known = plan.borrowed.end() - 1;
    }
    known->is_read |= is_read(decoded, operand);
    known->is_written |= is_written(operand);
    return known->scratch;
}

} // namespace

int general_register(const ZydisDecodedOperand& operand) {
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return -1;
    switch (ZydisRegisterGetClass(operand.reg.value)) {
    case ZYDIS_REGCLASS_GPR8:
        if (operand.reg.value < ZYDIS_REGISTER_AH) return operand.reg.value - ZYDIS_REGISTER_AL;
        if (is_high_byte(operand)) return operand.reg.value - ZYDIS_REGISTER_AH;
        return x86::rsp + (operand.reg.value - ZYDIS_REGISTER_SPL);
    case ZYDIS_REGCLASS_GPR16:
    case ZYDIS_REGCLASS_GPR32:
    case ZYDIS_REGCLASS_GPR64: break;
    default: return -1;
    }
    return ZydisRegisterGetId(operand.reg.value);
}

bool is_high_byte(const ZydisDecodedOperand& operand) {
    return operand.type == ZYDIS_OPERAND_TYPE_REGISTER && operand.reg.value >= ZYDIS_REGISTER_AH &&
           operand.reg.value <= ZYDIS_REGISTER_BH;
}

bool is_written(const ZydisDecodedOperand& operand) {
    return operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
}

const ZydisDecodedOperand& memory_operand_of(const x86::Decoded& decoded) {
    unsigned index = 0;
    while (!decoded.is_memory(index)) ++index;
    return decoded.operands[index];
}

bool CopyPlan::borrows(HostRegister scratch) const {
    return std::ranges::find(borrowed, scratch, &BorrowedRegister::scratch) != borrowed.end();
}

std::optional<CopyPlan> plan_copy(const x86::Decoded& decoded, bool has_memory, HostRegister free) {
    const std::array without_memory{scratch_a, scratch_b};
    const std::array with_memory{free};
    const std::span<const HostRegister> lent =
        has_memory ? std::span<const HostRegister>(with_memory) : without_memory;
    CopyPlan plan;
    for (unsigned i = 0; i < decoded.instruction.operand_count_visible; ++i) {
        const ZydisDecodedOperand& operand = decoded.operands[i];
        const int guest = general_register(operand);
        const Field field = field_of(operand);
        if (guest < 0 || field == Field::none) continue;
        const auto number = static_cast<u8>(guest);
        plan.substitution[field] =
            is_pinned(number) ? host_register[number] : borrow(plan, number, decoded, operand, lent);
        if (!plan.substitution[field]) return std::nullopt;
    }
    if (has_memory) plan.substitution.memory = HostMemory{.base = scratch_a, .index = scratch_b};
    if (!copy_instruction(decoded, plan.substitution)) return std::nullopt;
    return plan;
}

} // namespace ringer::engine::translator
