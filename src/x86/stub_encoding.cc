#include "x86/stub_encoding.h"

#include "base/assert.h"
#include "x86/cpuid.h"
#include "x86/decode.h"

#include <algorithm>
#include <initializer_list>

namespace ringer::x86 {

namespace {

using Operands = std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT>;

/// A decoded instruction of the host's.
struct HostInstruction {
    ZydisDecodedInstruction instruction{};
    Operands operands{};
};

std::optional<HostInstruction> decode_host(std::span<const u8> bytes) {
    static const ZydisDecoder decoder = [] {
        ZydisDecoder made;
        ZydisDecoderInit(&made, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
        return made;
    }();
    HostInstruction host;
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes.data(), bytes.size(), &host.instruction,
                                             host.operands.data())))
        return std::nullopt;
    return host;
}

ZydisRegister numbered(ZydisRegister first, unsigned number) {
    return static_cast<ZydisRegister>(static_cast<unsigned>(first) + number);
}

/// Emits host instructions one after the other.
class Assembler {
  public:
    static ZydisEncoderOperand reg(ZydisRegister value) {
        ZydisEncoderOperand operand{};
        operand.type = ZYDIS_OPERAND_TYPE_REGISTER;
        operand.reg.value = value;
        return operand;
    }
    static ZydisEncoderOperand memory(ZydisRegister base, std::size_t displacement, unsigned bytes) {
        ZydisEncoderOperand operand{};
        operand.type = ZYDIS_OPERAND_TYPE_MEMORY;
        operand.mem.base = base;
        operand.mem.displacement = static_cast<i64>(displacement);
        operand.mem.size = static_cast<u16>(bytes);
        return operand;
    }
    static ZydisEncoderOperand immediate(u64 value) {
        ZydisEncoderOperand operand{};
        operand.type = ZYDIS_OPERAND_TYPE_IMMEDIATE;
        operand.imm.u = value;
        return operand;
    }

    void emit(ZydisMnemonic mnemonic, std::initializer_list<ZydisEncoderOperand> operands = {}) {
        ZydisEncoderRequest request{};
        request.machine_mode = ZYDIS_MACHINE_MODE_LONG_64;
        request.allowed_encodings = static_cast<ZydisEncodableEncoding>(ZYDIS_ENCODABLE_ENCODING_LEGACY |
                                                                        ZYDIS_ENCODABLE_ENCODING_VEX);
        request.mnemonic = mnemonic;
        request.operand_count = static_cast<u8>(operands.size());
        std::ranges::copy(operands, request.operands);
        std::array<u8, ZYDIS_MAX_INSTRUCTION_LENGTH> bytes;
        ZyanUSize length = bytes.size();
        RINGER_ASSERT(ZYAN_SUCCESS(ZydisEncoderEncodeInstruction(&request, bytes.data(), &length)));
        raw({bytes.data(), length});
    }
    void raw(std::span<const u8> bytes) { code_.append(bytes.begin(), bytes.end()); }
    std::string take() { return std::move(code_); }

  private:
    std::string code_;
};

constexpr ZydisRegister frame = ZYDIS_REGISTER_RDI;

OperandKind kind_of(const ZydisDecodedOperand& operand) {
    if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY) return OperandKind::memory;
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return OperandKind::other;
    switch (ZydisRegisterGetClass(operand.reg.value)) {
    case ZYDIS_REGCLASS_XMM:
    case ZYDIS_REGCLASS_YMM: return OperandKind::vector;
    case ZYDIS_REGCLASS_MMX: return OperandKind::mmx;
    case ZYDIS_REGCLASS_GPR32:
    case ZYDIS_REGCLASS_GPR64: return OperandKind::general;
    default: return OperandKind::other;
    }
}

/// The register that stands for operand `index` in every stub. XMM0 and the registers of PCMPxSTRx are left
/// to implied uses.
ZydisRegister renamed(ZydisRegister value, unsigned index) {
    switch (ZydisRegisterGetClass(value)) {
    case ZYDIS_REGCLASS_XMM: return numbered(ZYDIS_REGISTER_XMM1, index);
    case ZYDIS_REGCLASS_YMM: return numbered(ZYDIS_REGISTER_YMM1, index);
    case ZYDIS_REGCLASS_MMX: return numbered(ZYDIS_REGISTER_MM1, index);
    case ZYDIS_REGCLASS_GPR32: return numbered(ZYDIS_REGISTER_R8D, index);
    case ZYDIS_REGCLASS_GPR64: return numbered(ZYDIS_REGISTER_R8, index);
    default: return ZYDIS_REGISTER_NONE;
    }
}

bool rename(ZydisEncoderRequest& request) {
    for (unsigned i = 0; i < request.operand_count; ++i) {
        ZydisEncoderOperand& operand = request.operands[i];
        if (operand.type == ZYDIS_OPERAND_TYPE_REGISTER) {
            operand.reg.value = renamed(operand.reg.value, i);
            if (operand.reg.value == ZYDIS_REGISTER_NONE) return false;
        } else if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY) {
            operand = Assembler::memory(frame, 0, operand.mem.size);
        }
    }
    return true;
}

/// The renamed instruction's bytes into `stub`.
bool encode_renamed(const Decoded& decoded, HostStub& stub) {
    const u8 visible = decoded.instruction.operand_count_visible;
    ZydisEncoderRequest request;
    if (visible == 0 || visible > VectorFrame::operands + 1 ||
        !ZYAN_SUCCESS(ZydisEncoderDecodedInstructionToEncoderRequest(
            &decoded.instruction, decoded.operands.data(), visible, &request)))
        return false;
    request.machine_mode = ZYDIS_MACHINE_MODE_LONG_64;
    request.prefixes = 0;
    request.address_size_hint = ZYDIS_ADDRESS_SIZE_HINT_NONE;
    if (!rename(request)) return false;
    ZyanUSize length = stub.bytes.size();
    if (!ZYAN_SUCCESS(ZydisEncoderEncodeInstruction(&request, stub.bytes.data(), &length))) return false;
    stub.length = static_cast<u8>(length);
    return true;
}

/// The encoder had to choose among encodings; what it chose must do the same.
bool same_form(const Decoded& decoded, const HostInstruction& host) {
    const u8 visible = decoded.instruction.operand_count_visible;
    if (host.instruction.mnemonic != decoded.instruction.mnemonic ||
        host.instruction.encoding != decoded.instruction.encoding ||
        host.instruction.operand_count_visible != visible)
        return false;
    return std::equal(decoded.operands.begin(), decoded.operands.begin() + visible, host.operands.begin(),
                      [](const ZydisDecodedOperand& guest, const ZydisDecodedOperand& other) {
                          return guest.type == other.type && guest.size == other.size &&
                                 guest.actions == other.actions && kind_of(guest) == kind_of(other) &&
                                 (guest.type != ZYDIS_OPERAND_TYPE_IMMEDIATE ||
                                  u8(guest.imm.value.u) == u8(other.imm.value.u));
                      });
}

void describe_operand(const ZydisDecodedOperand& operand, unsigned index, HostStub& stub) {
    stub.kind[index] = kind_of(operand);
    const bool writes = operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
    if (writes) stub.written |= 1 << index;
    switch (stub.kind[index]) {
    case OperandKind::memory:
        stub.memory_bytes = static_cast<u8>(operand.size / 8);
        stub.memory_read = operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ;
        stub.memory_written = writes;
        break;
    case OperandKind::mmx: stub.uses_mmx = true; break;
    case OperandKind::general:
        if (writes) stub.general_bytes = static_cast<u8>(operand.size / 8);
        break;
    default: break;
    }
}

void describe_hidden(const ZydisDecodedOperand& operand, HostStub& stub) {
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return;
    switch (operand.reg.value) {
    case ZYDIS_REGISTER_XMM0: stub.implies_xmm0 = true; break;
    case ZYDIS_REGISTER_EAX:
    case ZYDIS_REGISTER_RAX: stub.reads_lengths = true; break;
    case ZYDIS_REGISTER_ECX:
    case ZYDIS_REGISTER_RCX: stub.writes_index = true; break;
    case ZYDIS_REGISTER_FLAGS:
    case ZYDIS_REGISTER_EFLAGS:
    case ZYDIS_REGISTER_RFLAGS: stub.writes_status = true; break;
    default: break;
    }
}

/// Whether the operand's register is 256 bits wide.
bool is_wide(const ZydisDecodedOperand& operand) {
    return ZydisRegisterGetClass(operand.reg.value) == ZYDIS_REGCLASS_YMM;
}

/// Legacy instructions keep what they do not write, so their destination is loaded too.
void load_operand(Assembler& assembler, const HostInstruction& host, const HostStub& stub, unsigned index) {
    const auto rax_pointer = Assembler::reg(ZYDIS_REGISTER_RAX);
    const auto slot = Assembler::memory(frame, offsetof(VectorFrame, vector) + 8 * index, 8);
    const auto target = Assembler::reg(host.operands[index].reg.value);
    switch (stub.kind[index]) {
    case OperandKind::vector:
        assembler.emit(ZYDIS_MNEMONIC_MOV, {rax_pointer, slot});
        assembler.emit(
            stub.uses_avx ? ZYDIS_MNEMONIC_VMOVUPS : ZYDIS_MNEMONIC_MOVUPS,
            {target, Assembler::memory(ZYDIS_REGISTER_RAX, 0, is_wide(host.operands[index]) ? 32 : 16)});
        break;
    case OperandKind::mmx:
        assembler.emit(ZYDIS_MNEMONIC_MOV, {rax_pointer, slot});
        assembler.emit(ZYDIS_MNEMONIC_MOVQ, {target, Assembler::memory(ZYDIS_REGISTER_RAX, 0, 8)});
        break;
    case OperandKind::general:
        assembler.emit(ZYDIS_MNEMONIC_MOV,
                       {Assembler::reg(numbered(ZYDIS_REGISTER_R8, index)),
                        Assembler::memory(frame, offsetof(VectorFrame, general) + 8 * index, 8)});
        break;
    default: break;
    }
}

/// AVX instructions clear what lies above their result, so all of the register is stored.
void store_operand(Assembler& assembler, const HostStub& stub, unsigned index) {
    const auto rax_pointer = Assembler::reg(ZYDIS_REGISTER_RAX);
    const auto slot = Assembler::memory(frame, offsetof(VectorFrame, vector) + 8 * index, 8);
    const auto at_rax = [](unsigned bytes) { return Assembler::memory(ZYDIS_REGISTER_RAX, 0, bytes); };
    switch (stub.kind[index]) {
    case OperandKind::vector:
        assembler.emit(ZYDIS_MNEMONIC_MOV, {rax_pointer, slot});
        if (stub.uses_avx)
            assembler.emit(ZYDIS_MNEMONIC_VMOVUPS,
                           {at_rax(32), Assembler::reg(numbered(ZYDIS_REGISTER_YMM1, index))});
        else
            assembler.emit(ZYDIS_MNEMONIC_MOVUPS,
                           {at_rax(16), Assembler::reg(numbered(ZYDIS_REGISTER_XMM1, index))});
        break;
    case OperandKind::mmx:
        assembler.emit(ZYDIS_MNEMONIC_MOV, {rax_pointer, slot});
        assembler.emit(ZYDIS_MNEMONIC_MOVQ, {at_rax(8), Assembler::reg(numbered(ZYDIS_REGISTER_MM1, index))});
        break;
    case OperandKind::general:
        assembler.emit(ZYDIS_MNEMONIC_MOV,
                       {Assembler::memory(frame, offsetof(VectorFrame, general) + 8 * index, 8),
                        Assembler::reg(numbered(ZYDIS_REGISTER_R8, index))});
        break;
    default: break;
    }
}

constexpr std::size_t implied_offset(unsigned index) { return offsetof(VectorFrame, implied) + 8 * index; }

void load_implied(Assembler& assembler, const HostStub& stub) {
    if (stub.implies_xmm0) {
        assembler.emit(ZYDIS_MNEMONIC_MOV, {Assembler::reg(ZYDIS_REGISTER_RAX),
                                            Assembler::memory(frame, offsetof(VectorFrame, xmm0), 8)});
        assembler.emit(ZYDIS_MNEMONIC_MOVUPS,
                       {Assembler::reg(ZYDIS_REGISTER_XMM0), Assembler::memory(ZYDIS_REGISTER_RAX, 0, 16)});
    }
    if (stub.reads_lengths) {
        assembler.emit(ZYDIS_MNEMONIC_MOV,
                       {Assembler::reg(ZYDIS_REGISTER_RAX), Assembler::memory(frame, implied_offset(0), 8)});
        assembler.emit(ZYDIS_MNEMONIC_MOV,
                       {Assembler::reg(ZYDIS_REGISTER_RDX), Assembler::memory(frame, implied_offset(2), 8)});
    }
}

void store_status(Assembler& assembler, std::size_t offset) {
    assembler.emit(ZYDIS_MNEMONIC_LAHF);
    assembler.emit(ZYDIS_MNEMONIC_SETO, {Assembler::reg(ZYDIS_REGISTER_AL)});
    assembler.emit(ZYDIS_MNEMONIC_MOV,
                   {Assembler::memory(frame, offset, 2), Assembler::reg(ZYDIS_REGISTER_AX)});
}

void store_implied(Assembler& assembler, const HostStub& stub) {
    if (stub.writes_status) store_status(assembler, offsetof(VectorFrame, status));
    if (stub.writes_index)
        assembler.emit(ZYDIS_MNEMONIC_MOV,
                       {Assembler::memory(frame, implied_offset(1), 8), Assembler::reg(ZYDIS_REGISTER_RCX)});
    if (!stub.implies_xmm0) return;
    assembler.emit(ZYDIS_MNEMONIC_MOV, {Assembler::reg(ZYDIS_REGISTER_RAX),
                                        Assembler::memory(frame, offsetof(VectorFrame, xmm0), 8)});
    if (stub.uses_avx)
        assembler.emit(ZYDIS_MNEMONIC_VMOVUPS,
                       {Assembler::memory(ZYDIS_REGISTER_RAX, 0, 32), Assembler::reg(ZYDIS_REGISTER_YMM0)});
    else
        assembler.emit(ZYDIS_MNEMONIC_MOVUPS,
                       {Assembler::memory(ZYDIS_REGISTER_RAX, 0, 16), Assembler::reg(ZYDIS_REGISTER_XMM0)});
}

} // namespace

u8 alignment_of(const ZydisDecodedInstruction& instruction, unsigned memory_bytes, bool is_amd) {
    if (instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX)
        return instruction.meta.exception_class == ZYDIS_EXCEPTION_CLASS_AVX1 ? static_cast<u8>(memory_bytes)
                                                                              : 1;
    // AMD's CPUs do not check the operands of SHA.
    if (is_amd && instruction.meta.isa_set == ZYDIS_ISA_SET_SHA) return 1;
    switch (instruction.mnemonic) {
    case ZYDIS_MNEMONIC_MOVUPS:
    case ZYDIS_MNEMONIC_MOVUPD:
    case ZYDIS_MNEMONIC_MOVDQU:
    case ZYDIS_MNEMONIC_LDDQU:
    case ZYDIS_MNEMONIC_PCMPESTRI:
    case ZYDIS_MNEMONIC_PCMPESTRM:
    case ZYDIS_MNEMONIC_PCMPISTRI:
    case ZYDIS_MNEMONIC_PCMPISTRM: return 1;
    default: return memory_bytes == 16 ? 16 : 1;
    }
}

bool uses_mxcsr(const ZydisDecodedInstruction& instruction) {
    switch (instruction.meta.exception_class) {
    case ZYDIS_EXCEPTION_CLASS_SSE2:
    case ZYDIS_EXCEPTION_CLASS_SSE3:
    case ZYDIS_EXCEPTION_CLASS_AVX2:
    case ZYDIS_EXCEPTION_CLASS_AVX3:
    case ZYDIS_EXCEPTION_CLASS_AVX11: return true;
    default: return instruction.meta.category == ZYDIS_CATEGORY_CONVERT;
    }
}

std::optional<HostStub> describe_vector_instruction(const Decoded& decoded) {
    HostStub stub;
    if (!encode_renamed(decoded, stub)) return std::nullopt;
    const auto host = decode_host({stub.bytes.data(), stub.length});
    if (!host || !same_form(decoded, *host)) return std::nullopt;
    const ZydisDecodedInstruction& instruction = host->instruction;
    for (unsigned i = 0; i < instruction.operand_count; ++i) {
        if (i >= instruction.operand_count_visible)
            describe_hidden(host->operands[i], stub);
        else if (i < stub.kind.size())
            describe_operand(host->operands[i], i, stub);
    }
    stub.alignment = alignment_of(instruction, stub.memory_bytes, decoded.model.is_amd);
    stub.uses_mxcsr = uses_mxcsr(instruction);
    stub.converts_halves =
        instruction.mnemonic == ZYDIS_MNEMONIC_VCVTPH2PS || instruction.mnemonic == ZYDIS_MNEMONIC_VCVTPS2PH;
    stub.uses_avx = instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX;
    stub.uses_sse =
        !stub.uses_avx && (stub.uses_mxcsr || std::ranges::count(stub.kind, OperandKind::vector) > 0);
    return stub;
}

std::string generate_vector_stub(const HostStub& stub) {
    const auto host = decode_host({stub.bytes.data(), stub.length});
    RINGER_ASSERT(host);
    Assembler assembler;
    for (unsigned i = 0; i < stub.kind.size(); ++i) {
        if (!stub.uses_avx || (host->operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_READ) || i > 0)
            load_operand(assembler, *host, stub, i);
    }
    load_implied(assembler, stub);
    assembler.raw({stub.bytes.data(), stub.length});
    store_implied(assembler, stub);
    for (unsigned i = 0; i < stub.kind.size(); ++i) {
        if (stub.written & (1 << i)) store_operand(assembler, stub, i);
    }
    // The host's own code is compiled for SSE, which is slow while upper halves are in use.
    if (stub.uses_avx) assembler.emit(ZYDIS_MNEMONIC_VZEROUPPER);
    if (stub.uses_mmx) assembler.emit(ZYDIS_MNEMONIC_EMMS);
    assembler.emit(ZYDIS_MNEMONIC_RET);
    return assembler.take();
}

HostStub describe_x87_instruction(const Decoded& decoded) {
    const auto& modrm = decoded.instruction.raw.modrm;
    HostStub stub;
    stub.bytes[0] = decoded.instruction.opcode;
    stub.bytes[1] = static_cast<u8>(modrm.mod << 6 | modrm.reg << 3 | modrm.rm);
    stub.length = 2;
    if (modrm.mod != 3) {
        constexpr u8 mod_base_disp32 = 2 << 6, rdi_base = 7;
        constexpr u32 displacement = offsetof(X87Frame, memory);
        stub.bytes[1] = static_cast<u8>(mod_base_disp32 | modrm.reg << 3 | rdi_base);
        for (unsigned i = 0; i < sizeof(displacement); ++i)
            stub.bytes[stub.length++] = static_cast<u8>(displacement >> (8 * i));
    }
    for (unsigned i = 0; i < decoded.instruction.operand_count; ++i) {
        const ZydisDecodedOperand& operand = decoded.operands[i];
        if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY) {
            stub.memory_bytes = static_cast<u8>(operand.size / 8);
            stub.memory_read = operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ;
            stub.memory_written = operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
        }
    }
    if (const ZydisAccessedFlags* flags = decoded.instruction.cpu_flags) {
        stub.reads_status = flags->tested != 0;
        stub.writes_status = flags->modified != 0;
    }
    return stub;
}

std::string generate_x87_stub(const HostStub& stub) {
    const auto image = Assembler::memory(frame, offsetof(X87Frame, image), 512);
    constexpr std::size_t status = offsetof(X87Frame, status);
    Assembler assembler;
    assembler.emit(ZYDIS_MNEMONIC_FXRSTOR64, {image});
    if (stub.reads_status) {
        // AL is 1 when OF was set: adding 0x7F then overflows. AH goes to the other flags.
        assembler.emit(ZYDIS_MNEMONIC_MOV,
                       {Assembler::reg(ZYDIS_REGISTER_AX), Assembler::memory(frame, status, 2)});
        assembler.emit(ZYDIS_MNEMONIC_ADD, {Assembler::reg(ZYDIS_REGISTER_AL), Assembler::immediate(0x7f)});
        assembler.emit(ZYDIS_MNEMONIC_SAHF);
    }
    assembler.raw({stub.bytes.data(), stub.length});
    if (stub.writes_status) store_status(assembler, status);
    assembler.emit(ZYDIS_MNEMONIC_FXSAVE64, {image});
    assembler.emit(ZYDIS_MNEMONIC_FNINIT);
    assembler.emit(ZYDIS_MNEMONIC_RET);
    return assembler.take();
}

std::string generate_fault_exit() {
    Assembler assembler;
    assembler.emit(ZYDIS_MNEMONIC_MOV,
                   {Assembler::memory(frame, offsetof(VectorFrame, faulted), 1), Assembler::immediate(1)});
    assembler.emit(ZYDIS_MNEMONIC_RET);
    return assembler.take();
}

} // namespace ringer::x86
