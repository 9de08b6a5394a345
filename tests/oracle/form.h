#pragma once

#include "x86/cpuid.h"

#include <Zydis/Zydis.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ringer::oracle {

/// Where an instruction runs: a process's 64-bit code, or compatibility mode with 32-bit or 16-bit code.
enum class CodeSize : u8 { bits64, bits32, bits16 };

/// An instruction as Zydis sees it.
struct DecodedInstruction {
    ZydisDecodedInstruction instruction;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];

    std::span<const ZydisDecodedOperand> all() const { return {operands, instruction.operand_count}; }
    std::span<const ZydisDecodedOperand> visible() const {
        return {operands, instruction.operand_count_visible};
    }
};

/// nullopt where there is no instruction, or one of another encoding than legacy and VEX.
std::optional<DecodedInstruction> decode_bytes(std::span<const u8> bytes, CodeSize code_size, bool is_amd);

/// The bytes in front of a ModRM's operands: prefixes, opcode, ModRM. Everything else is chosen at random.
struct Encoding {
    bool is_vex = false;
    bool operand_prefix = false; ///< 66
    bool address_prefix = false; ///< 67
    u8 repeat_prefix = 0;        ///< 0, F2 or F3
    bool lock = false;
    bool wide = false; ///< REX.W or VEX.W
    u8 vex_pp = 0;
    u8 vex_length = 0;
    u8 map = 0; ///< 0: one byte, 1: 0F, 2: 0F 38, 3: 0F 3A
    u8 opcode = 0;
    u8 modrm = 0;
};

/// Instructions that differ in nothing but which registers, addresses and constants they name.
struct Form {
    std::string name; ///< As in "ADD m32, r32 [o32 01]"; in other than 64-bit code with " (32-bit code)".
    CodeSize code_size;
    ZydisMnemonic mnemonic;
    ZydisISASet isa_set;
    bool exposed;                ///< By the CPUID of the guest's CPU.
    const char* excluded;        ///< Why it is not compared; nullptr: it is.
    std::vector<Encoding> seeds; ///< Encodings that have this form.
};

/// The name of the form that an instruction has.
std::string form_name(const DecodedInstruction& decoded, CodeSize code_size);

/// Every form that Zydis' tables hold, sorted by name: found by decoding all opcodes of all maps under all
/// combinations of prefixes that matter.
std::vector<Form> all_forms(const x86::CpuModel& model, std::span<const CodeSize> code_sizes);

/// Lays down an encoding: prefixes, REX or VEX with these register extensions, opcode. Without ModRM and what
/// follows it. At most 8 bytes.
struct EncodedHead {
    u8 bytes[8];
    unsigned length;
};
/// `extensions`: R, X and B as bits 2 to 0; `vvvv`: the register that VEX names. Both 0 but in 64-bit code.
EncodedHead encode_head(const Encoding& encoding, CodeSize code_size, unsigned extensions, unsigned vvvv);

} // namespace ringer::oracle
