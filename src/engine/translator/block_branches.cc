#include "engine/translator/block_translator.h"

#include <algorithm>
#include <limits>

/// How a block is left: branches, and the end of what was translated.
namespace ringer::engine::translator {

namespace {

bool is_in_page(i64 offset_from_page) {
    return offset_from_page >= 0 && offset_from_page < static_cast<i64>(memory::page_size);
}

} // namespace

void BlockTranslator::retire(unsigned count) {
    const auto left = static_cast<i32>(block_->instructions.size() - count);
    if (left != 0) a_.lea(gp64(retired_register), host::ptr(gp64(retired_register), -left));
}

void BlockTranslator::put_registers_back() {
    if (emitter_.homes() != host_register) emitter_.exchange(exchange_);
}

void BlockTranslator::prepare_rounds() {
    const auto& all = block_->instructions;
    if (std::ranges::any_of(all, &GuestInstruction::uses_vectors)) require_vectors();
    if (std::ranges::any_of(all, &GuestInstruction::computes_in_x87)) require_x87();
}

bool BlockTranslator::has_own_rounds() const {
    return emitter_.homes() != host_register || block_->depends_on_mapping() || vectors_ready_ ||
           x87_ready_ || block_->forgets_flags;
}

/// Where registers have changed places, they stay there: what a loop carries from round to round would
/// otherwise be stored and loaded each time. What else was done when the block was entered still holds.
void BlockTranslator::begin_next_round() {
    if (!block_->forgets_flags || flags_.is_only_in_host()) flags_.record();
    const unsigned retired = retired_with_current();
    if (has_own_rounds()) {
        RINGER_ASSERT(emitter_.homes() == homes_of_round_);
        prepare_rounds();
        flags_.give_up_host(FlagDemand::shown);
        count(retired);
        emitter_.jump_if(host::CondCode::kBE, round_);
        a_.lea(gp64(retired_register), host::ptr(gp64(retired_register), -static_cast<i32>(retired)));
    }
    flags_.record();
    put_registers_back();
    exit_to(block_->instructions.front().offset, retired);
}

void BlockTranslator::exit_to(i64 offset_from_page, unsigned retired) {
    if (!is_in_page(offset_from_page)) return exit_far(offset_from_page, SideExit::Kind::far, retired);
    retire(retired);
    exit_within_page(static_cast<u16>(offset_from_page));
}

/// Until it is linked, the jump goes to a call that tells which it was.
void BlockTranslator::exit_within_page(u16 target, SideExit::Kind kind,
                                       std::optional<host::CondCode> condition) {
    add_exit_when_saved(kind).position = target;
    condition ? exit_if(*condition) : exit();
    exits_.back().behind_check = static_cast<u16>(exit_jumps_.back().displacement_at);
}

void BlockTranslator::exit_far(i64 offset_from_page, SideExit::Kind kind, unsigned retired) {
    SideExit& unlinked = check_link(kind);
    if (kind == SideExit::Kind::following) unlinked.accessed_size = current().instruction.length;
    retire(retired);
    jump_far(offset_from_page, unlinked);
}

/// What is compared, and where jump_far() leads to, is filled in when it is linked.
SideExit& BlockTranslator::check_link(SideExit::Kind kind) {
    const u16 check = here();
    a_.long_().cmp(emitter_.at(context_.jumps.stamps[condition_.jump_cache()]),
                   static_cast<i32>(JumpCaches::unlinked));
    RINGER_ASSERT(here() == check + stamp_in_check + sizeof(JumpCaches::unlinked));
    SideExit& unlinked = add_exit_when_saved(kind);
    unlinked.behind_check = check;
    exit_if(host::CondCode::kNE);
    return unlinked;
}

void BlockTranslator::jump_far(i64 offset_from_page, SideExit& unlinked) {
    constexpr auto page = static_cast<i64>(memory::page_size);
    constexpr i64 farthest = std::numeric_limits<i32>::max() & -page;
    for (i64 left = offset_from_page & -page; left != 0;) { // It may leave 32 bits by a page.
        const i64 step = std::clamp(left, -farthest, farthest);
        a_.add(emitter_.at(&context_.page_base, condition_.address_size()), step);
        left -= step;
    }
    const u16 added = here();
    emitter_.begin_jump();
    unlinked.behind = here();
    const bool is_one_step = std::abs(offset_from_page & -page) <= farthest;
    const bool may_wrap = current().instruction.operand_size == 2;
    if (unlinked.kind == SideExit::Kind::far && is_one_step && !may_wrap)
        unlinked.accessed_size = unlinked.behind - (added - u16{sizeof(i32)});
    a_.dd(0);
}

void BlockTranslator::exit_behind() {
    const i32 behind = current().end();
    if (!is_in_page(behind)) return exit_far(behind, SideExit::Kind::following, retired_with_current());
    retire(retired_with_current());
    exit_within_page(static_cast<u16>(behind));
}

void BlockTranslator::look_up_target(SideExit& missed) {
    emitter_.find_jump_entry(scratch_b, scratch_a, condition_.jump_cache());
    emitter_.with_jump_if([this] { a_.cmp(gp64(scratch_a), Emitter::jump_entry_linear(scratch_b)); });
    const asmjit::Label is_not_first = emitter_.label(), found = emitter_.label();
    emitter_.jump_if(host::CondCode::kNE, is_not_first);
    a_.bind(found);
    missed.behind_check = here();
    later([this, is_not_first, found, exit = exits_.size() - 1] {
        a_.bind(is_not_first);
        a_.cmp(gp64(scratch_a), Emitter::jump_entry_linear(scratch_b, JumpCache::second_way));
        emitter_.begin_jump_if(host::CondCode::kNE);
        jump_to_exit(exit);
        a_.lea(gp64(scratch_b), Emitter::jump_entry_linear(scratch_b, JumpCache::second_way));
        a_.jmp(found);
    });
}

void BlockTranslator::jump_to_found() {
    if (!condition_.has_landings()) set_page_from_scratch_a();
    emitter_.jump_to(Emitter::jump_entry_code(scratch_b));
}

void BlockTranslator::set_page_from_scratch_a() {
    a_.and_(gp64(scratch_a), -static_cast<i32>(memory::page_size));
    a_.mov(emitter_.at(context_.page_base), gp64(scratch_a));
}

i64 BlockTranslator::branch_target() const {
    return current().end() + static_cast<i64>(current().instruction.immediate);
}

void BlockTranslator::jump() {
    if (current().goes_on_at_target) return;
    flags_.record();
    flags_.give_up_host(FlagDemand::shown);
    exit_to(branch_target(), retired_with_current());
    ended_ = true;
}

void BlockTranslator::jump_if() {
    flags_.restore(runtime_.evaluate_flags);
    const auto taken = static_cast<host::CondCode>(current().decoded.instruction.opcode & 0xf);
    const bool goes_on_at_target = current().goes_on_at_target;
    const auto condition = goes_on_at_target ? host::negateCond(taken) : taken;
    const i64 target = goes_on_at_target ? i64{current().end()} : branch_target();
    const bool goes_round = !goes_on_at_target && target == block_->instructions.front().offset;
    const auto leave = [this, goes_on_at_target, target] {
        flags_.record();
        put_registers_back();
        goes_on_at_target ? exit_behind() : exit_to(target, retired_with_current());
    };
    const bool is_last = index_ + 1 == block_->instructions.size();
    if (is_last && (goes_round || goes_on_at_target) && has_own_rounds()) return go_round_if(taken);
    if (is_last) { // Both ways leave the block: what they have in common is done before.
        flags_.record();
        put_registers_back();
        if (is_in_page(target))
            return exit_within_page(static_cast<u16>(target), SideExit::Kind::link, condition);
    }
    // As a rule, then, it is taken; but a trace goes where it has gone.
    const bool goes_back = !block_->is_trace && !goes_on_at_target && target <= current().offset;
    const asmjit::Label label = emitter_.label();
    if (goes_back) {
        emitter_.jump_if(host::negateCond(condition), label);
        const RegisterHomes homes = emitter_.homes();
        const FlagTracker::State flags = flags_.state();
        const std::pair ready{vectors_ready_, x87_ready_};
        goes_round ? begin_next_round() : leave();
        emitter_.set_homes(homes);
        flags_.set_state(flags);
        std::tie(vectors_ready_, x87_ready_) = ready;
        a_.bind(label);
    } else {
        emitter_.jump_if(condition, label);
        later([this, label, leave] {
            a_.bind(label);
            leave();
        });
    }
    flags_.know_carry_unless(condition);
}

void BlockTranslator::go_round_if(host::CondCode condition) {
    const asmjit::Label out = emitter_.label();
    emitter_.jump_if(host::negateCond(condition), out);
    later([this, out] {
        a_.bind(out);
        flags_.record();
        put_registers_back();
        exit_behind();
    });
    begin_next_round();
    ended_ = true;
}

void BlockTranslator::jump_if_rcx_zero() {
    flags_.record();
    flags_.give_up_host(FlagDemand::shown);
    const host::Gp count = gp(x86::rcx, current().instruction.address_size());
    const asmjit::Label label = emitter_.label();
    emitter_.with_jump_if([&] { a_.test(count, count); });
    emitter_.jump_if(host::CondCode::kZ, label);
    later([this, label] {
        a_.bind(label);
        put_registers_back();
        exit_to(branch_target(), retired_with_current());
    });
}

void BlockTranslator::push_return_address() {
    const unsigned size = current().slot_size();
    const HostMemory memory = check_stack();
    const auto number = emitter_.number_in_page(current().end());
    if (number && size == 8) {
        access(memory, [&] { a_.mov(memory_operand(memory, size), *number); });
        return move_stack_pointer(-static_cast<i32>(size));
    }
    load_rip(current().end());
    access(memory, [&] { a_.mov(memory_operand(memory, size), gp(scratch_a, size)); });
    move_stack_pointer(-static_cast<i32>(size));
}

void BlockTranslator::call() {
    if (current().goes_on_at_target) {
        flags_before_write(x86::rsp);
        return push_return_address();
    }
    flags_.record();
    flags_.give_up_host(FlagDemand::shown);
    const i64 target = branch_target();
    const bool is_far = !is_in_page(target);
    if (is_far) check_link(SideExit::Kind::far);
    const std::size_t unlinked = exits_.size() - 1;
    push_return_address();
    retire(retired_with_current());
    if (is_far)
        jump_far(target, exits_[unlinked]);
    else
        exit_within_page(static_cast<u16>(target));
    ended_ = true;
}

/// The target is looked for first, as nothing may have happened when it is not found.
void BlockTranslator::call_scratch_a() {
    look_up_target(add_exit(SideExit::Kind::branch));
    const bool stack_takes_scratch_b = !current().stack.is_region_known() || !condition_.has_landings();
    if (stack_takes_scratch_b) {
        a_.mov(gp64(scratch_b), Emitter::jump_entry_code(scratch_b));
        a_.mov(emitter_.at(context_.target_code), gp64(scratch_b));
        a_.mov(emitter_.at(context_.target), gp64(scratch_a));
    }
    push_return_address();
    retire(retired_with_current());
    if (!condition_.has_landings()) {
        a_.mov(gp64(scratch_a), emitter_.at(context_.target));
        set_page_from_scratch_a();
    }
    emitter_.jump_to(stack_takes_scratch_b ? emitter_.at(context_.target_code)
                                           : Emitter::jump_entry_code(scratch_b));
}

HostRegister BlockTranslator::indirect_target() {
    const unsigned size = current().slot_size();
    if (current().instruction.has_memory) {
        const HostMemory memory = check_operand();
        access(memory, [&] { load_zero_extended(scratch_a, memory_operand(memory, size)); });
    } else {
        const HostRegister value = value_of(static_cast<unsigned>(current().register_of(0)), scratch_a);
        if (size == 8) return value;
        if (size == 2)
            a_.movzx(gp32(scratch_a), gp(value, size));
        else
            a_.mov(gp(scratch_a, size), gp(value, size));
    }
    add_code_base();
    return scratch_a;
}

std::optional<i32> BlockTranslator::expected_number() const {
    const bool has_number = current().goes_on_at_target && current().slot_size() == 8;
    return has_number ? emitter_.number_in_page(block_->offset_behind(index_)) : std::nullopt;
}

void BlockTranslator::expect_in_memory(const HostMemory& memory, i32 number, std::function<void()> leave) {
    RINGER_ASSERT(!flags_.in_host());
    const host::Mem target = memory_operand(memory, 8);
    std::size_t bytes = 0;
    emitter_.with_jump_if([&] {
        const std::size_t begin = emitter_.size();
        a_.cmp(target, number);
        bytes = emitter_.size() - begin;
    });
    note_access(memory, bytes);
    const asmjit::Label elsewhere = emitter_.label();
    emitter_.jump_if(host::CondCode::kNE, elsewhere);
    later([this, memory, target, elsewhere, leave = std::move(leave)] {
        a_.bind(elsewhere);
        access(memory, [&] { a_.mov(gp64(scratch_a), target); });
        flags_.record();
        put_registers_back();
        leave();
    });
}

/// Of the difference, as it is compared with what memory has.
void BlockTranslator::expect_target(HostRegister target, std::function<void()> leave) {
    before_check();
    if (const auto number = expected_number()) {
        emitter_.with_jump_if([&] { a_.cmp(gp64(target), *number); });
    } else {
        a_.lea(gp64(scratch_b), host::ptr(gp64(target), -block_->offset_behind(index_)));
        emitter_.with_jump_if([this] { a_.cmp(gp64(scratch_b), emitter_.at(context_.page_base)); });
    }
    const asmjit::Label elsewhere = emitter_.label();
    emitter_.jump_if(host::CondCode::kNE, elsewhere);
    later([this, target, elsewhere, leave = std::move(leave)] {
        a_.bind(elsewhere);
        if (target != scratch_a) a_.mov(gp64(scratch_a), gp64(target));
        flags_.record();
        put_registers_back();
        leave();
    });
}

void BlockTranslator::leave_unless_expected(HostRegister target, std::function<void()> leave) {
    if (current().goes_on_at_target) return expect_target(target, std::move(leave));
    flags_.record();
    flags_.give_up_host(FlagDemand::shown);
    if (target != scratch_a) a_.mov(gp64(scratch_a), gp64(target));
    leave();
    ended_ = true;
}

void BlockTranslator::leave_unless_expected(std::function<void()> leave) {
    const auto number = expected_number();
    if (!number || !current().instruction.has_memory)
        return leave_unless_expected(indirect_target(), std::move(leave));
    before_check(); // For the comparison, too.
    expect_in_memory(check_operand(), *number, std::move(leave));
}

void BlockTranslator::jump_indirect() {
    leave_unless_expected([this] {
        look_up_target(add_exit(SideExit::Kind::branch));
        retire(retired_with_current());
        jump_to_found();
    });
}

void BlockTranslator::call_indirect() {
    flags_before_write(x86::rsp);
    leave_unless_expected([this] { call_scratch_a(); });
    if (!ended_) push_return_address();
}

void BlockTranslator::return_near() {
    flags_before_write(x86::rsp);
    const unsigned size = current().slot_size();
    const auto number = expected_number();
    if (number) before_check(); // For the comparison, too.
    const HostMemory memory = check_stack();
    const i32 popped = static_cast<i32>(size) + static_cast<i32>(current().instruction.immediate & 0xffff);
    const auto leave = [this, popped] {
        look_up_target(add_exit(SideExit::Kind::branch));
        move_stack_pointer(popped);
        retire(retired_with_current());
        jump_to_found();
    };
    if (number) {
        expect_in_memory(memory, *number, leave);
    } else {
        access(memory, [&] { load_zero_extended(scratch_a, memory_operand(memory, size)); });
        add_code_base();
        leave_unless_expected(scratch_a, leave);
    }
    if (!ended_) move_stack_pointer(popped);
}

} // namespace ringer::engine::translator
