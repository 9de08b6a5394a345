#include "base/bits.h"
#include "x86/segmentation.h"
#include "x86/semantics/system_families.h"

/// The registers that say where the descriptor tables and the TSS are (Intel SDM Vol. 3, 2.4).
namespace ringer::x86 {

namespace {

template <DescriptorTable CpuState::* table>
Outcome store_table(Cpu& cpu, const Instruction& instruction) {
    TRY(check_user_mode_prevention(cpu));
    const DescriptorTable& source = cpu.state.*table;
    const unsigned base_size = cpu.long64() ? 8 : 4;
    std::array<u8, 10> image{};
    __builtin_memcpy(image.data(), &source.limit, 2);
    __builtin_memcpy(image.data() + 2, &source.base, 8);
    const u64 linear = TRY(operand_address(cpu, instruction, base_size + 2, Access::write));
    TRY(store_bytes(cpu, linear, image.data(), base_size + 2, instruction.segment));
    return Flow::next;
}

template <DescriptorTable CpuState::* table>
Outcome load_table(Cpu& cpu, const Instruction& instruction) {
    TRY(require_privilege(cpu));
    const unsigned base_size = cpu.long64() ? 8 : 4;
    const u64 linear = TRY(operand_address(cpu, instruction, base_size + 2, Access::read));
    std::array<u8, 10> image{};
    TRY(load_bytes(cpu, linear, image.data(), base_size + 2, instruction.segment));
    DescriptorTable loaded;
    __builtin_memcpy(&loaded.limit, image.data(), 2);
    __builtin_memcpy(&loaded.base, image.data() + 2, 8);
    if (!cpu.long64() && instruction.operand_size == 2) loaded.base &= 0xff'ffff;
    if (!is_canonical(loaded.base)) return general_protection(cpu);
    cpu.state.*table = loaded;
    return Flow::next;
}

template <Segment CpuState::* which>
Outcome store_system_segment(Cpu& cpu, const Instruction& instruction) {
    if (!cpu.protected_mode()) return invalid_opcode(cpu);
    TRY(check_user_mode_prevention(cpu));
    TRY(write_word_or_register(cpu, instruction, (cpu.state.*which).selector));
    return Flow::next;
}

/// LDTR and TR describe segments of the GDT alone.
Guest<Descriptor> read_global_descriptor(Cpu& cpu, u16 selector) {
    if (selector & 4) return general_protection(cpu, selector_error(selector));
    return read_descriptor(cpu, selector);
}

/// In long mode no type may stand in the upper half of the descriptor, so that no selector can name that
/// half, and the base is canonical (Intel SDM Vol. 3, 7.2.3; AMD APM Vol. 2, 4.8.3).
Guest<void> check_upper_half(Cpu& cpu, u16 selector, const Descriptor& descriptor) {
    if (!cpu.long_mode_active()) return {};
    if (bits(descriptor.high, 40, 5) || !is_canonical(segment_from(selector, descriptor).base))
        return general_protection(cpu, selector_error(selector));
    return {};
}

Outcome load_local_table(Cpu& cpu, const Instruction& instruction) {
    if (!cpu.protected_mode()) return invalid_opcode(cpu);
    TRY(require_privilege(cpu));
    const u16 selector = TRY(read_selector_operand(cpu, instruction, 0));
    if (is_null(selector)) {
        cpu.state.ldtr = {.selector = selector};
        return Flow::next;
    }
    const Descriptor descriptor = TRY(read_global_descriptor(cpu, selector));
    if (!descriptor.is_system(system_type::ldt)) return general_protection(cpu, selector_error(selector));
    if (!descriptor.present()) return raise(cpu, Vector::segment_not_present, selector_error(selector));
    TRY(check_upper_half(cpu, selector, descriptor));
    cpu.state.ldtr = segment_from(selector, descriptor);
    return Flow::next;
}

Outcome load_task_register(Cpu& cpu, const Instruction& instruction) {
    if (!cpu.protected_mode()) return invalid_opcode(cpu);
    TRY(require_privilege(cpu));
    const u16 selector = TRY(read_selector_operand(cpu, instruction, 0));
    if (is_null(selector)) return general_protection(cpu);
    Descriptor descriptor = TRY(read_global_descriptor(cpu, selector));
    const bool is_16_bit = descriptor.is_system(system_type::tss16) && !cpu.long_mode_active();
    if (!is_16_bit && !descriptor.is_system(system_type::tss))
        return general_protection(cpu, selector_error(selector));
    if (!descriptor.present()) return raise(cpu, Vector::segment_not_present, selector_error(selector));
    TRY(check_upper_half(cpu, selector, descriptor));
    TRY(mark_busy(cpu, descriptor, true));
    cpu.state.tr = segment_from(selector, descriptor);
    return Flow::next;
}

template <Segment CpuState::* which>
Handler select_store_system_segment(const Decoded& decoded, Instruction& instruction) {
    take_size_of_register(decoded, instruction);
    return &store_system_segment<which>;
}

} // namespace

void add_descriptor_tables(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_SGDT, &always<&store_table<&CpuState::gdtr>>);
    table.add(ZYDIS_MNEMONIC_SIDT, &always<&store_table<&CpuState::idtr>>);
    table.add(ZYDIS_MNEMONIC_LGDT, &always<&load_table<&CpuState::gdtr>>);
    table.add(ZYDIS_MNEMONIC_LIDT, &always<&load_table<&CpuState::idtr>>);
    table.add(ZYDIS_MNEMONIC_SLDT, &select_store_system_segment<&CpuState::ldtr>);
    table.add(ZYDIS_MNEMONIC_STR, &select_store_system_segment<&CpuState::tr>);
    table.add(ZYDIS_MNEMONIC_LLDT, &always<&load_local_table>);
    table.add(ZYDIS_MNEMONIC_LTR, &always<&load_task_register>);
}

} // namespace ringer::x86
