#include "x86/semantics/system_families.h"

/// Hints, fences and cache control: without caches and with memory in program order, only their checks can be
/// seen.
namespace ringer::x86 {

namespace {

Outcome do_nothing(Cpu&, const Instruction&) { return Flow::next; }

/// CLFLUSH, CLFLUSHOPT, CLWB: checked like a load of one byte, but code that cannot be read may be flushed
/// (Intel SDM Vol. 2A, CLFLUSH).
Outcome flush_line(Cpu& cpu, const Instruction& instruction) {
    const u64 linear = TRY(operand_address(cpu, instruction, 1, Access::execute));
    TRY(check_readable(cpu, linear, 1, instruction.segment));
    return Flow::next;
}

} // namespace

void add_hints(SelectorTable& table) {
    // BND*, ENDBR*, RDSSP* and CLDEMOTE stand in the space of NOPs, and are NOPs where MPX, CET or CLDEMOTE
    // is off.
    for (const ZydisMnemonic mnemonic :
         {ZYDIS_MNEMONIC_NOP,        ZYDIS_MNEMONIC_PAUSE,       ZYDIS_MNEMONIC_PREFETCH,
          ZYDIS_MNEMONIC_PREFETCHW,  ZYDIS_MNEMONIC_PREFETCHWT1, ZYDIS_MNEMONIC_PREFETCHNTA,
          ZYDIS_MNEMONIC_PREFETCHT0, ZYDIS_MNEMONIC_PREFETCHT1,  ZYDIS_MNEMONIC_PREFETCHT2,
          ZYDIS_MNEMONIC_LFENCE,     ZYDIS_MNEMONIC_MFENCE,      ZYDIS_MNEMONIC_SFENCE,
          ZYDIS_MNEMONIC_ENDBR32,    ZYDIS_MNEMONIC_ENDBR64,     ZYDIS_MNEMONIC_RDSSPD,
          ZYDIS_MNEMONIC_RDSSPQ,     ZYDIS_MNEMONIC_BNDCL,       ZYDIS_MNEMONIC_BNDCN,
          ZYDIS_MNEMONIC_BNDCU,      ZYDIS_MNEMONIC_BNDLDX,      ZYDIS_MNEMONIC_BNDMK,
          ZYDIS_MNEMONIC_BNDMOV,     ZYDIS_MNEMONIC_BNDSTX,      ZYDIS_MNEMONIC_CLDEMOTE})
        table.add(mnemonic, &always<&do_nothing>);
    for (const ZydisMnemonic mnemonic :
         {ZYDIS_MNEMONIC_CLFLUSH, ZYDIS_MNEMONIC_CLFLUSHOPT, ZYDIS_MNEMONIC_CLWB})
        table.add(mnemonic, &always<&flush_line>);
}

} // namespace ringer::x86
