#include "x86/cpuid.h"
#include "x86/msr.h"
#include "x86/semantics/system_families.h"

/// CPUID, RDMSR, WRMSR, and the instructions that read one model-specific register each (Intel SDM Vol. 2).
namespace ringer::x86 {

namespace {

void set_edx_eax(Cpu& cpu, u64 value) {
    cpu.state.gpr[rax] = value & 0xffff'ffff;
    cpu.state.gpr[rdx] = value >> 32;
}

Outcome identify(Cpu& cpu, const Instruction&) {
    CpuState& state = cpu.state;
    const CpuidLeaf leaf = cpuid(cpu, cpu.get<u32>(gpr_offset(rax)), cpu.get<u32>(gpr_offset(rcx)));
    state.gpr[rax] = leaf.eax;
    state.gpr[rbx] = leaf.ebx;
    state.gpr[rcx] = leaf.ecx;
    state.gpr[rdx] = leaf.edx;
    return Flow::next;
}

Outcome read_model_register(Cpu& cpu, const Instruction&) {
    TRY(require_privilege(cpu));
    const std::optional<u64> value = read_msr(cpu, cpu.get<u32>(gpr_offset(rcx)));
    if (!value) return general_protection(cpu);
    set_edx_eax(cpu, *value);
    return Flow::next;
}

Outcome write_model_register(Cpu& cpu, const Instruction&) {
    TRY(require_privilege(cpu));
    const u64 value = u64{cpu.get<u32>(gpr_offset(rdx))} << 32 | cpu.get<u32>(gpr_offset(rax));
    TRY(write_msr(cpu, cpu.get<u32>(gpr_offset(rcx)), value));
    return Flow::end_block;
}

Guest<void> check_time_stamp_permission(Cpu& cpu) {
    if ((cpu.state.cr4 & cr4::tsd) && cpu.state.cpl != 0) return general_protection(cpu);
    return {};
}

Outcome read_time_stamp(Cpu& cpu, const Instruction&) {
    TRY(check_time_stamp_permission(cpu));
    set_edx_eax(cpu, time_stamp(cpu));
    return Flow::next;
}

Outcome read_time_stamp_and_processor(Cpu& cpu, const Instruction&) {
    TRY(check_time_stamp_permission(cpu));
    set_edx_eax(cpu, time_stamp(cpu));
    cpu.state.gpr[rcx] = cpu.state.msr.tsc_aux & 0xffff'ffff;
    return Flow::next;
}

Outcome read_processor(Cpu& cpu, const Instruction& instruction) {
    if (cpu.long64())
        cpu.set<u64>(instruction.operand[0], cpu.state.msr.tsc_aux);
    else
        cpu.set<u32>(instruction.operand[0], static_cast<u32>(cpu.state.msr.tsc_aux));
    return Flow::next;
}

/// There are no performance counters, so every number of one is bad.
Outcome read_performance_counter(Cpu& cpu, const Instruction&) { return general_protection(cpu); }

} // namespace

void add_model_registers(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_CPUID, &always<&identify>);
    table.add(ZYDIS_MNEMONIC_RDMSR, &always<&read_model_register>);
    table.add(ZYDIS_MNEMONIC_WRMSR, &always<&write_model_register>);
    table.add(ZYDIS_MNEMONIC_RDTSC, &always<&read_time_stamp>);
    table.add(ZYDIS_MNEMONIC_RDTSCP, &always<&read_time_stamp_and_processor>);
    table.add(ZYDIS_MNEMONIC_RDPID, &always<&read_processor>);
    table.add(ZYDIS_MNEMONIC_RDPMC, &always<&read_performance_counter>);
}

void add_system(SelectorTable& table) {
    add_control_registers(table);
    add_flag_control(table);
    add_model_registers(table);
    add_hints(table);
}

} // namespace ringer::x86
