#include "engine/translator/block_translator.h"

/// Privileged instructions that a kernel executes all the time, and that a translated kernel, which crosses
/// no real privilege level, can do in a few moves. What has a supervisor's view is at CPL 0: code of rings 1
/// and 2 is not translated.
namespace ringer::engine::translator {

namespace {

constexpr u8 number(x86::TlbView view) { return static_cast<u8>(view); }
constexpr u32 low(u64 flag) { return static_cast<u32>(flag); }

} // namespace

bool BlockTranslator::is_supervisor() const { return condition_.view != number(x86::TlbView::user); }

void BlockTranslator::clear_interrupt_flag() {
    if (!is_supervisor()) return interpret();
    before_check();
    a_.and_(emitter_.at(&context_.cpu->state.rflags, 4), ~low(x86::flag::interrupt));
}

/// No interrupt can come in before the next instruction is done: none is waiting, and the block goes on
/// behind it. The shadow that STI casts is noted where that one ends up in the interpreter, in which it may
/// have to wait for a device.
void BlockTranslator::set_interrupt_flag() {
    if (!casts_shadow(index_)) return interpret();
    before_check();
    const host::Mem rflags = emitter_.at(&context_.cpu->state.rflags, 4);
    a_.cmp(emitter_.at(&context_.cpu->interrupt_line, 1), 0);
    interpret_if(host::CondCode::kNE);
    a_.test(rflags, low(x86::flag::interrupt));
    interpret_if(host::CondCode::kNZ); // There is no shadow then, so the block does not go on.
    leaves_after_slow_path_ = true;
    a_.or_(rflags, low(x86::flag::interrupt));
}

/// Whether an instruction is an STI that is translated. What follows must not be the one that checks for
/// others: it may go on in another translation, as if it were not in a shadow.
bool BlockTranslator::casts_shadow(std::size_t index) const {
    const auto& instructions = block_->instructions;
    return is_supervisor() && instructions[index].treatment == Treatment::set_interrupt_flag &&
           index + 1 < instructions.size() && !instructions[index + 1].checks_for_others();
}

void BlockTranslator::clear_direction_flag() {
    before_check();
    a_.and_(emitter_.at(&context_.cpu->state.rflags, 4), ~low(x86::flag::df));
}

void BlockTranslator::read_fault_address() {
    if (!is_supervisor()) return interpret();
    const auto guest = static_cast<unsigned>(current().register_of(0));
    const HostRegister into = destination_of(guest);
    flags_before_write(static_cast<int>(guest));
    a_.mov(gp64(into), emitter_.at(context_.cpu->state.cr2));
    store_destination(guest, 8);
}

void BlockTranslator::read_selector() {
    const auto guest = static_cast<unsigned>(current().register_of(0));
    const u16& selector = context_.cpu->state.segments[current().instruction.operand[1]].selector;
    const HostRegister into = destination_of(guest);
    flags_before_write(static_cast<int>(guest));
    if (size_in_bytes(0) == 2) {
        if (into == scratch_a) a_.mov(gp64(into), emitter_.guest_register(guest));
        a_.mov(gp(into, 2), emitter_.at(selector));
    } else {
        a_.movzx(gp32(into), emitter_.at(selector));
    }
    store_destination(guest, 8);
}

void BlockTranslator::swap_gs() {
    if (!is_supervisor()) return interpret();
    const host::Mem base = emitter_.at(context_.cpu->state.segments[x86::gs].base);
    const host::Mem kernel_base = emitter_.at(context_.cpu->state.msr.kernel_gs_base);
    a_.mov(gp64(scratch_a), base);
    a_.mov(gp64(scratch_b), kernel_base);
    a_.mov(base, gp64(scratch_b));
    a_.mov(kernel_base, gp64(scratch_a));
}

host::Mem BlockTranslator::check_segment_base() {
    a_.test(emitter_.at(&context_.cpu->state.cr4, 4), low(x86::cr4::fsgsbase));
    interpret_if(host::CondCode::kZ);
    const auto mnemonic = current().decoded.instruction.mnemonic;
    const bool is_fs = mnemonic == ZYDIS_MNEMONIC_RDFSBASE || mnemonic == ZYDIS_MNEMONIC_WRFSBASE;
    return emitter_.at(context_.cpu->state.segments[is_fs ? x86::fs : x86::gs].base);
}

void BlockTranslator::read_segment_base() {
    note_writes();
    before_check();
    const host::Mem base = check_segment_base();
    const auto guest = static_cast<unsigned>(current().register_of(0));
    const HostRegister into = destination_of(guest);
    a_.mov(gp64(into), base);
    if (size_in_bytes(0) == 4) a_.mov(gp32(into), gp32(into));
    store_destination(guest, 8);
}

void BlockTranslator::write_segment_base() {
    before_check();
    const host::Mem base = check_segment_base();
    const HostRegister value = value_of(static_cast<unsigned>(current().register_of(0)), scratch_a);
    if (size_in_bytes(0) == 4) {
        a_.mov(gp32(scratch_a), gp32(value));
        a_.mov(base, gp64(scratch_a));
        return;
    }
    require_canonical(value);
    a_.mov(base, gp64(value));
}

/// STAC. With SMAP off, or AC set already, the view stays as it is.
void BlockTranslator::open_user_pages() {
    using enum x86::TlbView;
    if (!is_supervisor() || is_at_end_of_page()) return interpret();
    before_check();
    a_.or_(emitter_.at(&context_.cpu->state.rflags, 4), low(x86::flag::ac));
    if (condition_.view == number(supervisor)) go_on_with_view(supervisor_user_access);
}

/// CLAC. In the supervisor's view AC is clear already.
void BlockTranslator::close_user_pages() {
    using enum x86::TlbView;
    if (!is_supervisor() || is_at_end_of_page()) return interpret();
    if (condition_.view == number(supervisor)) return;
    before_check();
    a_.test(emitter_.at(&context_.cpu->state.cr4, 4), low(x86::cr4::smap));
    interpret_if(host::CondCode::kZ);
    leaves_after_slow_path_ = true;
    a_.and_(emitter_.at(&context_.cpu->state.rflags, 4), ~low(x86::flag::ac));
    go_on_with_view(supervisor);
}

void BlockTranslator::switch_view(x86::TlbView view) {
    a_.mov(gp64(scratch_a), reinterpret_cast<u64>(&context_.cpu->tlb.view(view)));
    const void* const data_view = static_cast<const void*>(&context_.cpu->data_view);
    a_.mov(emitter_.at(data_view, 8), gp64(scratch_a));
}

void BlockTranslator::go_on_with_view(x86::TlbView view) {
    flags_.record();
    put_registers_back();
    switch_view(view);
    retire(retired_with_current());
    exit_within_page(block_->position_behind(index_));
    ended_ = true;
}

/// RDTSC and RDTSCP.
void BlockTranslator::read_time_stamp() {
    note_writes();
    before_check();
    if (!is_supervisor()) {
        a_.test(emitter_.at(&context_.cpu->state.cr4, 4), low(x86::cr4::tsd));
        interpret_if(host::CondCode::kNZ);
    }
    const auto left = static_cast<i32>(block_->instructions.size() - index_);
    a_.lea(gp64(scratch_a), host::ptr(gp64(retired_register), -left));
    a_.mov(emitter_.at(context_.cpu->state.retired), gp64(scratch_a));
    emitter_.call(runtime_.read_time_stamp);
    a_.mov(gp32(emitter_.home(x86::rax)), emitter_.at(&context_.time_stamp, 4));
    a_.mov(gp32(emitter_.home(x86::rdx)),
           emitter_.at(reinterpret_cast<const u8*>(&context_.time_stamp) + 4, 4));
    if (current().decoded.instruction.mnemonic == ZYDIS_MNEMONIC_RDTSCP)
        a_.mov(gp32(emitter_.home(x86::rcx)), emitter_.at(&context_.cpu->state.msr.tsc_aux, 4));
}

void BlockTranslator::load_status_flags() {
    flags_.restore(runtime_.evaluate_flags);
    flags_.give_up_host(FlagDemand::used);
    a_.pushfq();
    a_.pop(gp64(scratch_a));
    a_.and_(gp64(scratch_a), low(x86::flag::status));
}

void BlockTranslator::push_flags() {
    flags_before_write(x86::rsp);
    load_status_flags();
    a_.mov(emitter_.at(context_.target), gp64(scratch_a));
    a_.mov(gp64(scratch_a), emitter_.at(context_.cpu->state.rflags));
    a_.and_(gp64(scratch_a), static_cast<i32>(~low(x86::flag::status | x86::flag::vm | x86::flag::rf)));
    a_.or_(emitter_.at(context_.target), gp64(scratch_a));
    const unsigned size = current().slot_size();
    const HostMemory memory = check_stack();
    a_.mov(gp64(scratch_a), emitter_.at(context_.target));
    a_.mov(memory_operand(memory, size), gp(scratch_a, size));
    move_stack_pointer(-static_cast<i32>(size));
}

} // namespace ringer::engine::translator
