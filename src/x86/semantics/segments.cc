#include "x86/cpuid.h"
#include "x86/segmentation.h"
#include "x86/semantics/system_families.h"
#include "x86/stack_frame.h"

namespace ringer::x86 {

namespace {

SegmentRegister segment_operand(const Instruction& instruction, unsigned index) {
    return static_cast<SegmentRegister>(instruction.operand[index]);
}

/// After a load of SS nothing interrupts before the next instruction, which is to load RSP (Intel SDM Vol.
/// 3, 6.8.3).
Outcome after_segment_load(Cpu& cpu, SegmentRegister segment) {
    if (segment != ss) return Flow::next;
    cpu.state.interrupt_shadow = InterruptShadow::events;
    cpu.request_check();
    return Flow::end_block;
}

Outcome move_to_segment(Cpu& cpu, const Instruction& instruction) {
    const SegmentRegister segment = segment_operand(instruction, 0);
    const u16 selector = TRY(read_selector_operand(cpu, instruction, 1));
    TRY(load_segment(cpu, segment, selector));
    return after_segment_load(cpu, segment);
}

Outcome move_from_segment(Cpu& cpu, const Instruction& instruction) {
    TRY(write_word_or_register(cpu, instruction,
                               cpu.state.segments[segment_operand(instruction, 1)].selector));
    return Flow::next;
}

bool is_segment_register(const Decoded& decoded, unsigned index) {
    return decoded.is_register(index) &&
           ZydisRegisterGetClass(decoded.operands[index].reg.value) == ZYDIS_REGCLASS_SEGMENT;
}

Handler select_move(const Decoded& decoded, Instruction& instruction) {
    if (is_segment_register(decoded, 0)) return instruction.operand[0] == cs ? nullptr : &move_to_segment;
    if (!is_segment_register(decoded, 1)) return nullptr;
    take_size_of_register(decoded, instruction);
    return &move_from_segment;
}

/// Intel moves 16 bits and leaves the rest of a wider slot alone; AMD writes zeros there.
Outcome push_segment(Cpu& cpu, const Instruction& instruction) {
    const u16 selector = cpu.state.segments[segment_operand(instruction, 0)].selector;
    PushStack stack = PushStack::current(cpu);
    const unsigned written = cpu.model.is_amd || cpu.long64() ? instruction.operand_size : 2;
    stack.skip(instruction.operand_size - written);
    TRY(stack.push(selector, written));
    stack.commit();
    return Flow::next;
}

Outcome pop_segment(Cpu& cpu, const Instruction& instruction) {
    const SegmentRegister segment = segment_operand(instruction, 0);
    PopStack stack(cpu);
    const u64 value = TRY(stack.pop(instruction.operand_size));
    TRY(load_segment(cpu, segment, static_cast<u16>(value)));
    stack.commit();
    return after_segment_load(cpu, segment);
}

Handler select_push(const Decoded& decoded, Instruction&) {
    return is_segment_register(decoded, 0) ? &push_segment : nullptr;
}

Handler select_pop(const Decoded& decoded, Instruction&) {
    return is_segment_register(decoded, 0) ? &pop_segment : nullptr;
}

/// LDS, LES, LSS, LFS, LGS.
template <SegmentRegister segment>
Outcome load_pointer(Cpu& cpu, const Instruction& instruction) {
    const FarPointer pointer = TRY(load_far_pointer(cpu, instruction));
    TRY(load_segment(cpu, segment, pointer.selector));
    write_wide_register(cpu, instruction, instruction.operand[0], pointer.offset);
    return Flow::next;
}

template <std::unsigned_integral T, SegmentRegister segment>
Outcome read_segment_base(Cpu& cpu, const Instruction& instruction) {
    if (!(cpu.state.cr4 & cr4::fsgsbase)) return invalid_opcode(cpu);
    cpu.set<T>(instruction.operand[0], static_cast<T>(cpu.state.segments[segment].base));
    return Flow::next;
}

template <std::unsigned_integral T, SegmentRegister segment>
Outcome write_segment_base(Cpu& cpu, const Instruction& instruction) {
    if (!(cpu.state.cr4 & cr4::fsgsbase)) return invalid_opcode(cpu);
    const u64 base = cpu.get<T>(instruction.operand[0]);
    if (!is_canonical(base)) return general_protection(cpu);
    cpu.state.segments[segment].base = base;
    return Flow::next;
}

template <SegmentRegister segment>
Handler select_read_base(const Decoded& decoded, Instruction&) {
    return decoded.operand_bits(0) == 64 ? &read_segment_base<u64, segment>
                                         : &read_segment_base<u32, segment>;
}

template <SegmentRegister segment>
Handler select_write_base(const Decoded& decoded, Instruction&) {
    return decoded.operand_bits(0) == 64 ? &write_segment_base<u64, segment>
                                         : &write_segment_base<u32, segment>;
}

Outcome swap_gs(Cpu& cpu, const Instruction&) {
    TRY(require_privilege(cpu));
    std::swap(cpu.state.segments[gs].base, cpu.state.msr.kernel_gs_base);
    return Flow::next;
}

} // namespace

Guest<FarPointer> load_far_pointer(Cpu& cpu, const Instruction& instruction) {
    const unsigned size = cpu.model.is_amd && instruction.operand_size == 8 ? 4 : instruction.operand_size;
    const u64 first = TRY(operand_address(cpu, instruction, size, Access::read));
    FarPointer pointer{};
    TRY(load_bytes(cpu, first, reinterpret_cast<u8*>(&pointer.offset), size, instruction.segment));
    const u64 behind = (effective_address(cpu, instruction) + size) & (~u64{0} >> instruction.address_shift);
    const u64 second = TRY(linear_address(cpu, instruction.segment, behind, 2, Access::read));
    pointer.selector = TRY(load<u16>(cpu, second, instruction.segment));
    return pointer;
}

void add_segments(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_MOV, &select_move);
    table.add(ZYDIS_MNEMONIC_PUSH, &select_push);
    table.add(ZYDIS_MNEMONIC_POP, &select_pop);
    table.add(ZYDIS_MNEMONIC_LDS, &always<&load_pointer<ds>>);
    table.add(ZYDIS_MNEMONIC_LES, &always<&load_pointer<es>>);
    table.add(ZYDIS_MNEMONIC_LSS, &always<&load_pointer<ss>>);
    table.add(ZYDIS_MNEMONIC_LFS, &always<&load_pointer<fs>>);
    table.add(ZYDIS_MNEMONIC_LGS, &always<&load_pointer<gs>>);
    table.add(ZYDIS_MNEMONIC_RDFSBASE, &select_read_base<fs>);
    table.add(ZYDIS_MNEMONIC_RDGSBASE, &select_read_base<gs>);
    table.add(ZYDIS_MNEMONIC_WRFSBASE, &select_write_base<fs>);
    table.add(ZYDIS_MNEMONIC_WRGSBASE, &select_write_base<gs>);
    table.add(ZYDIS_MNEMONIC_SWAPGS, &always<&swap_gs>);
    add_descriptor_tables(table);
    add_segment_queries(table);
}

} // namespace ringer::x86
