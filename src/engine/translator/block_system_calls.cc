#include "engine/translator/block_translator.h"
#include "memory/shadow_space.h"

#include <bit>

/// SYSCALL and SYSRET from and to 64-bit code, without leaving the translated code: as x86/semantics has
/// them, where nothing is unusual and both sides have run before.
namespace ringer::engine::translator {

namespace {

constexpr u8 user_view = static_cast<u8>(x86::TlbView::user);
constexpr u8 supervisor_view = static_cast<u8>(x86::TlbView::supervisor);

constexpr u32 low(u64 flag) { return static_cast<u32>(flag); }

/// A flat segment's first half, but for its selector.
constexpr u64 flat_segment(u16 attributes, unsigned privilege) {
    return u64{0xffff'ffff} << 32 | u64{attributes | privilege << 5} << 16;
}
static_assert(offsetof(x86::Segment, selector) == 0 && offsetof(x86::Segment, attributes) == 2 &&
              offsetof(x86::Segment, limit) == 4 && offsetof(x86::Segment, base) == 8);

} // namespace

void BlockTranslator::require_system_calls() {
    a_.test(emitter_.at(&context_.cpu->state.msr.efer, 4), low(x86::efer::sce));
    interpret_if(host::CondCode::kZ);
}

/// In the entry at scratch_b, if that is for the linear address in scratch_a.
void BlockTranslator::keep_code_of_other_view() {
    const asmjit::Label found = emitter_.label();
    a_.cmp(gp64(scratch_a), Emitter::jump_entry_linear(scratch_b));
    a_.je(found);
    a_.add(gp64(scratch_b), JumpCache::second_way);
    a_.cmp(gp64(scratch_a), Emitter::jump_entry_linear(scratch_b));
    interpret_if(host::CondCode::kNE);
    a_.bind(found);
    a_.mov(gp64(scratch_b), Emitter::jump_entry_code(scratch_b));
    a_.mov(emitter_.at(context_.target_code), gp64(scratch_b));
}

/// RFLAGS from scratch_a.
void BlockTranslator::store_all_flags() {
    a_.or_(gp64(scratch_a), low(x86::flag::reserved_one));
    a_.mov(emitter_.at(context_.cpu->state.rflags), gp64(scratch_a));
    a_.mov(gp32(scratch_b), gp32(scratch_a));
    a_.shr(gp32(scratch_b), std::countr_zero(x86::flag::of));
    a_.and_(gp32(scratch_b), 1);
    a_.movzx(gp32(scratch_a), gp(scratch_a, 1));
    a_.shl(gp32(scratch_a), 8);
    a_.or_(gp32(scratch_a), gp32(scratch_b));
    a_.mov(emitter_.at(context_.flags.a), gp64(scratch_a));
    a_.mov(emitter_.at(context_.flags.code), FlagRecord::code_of(FlagKind::status));
}

/// Loads CS with the selector in scratch_a and SS with one at a distance from it.
void BlockTranslator::enter_flat(i32 stack_selector_distance, bool keeps_stack_segment, unsigned privilege) {
    constexpr u16 code_64 = 0xa09b, data_32 = 0xc093;
    const x86::Segment& code = context_.cpu->state.segments[x86::cs];
    const x86::Segment& stack = context_.cpu->state.segments[x86::ss];
    const x86::TlbView view = privilege == 0 ? x86::TlbView::supervisor : x86::TlbView::user;
    a_.and_(gp32(scratch_a), 0xfffc);
    a_.or_(gp32(scratch_a), privilege);
    a_.mov(gp64(scratch_b), flat_segment(code_64, privilege));
    a_.or_(gp64(scratch_b), gp64(scratch_a));
    a_.mov(emitter_.at(&code, 8), gp64(scratch_b));
    a_.mov(emitter_.at(code.base), 0);
    a_.add(gp(scratch_a, 2), stack_selector_distance);
    if (keeps_stack_segment) {
        a_.mov(emitter_.at(stack.selector), gp(scratch_a, 2));
    } else {
        a_.mov(gp64(scratch_b), flat_segment(data_32, privilege));
        a_.or_(gp64(scratch_b), gp64(scratch_a));
        a_.mov(emitter_.at(&stack, 8), gp64(scratch_b));
        a_.mov(emitter_.at(stack.base), 0);
    }
    a_.mov(emitter_.at(context_.cpu->state.cpl), static_cast<u8>(privilege));
    switch_view(view);
}

/// With SMAP, and AC cleared by FMASK, the view is a supervisor's that may not access user pages.
void BlockTranslator::system_call() {
    if (condition_.view != user_view || !condition_.is_long64()) return interpret();
    const x86::ModelSpecificRegisters& msr = context_.cpu->state.msr;
    load_status_flags();
    a_.mov(emitter_.at(context_.target), gp64(scratch_a));
    a_.test(emitter_.at(&context_.cpu->state.cr4, 4), low(x86::cr4::smap));
    interpret_if(host::CondCode::kZ);
    a_.test(emitter_.at(&msr.fmask, 4), low(x86::flag::ac));
    interpret_if(host::CondCode::kZ);
    a_.cmp(emitter_.at(context_.jumps.share_condition[condition_.has_high_stack]), 0);
    interpret_if(host::CondCode::kE);
    require_system_calls();
    a_.mov(gp64(scratch_a), emitter_.at(msr.lstar));
    emitter_.find_jump_entry(scratch_b, scratch_a, Condition::jump_cache_of(supervisor_view, false));
    keep_code_of_other_view();

    load_rip(current().end());
    a_.mov(gp64(emitter_.home(x86::rcx)), gp64(scratch_a));
    a_.mov(gp64(scratch_a), emitter_.at(context_.cpu->state.rflags));
    a_.and_(gp64(scratch_a), ~static_cast<i32>(x86::flag::status));
    a_.or_(gp64(scratch_a), emitter_.at(context_.target));
    a_.mov(emitter_.guest_register(x86::r11), gp64(scratch_a));
    a_.mov(gp64(scratch_b), emitter_.at(msr.fmask));
    a_.not_(gp64(scratch_b));
    a_.and_(gp64(scratch_a), gp64(scratch_b));
    store_all_flags();
    a_.mov(gp64(scratch_a), emitter_.at(msr.star));
    a_.shr(gp64(scratch_a), 32);
    enter_flat(8, false, 0);
    a_.mov(gp64(scratch_a), emitter_.at(msr.lstar));
    go_on_in_other_view();
}

/// Into scratch_b: users' entry for the linear address in scratch_a, which is lost, in the cache for the
/// region that RSP is in.
void BlockTranslator::find_jump_entry_of_users() {
    constexpr unsigned scale = std::countr_zero(sizeof(u64));
    const JumpTables& jumps = context_.jumps;
    a_.mov(gp64(scratch_b), gp64(emitter_.home(x86::rsp)));
    a_.shr(gp64(scratch_b), memory::ShadowSpace::high_bits);
    a_.cmp(gp64(scratch_b), 1);
    interpret_if(host::CondCode::kA);
    a_.cmp(emitter_.at_offset(jumps.share_condition.front(), scratch_b, scale), 0);
    interpret_if(host::CondCode::kE);
    a_.imul(gp32(scratch_a), gp32(scratch_a), JumpCache::hash_factor);
    a_.and_(gp64(scratch_a), emitter_.at_offset(jumps.users_offset_bits.front(), scratch_b, scale));
    a_.add(gp64(scratch_a), emitter_.at_offset(jumps.users.front(), scratch_b, scale));
    a_.mov(gp64(scratch_b), gp64(scratch_a));
}

/// To where code was found, a return address is canonical. No interrupt may wait for IF, nor anything else
/// that the flags would let in or have checked.
void BlockTranslator::system_return() {
    const bool to_64_bit = current().instruction.operand_size == 8;
    if (condition_.view != supervisor_view || !condition_.is_long64() || !to_64_bit) return interpret();
    constexpr u64 unusual = x86::flag::tf | x86::flag::ac | x86::flag::vif | x86::flag::vip;
    constexpr u64 kept = x86::flag::writable & ~(x86::flag::rf | x86::flag::vm);
    flags_.record();
    flags_.give_up_host(FlagDemand::shown);
    a_.cmp(emitter_.at(&context_.cpu->interrupt_line, 1), 0);
    interpret_if(host::CondCode::kNE);
    a_.test(emitter_.guest_register(x86::r11, 4), low(unusual));
    interpret_if(host::CondCode::kNZ);
    require_system_calls();
    a_.mov(gp64(scratch_a), gp64(emitter_.home(x86::rcx)));
    find_jump_entry_of_users();
    a_.mov(gp64(scratch_a), gp64(emitter_.home(x86::rcx)));
    keep_code_of_other_view();

    a_.mov(gp32(scratch_a), emitter_.guest_register(x86::r11, 4));
    a_.and_(gp32(scratch_a), low(kept));
    store_all_flags();
    a_.mov(gp64(scratch_a), emitter_.at(context_.cpu->state.msr.star));
    a_.shr(gp64(scratch_a), 48);
    a_.add(gp32(scratch_a), 16);
    enter_flat(-8, is_amd_, 3);
    a_.mov(gp64(scratch_a), gp64(emitter_.home(x86::rcx)));
    go_on_in_other_view();
}

/// At the linear address in scratch_a, of which find_code_of_other_view() has found the code.
void BlockTranslator::go_on_in_other_view() {
    set_page_from_scratch_a();
    retire(retired_with_current());
    emitter_.jump_to(emitter_.at(context_.target_code));
    ended_ = true;
}

} // namespace ringer::engine::translator
