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

/// Host registers that no instruction uses implicitly; and those that take no REX prefix.
/// @{
constexpr std::array<HostRegister, 4> never_implicit{x86::r8, x86::r9, x86::r12, x86::r13};
constexpr std::array<HostRegister, 4> without_rex{x86::rdx, x86::rbx, x86::rsi, x86::rdi};
/// @}

/// One of the candidates that the instruction does not use.
HostRegister spare_register(const x86::Decoded& decoded, const RegisterHomes& homes,
                            std::span<const HostRegister> candidates) {
    const auto is_used = [&](HostRegister candidate) {
        for (unsigned i = 0; i < decoded.instruction.operand_count; ++i) {
            const ZydisDecodedOperand& operand = decoded.operands[i];
            const int guest = general_register(operand);
            if (guest >= 0 && homes[static_cast<unsigned>(guest)] == candidate) return true;
        }
        return false;
    };
    return *std::ranges::find_if_not(candidates, is_used);
}

/// The scratch register for a guest register; nullopt: there is none left.
std::optional<HostRegister> borrow(CopyPlan& plan, u8 guest, const x86::Decoded& decoded,
                                   const ZydisDecodedOperand& operand, const RegisterHomes& homes,
                                   std::span<const HostRegister> free) {
    auto known = std::ranges::find(plan.borrowed, guest, &BorrowedRegister::guest);
    if (known == plan.borrowed.end()) {
        const std::size_t count = plan.borrowed.size();
        if (count > free.size()) return std::nullopt;
        if (count == free.size()) plan.spilled = spare_register(decoded, homes, never_implicit);
        plan.borrowed.push_back({count < free.size() ? free[count] : *plan.spilled, guest, false, false});
        known = plan.borrowed.end() - 1;
    }
    known->is_read |= is_read(decoded, operand);
    known->is_written |= is_written(operand);
    return known->scratch;
}

/// Whether a general register of an instruction could as well be memory: it does the same then, also to flags
/// that are undefined, which after rotations differ.
bool may_be_memory(const ZydisDecodedInstruction& zydis) {
    switch (zydis.mnemonic) {
    case ZYDIS_MNEMONIC_MOV:
    case ZYDIS_MNEMONIC_MOVSX:
    case ZYDIS_MNEMONIC_MOVSXD:
    case ZYDIS_MNEMONIC_MOVZX:
    case ZYDIS_MNEMONIC_SAR:
    case ZYDIS_MNEMONIC_SHL:
    case ZYDIS_MNEMONIC_SHR: return true;
    default: break;
    }
    switch (zydis.meta.category) {
    case ZYDIS_CATEGORY_ADOX_ADCX:
    case ZYDIS_CATEGORY_BINARY:
    case ZYDIS_CATEGORY_BMI1:
    case ZYDIS_CATEGORY_BMI2:
    case ZYDIS_CATEGORY_CMOV:
    case ZYDIS_CATEGORY_LOGICAL: return true;
    default: return false;
    }
}

bool names_twice(const x86::Decoded& decoded, int guest) {
    const auto operands = std::span(decoded.operands).first(decoded.instruction.operand_count_visible);
    return std::ranges::count(operands, guest, general_register) > 1;
}

/// The operand that can be named where it lies, in whose field it then stands. What is written has 64 bits:
/// 32 would have to clear the others, and fewer would make whoever reads all 64 next wait for the store.
const ZydisDecodedOperand* find_in_place(const x86::Decoded& decoded, const RegisterHomes& homes) {
    if (!may_be_memory(decoded.instruction)) return nullptr;
    const auto find = [&](Field field) -> const ZydisDecodedOperand* {
        for (unsigned i = 0; i < decoded.instruction.operand_count_visible; ++i) {
            const ZydisDecodedOperand& operand = decoded.operands[i];
            const int guest = general_register(operand);
            if (guest >= 0 && field_of(operand) == field &&
                homes[static_cast<unsigned>(guest)] == in_memory && !names_twice(decoded, guest) &&
                (!is_written(operand) || operand.size == 64))
                return &operand;
        }
        return nullptr;
    };
    const ZydisDecodedOperand* const found = find(Field::rm);
    return found || !has_mirror_form(decoded.instruction) ? found : find(Field::reg);
}

} // namespace

const ZydisDecodedOperand& memory_operand_of(const x86::Decoded& decoded) {
    unsigned index = 0;
    while (!decoded.is_memory(index)) ++index;
    return decoded.operands[index];
}

bool CopyPlan::borrows(HostRegister scratch) const {
    return std::ranges::find(borrowed, scratch, &BorrowedRegister::scratch) != borrowed.end();
}

std::optional<CopyPlan> plan_copy(const x86::Decoded& decoded, bool has_memory, const RegisterHomes& homes,
                                  HostRegister free) {
    const std::array without_memory{scratch_a, scratch_b};
    const std::array with_memory{free};
    const std::span<const HostRegister> lent =
        has_memory ? std::span<const HostRegister>(with_memory) : without_memory;
    CopyPlan plan;
    const ZydisDecodedOperand* const in_place = has_memory ? nullptr : find_in_place(decoded, homes);
    if (in_place) {
        plan.in_place = static_cast<u8>(general_register(*in_place));
        plan.substitution.in_memory = field_of(*in_place);
        plan.substitution.memory = HostMemory{.base = context_register};
    }
    for (unsigned i = 0; i < decoded.instruction.operand_count_visible; ++i) {
        const ZydisDecodedOperand& operand = decoded.operands[i];
        const int guest = general_register(operand);
        const Field field = field_of(operand);
        if (guest < 0 || field == Field::none || &operand == in_place) continue;
        const auto number = static_cast<u8>(guest);
        plan.substitution[field] =
            homes[number] != in_memory ? homes[number] : borrow(plan, number, decoded, operand, homes, lent);
        if (!plan.substitution[field]) return std::nullopt;
    }
    if (has_memory) plan.substitution.memory = HostMemory{.base = scratch_a, .index = scratch_b};
    const auto operands = std::span(decoded.operands).first(decoded.instruction.operand_count_visible);
    if (std::ranges::none_of(operands, is_high_byte)) return plan;
    plan.spilled_for_address = has_memory;
    if (has_memory) {
        plan.spilled = spare_register(decoded, homes, without_rex);
        plan.substitution.memory = HostMemory{*plan.spilled};
    }
    if (!copy_instruction(decoded, plan.substitution)) return std::nullopt;
    return plan;
}

} // namespace ringer::engine::translator
