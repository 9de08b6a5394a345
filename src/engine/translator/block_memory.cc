#include "engine/translator/block_translator.h"

/// Memory operands: the inline check against the software TLB, and what the stack instructions do with it.
namespace ringer::engine::translator {

const x86::Tlb::View& BlockTranslator::view() const {
    return context_.cpu->tlb.view(static_cast<x86::TlbView>(condition_.view));
}

const x86::Tlb::Column& BlockTranslator::tags(bool of_writes) const {
    return of_writes ? view().write_tags : view().read_tags;
}

host::Mem BlockTranslator::memory_operand(const HostMemory& memory, unsigned size) const {
    const unsigned width = memory.is_32_bit ? 4 : 8;
    const host::Gp base = gp(memory.base, width);
    host::Mem operand =
        memory.index == HostMemory::no_index
            ? host::ptr(base, memory.displacement, size)
            : host::ptr(base, gp(memory.index, width), memory.scale, memory.displacement, size);
    if (memory.is_in_gs) operand.setSegment(host::gs);
    return operand;
}

/// An address XOR the tag of its page is its offset in the page; of any other page it is larger than that,
/// and of an access that leaves the page it is too large for its size.
void BlockTranslator::check_linear(HostRegister linear, const MemoryAccess& access) {
    if (access.alignment > 1) { // Looked at before the page is.
        a_.test(gp32(linear), access.alignment - 1);
        interpret_if(host::CondCode::kNZ);
    }
    emitter_.find_tlb_index(scratch_b, linear);
    if (linear != scratch_a) a_.mov(gp64(scratch_a), gp64(linear));
    a_.xor_(gp64(scratch_a), emitter_.tlb_element(tags(access.is_write), scratch_b));
    emitter_.with_jump_if(
        [&] { a_.cmp(gp64(scratch_a), static_cast<i32>(memory::page_size - access.size)); });
    SideExit& missed = add_exit(SideExit::Kind::access);
    missed.accessed_size = static_cast<u16>(access.size);
    missed.begins_with_write = missed.wants_write = access.is_write;
    exit_if(host::CondCode::kA);
    missed.behind_check = here();
}

HostMemory BlockTranslator::check_stack() {
    const StackAccess access = *stack_access(current());
    const HostRegister base = emitter_.home(access.base);
    const i32 displacement = access.displacement + (access.base == x86::rsp ? stack_pointer_lag_ : 0);
    const std::optional<HostMemory> direct =
        condition_.has_flat_stack() ? this->direct(current().stack, {base, scratch_b, displacement})
                                    : std::nullopt;
    const HostMemory memory =
        check(current().stack, access.access, direct, [&](i32 added) { load_stack_address(added, access); });
    if (direct) return memory;
    a_.lea(gp64(scratch_b), memory_operand(memory, 8)); // Makes scratch_a free.
    return HostMemory{scratch_b};
}

void BlockTranslator::load_stack_address(i32 added, const StackAccess& access) {
    const host::Mem address = host::ptr(gp64(emitter_.home(access.base)), access.displacement + added);
    load_wrapped(address, condition_.stack_pointer_size());
    if (!condition_.has_flat_stack()) add_checked_base(x86::ss, access.access);
}

HostMemory BlockTranslator::check_operand() {
    const MemoryAccess access = *operand_access(current(), is_amd_);
    return check(current().operand, access, direct_operand(),
                 [&](i32 added) { load_linear_address(added, access); });
}

HostMemory BlockTranslator::check(const PlannedAccess& planned, const MemoryAccess& access,
                                  const std::optional<HostMemory>& direct, const LoadAddress& load) {
    if (planned.is_shadowed) return in_shadow(planned, direct, load);
    const auto load_any = [&](i32 added) { direct ? load_direct_address(*direct, added) : load(added); };
    if (planned.is_grouped()) return in_group(planned, load_any, direct);
    before_check();
    const bool is_in_register = direct && direct->displacement == 0;
    if (!is_in_register) load_any(0);
    check_linear(is_in_register ? direct->base : scratch_a, access);
    a_.mov(gp64(scratch_b), emitter_.tlb_element(direct ? view().addends : view().hosts, scratch_b));
    return direct.value_or(HostMemory{scratch_a, scratch_b, 0});
}

HostMemory BlockTranslator::in_group(const PlannedAccess& planned, const LoadAddress& load,
                                     const std::optional<HostMemory>& direct) {
    if (planned.is_first) check_group(planned.group, load);
    if (!direct) load(0);
    HostMemory memory = direct.value_or(HostMemory{scratch_a, scratch_b, 0});
    if (const auto kept = addend_register(planned.group))
        memory.index = *kept;
    else
        emitter_.load_scratch_b(context_.addends[planned.group]);
    return memory;
}

std::optional<HostRegister> BlockTranslator::addend_register(unsigned group) const {
    if (condition_.is_long64() || group >= wide_code_registers.size()) return std::nullopt;
    return wide_code_registers[group];
}

void BlockTranslator::check_group(unsigned number, const LoadAddress& load) {
    const AccessGroup& group = block_->groups[number];
    before_check();
    if (group.alignment > 1) {
        load(0);
        a_.test(gp32(scratch_a), group.alignment - 1);
        add_exit(SideExit::Kind::careful);
        exit_if(host::CondCode::kNZ);
    }
    if (group.alignment == 1 || group.begin != 0) load(group.begin);
    emitter_.find_tlb_index(scratch_b, scratch_a);
    a_.xor_(gp64(scratch_a), emitter_.tlb_element(tags(group.is_write), scratch_b));
    emitter_.with_jump_if(
        [&] { a_.cmp(gp64(scratch_a), static_cast<i32>(memory::page_size) - (group.end - group.begin)); });
    SideExit& missed = add_exit(SideExit::Kind::group);
    missed.accessed_size = static_cast<u16>(group.end - group.begin);
    missed.begins_with_write = group.begins_with_write;
    missed.wants_write = group.is_write;
    block_->has_loop ? go_on_carefully_if_beyond_page() : exit_if(host::CondCode::kA);
    missed.behind_check = here();
    const auto kept = addend_register(number);
    a_.mov(gp64(kept.value_or(scratch_b)), emitter_.tlb_element(view().addends, scratch_b));
    if (!kept) emitter_.store_scratch_b(context_.addends[number]);
}

/// A loop comes to the end of a page again and again. If the page was found, what scratch_a has is an offset
/// in it.
void BlockTranslator::go_on_carefully_if_beyond_page() {
    const asmjit::Label failed = emitter_.label();
    emitter_.jump_if(host::CondCode::kA, failed);
    later([this, failed, missed = exits_.size() - 1, x87_pointers = x87_pointers_] {
        a_.bind(failed);
        a_.cmp(gp64(scratch_a), static_cast<i32>(memory::page_size));
        emitter_.begin_jump_if(host::CondCode::kAE);
        jump_to_exit(missed);
        flags_.record();
        store_x87_pointers(x87_pointers);
        put_registers_back();
        retire(static_cast<unsigned>(index_));
        exit_within_page(current().position, SideExit::Kind::careful_link);
    });
}

HostRegister BlockTranslator::value_of(unsigned guest, HostRegister scratch) {
    if (!emitter_.is_in_memory(guest)) return emitter_.home(guest);
    a_.mov(gp64(scratch), emitter_.guest_register(guest));
    return scratch;
}

void BlockTranslator::store_destination(unsigned guest, unsigned size) {
    if (emitter_.is_in_memory(guest)) a_.mov(emitter_.guest_register(guest, size), gp(scratch_a, size));
}

void BlockTranslator::push() {
    flags_before_write(x86::rsp);
    const unsigned size = current().slot_size();
    if (current().instruction.has_memory) {
        const HostMemory source = check_operand();
        access(source, [&] { a_.mov(gp(scratch_a, size), memory_operand(source, size)); });
        a_.mov(emitter_.at(context_.target), gp64(scratch_a));
    }
    const HostMemory memory = check_stack();
    const host::Mem slot = memory_operand(memory, size);
    if (current().decoded.is_immediate(0)) {
        access(memory, [&] { a_.mov(slot, static_cast<i32>(current().instruction.immediate)); });
    } else if (current().instruction.has_memory) {
        a_.mov(gp64(scratch_a), emitter_.at(context_.target));
        access(memory, [&] { a_.mov(slot, gp(scratch_a, size)); });
    } else {
        const HostRegister value = value_of(static_cast<unsigned>(current().register_of(0)), scratch_a);
        access(memory, [&] { a_.mov(slot, gp(value, size)); });
    }
    move_stack_pointer(-static_cast<i32>(size));
}

void BlockTranslator::move_stack_pointer(i32 bytes) {
    stack_pointer_lag_ += bytes;
    if (!may_stack_pointer_lag()) settle_stack_pointer();
}

void BlockTranslator::settle_stack_pointer() {
    if (stack_pointer_lag_ == 0) return;
    set_stack_pointer(emitter_.home(x86::rsp), std::exchange(stack_pointer_lag_, 0));
}

/// When nothing can leave the block behind the check that it has made, or that was made for its group; or
/// only what the host refuses in the region of the stack, where the access tells how much it was
/// (Translator::stack_pointer_lag).
bool BlockTranslator::may_stack_pointer_lag() const {
    const PlannedAccess& stack = current().stack;
    const bool is_push_or_pop =
        current().treatment == Treatment::push || current().treatment == Treatment::pop;
    return is_push_or_pop && condition_.is_long64() && !current().instruction.has_memory &&
           (stack.is_region_known() || (stack.is_grouped() && !stack.is_shadowed));
}

/// Or may leave the block, and then has to show it.
bool BlockTranslator::uses_stack_pointer() const {
    const GuestInstruction& instruction = current();
    for (unsigned i = 0; i < instruction.decoded.instruction.operand_count_visible; ++i)
        if (instruction.register_of(i) == x86::rsp) return true;
    switch (instruction.treatment) {
    case Treatment::nothing: return false;
    case Treatment::copy: return instruction.instruction.has_memory;
    case Treatment::load_address: return instruction.instruction.base == x86::gpr_offset(x86::rsp);
    case Treatment::push:
    case Treatment::pop: return instruction.stack.is_first || !may_stack_pointer_lag();
    default: return true;
    }
}

void BlockTranslator::set_stack_pointer(HostRegister base, i32 added) {
    a_.lea(gp(emitter_.home(x86::rsp), condition_.stack_pointer_size()), host::ptr(gp64(base), added));
}

void BlockTranslator::pop() {
    const auto guest = static_cast<unsigned>(current().register_of(0));
    const unsigned size = current().slot_size();
    flags_before_write(x86::rsp);
    flags_before_write(static_cast<int>(guest));
    const HostMemory memory = check_stack();
    const HostRegister into = destination_of(guest);
    access(memory, [&] { a_.mov(gp(into, size), memory_operand(memory, size)); });
    // 32 bits are popped outside of 64-bit mode alone, where these registers are not.
    store_destination(guest, size);
    if (guest != x86::rsp) move_stack_pointer(static_cast<i32>(size));
}

void BlockTranslator::leave() {
    flags_before_write(x86::rsp);
    flags_before_write(x86::rbp);
    const unsigned size = current().slot_size();
    const HostMemory memory = check_stack();
    access(memory, [&] { a_.mov(gp(scratch_a, size), memory_operand(memory, size)); });
    set_stack_pointer(x86::rbp, static_cast<i32>(size));
    a_.mov(gp(x86::rbp, size), gp(scratch_a, size));
}

} // namespace ringer::engine::translator
