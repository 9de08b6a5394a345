#pragma once

#include "engine/translator/host_registers.h"
#include "x86/decode.h"

#include <array>
#include <optional>
#include <span>

namespace ringer::engine::translator {

/// A memory operand in the host: base + (index << scale) + displacement.
struct HostMemory {
    static constexpr HostRegister no_index = 0xff;

    HostRegister base;
    HostRegister index = no_index;
    i32 displacement = 0;
    u8 scale = 0;
    bool is_32_bit = false;   ///< The lower halves of the registers are added, to 32 bits.
    bool is_in_gs = false;    ///< From the base of GS on.
    bool is_shadowed = false; ///< See PlannedAccess.
};

/// In which field of an instruction a register is named.
enum class Field : u8 { none, reg, rm, vvvv, opcode };

Field field_of(const ZydisDecodedOperand& operand);

/// What replaces the guest's general registers, by the field that names them, and the memory operand. Fields
/// without a value keep what they have.
struct Substitution {
    std::array<std::optional<HostRegister>, 5> registers{};
    std::optional<HostMemory> memory{};
    /// The register operand that becomes the memory operand, if it is one: `rm`, or, with has_mirror_form(),
    /// `reg`.
    Field in_memory = Field::none;

    std::optional<HostRegister>& operator[](Field field) { return registers[static_cast<unsigned>(field)]; }
    std::optional<HostRegister> operator[](Field field) const {
        return registers[static_cast<unsigned>(field)];
    }
};

/// Whether there is an opcode for the same with the fields `reg` and `rm` exchanged, in the legacy encoding.
bool has_mirror_form(const ZydisDecodedInstruction& zydis);

struct CopiedInstruction {
    std::array<u8, 24> bytes{};
    unsigned length = 0;

    std::span<const u8> span() const { return {bytes.data(), length}; }
};

/// The same instruction with other registers and another memory operand: opcode, immediates and mandatory
/// prefixes stay; segment, address-size and repeated prefixes go (Intel SDM Vol. 2A, 2.1 to 2.3), and so does
/// LOCK: one instruction is atomic for the one CPU of a machine. nullopt when it cannot be written: one of AH
/// to BH beside a register that needs a REX prefix.
///
/// `decoded` is an instruction with the legacy or VEX encoding, of code of any mode, that exists in 64-bit
/// code.
std::optional<CopiedInstruction> copy_instruction(const x86::Decoded& decoded,
                                                  const Substitution& substitution);

} // namespace ringer::engine::translator
