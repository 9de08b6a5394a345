#include "x86/control_registers.h"

#include "x86/cpuid.h"
#include "x86/debug_registers.h"
#include "x86/semantics/system_families.h"

/// MOV to and from control and debug registers, SMSW, LMSW, CLTS, and what drops translations (Intel SDM Vol.
/// 2).
namespace ringer::x86 {

namespace {

u64 read_control_register(const Cpu& cpu, unsigned number) {
    switch (number) {
    case 0: return cpu.state.cr0;
    case 2: return cpu.state.cr2;
    case 3: return cpu.state.cr3;
    case 4: return cpu.state.cr4;
    default: return cpu.surroundings.interrupts().task_priority();
    }
}

/// These moves are 64 bits wide in 64-bit mode and 32 elsewhere, whatever the prefixes.
void set_move_target(Cpu& cpu, const Instruction& instruction, u64 value) {
    if (cpu.long64())
        cpu.set<u64>(instruction.operand[0], value);
    else
        cpu.set<u32>(instruction.operand[0], static_cast<u32>(value));
}

u64 move_source(const Cpu& cpu, const Instruction& instruction) {
    return cpu.long64() ? cpu.get<u64>(instruction.operand[1]) : cpu.get<u32>(instruction.operand[1]);
}

Outcome move_from_control(Cpu& cpu, const Instruction& instruction) {
    TRY(require_privilege(cpu));
    set_move_target(cpu, instruction, read_control_register(cpu, instruction.operand[1]));
    return Flow::next;
}

Outcome move_to_control(Cpu& cpu, const Instruction& instruction) {
    TRY(require_privilege(cpu));
    const u64 value = move_source(cpu, instruction);
    switch (instruction.operand[0]) {
    case 0: TRY(write_cr0(cpu, value)); break;
    case 2: cpu.state.cr2 = value; break;
    case 3: TRY(write_cr3(cpu, value)); break;
    case 4: TRY(write_cr4(cpu, value)); break;
    default: TRY(write_cr8(cpu, value)); break;
    }
    return Flow::end_block;
}

bool control_register_exists(const Decoded& decoded, unsigned number) {
    return number == 0 || (number >= 2 && number <= 4) || (number == 8 && decoded.mode == CodeMode::long64);
}

/// What precedes every access to a debug register. DR4 and DR5 are other names of DR6 and DR7 unless CR4.DE
/// is set.
Guest<unsigned> check_debug_register(Cpu& cpu, unsigned number) {
    const bool is_alias = number == 4 || number == 5;
    if (is_alias && (cpu.state.cr4 & cr4::de)) return invalid_opcode(cpu);
    TRY(require_privilege(cpu));
    if (cpu.state.dr7 & dr7::gd) return raise_debug(cpu, dr6::bd);
    return is_alias ? number + 2 : number;
}

Outcome move_from_debug(Cpu& cpu, const Instruction& instruction) {
    const unsigned number = TRY(check_debug_register(cpu, instruction.operand[1]));
    const CpuState& state = cpu.state;
    set_move_target(cpu, instruction, number == 6 ? state.dr6 : number == 7 ? state.dr7 : state.dr[number]);
    return Flow::next;
}

Outcome move_to_debug(Cpu& cpu, const Instruction& instruction) {
    const unsigned number = TRY(check_debug_register(cpu, instruction.operand[0]));
    const u64 value = move_source(cpu, instruction);
    CpuState& state = cpu.state;
    if (number >= 6 && value >> 32) return general_protection(cpu);
    if (number == 6)
        state.dr6 = (value & dr6::writable) | dr6::always_one;
    else if (number == 7)
        state.dr7 = (value & ~dr7::always_zero) | dr7::always_one;
    else
        state.dr[number] = value;
    mode_changed(cpu);
    cpu.request_check();
    return Flow::end_block;
}

bool has_class(const Decoded& decoded, unsigned index, ZydisRegisterClass expected) {
    return decoded.is_register(index) && ZydisRegisterGetClass(decoded.operands[index].reg.value) == expected;
}

Handler select_move(const Decoded& decoded, Instruction& instruction) {
    if (has_class(decoded, 0, ZYDIS_REGCLASS_CONTROL))
        return control_register_exists(decoded, instruction.operand[0]) ? &move_to_control : nullptr;
    if (has_class(decoded, 1, ZYDIS_REGCLASS_CONTROL))
        return control_register_exists(decoded, instruction.operand[1]) ? &move_from_control : nullptr;
    if (has_class(decoded, 0, ZYDIS_REGCLASS_DEBUG))
        return instruction.operand[0] < 8 ? &move_to_debug : nullptr;
    if (has_class(decoded, 1, ZYDIS_REGCLASS_DEBUG))
        return instruction.operand[1] < 8 ? &move_from_debug : nullptr;
    return nullptr;
}

Outcome store_machine_status(Cpu& cpu, const Instruction& instruction) {
    TRY(check_user_mode_prevention(cpu));
    TRY(write_word_or_register(cpu, instruction, cpu.state.cr0));
    return Flow::next;
}

Handler select_smsw(const Decoded& decoded, Instruction& instruction) {
    take_size_of_register(decoded, instruction);
    return &store_machine_status;
}

/// LMSW changes PE, MP, EM and TS, and cannot clear PE.
Outcome load_machine_status(Cpu& cpu, const Instruction& instruction) {
    TRY(require_privilege(cpu));
    const u64 value = TRY(read_selector_operand(cpu, instruction, 0)) & 0xf;
    const u64 kept = cpu.state.cr0 & (~u64{0xf} | cr0::pe);
    TRY(write_cr0(cpu, kept | value));
    return Flow::end_block;
}

Outcome clear_task_switched(Cpu& cpu, const Instruction&) {
    TRY(require_privilege(cpu));
    cpu.state.cr0 &= ~cr0::ts;
    return Flow::end_block;
}

Outcome invalidate_page(Cpu& cpu, const Instruction& instruction) {
    TRY(require_privilege(cpu));
    const u64 offset = effective_address(cpu, instruction);
    if (cpu.long64())
        cpu.tlb.flush_page(cpu.get<u64>(instruction.segment_base) + offset);
    else
        cpu.tlb.flush_page((cpu.state.segments[instruction.segment].base + offset) & 0xffff'ffff);
    return Flow::end_block;
}

/// What INVPCID's types drop, or more (Intel SDM Vol. 2A, INVPCID).
void drop_translations(Cpu& cpu, u64 type, u16 space, u64 linear) {
    constexpr u64 one_space = 1, everything = 2; // 0: one address, 3: all spaces but global pages.
    if (type == everything) {
        flush_tlb(cpu);
    } else if (type > everything) {
        cpu.tlb.forget_spaces();
        cpu.tlb.flush_space();
    } else if (space != address_space(cpu)) {
        cpu.tlb.forget_space(space);
    } else if (type == one_space) {
        cpu.tlb.flush_space();
    } else {
        cpu.tlb.flush_page(linear);
    }
}

Outcome invalidate_contexts(Cpu& cpu, const Instruction& instruction) {
    TRY(require_privilege(cpu));
    const u64 type =
        cpu.long64() ? cpu.get<u64>(instruction.operand[0]) : cpu.get<u32>(instruction.operand[0]);
    const u64 address = TRY(operand_address(cpu, instruction, 16, Access::read));
    std::array<u64, 2> descriptor{}; // PCID, linear address.
    TRY(load_bytes(cpu, address, reinterpret_cast<u8*>(descriptor.data()), 16, instruction.segment));
    const bool pcid_is_bad = type <= 1 && descriptor[0] && !(cpu.state.cr4 & cr4::pcide);
    if (type > 3 || descriptor[0] >> 12 || pcid_is_bad) return general_protection(cpu);
    if (type == 0 && !is_canonical(descriptor[1])) return general_protection(cpu);
    drop_translations(cpu, type, static_cast<u16>(descriptor[0]), descriptor[1]);
    return Flow::end_block;
}

/// INVD, WBINVD: caches cannot be seen.
Outcome write_back_caches(Cpu& cpu, const Instruction&) {
    TRY(require_privilege(cpu));
    return Flow::next;
}

} // namespace

void add_control_registers(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_MOV, &select_move);
    table.add(ZYDIS_MNEMONIC_SMSW, &select_smsw);
    table.add(ZYDIS_MNEMONIC_LMSW, &always<&load_machine_status>);
    table.add(ZYDIS_MNEMONIC_CLTS, &always<&clear_task_switched>);
    table.add(ZYDIS_MNEMONIC_INVLPG, &always<&invalidate_page>);
    table.add(ZYDIS_MNEMONIC_INVPCID, &always<&invalidate_contexts>);
    table.add(ZYDIS_MNEMONIC_INVD, &always<&write_back_caches>);
    table.add(ZYDIS_MNEMONIC_WBINVD, &always<&write_back_caches>);
}

} // namespace ringer::x86
