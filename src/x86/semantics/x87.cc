#include "x86/access.h"
#include "x86/cpuid.h"
#include "x86/host_stub.h"
#include "x86/legacy_image.h"
#include "x86/semantics/flags.h"
#include "x86/semantics/x87_environment.h"
#include "x86/x87_state.h"

#include <algorithm>

namespace ringer::x86 {

namespace {

/// The last instruction and its memory operand: offsets and selectors, in real-address and virtual-8086 mode
/// linear addresses (Intel SDM Vol. 1, 8.1.8 to 8.1.10). An instruction without such an operand leaves the
/// old one; on Intel's CPUs, so do opcode and operand of one that raises no unmasked exception. Selectors are
/// AMD's alone, see with_saved_selectors().
void note_instruction(const Cpu& cpu, const Instruction& instruction, X87State& x87) {
    const X87State& before = cpu.state.x87;
    const auto& segments = cpu.state.segments;
    const bool linear = !cpu.protected_mode();
    const bool notes_all = cpu.model.is_amd || (x87.status & x87_status::summary);
    x87.opcode = notes_all ? instruction.selector : before.opcode;
    x87.instruction_pointer = cpu.state.rip - instruction.length + (linear ? segments[cs].base : 0);
    x87.code_selector = cpu.model.is_amd ? segments[cs].selector : before.code_selector;
    x87.data_pointer = before.data_pointer;
    x87.data_selector = before.data_selector;
    if (!instruction.has_memory || !notes_all) return;
    const Segment& segment = segments[instruction.segment];
    x87.data_pointer = effective_address(cpu, instruction) + (linear ? segment.base : 0);
    if (cpu.model.is_amd) x87.data_selector = segment.selector;
}

/// Where an unmasked exception came up before the result was stored, the destination in memory keeps its
/// value; a result that was merely rounded has been stored (Intel SDM Vol. 1, 8.5).
bool was_stored(const X87State& after) {
    constexpr u16 before_store = x87_status::invalid | x87_status::overflow | x87_status::underflow;
    return !(after.status & ~after.control & before_store);
}

/// Executes the instruction on a copy of the state. Exceptions that were ignored because CR0.NE is clear
/// would stop the host, so they are masked for it.
X87State execute(HostStubs& stubs, const HostStub& stub, const X87State& before, X87Frame& frame) {
    X87State loaded = before;
    if (before.status & x87_status::summary) {
        loaded.control |= x87_status::exceptions;
        update_summary(loaded);
    }
    write_x87_image(loaded, true, frame.image.data());
    write_mxcsr_image(0x1f80, frame.image.data());
    stubs.run(stub, frame);
    X87State after = read_x87_image(frame.image.data(), true);
    if (before.status & x87_status::summary) {
        after.control = before.control;
        update_summary(after);
    }
    return after;
}

/// Where a memory operand lies. That of 80 bits is two of 64 and 16, and the second may wrap to the start of
/// the segment.
struct MemoryOperand {
    std::array<u64, 2> linear{};
    std::array<unsigned, 2> size{};
};

Guest<MemoryOperand> memory_operand(Cpu& cpu, const Instruction& instruction) {
    const HostStub& stub = *instruction.stub;
    const Access access = stub.memory_written ? Access::write : Access::read;
    const unsigned first = std::min<unsigned>(stub.memory_bytes, 8);
    MemoryOperand operand{.linear = {}, .size = {first, stub.memory_bytes - first}};
    operand.linear[0] = TRY(operand_address(cpu, instruction, first, access));
    if (operand.size[1] == 0) return operand;
    // The first part faults before the second is within the segment.
    TRY(access == Access::write ? check_writable(cpu, operand.linear[0], first, instruction.segment)
                                : check_readable(cpu, operand.linear[0], first, instruction.segment));
    const u64 offset = (effective_address(cpu, instruction) + first) & (~u64{0} >> instruction.address_shift);
    operand.linear[1] = TRY(linear_address(cpu, instruction.segment, offset, operand.size[1], access));
    return operand;
}

Guest<void> load_memory(Cpu& cpu, const Instruction& instruction, u8* bytes) {
    const MemoryOperand operand = TRY(memory_operand(cpu, instruction));
    const SegmentRegister segment = instruction.segment;
    TRY(load_bytes(cpu, operand.linear[0], bytes, operand.size[0], segment));
    if (operand.size[1])
        TRY(load_bytes(cpu, operand.linear[1], bytes + operand.size[0], operand.size[1], segment));
    return {};
}

/// On AMD's CPUs a destination that cannot be written faults also when an exception keeps the result from it.
Guest<void> store_memory(Cpu& cpu, const Instruction& instruction, const u8* bytes, bool stored) {
    if (!stored && !cpu.model.is_amd) return {};
    const MemoryOperand operand = TRY(memory_operand(cpu, instruction));
    const SegmentRegister segment = instruction.segment;
    TRY(check_writable(cpu, operand.linear[0], operand.size[0], segment));
    if (operand.size[1]) TRY(check_writable(cpu, operand.linear[1], operand.size[1], segment));
    if (!stored) return {};
    TRY(store_bytes(cpu, operand.linear[0], bytes, operand.size[0], segment));
    if (operand.size[1])
        TRY(store_bytes(cpu, operand.linear[1], bytes + operand.size[0], operand.size[1], segment));
    return {};
}

/// An instruction that computes, by its stub. Instruction::selector is its opcode as FOP holds it.
Outcome run_stub(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    TRY(check_x87_pending(cpu));
    const HostStub& stub = *instruction.stub;
    X87Frame frame;
    if (stub.memory_read) TRY(load_memory(cpu, instruction, frame.memory.data()));
    frame.status = host_status(cpu.state.rflags);
    X87State after = execute(*cpu.model.stubs, stub, cpu.state.x87, frame);
    if (stub.memory_written) TRY(store_memory(cpu, instruction, frame.memory.data(), was_stored(after)));
    note_instruction(cpu, instruction, after);
    cpu.state.x87 = after;
    if (stub.writes_status) set_status(cpu.state.rflags, frame.status);
    return Flow::next;
}

Handler select_computation(const Decoded& decoded, Instruction& instruction) {
    if (!decoded.model.stubs) return nullptr;
    const auto& modrm = decoded.instruction.raw.modrm;
    instruction.stub = decoded.model.stubs->x87_stub(decoded);
    instruction.selector =
        static_cast<u16>((decoded.instruction.opcode & 7) << 8 | modrm.mod << 6 | modrm.reg << 3 | modrm.rm);
    return &run_stub;
}

constexpr ZydisMnemonic computations[] = {
    ZYDIS_MNEMONIC_F2XM1,   ZYDIS_MNEMONIC_FABS,    ZYDIS_MNEMONIC_FADD,    ZYDIS_MNEMONIC_FADDP,
    ZYDIS_MNEMONIC_FBLD,    ZYDIS_MNEMONIC_FBSTP,   ZYDIS_MNEMONIC_FCHS,    ZYDIS_MNEMONIC_FCMOVB,
    ZYDIS_MNEMONIC_FCMOVBE, ZYDIS_MNEMONIC_FCMOVE,  ZYDIS_MNEMONIC_FCMOVNB, ZYDIS_MNEMONIC_FCMOVNBE,
    ZYDIS_MNEMONIC_FCMOVNE, ZYDIS_MNEMONIC_FCMOVNU, ZYDIS_MNEMONIC_FCMOVU,  ZYDIS_MNEMONIC_FCOM,
    ZYDIS_MNEMONIC_FCOMI,   ZYDIS_MNEMONIC_FCOMIP,  ZYDIS_MNEMONIC_FCOMP,   ZYDIS_MNEMONIC_FCOMPP,
    ZYDIS_MNEMONIC_FCOS,    ZYDIS_MNEMONIC_FDECSTP, ZYDIS_MNEMONIC_FDIV,    ZYDIS_MNEMONIC_FDIVP,
    ZYDIS_MNEMONIC_FDIVR,   ZYDIS_MNEMONIC_FDIVRP,  ZYDIS_MNEMONIC_FFREE,   ZYDIS_MNEMONIC_FFREEP,
    ZYDIS_MNEMONIC_FIADD,   ZYDIS_MNEMONIC_FICOM,   ZYDIS_MNEMONIC_FICOMP,  ZYDIS_MNEMONIC_FIDIV,
    ZYDIS_MNEMONIC_FIDIVR,  ZYDIS_MNEMONIC_FILD,    ZYDIS_MNEMONIC_FIMUL,   ZYDIS_MNEMONIC_FINCSTP,
    ZYDIS_MNEMONIC_FIST,    ZYDIS_MNEMONIC_FISTP,   ZYDIS_MNEMONIC_FISTTP,  ZYDIS_MNEMONIC_FISUB,
    ZYDIS_MNEMONIC_FISUBR,  ZYDIS_MNEMONIC_FLD,     ZYDIS_MNEMONIC_FLD1,    ZYDIS_MNEMONIC_FLDL2E,
    ZYDIS_MNEMONIC_FLDL2T,  ZYDIS_MNEMONIC_FLDLG2,  ZYDIS_MNEMONIC_FLDLN2,  ZYDIS_MNEMONIC_FLDPI,
    ZYDIS_MNEMONIC_FLDZ,    ZYDIS_MNEMONIC_FMUL,    ZYDIS_MNEMONIC_FMULP,   ZYDIS_MNEMONIC_FPATAN,
    ZYDIS_MNEMONIC_FPREM,   ZYDIS_MNEMONIC_FPREM1,  ZYDIS_MNEMONIC_FPTAN,   ZYDIS_MNEMONIC_FRNDINT,
    ZYDIS_MNEMONIC_FSCALE,  ZYDIS_MNEMONIC_FSIN,    ZYDIS_MNEMONIC_FSINCOS, ZYDIS_MNEMONIC_FSQRT,
    ZYDIS_MNEMONIC_FST,     ZYDIS_MNEMONIC_FSTP,    ZYDIS_MNEMONIC_FSTPNCE, ZYDIS_MNEMONIC_FSUB,
    ZYDIS_MNEMONIC_FSUBP,   ZYDIS_MNEMONIC_FSUBR,   ZYDIS_MNEMONIC_FSUBRP,  ZYDIS_MNEMONIC_FTST,
    ZYDIS_MNEMONIC_FUCOM,   ZYDIS_MNEMONIC_FUCOMI,  ZYDIS_MNEMONIC_FUCOMIP, ZYDIS_MNEMONIC_FUCOMP,
    ZYDIS_MNEMONIC_FUCOMPP, ZYDIS_MNEMONIC_FXAM,    ZYDIS_MNEMONIC_FXCH,    ZYDIS_MNEMONIC_FXTRACT,
    ZYDIS_MNEMONIC_FYL2X,   ZYDIS_MNEMONIC_FYL2XP1, ZYDIS_MNEMONIC_FNOP,
};

} // namespace

void add_x87(SelectorTable& table) {
    for (const ZydisMnemonic mnemonic : computations) table.add(mnemonic, &select_computation);
    add_x87_control(table);
}

} // namespace ringer::x86
