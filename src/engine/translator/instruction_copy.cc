#include "engine/translator/instruction_copy.h"

#include "base/assert.h"

#include <algorithm>

namespace ringer::engine::translator {

namespace {

bool names_high_byte(const ZydisDecodedOperand& operand) {
    return operand.reg.value >= ZYDIS_REGISTER_AH && operand.reg.value <= ZYDIS_REGISTER_BH;
}

u8 high_byte_number(const ZydisDecodedOperand& operand) {
    constexpr u8 first_high_byte = 4;
    return static_cast<u8>(first_high_byte + (operand.reg.value - ZYDIS_REGISTER_AH));
}

/// Of a register that is not substituted, which is none that a byte of could be named.
u8 file_number(const ZydisDecodedOperand& operand) {
    return static_cast<u8>(ZydisRegisterGetId(operand.reg.value));
}

bool is_general(const ZydisDecodedOperand& operand) {
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return false;
    switch (ZydisRegisterGetClass(operand.reg.value)) {
    case ZYDIS_REGCLASS_GPR8:
    case ZYDIS_REGCLASS_GPR16:
    case ZYDIS_REGCLASS_GPR32: return true;
    default: return false;
    }
}

/// In memory, an immediate, or a general register.
bool is_of_integers(const ZydisDecodedOperand& operand) {
    return operand.type != ZYDIS_OPERAND_TYPE_REGISTER || is_general(operand);
}

bool is_16_bit(x86::CodeMode mode) {
    return mode == x86::CodeMode::real16 || mode == x86::CodeMode::protected16;
}

/// Whether a prefix of 66 chooses the operand size, and so has the opposite meaning in 16-bit code.
bool has_operand_size(const x86::Decoded& decoded) {
    constexpr u8 first_x87 = 0xd8, last_x87 = 0xdf;
    const ZydisDecodedInstruction& zydis = decoded.instruction;
    switch (zydis.mnemonic) {
    case ZYDIS_MNEMONIC_EMMS:
    case ZYDIS_MNEMONIC_ADCX:
    case ZYDIS_MNEMONIC_ADOX:
    case ZYDIS_MNEMONIC_MOVNTI:
    case ZYDIS_MNEMONIC_STMXCSR: return false;
    default: break;
    }
    if (zydis.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && zydis.opcode >= first_x87 && zydis.opcode <= last_x87)
        return false;
    return std::ranges::all_of(std::span(decoded.operands).first(zydis.operand_count_visible),
                               is_of_integers);
}

/// Outside of 64-bit mode VEX.W means nothing beside a general register or a piece of memory that could be in
/// one (Intel SDM Vol. 2, the instructions' own tables).
bool ignores_vex_w(const x86::Decoded& decoded) {
    if (decoded.mode == x86::CodeMode::long64) return false;
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_VMOVD:
    case ZYDIS_MNEMONIC_VPINSRD:
    case ZYDIS_MNEMONIC_VPEXTRD:
    case ZYDIS_MNEMONIC_VCVTSI2SD:
    case ZYDIS_MNEMONIC_VCVTSI2SS:
    case ZYDIS_MNEMONIC_VPCMPESTRI:
    case ZYDIS_MNEMONIC_VPCMPESTRM: return true;
    default: break;
    }
    return std::ranges::any_of(std::span(decoded.operands).first(decoded.instruction.operand_count_visible),
                               is_general);
}

/// Of opcodes that exist in both directions.
constexpr u8 direction = 2;

bool is_test(const ZydisDecodedInstruction& zydis) { return zydis.mnemonic == ZYDIS_MNEMONIC_TEST; }

class Writer {
  public:
    Writer(const x86::Decoded& decoded, const Substitution& substitution)
        : decoded_(decoded), memory_(substitution.memory), opcode_(zydis_.opcode),
          has_modrm_(zydis_.raw.modrm.offset != 0), reg_(zydis_.raw.modrm.reg), rm_(zydis_.raw.modrm.rm) {
        for (unsigned i = 0; i < zydis_.operand_count_visible; ++i) {
            if (decoded.is_register(i)) take_register(decoded.operands[i], substitution);
        }
        if (zydis_.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY &&
            zydis_.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT)
            replace_short_form();
        if (substitution.in_memory == Field::reg) take_mirror_form();
    }

    std::optional<CopiedInstruction> write() {
        put_segment_and_address_size();
        if (zydis_.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX)
            put_vex();
        else if (!put_prefixes())
            return std::nullopt;
        put_opcode();
        if (has_modrm_) put_modrm();
        for (const auto& immediate : zydis_.raw.imm) {
            for (unsigned i = 0; i < immediate.size / 8u; ++i)
                put(decoded_.bytes[immediate.offset + i] & immediate_mask_);
        }
        constexpr unsigned longest = 15; // Which it would be without repeated prefixes.
        RINGER_ASSERT(copy_.length <= longest);
        return copy_;
    }

  private:
    void take_register(const ZydisDecodedOperand& operand, const Substitution& substitution) {
        const Field field = field_of(operand);
        if (field != Field::none && field == substitution.in_memory) return;
        const bool is_high = names_high_byte(operand);
        has_high_byte_ |= is_high;
        const u8 number =
            is_high ? high_byte_number(operand) : substitution[field].value_or(file_number(operand));
        // SPL, BPL, SIL and DIL exist only beside a REX prefix.
        needs_rex_ |= !is_high && operand.size == 8 && number >= 4;
        switch (field) {
        case Field::reg: reg_ = number; break;
        case Field::rm: rm_ = number; break;
        case Field::vvvv: vvvv_ = number; break;
        case Field::opcode: rm_ = number, is_in_opcode_ = true; break;
        case Field::none: break;
        }
        // A register in an immediate has 3 bits outside of 64-bit mode; the fourth is ignored.
        if (operand.encoding == ZYDIS_OPERAND_ENCODING_IS4 && decoded_.mode != x86::CodeMode::long64)
            immediate_mask_ = 0x7f;
    }

    void take_mirror_form() {
        RINGER_ASSERT(has_mirror_form(zydis_));
        reg_ = rm_;
        if (!is_test(zydis_)) opcode_ ^= direction;
    }

    /// What 64-bit code has other bytes for: INC and DEC of a register in one byte, which are REX there, MOV
    /// of the accumulator from and to an address, which has 64 bits there, and an alias of opcode 80.
    void replace_short_form() {
        if (is_in_opcode_ && opcode_ >= 0x40 && opcode_ <= 0x4f) {
            reg_ = opcode_ >= 0x48 ? 1 : 0;
            opcode_ = 0xff, has_modrm_ = true, is_in_opcode_ = false;
        } else if (opcode_ >= 0xa0 && opcode_ <= 0xa3) {
            static constexpr std::array<u8, 4> general_forms{0x8a, 0x8b, 0x88, 0x89};
            opcode_ = general_forms[opcode_ - 0xa0u], has_modrm_ = true, reg_ = x86::rax;
        } else if (opcode_ == 0x82) {
            opcode_ = 0x80;
        }
    }

    void put(unsigned byte) { copy_.bytes[copy_.length++] = static_cast<u8>(byte); }

    unsigned extension_r() const { return reg_ >> 3 & 1; }
    unsigned extension_x() const {
        return memory_ && memory_->index != HostMemory::no_index ? memory_->index >> 3 : 0;
    }
    unsigned extension_b() const { return (memory_ ? memory_->base : rm_) >> 3 & 1; }

    /// Of several that are the same, the last counts.
    bool is_prefix_repeated(unsigned index) const {
        for (unsigned i = index + 1; i < zydis_.raw.prefix_count; ++i)
            if (zydis_.raw.prefixes[i].value == zydis_.raw.prefixes[index].value) return true;
        return false;
    }

    void put_segment_and_address_size() {
        constexpr unsigned gs = 0x65, other_address_size = 0x67;
        if (memory_ && memory_->is_in_gs) put(gs);
        if (memory_ && memory_->is_32_bit) put(other_address_size);
    }

    bool put_prefixes() {
        for (unsigned i = 0; i < zydis_.raw.prefix_count; ++i) {
            const u8 prefix = zydis_.raw.prefixes[i].value;
            const bool is_opposite = prefix == 0x66 && chooses_operand_size_;
            const bool matters = prefix == 0x66 || prefix == 0xf2 || prefix == 0xf3;
            if (matters && !is_opposite && !is_prefix_repeated(i)) put(prefix);
        }
        if (chooses_operand_size_ && zydis_.operand_width == 16) put(0x66);
        const unsigned w = zydis_.attributes & ZYDIS_ATTRIB_HAS_REX ? zydis_.raw.rex.W : 0;
        const unsigned rex = w << 3 | extension_r() << 2 | extension_x() << 1 | extension_b();
        if (rex == 0 && !needs_rex_) return true;
        if (has_high_byte_) return false;
        put(0x40 | rex);
        return true;
    }

    /// The three-byte form says all that the two-byte form can. R, X, B and vvvv are stored inverted.
    void put_vex() {
        const auto& vex = zydis_.raw.vex;
        put(0xc4);
        put((extension_r() ^ 1) << 7 | (extension_x() ^ 1) << 6 | (extension_b() ^ 1) << 5 | vex.m_mmmm);
        const unsigned w = ignores_vex_w(decoded_) ? 0 : vex.W;
        put(w << 7 | (~vvvv_ & 0xf) << 3 | vex.L << 2u | vex.pp);
    }

    void put_opcode() {
        if (zydis_.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY) {
            switch (zydis_.opcode_map) {
            case ZYDIS_OPCODE_MAP_0F: put(0x0f); break;
            case ZYDIS_OPCODE_MAP_0F38: put(0x0f), put(0x38); break;
            case ZYDIS_OPCODE_MAP_0F3A: put(0x0f), put(0x3a); break;
            default: break;
            }
        }
        put(is_in_opcode_ ? (opcode_ & 0xf8) | (rm_ & 7) : opcode_);
    }

    /// RBP and R13 as a base without a displacement would mean something else.
    static unsigned displacement_bytes(const HostMemory& memory) {
        if (memory.displacement == 0 && (memory.base & 7) != x86::rbp) return 0;
        return memory.displacement == static_cast<i8>(memory.displacement) ? 1 : 4;
    }

    void put_modrm() {
        const unsigned reg = (reg_ & 7u) << 3;
        if (!memory_) {
            put(0xc0 | reg | (rm_ & 7));
            return;
        }
        constexpr unsigned displacement8 = 0x40, displacement32 = 0x80, sib_follows = 4, no_index = 4;
        const bool has_index = memory_->index != HostMemory::no_index;
        const unsigned base = memory_->base & 7u;
        const unsigned bytes = displacement_bytes(*memory_);
        const unsigned mode = bytes == 0 ? 0 : bytes == 1 ? displacement8 : displacement32;
        if (has_index || base == sib_follows) {
            put(mode | reg | sib_follows);
            put(unsigned{memory_->scale} << 6 | (has_index ? memory_->index & 7u : no_index) << 3 | base);
        } else {
            put(mode | reg | base);
        }
        const auto displacement = static_cast<u32>(memory_->displacement);
        for (unsigned i = 0; i < bytes; ++i) put(displacement >> 8 * i & 0xff);
    }

    const x86::Decoded& decoded_;
    const ZydisDecodedInstruction& zydis_ = decoded_.instruction;
    const std::optional<HostMemory> memory_;
    const bool chooses_operand_size_ = is_16_bit(decoded_.mode) && has_operand_size(decoded_);
    u8 opcode_;
    bool has_modrm_;
    u8 reg_, rm_;
    u8 vvvv_ = 0;
    u8 immediate_mask_ = 0xff;
    bool is_in_opcode_ = false; ///< The register is the opcode's low bits, and in rm_.
    bool has_high_byte_ = false, needs_rex_ = false;
    CopiedInstruction copy_;
};

} // namespace

Field field_of(const ZydisDecodedOperand& operand) {
    switch (operand.encoding) {
    case ZYDIS_OPERAND_ENCODING_MODRM_REG: return Field::reg;
    case ZYDIS_OPERAND_ENCODING_MODRM_RM: return Field::rm;
    case ZYDIS_OPERAND_ENCODING_NDSNDD: return Field::vvvv;
    case ZYDIS_OPERAND_ENCODING_OPCODE: return Field::opcode;
    default: return Field::none;
    }
}

bool has_mirror_form(const ZydisDecodedInstruction& zydis) {
    if (zydis.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY || zydis.opcode_map != ZYDIS_OPCODE_MAP_DEFAULT ||
        zydis.raw.modrm.offset == 0)
        return false;
    const u8 opcode = zydis.opcode;
    const bool is_arithmetic = opcode < 0x40 && (opcode & 7) < 4;
    const bool is_move = opcode >= 0x88 && opcode <= 0x8b;
    return is_arithmetic || is_move || opcode == 0x84 || opcode == 0x85; // TEST has one for both.
}

std::optional<CopiedInstruction> copy_instruction(const x86::Decoded& decoded,
                                                  const Substitution& substitution) {
    return Writer(decoded, substitution).write();
}

} // namespace ringer::engine::translator
