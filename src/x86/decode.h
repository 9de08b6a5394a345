#pragma once

#include "x86/cpu.h"
#include "x86/instruction.h"

#include <Zydis/Zydis.h>

#include <array>
#include <optional>
#include <span>

namespace ringer::x86 {

/// What Zydis says of an instruction, handed to the function that selects its semantics.
struct Decoded {
    ZydisDecodedInstruction instruction;
    std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
    std::span<const u8> bytes;
    CodeMode mode;
    const CpuModel& model;

    /// To be filled in by decode().
    Decoded(CodeMode code_mode, const CpuModel& cpu_model) : mode(code_mode), model(cpu_model) {}

    /// Explicit (visible) operand `index` is in memory, a register, or an immediate.
    bool is_memory(unsigned index) const { return operands[index].type == ZYDIS_OPERAND_TYPE_MEMORY; }
    bool is_register(unsigned index) const { return operands[index].type == ZYDIS_OPERAND_TYPE_REGISTER; }
    bool is_immediate(unsigned index) const { return operands[index].type == ZYDIS_OPERAND_TYPE_IMMEDIATE; }
    /// In bits.
    unsigned operand_bits(unsigned index) const { return operands[index].size; }
};

/// Picks the function for one form of a mnemonic. The common fields of `instruction` are filled in already; a
/// selector may change them. nullptr: the form does not exist here, and raises #UD.
using Selector = Handler (*)(const Decoded& decoded, Instruction& instruction);

/// The selector of a mnemonic that has one form.
template <Handler handler>
Handler always(const Decoded&, Instruction&) {
    return handler;
}

/// Selectors by mnemonic. A mnemonic whose forms live in several files (MOV of general, segment and control
/// registers) has one from each; the first that knows the form picks its function.
class SelectorTable {
  public:
    void add(ZydisMnemonic mnemonic, Selector selector);
    /// Tried for every mnemonic, after its own: knows its instructions by their operands.
    void set_last(Selector selector) { last_ = selector; }
    Handler select(const Decoded& decoded, Instruction& instruction) const;

  private:
    std::array<std::array<Selector, 4>, ZYDIS_MNEMONIC_MAX_VALUE + 1> selectors_{};
    Selector last_ = nullptr;
};

/// @name Each file of semantics enters its mnemonics
/// @{
void add_arithmetic(SelectorTable& table);
void add_bits(SelectorTable& table);
void add_decimal(SelectorTable& table);
void add_moves(SelectorTable& table);
void add_stack(SelectorTable& table);
void add_control_flow(SelectorTable& table);
void add_strings(SelectorTable& table);
void add_input_output(SelectorTable& table);
void add_far_transfers(SelectorTable& table);
void add_segments(SelectorTable& table);
void add_system(SelectorTable& table);
void add_vectors(SelectorTable& table);
void add_x87(SelectorTable& table);
void add_extended_state(SelectorTable& table);
/// @}

inline constexpr std::size_t longest_instruction = 15; ///< In bytes (Intel SDM Vol. 2A, 2.3.11).

enum class DecodeStatus : u8 {
    ok,        ///< Including instructions that raise #UD.
    truncated, ///< More bytes are needed than were given.
};

/// Decodes the instruction at the start of `bytes` (at most longest_instruction are looked at).
DecodeStatus decode(std::span<const u8> bytes, CodeMode mode, const CpuModel& model,
                    Instruction& instruction);

/// The same, for engines that do more with an instruction than run its handler: `decoded` is what it was made
/// from, and refers to `bytes`. It means nothing for bytes that are refused, which have no length.
DecodeStatus decode(std::span<const u8> bytes, Instruction& instruction, Decoded& decoded);

/// Whether decode() has found no instruction but #UD.
bool is_undefined(const Instruction& instruction);

} // namespace ringer::x86
