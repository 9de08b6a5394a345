#include "engine/translator/instruction_copy.h"

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

class Writer {
  public:
    Writer(const x86::Decoded& decoded, const Substitution& substitution)
        : zydis_(decoded.instruction), bytes_(decoded.bytes), memory_(substitution.memory),
          reg_(decoded.instruction.raw.modrm.reg), rm_(decoded.instruction.raw.modrm.rm) {
        for (unsigned i = 0; i < zydis_.operand_count_visible; ++i) {
            if (decoded.is_register(i)) take_register(decoded.operands[i], substitution);
        }
    }

    std::optional<CopiedInstruction> write() {
        if (zydis_.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX)
            put_vex();
        else if (!put_prefixes())
            return std::nullopt;
        put_opcode();
        if (zydis_.raw.modrm.offset != 0) put_modrm();
        for (const auto& immediate : zydis_.raw.imm) {
            for (unsigned i = 0; i < immediate.size / 8u; ++i) put(bytes_[immediate.offset + i]);
        }
        constexpr unsigned longest = 15;
        if (copy_.length > longest) return std::nullopt;
        return copy_;
    }

  private:
    void take_register(const ZydisDecodedOperand& operand, const Substitution& substitution) {
        const Field field = field_of(operand);
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

    bool put_prefixes() {
        for (unsigned i = 0; i < zydis_.raw.prefix_count; ++i) {
            const u8 prefix = zydis_.raw.prefixes[i].value;
            const bool matters = prefix == 0x66 || prefix == 0xf2 || prefix == 0xf3 || prefix == 0xf0;
            if (matters && !is_prefix_repeated(i)) put(prefix);
        }
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
        put(vex.W << 7u | (~vvvv_ & 0xf) << 3 | vex.L << 2u | vex.pp);
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
        put(is_in_opcode_ ? (zydis_.opcode & 0xf8) | (rm_ & 7) : zydis_.opcode);
    }

    void put_modrm() {
        const unsigned reg = (reg_ & 7u) << 3;
        if (!memory_) {
            put(0xc0 | reg | (rm_ & 7));
            return;
        }
        constexpr unsigned displacement32 = 0x80, sib_follows = 4, no_index = 4;
        const bool has_index = memory_->index != HostMemory::no_index;
        put(displacement32 | reg | sib_follows);
        put((has_index ? memory_->index & 7u : no_index) << 3 | (memory_->base & 7));
        const auto displacement = static_cast<u32>(memory_->displacement);
        for (unsigned shift = 0; shift < 32; shift += 8) put(displacement >> shift & 0xff);
    }

    const ZydisDecodedInstruction& zydis_;
    std::span<const u8> bytes_;
    std::optional<HostMemory> memory_;
    u8 reg_, rm_;
    u8 vvvv_ = 0;
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

std::optional<CopiedInstruction> copy_instruction(const x86::Decoded& decoded,
                                                  const Substitution& substitution) {
    return Writer(decoded, substitution).write();
}

} // namespace ringer::engine::translator
