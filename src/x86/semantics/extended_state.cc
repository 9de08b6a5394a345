#include "x86/extended_area.h"

#include "x86/access.h"
#include "x86/cpuid.h"
#include "x86/decode.h"
#include "x86/x87_state.h"

namespace ringer::x86 {

namespace {

u64 edx_eax(const Cpu& cpu) { return cpu.state.gpr[rdx] << 32 | static_cast<u32>(cpu.state.gpr[rax]); }

/// Of an area that holds the components asked for.
unsigned area_size(const Cpu& cpu) {
    const bool with_avx = edx_eax(cpu) & cpu.state.xcr0 & component::avx;
    return with_avx ? area::size : area::header + area::header_size;
}

/// The area of XSAVE, or of XRSTOR, which looks at the header first: Intel's CPUs at XCOMP_BV in it.
Guest<u64> area_address(Cpu& cpu, const Instruction& instruction, Access access) {
    constexpr unsigned alignment = 64;
    const unsigned size = area_size(cpu);
    const unsigned second = access == Access::write ? size - 1 : area::header + (cpu.model.is_amd ? 0 : 8);
    return block_address(cpu, instruction, {size, alignment, 1, second}, access);
}

template <bool wide>
Outcome fxsave(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    const u64 linear = TRY(block_address(cpu, instruction, {512, 16, 0, 511}, Access::write));
    std::array<u8, 512> image;
    write_x87_image(saved_x87(cpu), wide, image.data());
    write_mxcsr_image(cpu.state.vector.mxcsr, image.data());
    write_xmm_image(cpu, image.data());
    const unsigned size = legacy_offset::xmm + 16 * vector_registers(cpu);
    TRY(store_bytes(cpu, linear, image.data(), size, instruction.segment));
    return Flow::next;
}

template <bool wide>
Outcome fxrstor(Cpu& cpu, const Instruction& instruction) {
    TRY(check_x87_available(cpu));
    const u64 linear = TRY(block_address(cpu, instruction, {512, 16, 0, 511}, Access::read));
    std::array<u8, 512> image;
    TRY(load_bytes(cpu, linear, image.data(), image.size(), instruction.segment));
    const u32 mxcsr = TRY(read_mxcsr_image(cpu, image.data()));
    cpu.state.x87 = read_x87_image(image.data(), wide);
    cpu.state.vector.mxcsr = mxcsr;
    read_xmm_image(cpu, image.data());
    return Flow::next;
}

Guest<void> check_xsave(Cpu& cpu) {
    if (!(cpu.state.cr4 & cr4::osxsave)) return invalid_opcode(cpu);
    if (cpu.state.cr0 & cr0::ts) return raise(cpu, Vector::device_not_available);
    return {};
}

template <bool wide, SaveForm form>
Outcome xsave(Cpu& cpu, const Instruction& instruction) {
    TRY(check_xsave(cpu));
    const u64 linear = TRY(area_address(cpu, instruction, Access::write));
    TRY(save_extended_state(cpu, linear, instruction.segment, edx_eax(cpu), wide, form));
    return Flow::next;
}

template <bool wide>
Outcome xrstor(Cpu& cpu, const Instruction& instruction) {
    TRY(check_xsave(cpu));
    const u64 linear = TRY(area_address(cpu, instruction, Access::read));
    if (cpu.model.is_amd) // The last byte, whatever the header says is there.
        TRY(check_readable(cpu, linear + area_size(cpu) - 1, 1, instruction.segment));
    TRY(restore_extended_state(cpu, linear, instruction.segment, edx_eax(cpu), wide));
    return Flow::next;
}

/// XCR0, and with ECX 1 those of its components that are in use (Intel SDM Vol. 2D, XGETBV).
Outcome xgetbv(Cpu& cpu, const Instruction&) {
    if (!(cpu.state.cr4 & cr4::osxsave)) return invalid_opcode(cpu);
    const u32 number = static_cast<u32>(cpu.state.gpr[rcx]);
    if (number > 1) return general_protection(cpu);
    const u64 value = number == 0 ? cpu.state.xcr0 : cpu.state.xcr0 & components_in_use(cpu);
    cpu.state.gpr[rax] = static_cast<u32>(value);
    cpu.state.gpr[rdx] = value >> 32;
    return Flow::next;
}

/// Intel SDM Vol. 2D, XSETBV. x87 state cannot be switched off, and AVX needs SSE.
Outcome xsetbv(Cpu& cpu, const Instruction&) {
    if (!(cpu.state.cr4 & cr4::osxsave)) return invalid_opcode(cpu);
    const u64 value = edx_eax(cpu);
    const bool is_sound = (value & component::x87) && (!(value & component::avx) || (value & component::sse));
    if (cpu.state.cpl != 0 || static_cast<u32>(cpu.state.gpr[rcx]) != 0 ||
        (value & ~cpu.model.xcr0_supported) || !is_sound)
        return general_protection(cpu);
    cpu.state.xcr0 = value;
    return Flow::end_block;
}

template <bool is_avx>
Guest<void> check_vector(Cpu& cpu) {
    return is_avx ? check_avx(cpu) : check_sse(cpu);
}

template <bool is_avx>
Outcome ldmxcsr(Cpu& cpu, const Instruction& instruction) {
    TRY(check_vector<is_avx>(cpu));
    const u32 value = TRY(load_operand<u32>(cpu, instruction));
    if (value & ~mxcsr_mask) return general_protection(cpu);
    cpu.state.vector.mxcsr = value;
    return Flow::next;
}

template <bool is_avx>
Outcome stmxcsr(Cpu& cpu, const Instruction& instruction) {
    TRY(check_vector<is_avx>(cpu));
    TRY(store_operand<u32>(cpu, instruction, cpu.state.vector.mxcsr));
    return Flow::next;
}

template <Handler handler>
Handler select(const Decoded&, Instruction&) {
    return handler;
}

} // namespace

void add_extended_state(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_FXSAVE, &select<&fxsave<false>>);
    table.add(ZYDIS_MNEMONIC_FXSAVE64, &select<&fxsave<true>>);
    table.add(ZYDIS_MNEMONIC_FXRSTOR, &select<&fxrstor<false>>);
    table.add(ZYDIS_MNEMONIC_FXRSTOR64, &select<&fxrstor<true>>);
    table.add(ZYDIS_MNEMONIC_XSAVE, &select<&xsave<false, SaveForm::standard>>);
    table.add(ZYDIS_MNEMONIC_XSAVE64, &select<&xsave<true, SaveForm::standard>>);
    table.add(ZYDIS_MNEMONIC_XSAVEOPT, &select<&xsave<false, SaveForm::optimised>>);
    table.add(ZYDIS_MNEMONIC_XSAVEOPT64, &select<&xsave<true, SaveForm::optimised>>);
    table.add(ZYDIS_MNEMONIC_XSAVEC, &select<&xsave<false, SaveForm::compacted>>);
    table.add(ZYDIS_MNEMONIC_XSAVEC64, &select<&xsave<true, SaveForm::compacted>>);
    table.add(ZYDIS_MNEMONIC_XRSTOR, &select<&xrstor<false>>);
    table.add(ZYDIS_MNEMONIC_XRSTOR64, &select<&xrstor<true>>);
    table.add(ZYDIS_MNEMONIC_XGETBV, &select<&xgetbv>);
    table.add(ZYDIS_MNEMONIC_XSETBV, &select<&xsetbv>);
    table.add(ZYDIS_MNEMONIC_LDMXCSR, &select<&ldmxcsr<false>>);
    table.add(ZYDIS_MNEMONIC_STMXCSR, &select<&stmxcsr<false>>);
    table.add(ZYDIS_MNEMONIC_VLDMXCSR, &select<&ldmxcsr<true>>);
    table.add(ZYDIS_MNEMONIC_VSTMXCSR, &select<&stmxcsr<true>>);
}

} // namespace ringer::x86
