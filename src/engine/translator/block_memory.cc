#include "engine/translator/block_translator.h"

/// Memory operands: the inline check against the software TLB, and what the stack instructions do with it.
namespace ringer::engine::translator {

namespace {

bool is_general_register(x86::RegisterOffset offset) {
    return offset >= x86::gpr_offset(0) && offset <= x86::gpr_offset(15);
}

unsigned register_number(x86::RegisterOffset offset) { return (offset - x86::gpr_offset(0)) / 8; }

} // namespace

const x86::Tlb::View& BlockTranslator::view() const {
    return context_.cpu->tlb.view(static_cast<x86::TlbView>(condition_.view));
}

const u64& BlockTranslator::tag(bool of_write) const {
    return of_write ? view().front().write_tag : view().front().read_tag;
}

host::Mem BlockTranslator::memory_operand(const HostMemory& memory, unsigned size) const {
    if (memory.index == HostMemory::no_index) return host::ptr(gp64(memory.base), memory.displacement, size);
    return host::ptr(gp64(memory.base), gp64(memory.index), 0, memory.displacement, size);
}

/// An address XOR the tag of its page is its offset in the page; of any other page it is larger than that,
/// and of an access that leaves the page it is too large for its size.
void BlockTranslator::check_linear(HostRegister linear, const MemoryAccess& access) {
    if (access.alignment > 1) { // Looked at before the page is.
        a_.test(gp32(linear), access.alignment - 1);
        interpret_if(host::CondCode::kNZ);
    }
    emitter_.find_tlb_entry(scratch_b, linear);
    if (linear != scratch_a) a_.mov(gp64(scratch_a), gp64(linear));
    a_.xor_(gp64(scratch_a), emitter_.at_offset(tag(access.is_write), scratch_b));
    a_.cmp(gp64(scratch_a), static_cast<i32>(memory::page_size - access.size));
    SideExit& missed = add_exit(SideExit::Kind::access);
    missed.accessed_size = static_cast<u16>(access.size);
    missed.begins_with_write = missed.wants_write = access.is_write;
    exit_if(host::CondCode::kA);
    missed.behind_check = here();
}

HostMemory BlockTranslator::check_stack() {
    const StackAccess access = *stack_access(current());
    const HostRegister base = host_register[access.base];
    const HostMemory direct{base, scratch_b, access.displacement};
    const auto load = [this, access](i32 added) {
        a_.lea(gp64(scratch_a), host::ptr(gp64(host_register[access.base]), access.displacement + added));
    };
    if (current().stack.is_grouped()) return in_group(current().stack, load, direct);
    before_check();
    if (access.displacement != 0) load(0);
    check_linear(access.displacement != 0 ? scratch_a : base, access.access);
    a_.mov(gp64(scratch_b), emitter_.at_offset(view().front().addend, scratch_b));
    return direct;
}

std::optional<HostMemory> BlockTranslator::plain_operand() const {
    const x86::Instruction& instruction = current().instruction;
    const bool is_plain = is_general_register(instruction.base) && instruction.index == x86::zero_offset &&
                          instruction.segment_base == x86::zero_offset &&
                          is_pinned(register_number(instruction.base));
    if (!is_plain) return std::nullopt;
    return HostMemory{host_register[register_number(instruction.base)], scratch_b, instruction.displacement};
}

HostMemory BlockTranslator::check_operand() {
    const MemoryAccess access = *operand_access(current(), is_amd_);
    const std::optional<HostMemory> plain = plain_operand();
    const auto load = [this](i32 added) { load_linear_address(added); };
    if (current().operand.is_grouped()) return in_group(current().operand, load, plain);
    before_check();
    const bool is_in_register = plain && plain->displacement == 0;
    if (!is_in_register) load(0);
    check_linear(is_in_register ? plain->base : scratch_a, access);
    if (!plain) a_.xor_(gp64(scratch_a), emitter_.at_offset(tag(access.is_write), scratch_b));
    a_.mov(gp64(scratch_b), emitter_.at_offset(view().front().addend, scratch_b));
    return plain.value_or(HostMemory{scratch_a, scratch_b, 0});
}

HostMemory BlockTranslator::in_group(const PlannedAccess& planned, const LoadAddress& load,
                                     const std::optional<HostMemory>& direct) {
    u64& addend = context_.addends[planned.group];
    if (planned.is_first) check_group(block_->groups[planned.group], addend, load);
    if (!direct) load(0);
    if (!direct || !planned.is_first) a_.mov(gp64(scratch_b), emitter_.at(addend));
    return direct.value_or(HostMemory{scratch_a, scratch_b, 0});
}

void BlockTranslator::check_group(const AccessGroup& group, u64& addend, const LoadAddress& load) {
    before_check();
    if (group.alignment > 1) {
        load(0);
        a_.test(gp32(scratch_a), group.alignment - 1);
        add_exit(SideExit::Kind::careful);
        exit_if(host::CondCode::kNZ);
    }
    if (group.alignment == 1 || group.begin != 0) load(group.begin);
    emitter_.find_tlb_entry(scratch_b, scratch_a);
    a_.xor_(gp64(scratch_a), emitter_.at_offset(tag(group.is_write), scratch_b));
    a_.cmp(gp64(scratch_a), static_cast<i32>(memory::page_size) - (group.end - group.begin));
    SideExit& missed = add_exit(SideExit::Kind::group);
    missed.accessed_size = static_cast<u16>(group.end - group.begin);
    missed.begins_with_write = group.begins_with_write;
    missed.wants_write = group.is_write;
    exit_if(host::CondCode::kA);
    missed.behind_check = here();
    a_.mov(gp64(scratch_b), emitter_.at_offset(view().front().addend, scratch_b));
    a_.mov(emitter_.at(addend), gp64(scratch_b));
}

HostRegister BlockTranslator::value_of(unsigned guest, HostRegister scratch) {
    if (is_pinned(guest)) return host_register[guest];
    a_.mov(gp64(scratch), emitter_.guest_register(guest));
    return scratch;
}

host::Mem BlockTranslator::effective_address() {
    const x86::Instruction& instruction = current().instruction;
    const bool has_base = is_general_register(instruction.base);
    const bool has_index = is_general_register(instruction.index);
    if (instruction.base == x86::rip_offset) {
        emitter_.load_address_in_page(scratch_a, 0);
        // The sum may leave 32 bits by at most a page, and is then taken in two steps.
        const i64 offset = i64{current().end_in_page()} + instruction.displacement;
        if (offset == static_cast<i32>(offset)) return host::ptr(gp64(scratch_a), static_cast<i32>(offset));
        a_.lea(gp64(scratch_a), host::ptr(gp64(scratch_a), current().end_in_page()));
        return host::ptr(gp64(scratch_a), instruction.displacement);
    }
    const HostRegister base = has_base ? value_of(register_number(instruction.base), scratch_a) : scratch_a;
    if (!has_index && has_base) return host::ptr(gp64(base), instruction.displacement);
    if (!has_index) {
        a_.mov(gp64(scratch_a), instruction.displacement);
        return host::ptr(gp64(scratch_a));
    }
    const host::Gp index = gp64(value_of(register_number(instruction.index), scratch_b));
    if (has_base) return host::ptr(gp64(base), index, instruction.scale, instruction.displacement);
    return host::ptr(static_cast<u64>(static_cast<i64>(instruction.displacement)), index, instruction.scale);
}

void BlockTranslator::load_linear_address(i32 added) {
    const x86::Instruction& instruction = current().instruction;
    host::Mem address = effective_address();
    address.addOffset(added);
    a_.lea(gp64(scratch_a), address);
    if (instruction.segment_base == x86::zero_offset) return;
    const bool can_leave_canonical_form =
        is_general_register(instruction.base) || is_general_register(instruction.index);
    if (is_amd_ && can_leave_canonical_form) { // As based_address() has it.
        a_.mov(gp64(scratch_b), gp64(scratch_a));
        a_.sar(gp64(scratch_b), 47);
        a_.add(gp64(scratch_b), 1);
        a_.cmp(gp64(scratch_b), 1);
        interpret_if(host::CondCode::kA);
    }
    a_.add(gp64(scratch_a), emitter_.at(&context_.cpu->state.segments[instruction.segment].base, 8));
}

void BlockTranslator::load_address() {
    const unsigned guest = static_cast<unsigned>(current().register_of(0));
    flags_before_write(static_cast<int>(guest));
    host::Mem address = effective_address();
    const HostRegister into = is_pinned(guest) ? host_register[guest] : scratch_a;
    // An address of 32 bits is extended with zeros, as a result of 32 bits is.
    const unsigned size = std::min(size_in_bytes(0), unsigned{current().instruction.address_size()});
    if (size == 2 && into == scratch_a) {
        a_.lea(gp64(scratch_b), address);
        a_.mov(emitter_.guest_register(guest, 2), gp(scratch_b, 2));
        return;
    }
    a_.lea(gp(into, size), address);
    if (into == scratch_a) a_.mov(emitter_.guest_register(guest), gp64(into));
}

void BlockTranslator::push() {
    flags_before_write(x86::rsp);
    if (current().instruction.has_memory) {
        const HostMemory source = check_operand();
        a_.mov(gp64(scratch_a), memory_operand(source, 8));
        a_.mov(emitter_.at(context_.target), gp64(scratch_a));
    }
    const HostMemory memory = check_stack();
    const host::Mem slot = memory_operand(memory, 8);
    if (current().decoded.is_immediate(0)) {
        a_.mov(slot, static_cast<i32>(current().instruction.immediate));
    } else if (current().instruction.has_memory) {
        a_.mov(gp64(scratch_a), emitter_.at(context_.target));
        a_.mov(slot, gp64(scratch_a));
    } else {
        a_.mov(slot, gp64(value_of(static_cast<unsigned>(current().register_of(0)), scratch_a)));
    }
    move_stack_pointer(-8);
}

void BlockTranslator::move_stack_pointer(i32 bytes) {
    const host::Gp stack_pointer = gp64(host_register[x86::rsp]);
    a_.lea(stack_pointer, host::ptr(stack_pointer, bytes));
}

void BlockTranslator::pop() {
    const auto guest = static_cast<unsigned>(current().register_of(0));
    flags_before_write(x86::rsp);
    flags_before_write(static_cast<int>(guest));
    const HostMemory memory = check_stack();
    const HostRegister into = is_pinned(guest) ? host_register[guest] : scratch_a;
    a_.mov(gp64(into), memory_operand(memory, 8));
    if (into == scratch_a) a_.mov(emitter_.guest_register(guest), gp64(into));
    if (guest != x86::rsp) move_stack_pointer(8);
}

void BlockTranslator::leave() {
    flags_before_write(x86::rsp);
    flags_before_write(x86::rbp);
    const HostMemory memory = check_stack();
    a_.mov(gp64(scratch_a), memory_operand(memory, 8));
    a_.lea(gp64(host_register[x86::rsp]), host::ptr(host::rbp, 8));
    a_.mov(host::rbp, gp64(scratch_a));
}

} // namespace ringer::engine::translator
