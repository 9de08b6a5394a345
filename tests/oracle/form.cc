#include "form.h"

#include "exclusions.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace ringer::oracle {

namespace {

constexpr std::size_t most_seeds = 48;

ZydisDecoder make_decoder(ZydisMachineMode mode, ZydisStackWidth width, bool is_amd) {
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, mode, width);
    ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_AMD_BRANCHES, is_amd);
    // What these have made of NOPs are NOPs to a guest.
    for (const auto mode_of_nops :
         {ZYDIS_DECODER_MODE_MPX, ZYDIS_DECODER_MODE_CET, ZYDIS_DECODER_MODE_CLDEMOTE})
        ZydisDecoderEnableMode(&decoder, mode_of_nops, ZYAN_FALSE);
    return decoder;
}

const ZydisDecoder& decoder_for(CodeSize code_size, bool is_amd) {
    static const auto make_all = [](bool amd) {
        return std::array{make_decoder(ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64, amd),
                          make_decoder(ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32, amd),
                          make_decoder(ZYDIS_MACHINE_MODE_LEGACY_16, ZYDIS_STACK_WIDTH_16, amd)};
    };
    static const std::array decoders{make_all(false), make_all(true)};
    return decoders[is_amd][static_cast<unsigned>(code_size)];
}

unsigned bits_of(CodeSize code_size) {
    return code_size == CodeSize::bits64 ? 64 : code_size == CodeSize::bits32 ? 32 : 16;
}

std::string register_name(const ZydisDecodedOperand& operand) {
    const char* const name = ZydisRegisterGetString(operand.reg.value);
    if (operand.encoding == ZYDIS_OPERAND_ENCODING_NONE) return name;
    switch (ZydisRegisterGetClass(operand.reg.value)) {
    case ZYDIS_REGCLASS_XMM: return "xmm";
    case ZYDIS_REGCLASS_YMM: return "ymm";
    case ZYDIS_REGCLASS_MMX: return "mm";
    case ZYDIS_REGCLASS_X87: return "st";
    case ZYDIS_REGCLASS_SEGMENT: return "sreg";
    case ZYDIS_REGCLASS_CONTROL: return "cr";
    case ZYDIS_REGCLASS_DEBUG: return "dr";
    case ZYDIS_REGCLASS_BOUND: return "bnd";
    default: return fmt::format("r{}", operand.size);
    }
}

bool is_vector_register(ZydisRegister number) {
    const auto file = ZydisRegisterGetClass(number);
    return file == ZYDIS_REGCLASS_XMM || file == ZYDIS_REGCLASS_YMM;
}

std::string operand_name(const ZydisDecodedOperand& operand) {
    switch (operand.type) {
    case ZYDIS_OPERAND_TYPE_REGISTER: return register_name(operand);
    case ZYDIS_OPERAND_TYPE_MEMORY:
        if (is_vector_register(operand.mem.index))
            return fmt::format("vm{}:{}", operand.size,
                               ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, operand.mem.index));
        return fmt::format("m{}", operand.size);
    case ZYDIS_OPERAND_TYPE_POINTER: return "far";
    case ZYDIS_OPERAND_TYPE_IMMEDIATE:
        return fmt::format("{}{}", operand.imm.is_relative ? "rel" : "imm", operand.size);
    default: return "?";
    }
}

/// Whether the address size matters to an instruction: it has memory operands other than the stack, or counts
/// in RCX.
bool heeds_address_size(const DecodedInstruction& decoded) {
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_LOOP:
    case ZYDIS_MNEMONIC_LOOPE:
    case ZYDIS_MNEMONIC_LOOPNE: return true;
    default: break;
    }
    return std::ranges::any_of(decoded.all(), [](const ZydisDecodedOperand& operand) {
        const bool is_stack = operand.visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN &&
                              ZydisRegisterGetId(operand.mem.base) == 4;
        return operand.type == ZYDIS_OPERAND_TYPE_MEMORY && !is_stack;
    });
}

std::string opcode_name(const DecodedInstruction& decoded, CodeSize code_size) {
    constexpr std::array maps{"", "0F ", "0F38 ", "0F3A "};
    const ZydisDecodedInstruction& instruction = decoded.instruction;
    std::string name;
    if (instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX)
        name = fmt::format("VEX.{}.W{} ", instruction.avx.vector_length, instruction.raw.vex.W);
    else
        name = fmt::format("o{} ", instruction.operand_width);
    if (instruction.address_width != bits_of(code_size) && heeds_address_size(decoded))
        name += fmt::format("a{} ", instruction.address_width);
    const bool holds_register =
        std::ranges::any_of(decoded.visible(), [](const ZydisDecodedOperand& operand) {
            return operand.encoding == ZYDIS_OPERAND_ENCODING_OPCODE;
        });
    const unsigned opcode = instruction.opcode & (holds_register ? 0xf8 : 0xff);
    return name + fmt::format("{}{:02X}", maps[instruction.opcode_map % maps.size()], opcode);
}

std::string repeat_name(const ZydisDecodedInstruction& instruction) {
    std::string name;
    if (instruction.attributes & ZYDIS_ATTRIB_HAS_LOCK) name += "LOCK ";
    if (instruction.attributes & ZYDIS_ATTRIB_HAS_REP) name += "REP ";
    if (instruction.attributes & ZYDIS_ATTRIB_HAS_REPE) name += "REPE ";
    if (instruction.attributes & ZYDIS_ATTRIB_HAS_REPNE) name += "REPNE ";
    return name;
}

/// Goes through the encodings and files them by form.
class Enumeration {
  public:
    explicit Enumeration(const x86::CpuModel& model) : model_(model) {}

    std::vector<Form> run(std::span<const CodeSize> code_sizes) {
        for (const CodeSize code_size : code_sizes) {
            code_size_ = code_size;
            walk_legacy();
            walk_vex();
        }
        std::vector<Form> forms;
        for (auto& [name, form] : forms_) forms.push_back(std::move(form));
        return forms;
    }

  private:
    void walk_legacy() {
        constexpr std::array<u8, 3> repeats{0, 0xf2, 0xf3};
        for (unsigned variant = 0; variant < 3 * 2 * 2 * 2 * 2; ++variant) {
            Encoding encoding;
            encoding.repeat_prefix = repeats[variant % 3];
            encoding.operand_prefix = variant / 3 & 1;
            encoding.address_prefix = variant / 6 & 1;
            encoding.lock = variant / 12 & 1;
            encoding.wide = variant / 24 & 1;
            if (encoding.wide && code_size_ != CodeSize::bits64) continue;
            walk_maps(encoding, 0);
        }
    }

    void walk_vex() {
        for (unsigned variant = 0; variant < 4 * 2 * 2 * 2; ++variant) {
            Encoding encoding;
            encoding.is_vex = true;
            encoding.vex_pp = variant % 4;
            encoding.wide = variant / 4 & 1;
            encoding.vex_length = variant / 8 & 1;
            encoding.address_prefix = variant / 16 & 1;
            walk_maps(encoding, 1);
        }
    }

    void walk_maps(Encoding encoding, unsigned first_map) {
        for (unsigned map = first_map; map < 4; ++map) {
            for (unsigned opcode = 0; opcode < 256; ++opcode) {
                encoding.map = static_cast<u8>(map);
                encoding.opcode = static_cast<u8>(opcode);
                if (names_instruction(encoding)) walk_modrm(encoding);
            }
        }
    }

    /// The rest are prefixes and escapes.
    bool names_instruction(const Encoding& encoding) const {
        const u8 opcode = encoding.opcode;
        if (encoding.map == 1) return encoding.is_vex || (opcode != 0x38 && opcode != 0x3a);
        if (encoding.map != 0) return true;
        const bool is_rex = code_size_ == CodeSize::bits64 && opcode >> 4 == 4;
        const bool is_segment = (opcode & 0xe7) == 0x26 || opcode == 0x64 || opcode == 0x65;
        const bool is_other = opcode == 0x0f || opcode == 0x66 || opcode == 0x67 || opcode == 0xf0 ||
                              opcode == 0xf2 || opcode == 0xf3;
        return !is_rex && !is_segment && !is_other;
    }

    /// A memory operand for each value of reg, and every pair of registers, some of which are opcodes.
    void walk_modrm(Encoding encoding) {
        for (unsigned reg = 0; reg < 8; ++reg) {
            encoding.modrm = static_cast<u8>(reg << 3 | 3);
            if (!file(encoding)) return; // No ModRM byte: once is enough.
            // With VSIB: a memory operand has a SIB byte.
            encoding.modrm = static_cast<u8>(reg << 3 | 4);
            file(encoding);
            for (unsigned rm = 0; rm < 8; ++rm) {
                encoding.modrm = static_cast<u8>(0xc0 | reg << 3 | rm);
                file(encoding);
            }
        }
    }

    /// Whether there may be other instructions with this opcode.
    bool file(const Encoding& encoding) {
        const EncodedHead head = encode_head(encoding, code_size_, 0, 0);
        std::array<u8, 16> bytes{};
        std::copy_n(head.bytes, head.length, bytes.begin());
        bytes[head.length] = encoding.modrm;
        auto decoded = decode_bytes(bytes, code_size_, model_.is_amd);
        if (!decoded && encoding.is_vex) {
            // The registers of a gather must differ.
            const EncodedHead other = encode_head(encoding, code_size_, 0, 1);
            std::copy_n(other.bytes, other.length, bytes.begin());
            decoded = decode_bytes(bytes, code_size_, model_.is_amd);
        }
        if (!decoded) return true;
        const std::string name = form_name(*decoded, code_size_);
        const auto [position, is_new] = forms_.try_emplace(name);
        Form& form = position->second;
        if (is_new) {
            form = {name,
                    code_size_,
                    decoded->instruction.mnemonic,
                    decoded->instruction.meta.isa_set,
                    model_.exposes(decoded->instruction),
                    reason_to_exclude(*decoded),
                    {}};
        }
        if (form.seeds.size() < most_seeds) form.seeds.push_back(encoding);
        return decoded->instruction.attributes & ZYDIS_ATTRIB_HAS_MODRM;
    }

    const x86::CpuModel& model_;
    CodeSize code_size_ = CodeSize::bits64;
    std::map<std::string, Form> forms_;
};

} // namespace

std::optional<DecodedInstruction> decode_bytes(std::span<const u8> bytes, CodeSize code_size, bool is_amd) {
    DecodedInstruction decoded;
    const ZyanStatus status = ZydisDecoderDecodeFull(&decoder_for(code_size, is_amd), bytes.data(),
                                                     bytes.size(), &decoded.instruction, decoded.operands);
    if (!ZYAN_SUCCESS(status)) return std::nullopt;
    const auto encoding = decoded.instruction.encoding;
    if (encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY && encoding != ZYDIS_INSTRUCTION_ENCODING_VEX)
        return std::nullopt;
    return decoded;
}

std::string form_name(const DecodedInstruction& decoded, CodeSize code_size) {
    std::string name = repeat_name(decoded.instruction);
    for (const char* letter = ZydisMnemonicGetString(decoded.instruction.mnemonic); *letter; ++letter)
        name += static_cast<char>(std::toupper(*letter));
    const char* separator = " ";
    for (const ZydisDecodedOperand& operand : decoded.visible()) {
        name += separator + operand_name(operand);
        separator = ", ";
    }
    name += fmt::format(" [{}]", opcode_name(decoded, code_size));
    if (code_size != CodeSize::bits64) name += fmt::format(" ({}-bit code)", bits_of(code_size));
    return name;
}

std::vector<Form> all_forms(const x86::CpuModel& model, std::span<const CodeSize> code_sizes) {
    return Enumeration(model).run(code_sizes);
}

EncodedHead encode_head(const Encoding& encoding, CodeSize code_size, unsigned extensions, unsigned vvvv) {
    EncodedHead head{};
    const auto put = [&head](unsigned byte) { head.bytes[head.length++] = static_cast<u8>(byte); };
    if (encoding.lock) put(0xf0);
    if (encoding.address_prefix) put(0x67);
    if (encoding.is_vex) {
        put(0xc4);
        put((~extensions & 7) << 5 | encoding.map);
        put(encoding.wide << 7 | (~vvvv & 15) << 3 | encoding.vex_length << 2 | encoding.vex_pp);
        put(encoding.opcode);
        return head;
    }
    if (encoding.operand_prefix) put(0x66);
    if (encoding.repeat_prefix) put(encoding.repeat_prefix);
    if (code_size == CodeSize::bits64 && (encoding.wide || extensions))
        put(0x40 | encoding.wide << 3 | extensions);
    if (encoding.map) put(0x0f);
    if (encoding.map == 2) put(0x38);
    if (encoding.map == 3) put(0x3a);
    put(encoding.opcode);
    return head;
}

} // namespace ringer::oracle
