#pragma once

#include "engine/translator/instruction_copy.h"

#include <vector>

namespace ringer::engine::translator {

/// AH, BH, CH or DH.
inline bool is_high_byte(const ZydisDecodedOperand& operand) {
    return operand.type == ZYDIS_OPERAND_TYPE_REGISTER && operand.reg.value >= ZYDIS_REGISTER_AH &&
           operand.reg.value <= ZYDIS_REGISTER_BH;
}

/// The general register that an operand is, by its number; -1: it is none.
inline int general_register(const ZydisDecodedOperand& operand) {
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return -1;
    // Zydis numbers them one after the other, by their size.
    const ZydisRegister name = operand.reg.value;
    if (name < ZYDIS_REGISTER_AL || name > ZYDIS_REGISTER_R15) return -1;
    if (name >= ZYDIS_REGISTER_RAX) return name - ZYDIS_REGISTER_RAX;
    if (name >= ZYDIS_REGISTER_EAX) return name - ZYDIS_REGISTER_EAX;
    if (name >= ZYDIS_REGISTER_AX) return name - ZYDIS_REGISTER_AX;
    if (name >= ZYDIS_REGISTER_SPL) return x86::rsp + (name - ZYDIS_REGISTER_SPL);
    return is_high_byte(operand) ? name - ZYDIS_REGISTER_AH : name - ZYDIS_REGISTER_AL;
}

inline bool is_written(const ZydisDecodedOperand& operand) {
    return operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
}

/// The one memory operand among the explicit ones, which must exist.
const ZydisDecodedOperand& memory_operand_of(const x86::Decoded& decoded);

/// A guest register that lies in memory, and what stands for it in one instruction.
struct BorrowedRegister {
    HostRegister scratch;
    u8 guest;
    bool is_read, is_written;
};

/// How an instruction is copied.
struct CopyPlan {
    Substitution substitution;
    /// A guest register that the copy names where it lies, by the memory operand that the substitution has
    /// yet to be given.
    std::optional<u8> in_place;
    std::vector<BorrowedRegister> borrowed;
    /// A host register that the guest's values in it have to leave for the while, as there are too few
    /// others.
    std::optional<HostRegister> spilled;
    /// It has the memory operand's address: AH and the like cannot stand beside a register that takes a REX
    /// prefix, as those have in which addresses are found.
    bool spilled_for_address = false;

    bool borrows(HostRegister scratch) const;
};

/// With a memory operand, only one register is `free` beside what addresses it; without one, both scratch
/// registers are. nullopt: even so there are too few, or the copy has no encoding.
std::optional<CopyPlan> plan_copy(const x86::Decoded& decoded, bool has_memory,
                                  const RegisterHomes& homes = host_register, HostRegister free = scratch_b);

} // namespace ringer::engine::translator
