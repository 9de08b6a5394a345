#include "x86/cpuid.h"
#include "x86/semantics/operands.h"
#include "x86/semantics/system_families.h"

/// Hints, fences and cache control: without caches and with memory in program order, only their checks can be
/// seen.
namespace ringer::x86 {

namespace {

Outcome do_nothing(Cpu&, const Instruction&) { return Flow::next; }

/// On AMD's CPUs REX.B makes XCHG R8, rAX of the NOP that PAUSE is with F3 in front of it.
template <class T>
Outcome exchange_r8(Cpu& cpu, const Instruction&) {
    const T old = cpu.get<T>(gpr_offset(rax));
    cpu.set<T>(gpr_offset(rax), cpu.get<T>(gpr_offset(r8)));
    cpu.set<T>(gpr_offset(r8), old);
    return Flow::next;
}

Handler select_pause(const Decoded& decoded, Instruction&) {
    if (!decoded.model.is_amd || !decoded.instruction.raw.rex.B) return &do_nothing;
    return for_wide(decoded.instruction.operand_width, []<class T>() -> Handler { return &exchange_r8<T>; });
}

/// NOP and the prefetches. AMD has no register operand behind 0F 0D.
Handler select_nop(const Decoded& decoded, Instruction&) {
    const ZydisDecodedInstruction& zydis = decoded.instruction;
    const bool is_prefetch = zydis.opcode_map == ZYDIS_OPCODE_MAP_0F && zydis.opcode == 0x0d;
    if (decoded.model.is_amd && is_prefetch && zydis.raw.modrm.mod == 3) return nullptr;
    return &do_nothing;
}

/// CLFLUSH, CLFLUSHOPT, CLWB: checked like a load of one byte, but code that cannot be read may be flushed
/// (Intel SDM Vol. 2A, CLFLUSH).
Outcome flush_line(Cpu& cpu, const Instruction& instruction) {
    const u64 linear = TRY(operand_address(cpu, instruction, 1, Access::execute));
    TRY(check_readable(cpu, linear, 1, instruction.segment));
    return Flow::next;
}

} // namespace

void add_hints(SelectorTable& table) {
    for (const ZydisMnemonic mnemonic :
         {ZYDIS_MNEMONIC_PREFETCH, ZYDIS_MNEMONIC_PREFETCHW, ZYDIS_MNEMONIC_PREFETCHWT1,
          ZYDIS_MNEMONIC_PREFETCHNTA, ZYDIS_MNEMONIC_PREFETCHT0, ZYDIS_MNEMONIC_PREFETCHT1,
          ZYDIS_MNEMONIC_PREFETCHT2, ZYDIS_MNEMONIC_LFENCE, ZYDIS_MNEMONIC_MFENCE, ZYDIS_MNEMONIC_SFENCE})
        table.add(mnemonic, &always<&do_nothing>);
    table.add(ZYDIS_MNEMONIC_NOP, &select_nop);
    table.add(ZYDIS_MNEMONIC_PAUSE, &select_pause);
    for (const ZydisMnemonic mnemonic :
         {ZYDIS_MNEMONIC_CLFLUSH, ZYDIS_MNEMONIC_CLFLUSHOPT, ZYDIS_MNEMONIC_CLWB})
        table.add(mnemonic, &always<&flush_line>);
}

} // namespace ringer::x86
