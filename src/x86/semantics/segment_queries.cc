#include "x86/segmentation.h"
#include "x86/semantics/system_families.h"

#include <algorithm>

/// Instructions by which a program asks about a selector before it uses it (Intel SDM Vol. 3, 5.10). None of
/// them faults over the descriptor: ZF tells.
namespace ringer::x86 {

namespace {

void set_zero_flag(Cpu& cpu, bool on) {
    cpu.state.rflags = on ? cpu.state.rflags | flag::zf : cpu.state.rflags & ~flag::zf;
}

bool is_one_of(unsigned type, std::initializer_list<unsigned> types) {
    return std::ranges::find(types, type) != types.end();
}

bool has_access_rights(const Cpu& cpu, const Descriptor& descriptor) {
    using namespace system_type;
    if (descriptor.is_code_or_data() || is_one_of(descriptor.type(), {ldt, tss, busy_tss, call_gate}))
        return true;
    return !cpu.long_mode_active() &&
           is_one_of(descriptor.type(), {tss16, busy_tss16, call_gate16, task_gate});
}

bool has_limit(const Cpu& cpu, const Descriptor& descriptor) {
    using namespace system_type;
    return has_access_rights(cpu, descriptor) &&
           (descriptor.is_code_or_data() ||
            !is_one_of(descriptor.type(), {call_gate, call_gate16, task_gate}));
}

bool visible(const Cpu& cpu, u16 selector, const Descriptor& descriptor) {
    return descriptor.is_conforming() ||
           descriptor.dpl() >= std::max<unsigned>(cpu.state.cpl, requested_privilege(selector));
}

Guest<std::optional<Descriptor>> find_visible(Cpu& cpu, u16 selector) {
    if (is_null(selector)) return std::nullopt;
    const std::optional<Descriptor> descriptor = TRY(find_descriptor(cpu, selector));
    return descriptor && visible(cpu, selector, *descriptor) ? descriptor : std::nullopt;
}

/// LAR and LSL.
template <bool (*applies)(const Cpu&, const Descriptor&), u64 (*value)(const Descriptor&)>
Outcome query(Cpu& cpu, const Instruction& instruction) {
    if (!cpu.protected_mode()) return invalid_opcode(cpu);
    const u16 selector = TRY(read_selector_operand(cpu, instruction, 1));
    const std::optional<Descriptor> descriptor = TRY(find_visible(cpu, selector));
    const bool answered = descriptor && applies(cpu, *descriptor);
    if (answered) write_wide_register(cpu, instruction, instruction.operand[0], value(*descriptor));
    set_zero_flag(cpu, answered);
    return Flow::next;
}

u64 access_rights(const Descriptor& descriptor) { return (descriptor.low >> 32) & 0x00ff'ff00; }

u64 limit(const Descriptor& descriptor) { return segment_from(0, descriptor).limit; }

/// VERR and VERW.
template <Access access>
Outcome verify(Cpu& cpu, const Instruction& instruction) {
    if (!cpu.protected_mode()) return invalid_opcode(cpu);
    const u16 selector = TRY(read_selector_operand(cpu, instruction, 0));
    const std::optional<Descriptor> descriptor = TRY(find_visible(cpu, selector));
    set_zero_flag(cpu, descriptor &&
                           (access == Access::read ? descriptor->is_readable() : descriptor->is_writable()));
    return Flow::next;
}

Outcome adjust_requested_privilege(Cpu& cpu, const Instruction& instruction) {
    if (!cpu.protected_mode()) return invalid_opcode(cpu);
    const unsigned source = requested_privilege(cpu.get<u16>(instruction.operand[1]));
    const u16 destination = TRY(read_selector_operand(cpu, instruction, 0));
    const bool raised = requested_privilege(destination) < source;
    const auto adjusted = static_cast<u16>(raised ? (destination & 0xfffc) | source : destination);
    if (!instruction.has_memory)
        cpu.set<u16>(instruction.operand[0], adjusted);
    else if (raised)
        TRY(store_operand<u16>(cpu, instruction, adjusted));
    set_zero_flag(cpu, raised);
    return Flow::next;
}

} // namespace

void add_segment_queries(SelectorTable& table) {
    table.add(ZYDIS_MNEMONIC_LAR, &always<&query<&has_access_rights, &access_rights>>);
    table.add(ZYDIS_MNEMONIC_LSL, &always<&query<&has_limit, &limit>>);
    table.add(ZYDIS_MNEMONIC_VERR, &always<&verify<Access::read>>);
    table.add(ZYDIS_MNEMONIC_VERW, &always<&verify<Access::write>>);
    table.add(ZYDIS_MNEMONIC_ARPL, &always<&adjust_requested_privilege>);
}

} // namespace ringer::x86
