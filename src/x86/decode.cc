#include "x86/decode.h"

#include "base/assert.h"
#include "x86/cpuid.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace ringer::x86 {

namespace {

Outcome raise_invalid_opcode(Cpu& cpu, const Instruction&) { return invalid_opcode(cpu); }
Outcome raise_general_protection(Cpu& cpu, const Instruction&) { return general_protection(cpu); }

const SelectorTable& selectors() {
    static const SelectorTable table = [] {
        SelectorTable entries{};
        add_arithmetic(entries);
        add_bits(entries);
        add_decimal(entries);
        add_moves(entries);
        add_stack(entries);
        add_control_flow(entries);
        add_strings(entries);
        add_input_output(entries);
        add_far_transfers(entries);
        add_segments(entries);
        add_system(entries);
        add_vectors(entries);
        add_x87(entries);
        add_extended_state(entries);
        return entries;
    }();
    return table;
}

ZydisDecoder make_decoder(CodeMode mode, bool amd_branches) {
    ZydisDecoder decoder;
    switch (mode) {
    // Zydis's own real mode lacks SYSENTER and the like, whose semantics tell real from virtual-8086 mode.
    case CodeMode::real16:
    case CodeMode::protected16:
        ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_16, ZYDIS_STACK_WIDTH_16);
        break;
    case CodeMode::protected32:
        ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32);
        break;
    case CodeMode::long64:
        ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
        break;
    }
    ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_AMD_BRANCHES, amd_branches);
    // No guest has these extensions; their opcodes are NOPs without them.
    for (const auto mode_of_nops :
         {ZYDIS_DECODER_MODE_MPX, ZYDIS_DECODER_MODE_CET, ZYDIS_DECODER_MODE_CLDEMOTE})
        ZydisDecoderEnableMode(&decoder, mode_of_nops, ZYAN_FALSE);
    return decoder;
}

const ZydisDecoder& decoder_for(CodeMode mode, bool amd_branches) {
    static const auto make_all = [](bool amd) {
        return std::array{make_decoder(CodeMode::real16, amd), make_decoder(CodeMode::protected16, amd),
                          make_decoder(CodeMode::protected32, amd), make_decoder(CodeMode::long64, amd)};
    };
    static const std::array decoders{make_all(false), make_all(true)};
    return decoders[amd_branches][static_cast<unsigned>(mode)];
}

bool in_range(ZydisRegister number, ZydisRegister first, ZydisRegister last) {
    return number >= first && number <= last;
}

/// A general register as RegisterOffset; of any other file its number.
u16 operand_register(ZydisRegister number) {
    if (in_range(number, ZYDIS_REGISTER_AL, ZYDIS_REGISTER_BL)) return gpr_offset(number - ZYDIS_REGISTER_AL);
    if (in_range(number, ZYDIS_REGISTER_AH, ZYDIS_REGISTER_BH))
        return gpr_offset(number - ZYDIS_REGISTER_AH) + 1;
    if (in_range(number, ZYDIS_REGISTER_SPL, ZYDIS_REGISTER_R15B))
        return gpr_offset(rsp + (number - ZYDIS_REGISTER_SPL));
    if (in_range(number, ZYDIS_REGISTER_AX, ZYDIS_REGISTER_R15))
        return gpr_offset(static_cast<unsigned>(ZydisRegisterGetId(number)));
    return static_cast<u16>(std::max<int>(ZydisRegisterGetId(number), 0));
}

RegisterOffset address_register(ZydisRegister number) {
    switch (number) {
    case ZYDIS_REGISTER_NONE: return zero_offset;
    case ZYDIS_REGISTER_RIP:
    case ZYDIS_REGISTER_EIP: return rip_offset;
    default: break;
    }
    // The index of VSIB is a vector register; gathers fetch it by themselves.
    if (ZydisRegisterGetClass(number) >= ZYDIS_REGCLASS_X87) return zero_offset;
    return gpr_offset(static_cast<unsigned>(ZydisRegisterGetId(number)));
}

constexpr RegisterOffset segment_base_offset(SegmentRegister segment) {
    return static_cast<RegisterOffset>(offsetof(CpuState, segments) + segment * sizeof(Segment) +
                                       offsetof(Segment, base));
}

SegmentRegister segment_register(ZydisRegister number) {
    switch (number) {
    case ZYDIS_REGISTER_ES: return es;
    case ZYDIS_REGISTER_CS: return cs;
    case ZYDIS_REGISTER_SS: return ss;
    case ZYDIS_REGISTER_FS: return fs;
    case ZYDIS_REGISTER_GS: return gs;
    default: return ds;
    }
}

/// Whether ModRM and SIB say that there is no base register, but a displacement of 32 bits (Intel SDM Vol.
/// 2A, table 2-3). Zydis names R13D there when REX.B is set and addresses have 32 bits.
bool has_no_base(const ZydisDecodedInstruction& zydis) {
    constexpr u8 sib_follows = 4, displacement_alone = 5;
    return zydis.address_width != 16 && zydis.raw.modrm.mod == 0 && zydis.raw.modrm.rm == sib_follows &&
           zydis.raw.sib.base == displacement_alone && zydis.raw.sib.offset != 0;
}

void fill_memory(const Decoded& decoded, const ZydisDecodedOperand& operand, Instruction& instruction) {
    const auto& memory = operand.mem;
    const CodeMode mode = decoded.mode;
    instruction.has_memory = true;
    instruction.segment = segment_register(memory.segment);
    // Zydis takes 3E in front of an indirect branch for NOTRACK alone, but it also chooses DS.
    if (decoded.instruction.attributes & ZYDIS_ATTRIB_HAS_NOTRACK) instruction.segment = ds;
    if (mode == CodeMode::long64 && instruction.segment >= fs)
        instruction.segment_base = segment_base_offset(instruction.segment);
    instruction.base = has_no_base(decoded.instruction) ? zero_offset : address_register(memory.base);
    instruction.index = address_register(memory.index);
    if (memory.scale > 1) instruction.scale = static_cast<u8>(std::countr_zero(memory.scale));
    instruction.displacement = static_cast<i32>(
        has_no_base(decoded.instruction) ? decoded.instruction.raw.disp.value : memory.disp.value);
    // MOV with moffs, whose address has 64 bits.
    if (decoded.instruction.raw.disp.size == 64) instruction.immediate = static_cast<u64>(memory.disp.value);
}

void fill_operand(const Decoded& decoded, unsigned index, Instruction& instruction) {
    const ZydisDecodedOperand& operand = decoded.operands[index];
    switch (operand.type) {
    case ZYDIS_OPERAND_TYPE_REGISTER:
        if (index < instruction.operand.size())
            instruction.operand[index] = operand_register(operand.reg.value);
        break;
    case ZYDIS_OPERAND_TYPE_MEMORY: fill_memory(decoded, operand, instruction); break;
    case ZYDIS_OPERAND_TYPE_POINTER:
        instruction.immediate = operand.ptr.offset;
        instruction.selector = operand.ptr.segment;
        break;
    case ZYDIS_OPERAND_TYPE_IMMEDIATE:
        if (index > 0 && decoded.is_immediate(index - 1))
            instruction.second_immediate = static_cast<u8>(operand.imm.value.u);
        else
            instruction.immediate = operand.imm.value.u;
        break;
    default: break;
    }
}

Repeat repeat_prefix(const ZydisDecodedInstruction& zydis) {
    if (zydis.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE)) return Repeat::equal;
    if (zydis.attributes & ZYDIS_ATTRIB_HAS_REPNE) return Repeat::not_equal;
    return Repeat::none;
}

/// For instructions that name no explicit memory operand, as strings: the override that their source heeds,
/// or DS.
SegmentRegister overriding_segment(const ZydisDecodedInstruction& zydis) {
    constexpr std::array<std::pair<u64, SegmentRegister>, 6> overrides{{
        {ZYDIS_ATTRIB_HAS_SEGMENT_CS, cs},
        {ZYDIS_ATTRIB_HAS_SEGMENT_SS, ss},
        {ZYDIS_ATTRIB_HAS_SEGMENT_DS, ds},
        {ZYDIS_ATTRIB_HAS_SEGMENT_ES, es},
        {ZYDIS_ATTRIB_HAS_SEGMENT_FS, fs},
        {ZYDIS_ATTRIB_HAS_SEGMENT_GS, gs},
    }};
    for (const auto& [attribute, segment] : overrides) {
        if (zydis.attributes & attribute) return segment;
    }
    return ds;
}

bool ends_block(const ZydisDecodedInstruction& zydis) {
    switch (zydis.meta.category) {
    case ZYDIS_CATEGORY_COND_BR:
    case ZYDIS_CATEGORY_UNCOND_BR:
    case ZYDIS_CATEGORY_CALL:
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_INTERRUPT:
    case ZYDIS_CATEGORY_SYSCALL:
    case ZYDIS_CATEGORY_SYSRET: return true;
    default: return false;
    }
}

void fill(const Decoded& decoded, Instruction& instruction) {
    const ZydisDecodedInstruction& zydis = decoded.instruction;
    instruction.length = zydis.length;
    instruction.mnemonic = static_cast<u16>(zydis.mnemonic);
    instruction.operand_size = zydis.operand_width >= 16 ? static_cast<u8>(zydis.operand_width / 8) : 1;
    instruction.address_shift = static_cast<u8>(64 - zydis.address_width);
    instruction.repeat = repeat_prefix(zydis);
    instruction.lock = zydis.attributes & ZYDIS_ATTRIB_HAS_LOCK;
    instruction.segment = overriding_segment(zydis);
    instruction.ends_block = ends_block(zydis);
    for (unsigned i = 0; i < zydis.operand_count_visible; ++i) fill_operand(decoded, i, instruction);
}

/// What ZydisDecoderDecodeFull() does, but that operands which are not there are not cleared: ten of them
/// take longer than the two or three that are.
ZyanStatus decode_by_zydis(std::span<const u8> bytes, Decoded& decoded) {
    const ZydisDecoder& decoder = decoder_for(decoded.mode, decoded.model.is_amd);
    ZydisDecoderContext context;
    const ZyanStatus status =
        ZydisDecoderDecodeInstruction(&decoder, &context, bytes.data(), bytes.size(), &decoded.instruction);
    if (!ZYAN_SUCCESS(status)) return status;
    const u8 count = decoded.instruction.operand_count;
    for (ZydisDecodedOperand& absent : std::span(decoded.operands).subspan(count)) {
        absent.type = ZYDIS_OPERAND_TYPE_UNUSED;
        absent.size = 0;
    }
    return ZydisDecoderDecodeOperands(&decoder, &context, &decoded.instruction, decoded.operands.data(),
                                      count);
}

/// The exception for bytes that Zydis refuses; nullptr when it only lacks bytes.
Handler handler_for_refused(ZyanStatus status, std::size_t available) {
    if (status == ZYDIS_STATUS_NO_MORE_DATA)
        return available >= longest_instruction ? &raise_general_protection : nullptr;
    if (status == ZYDIS_STATUS_INSTRUCTION_TOO_LONG) return &raise_general_protection;
    return &raise_invalid_opcode;
}

/// On AMD's CPUs an operand-size prefix narrows every near branch of 64-bit code to 16 bits (AMD APM Vol. 3,
/// 1.2.3), also those of which Zydis does not know it.
void narrow_near_branch(Decoded& decoded) {
    ZydisDecodedInstruction& zydis = decoded.instruction;
    const bool is_near =
        zydis.meta.branch_type == ZYDIS_BRANCH_TYPE_SHORT || zydis.meta.branch_type == ZYDIS_BRANCH_TYPE_NEAR;
    if (!is_near || !decoded.model.is_amd || decoded.mode != CodeMode::long64 || zydis.raw.rex.W) return;
    for (unsigned i = 0; i < zydis.raw.prefix_count; ++i)
        if (zydis.raw.prefixes[i].value == 0x66) zydis.operand_width = 16;
}

/// MOVSXD of 16 bits reads no more of memory on Intel's CPUs (Intel SDM Vol. 2B, MOVSXD), and 32 bits on
/// AMD's, which is what Zydis knows.
void narrow_sign_extension(Decoded& decoded) {
    const ZydisDecodedInstruction& zydis = decoded.instruction;
    if (zydis.mnemonic == ZYDIS_MNEMONIC_MOVSXD && zydis.operand_width == 16 && !decoded.model.is_amd)
        decoded.operands[1].size = 16;
}

/// UD0 and UD1 have no ModRM byte on AMD's CPUs.
bool is_short_undefined(std::span<const u8> bytes, CodeMode mode, const CpuModel& model) {
    std::array<u8, longest_instruction> padded{};
    std::ranges::copy(bytes, padded.begin());
    ZydisDecodedInstruction zydis;
    const ZydisDecoder& decoder = decoder_for(mode, model.is_amd);
    return model.is_amd &&
           ZYAN_SUCCESS(
               ZydisDecoderDecodeInstruction(&decoder, nullptr, padded.data(), padded.size(), &zydis)) &&
           (zydis.mnemonic == ZYDIS_MNEMONIC_UD0 || zydis.mnemonic == ZYDIS_MNEMONIC_UD1) &&
           zydis.raw.modrm.offset <= bytes.size();
}

/// What the guest's CPU has in the present mode. VEX exists in protected mode alone (Intel SDM Vol.
/// 2A, 2.3.2).
bool exists(const Decoded& decoded) {
    const bool has_vex = decoded.instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX;
    return decoded.model.exposes(decoded.instruction) && !(has_vex && decoded.mode == CodeMode::real16);
}

} // namespace

void SelectorTable::add(ZydisMnemonic mnemonic, Selector selector) {
    auto& alternatives = selectors_[mnemonic];
    const auto free = std::ranges::find(alternatives, nullptr);
    RINGER_ASSERT(free != alternatives.end());
    *free = selector;
}

Handler SelectorTable::select(const Decoded& decoded, Instruction& instruction) const {
    for (const Selector selector : selectors_[decoded.instruction.mnemonic]) {
        if (const Handler handler = selector ? selector(decoded, instruction) : nullptr) return handler;
    }
    return last_ ? last_(decoded, instruction) : nullptr;
}

DecodeStatus decode(std::span<const u8> bytes, CodeMode mode, const CpuModel& model,
                    Instruction& instruction) {
    Decoded decoded(mode, model);
    return decode(bytes, instruction, decoded);
}

DecodeStatus decode(std::span<const u8> bytes, Instruction& instruction, Decoded& decoded) {
    bytes = bytes.first(std::min(bytes.size(), longest_instruction));
    const ZyanStatus status = decode_by_zydis(bytes, decoded);
    instruction = {};
    if (!ZYAN_SUCCESS(status)) {
        const bool is_undefined =
            status == ZYDIS_STATUS_NO_MORE_DATA && is_short_undefined(bytes, decoded.mode, decoded.model);
        instruction.handler =
            is_undefined ? &raise_invalid_opcode : handler_for_refused(status, bytes.size());
        instruction.ends_block = true;
        return instruction.handler ? DecodeStatus::ok : DecodeStatus::truncated;
    }
    decoded.bytes = bytes.first(decoded.instruction.length);
    narrow_near_branch(decoded);
    narrow_sign_extension(decoded);
    fill(decoded, instruction);
    if (exists(decoded)) instruction.handler = selectors().select(decoded, instruction);
    if (!instruction.handler) {
        instruction.handler = &raise_invalid_opcode;
        instruction.ends_block = true;
    }
    return DecodeStatus::ok;
}

bool is_undefined(const Instruction& instruction) { return instruction.handler == &raise_invalid_opcode; }

} // namespace ringer::x86
