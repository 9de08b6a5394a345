#include "engine/translator/block_translator.h"

/// How a block is left: branches, and the end of what was translated.
namespace ringer::engine::translator {

void BlockTranslator::retire(unsigned count) {
    if (count == 0) return;
    a_.lea(gp64(retired_register), host::ptr(gp64(retired_register), static_cast<i32>(count)));
}

asmjit::Label BlockTranslator::departure(i64 offset_from_page, unsigned retired) {
    const asmjit::Label entry = emitter_.label();
    later([this, entry, offset_from_page, retired] {
        a_.bind(entry);
        retire(retired);
        emitter_.load_address_in_page(scratch_a, offset_from_page);
        a_.xor_(gp32(scratch_b), gp32(scratch_b));
        emitter_.jump_to(runtime_.leave);
    });
    return entry;
}

void BlockTranslator::exit_to(i64 offset_from_page, unsigned retired, const asmjit::Label& missed) {
    if (offset_from_page >= 0 && offset_from_page < static_cast<i64>(memory::page_size)) {
        retire(retired);
        exit_within_page(static_cast<u16>(offset_from_page));
        return;
    }
    emitter_.load_address_in_page(scratch_a, offset_from_page);
    look_up_target(missed);
    set_page_from_scratch_a();
    retire(retired);
    a_.jmp(emitter_.element(jumps().code, scratch_b));
}

/// Until it is linked, the jump goes to a piece of code that tells which link it was.
void BlockTranslator::exit_within_page(u16 target, Checking checking) {
    const u32 number = static_cast<u32>(pending_links_.size());
    const asmjit::Label unlinked = emitter_.label();
    constexpr u8 jump_near = 0xe9;
    a_.db(jump_near);
    pending_links_.push_back({unlinked, static_cast<u32>(emitter_.size()), target, checking});
    a_.dd(0);
    later([this, number, unlinked, target] {
        a_.bind(unlinked);
        emitter_.load_address_in_page(scratch_a, target);
        a_.mov(gp32(scratch_b), first_link_ + number + 1);
        emitter_.jump_to(runtime_.leave);
    });
}

void BlockTranslator::look_up_target(const asmjit::Label& missed) {
    emitter_.extract(scratch_b, scratch_a, context_.jump_index_bits);
    a_.cmp(gp64(scratch_a), emitter_.element(jumps().linear, scratch_b));
    a_.jne(missed);
}

void BlockTranslator::set_page_from_scratch_a() {
    a_.and_(gp64(scratch_a), -static_cast<i32>(memory::page_size));
    a_.mov(emitter_.at(context_.page_base), gp64(scratch_a));
}

i64 BlockTranslator::branch_target() const {
    return current().end_in_page() + static_cast<i64>(current().instruction->immediate);
}

void BlockTranslator::jump() {
    flags_.record();
    flags_.give_up_host(false);
    exit_to(branch_target(), retired_with_current(), slow_path());
    ended_ = true;
}

void BlockTranslator::jump_if() {
    flags_.restore(scratch_b, runtime_.evaluate_flags);
    flags_.prepare_snapshot();
    const auto condition = static_cast<host::CondCode>(current().decoded.instruction.opcode & 0xf);
    const FlagTracker::Snapshot flags = flags_.snapshot();
    const auto take = [this, flags] {
        flags.record(context_, emitter_);
        exit_to(branch_target(), retired_with_current(), recorded_slow_path());
    };
    const bool goes_back = branch_target() <= current().offset_in_page;
    const asmjit::Label label = emitter_.label();
    if (goes_back) {
        a_.j(host::negateCond(condition), label);
        take();
        a_.bind(label);
    } else {
        a_.j(condition, label);
        later([this, label, take] {
            a_.bind(label);
            take();
        });
    }
}

asmjit::Label BlockTranslator::recorded_slow_path() {
    const SlowPath path{.entry = emitter_.label(), .resume = emitter_.label(), .flags = {}, .leaves = true};
    later([this, path] {
        a_.bind(path.resume);
        emit_slow_path(path);
    });
    return path.entry;
}

void BlockTranslator::push_return_address() {
    const HostMemory memory = check_stack();
    emitter_.load_address_in_page(scratch_a, current().end_in_page());
    a_.mov(memory_operand(memory, 8), gp64(scratch_a));
    move_stack_pointer(-8);
}

void BlockTranslator::call() {
    flags_.record();
    flags_.give_up_host(false);
    const i64 target = branch_target();
    if (target >= 0 && target < static_cast<i64>(memory::page_size)) {
        push_return_address();
        exit_to(target, retired_with_current(), slow_path());
    } else {
        emitter_.load_address_in_page(scratch_a, target);
        call_scratch_a();
    }
    ended_ = true;
}

/// The target is looked for first, as nothing may have happened when it is not found.
void BlockTranslator::call_scratch_a() {
    look_up_target(slow_path());
    a_.mov(gp64(scratch_b), emitter_.element(jumps().code, scratch_b));
    a_.mov(emitter_.at(context_.target_code), gp64(scratch_b));
    a_.mov(emitter_.at(context_.target), gp64(scratch_a));
    push_return_address();
    a_.mov(gp64(scratch_a), emitter_.at(context_.target));
    set_page_from_scratch_a();
    retire(retired_with_current());
    a_.jmp(emitter_.at(context_.target_code));
}

void BlockTranslator::load_indirect_target() {
    if (current().instruction->has_memory) {
        const HostMemory memory = check_operand();
        a_.mov(gp64(scratch_a), memory_operand(memory, 8));
        return;
    }
    const auto guest = static_cast<unsigned>(current().register_of(0));
    const HostRegister value = value_of(guest, scratch_a);
    if (value != scratch_a) a_.mov(gp64(scratch_a), gp64(value));
}

void BlockTranslator::jump_indirect() {
    flags_.record();
    flags_.give_up_host(false);
    load_indirect_target();
    look_up_target(slow_path());
    set_page_from_scratch_a();
    retire(retired_with_current());
    a_.jmp(emitter_.element(jumps().code, scratch_b));
    ended_ = true;
}

void BlockTranslator::call_indirect() {
    flags_.record();
    flags_.give_up_host(false);
    load_indirect_target();
    call_scratch_a();
    ended_ = true;
}

void BlockTranslator::return_near() {
    flags_.record();
    flags_.give_up_host(false);
    const HostMemory memory = check_stack();
    a_.mov(gp64(scratch_a), memory_operand(memory, 8));
    look_up_target(slow_path());
    move_stack_pointer(8 + static_cast<i32>(current().instruction->immediate & 0xffff));
    set_page_from_scratch_a();
    retire(retired_with_current());
    a_.jmp(emitter_.element(jumps().code, scratch_b));
    ended_ = true;
}

} // namespace ringer::engine::translator
