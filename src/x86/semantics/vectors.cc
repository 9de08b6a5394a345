#include "x86/semantics/vectors.h"

#include "x86/access.h"
#include "x86/cpuid.h"
#include "x86/host_stub.h"
#include "x86/semantics/flags.h"
#include "x86/semantics/vector_elements.h"
#include "x86/x87_state.h"

#include <cstring>

#include <xmmintrin.h>

namespace ringer::x86 {

namespace {

/// MXCSR as C++ code expects it, but for the sticky flags, which it does not look at.
constexpr u32 host_mxcsr = 0x1f80;
constexpr u32 mxcsr_flags = 0x3f;

/// Runs the stub under the guest's MXCSR and gives MXCSR as the instruction left it. Loading it is slow, and
/// not needed while the guest computes with the default settings and has its sticky flags set.
u32 run_with_mxcsr(HostStubs& stubs, const HostStub& stub, VectorFrame& frame, u32 mxcsr) {
    if (_mm_getcsr() != mxcsr) _mm_setcsr(mxcsr);
    stubs.run(stub, frame);
    const u32 result = _mm_getcsr();
    if ((result & ~mxcsr_flags) != host_mxcsr) [[unlikely]]
        _mm_setcsr(host_mxcsr);
    return result;
}

/// Where MMX register `number` lies while the stack's top may be anywhere.
u8* mmx_register(Cpu& cpu, unsigned number) {
    X87State& x87 = cpu.state.x87;
    return x87.st[(number - x87.top()) & 7].data();
}

unsigned operand_number(const Instruction& instruction, unsigned index) {
    return index < instruction.operand.size() ? instruction.operand[index] : instruction.selector;
}

void bind_operands(Cpu& cpu, const Instruction& instruction, const HostStub& stub, VectorFrame& frame) {
    for (unsigned i = 0; i < VectorFrame::operands; ++i) {
        switch (stub.kind[i]) {
        case OperandKind::vector:
            frame.vector[i] = cpu.state.vector.ymm[operand_number(instruction, i)].data();
            break;
        case OperandKind::mmx: frame.vector[i] = mmx_register(cpu, operand_number(instruction, i)); break;
        case OperandKind::general: frame.general[i] = cpu.get<u64>(instruction.operand[i]); break;
        default: break;
        }
    }
    frame.xmm0 = cpu.state.vector.ymm[0].data();
    if (stub.reads_lengths) frame.implied = {cpu.state.gpr[rax], 0, cpu.state.gpr[rdx]};
    frame.faulted = false;
}

/// Vector registers have been written by the stub itself.
void commit_registers(Cpu& cpu, const Instruction& instruction, const HostStub& stub,
                      const VectorFrame& frame) {
    for (unsigned i = 0; i < VectorFrame::operands; ++i) {
        if (!(stub.written & (1 << i))) continue;
        if (stub.kind[i] == OperandKind::general) {
            if (stub.general_bytes == 8)
                cpu.set<u64>(instruction.operand[i], frame.general[i]);
            else
                cpu.set<u32>(instruction.operand[i], static_cast<u32>(frame.general[i]));
        } else if (stub.kind[i] == OperandKind::mmx) {
            frame.vector[i][8] = frame.vector[i][9] = 0xff; // Sign and exponent (Intel SDM Vol. 1, 9.2.1).
        }
    }
    if (stub.writes_index) cpu.state.gpr[rcx] = static_cast<u32>(frame.implied[1]);
    if (stub.writes_status) set_status(cpu.state.rflags, frame.status);
    if (stub.uses_mmx) enter_mmx(cpu.state.x87);
}

Guest<void> check_available(Cpu& cpu, const HostStub& stub) {
    if (stub.uses_avx) return check_avx(cpu);
    if (stub.uses_sse) TRY(check_sse(cpu));
    if (stub.uses_mmx) TRY(check_mmx(cpu));
    return {};
}

std::unexpected<Stop> raise_simd_error(Cpu& cpu) {
    return (cpu.state.cr4 & cr4::osxmmexcpt) ? raise(cpu, Vector::simd_error) : invalid_opcode(cpu);
}

Guest<u64> memory_operand(Cpu& cpu, const Instruction& instruction) {
    const HostStub& stub = *instruction.stub;
    const Access access = stub.memory_written ? Access::write : Access::read;
    return aligned_address(cpu, instruction, stub.memory_bytes, stub.alignment, access);
}

/// Four halves; more are a whole vector, of which Intel's CPUs never ask alignment.
bool needs_no_alignment(const Cpu& cpu, const HostStub& stub) {
    return stub.converts_halves && stub.memory_bytes == sizeof(u64) && !cpu.model.is_amd;
}

/// What of memory comes before the computation. On AMD's CPUs a page fault of the destination comes before a
/// SIMD exception; Intel's look at it when they have the result.
Guest<void> read_memory(Cpu& cpu, const Instruction& instruction, VectorFrame& frame) {
    const HostStub& stub = *instruction.stub;
    const bool checks_early = stub.memory_written && stub.uses_mxcsr && cpu.model.is_amd;
    if (!stub.memory_read && !checks_early) return {};
    const u64 linear = TRY(memory_operand(cpu, instruction));
    const SegmentRegister segment = instruction.segment;
    if (checks_early) return check_writable(cpu, linear, stub.memory_bytes, segment);
    if (!needs_no_alignment(cpu, stub))
        return load_bytes(cpu, linear, frame.memory.data(), stub.memory_bytes, segment);
    const u64 halves = TRY(load_element<u64>(cpu, linear, segment));
    std::memcpy(frame.memory.data(), &halves, sizeof(halves));
    return {};
}

/// Intel's CPUs have set MXCSR's flags, and reset the x87 stack's top for MMX, when the store faults.
Guest<void> write_memory(Cpu& cpu, const Instruction& instruction, const VectorFrame& frame, u32 mxcsr) {
    const HostStub& stub = *instruction.stub;
    if (!cpu.model.is_amd) {
        cpu.state.vector.mxcsr = mxcsr;
        if (stub.uses_mmx) set_x87_top(cpu.state.x87, 0);
    }
    const u64 linear = TRY(memory_operand(cpu, instruction));
    const SegmentRegister segment = instruction.segment;
    if (!needs_no_alignment(cpu, stub))
        return store_bytes(cpu, linear, frame.memory.data(), stub.memory_bytes, segment);
    u64 halves = 0;
    std::memcpy(&halves, frame.memory.data(), sizeof(halves));
    TRY(check_unaligned_writable(cpu, linear, sizeof(halves), segment));
    return store_element<u64>(cpu, linear, halves, segment);
}

/// One instruction by its stub: operands in, run, operands out.
Outcome run_stub(Cpu& cpu, const Instruction& instruction) {
    const HostStub& stub = *instruction.stub;
    VectorFrame frame;
    TRY(check_available(cpu, stub));
    TRY(read_memory(cpu, instruction, frame));
    bind_operands(cpu, instruction, stub, frame);
    HostStubs& stubs = *cpu.model.stubs;
    u32 mxcsr = cpu.state.vector.mxcsr;
    if (stub.uses_mxcsr)
        mxcsr = run_with_mxcsr(stubs, stub, frame, mxcsr);
    else
        stubs.run(stub, frame);
    if (frame.faulted) [[unlikely]] {
        cpu.state.vector.mxcsr = mxcsr;
        if (stub.uses_mmx) enter_mmx(cpu.state.x87);
        return raise_simd_error(cpu);
    }
    if (stub.memory_written) TRY(write_memory(cpu, instruction, frame, mxcsr));
    cpu.state.vector.mxcsr = mxcsr;
    commit_registers(cpu, instruction, stub, frame);
    return Flow::next;
}

/// Outside of 64-bit mode AMD's CPUs refuse VEX.W in the moves of single elements, which Intel's ignore.
bool has_bad_width(const Decoded& decoded) {
    const auto mnemonic = decoded.instruction.mnemonic;
    const bool moves_element = mnemonic == ZYDIS_MNEMONIC_VPINSRD || mnemonic == ZYDIS_MNEMONIC_VPEXTRD;
    return decoded.model.is_amd && decoded.mode != CodeMode::long64 && moves_element &&
           decoded.instruction.raw.vex.W;
}

/// EVEX and XOP exist on no CPU that a guest is shown here.
bool is_vector_encoding(const Decoded& decoded) {
    if (decoded.instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX) return !has_bad_width(decoded);
    return decoded.instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY;
}

/// The vector instructions that may name none but a general register.
bool converts_memory_to_integer(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_CVTSS2SI:
    case ZYDIS_MNEMONIC_CVTTSS2SI:
    case ZYDIS_MNEMONIC_CVTSD2SI:
    case ZYDIS_MNEMONIC_CVTTSD2SI:
    case ZYDIS_MNEMONIC_VCVTSS2SI:
    case ZYDIS_MNEMONIC_VCVTTSS2SI:
    case ZYDIS_MNEMONIC_VCVTSD2SI:
    case ZYDIS_MNEMONIC_VCVTTSD2SI: return true;
    default: return false;
    }
}

bool names_vector_register(const Decoded& decoded) {
    for (unsigned i = 0; i < decoded.instruction.operand_count_visible; ++i) {
        if (!decoded.is_register(i)) continue;
        const ZydisRegisterClass file = ZydisRegisterGetClass(decoded.operands[i].reg.value);
        if (file == ZYDIS_REGCLASS_XMM || file == ZYDIS_REGCLASS_YMM || file == ZYDIS_REGCLASS_MMX)
            return true;
    }
    return converts_memory_to_integer(decoded.instruction.mnemonic);
}

Handler select_vector(const Decoded& decoded, Instruction& instruction) {
    if (!is_vector_encoding(decoded) || !names_vector_register(decoded) || !decoded.model.stubs)
        return nullptr;
    if (const Handler move = select_plain_move(decoded)) return move;
    const HostStub* const stub = decoded.model.stubs->vector_stub(decoded);
    if (!stub) return nullptr;
    instruction.stub = stub;
    if (stub->kind[3] == OperandKind::vector)
        instruction.selector = static_cast<u8>(ZydisRegisterGetId(decoded.operands[3].reg.value));
    return &run_stub;
}

} // namespace

void add_vectors(SelectorTable& table) {
    add_masked_moves(table);
    add_gathers(table);
    add_vector_control(table);
    // Whatever names a vector register and has no semantics of its own is executed by the host.
    table.set_last(&select_vector);
}

} // namespace ringer::x86
