#include "engine/translator/block_translator.h"

namespace ringer::engine::translator {

BlockTranslator::BlockTranslator(Context& context, const Runtime& runtime, const Condition& condition,
                                 bool is_amd, const void* address, u32 first_link)
    : context_(context), runtime_(runtime), condition_(condition), is_amd_(is_amd), first_link_(first_link),
      emitter_(context, address), a_(emitter_.assembler()), flags_(context, emitter_) {}

void BlockTranslator::translate(const GuestBlock& block) {
    block_ = &block;
    index_ = 0;
    begin_block();
    for (; index_ < block.instructions.size() && !ended_; ++index_) translate_one();
    --index_;
    if (!ended_) {
        store_x87_pointers(x87_pointers_);
        flags_.record();
        const i64 behind = current().end_in_page();
        exit_to(behind, retired_with_current(), departure(behind, retired_with_current()));
    }
    emit_what_is_later();
}

/// A block runs only if all of it may run before something is to be looked at.
void BlockTranslator::begin_block() {
    a_.lea(gp64(scratch_a), host::ptr(gp64(retired_register), static_cast<i32>(block_->instructions.size())));
    a_.cmp(gp64(scratch_a), emitter_.at(&context_.cpu->check_at, 8));
    a_.ja(departure(current().offset_in_page, 0));
}

void BlockTranslator::translate_one() {
    slow_path_.reset();
    leaves_after_slow_path_ = false;
    if (!current().stays_in_block()) store_x87_pointers(std::exchange(x87_pointers_, {}));
    switch (current().treatment) {
    case Treatment::interpret: interpret(); break;
    case Treatment::nothing: break;
    case Treatment::copy: copy(); break;
    case Treatment::copy_vector: copy_vector(); break;
    case Treatment::copy_x87: copy_x87(); break;
    case Treatment::copy_mmx: copy_mmx(); break;
    case Treatment::load_x87_control: load_x87_control(); break;
    case Treatment::load_address: load_address(); break;
    case Treatment::push: push(); break;
    case Treatment::pop: pop(); break;
    case Treatment::leave: leave(); break;
    case Treatment::jump: jump(); break;
    case Treatment::jump_if: jump_if(); break;
    case Treatment::call: call(); break;
    case Treatment::jump_indirect: jump_indirect(); break;
    case Treatment::call_indirect: call_indirect(); break;
    case Treatment::return_near: return_near(); break;
    case Treatment::divide: divide(); break;
    case Treatment::clear_interrupt_flag: clear_interrupt_flag(); break;
    case Treatment::set_interrupt_flag: set_interrupt_flag(); break;
    case Treatment::swap_gs: swap_gs(); break;
    case Treatment::open_user_pages: open_user_pages(); break;
    case Treatment::close_user_pages: close_user_pages(); break;
    case Treatment::push_flags: push_flags(); break;
    }
    if (!slow_path_) return;
    emitter_.bind(slow_path_->resume);
    // What comes may rely on a check that the slow path has left out.
    slow_path_->leaves = leaves_after_slow_path_ || current().checks_for_others();
    slow_path_->restores_flags = flags_.in_host();
    slow_path_->restores_vectors = vectors_ready_;
    slow_path_->restores_x87 = x87_ready_;
    later([this, path = *slow_path_] { emit_slow_path(path); });
}

void BlockTranslator::interpret() {
    flags_.record();
    call_interpreter(false);
    flags_.set_by_record();
    vectors_ready_ = x87_ready_ = false;
    ended_ = current().instruction->ends_block;
}

void BlockTranslator::call_interpreter(bool leaves) {
    const Place place{
        .number = static_cast<u16>(index_), .leaves = leaves, .offset = current().offset_in_page};
    a_.mov(gp64(scratch_a), reinterpret_cast<u64>(current().instruction));
    a_.mov(gp32(scratch_b), place.packed());
    if (index_ > 0 && casts_shadow(index_ - 1))
        a_.mov(emitter_.at(&context_.cpu->state.interrupt_shadow, 1),
               static_cast<u8>(x86::InterruptShadow::interrupts));
    emitter_.call(runtime_.interpret);
}

asmjit::Label BlockTranslator::slow_path() {
    if (!slow_path_)
        slow_path_ = SlowPath{.entry = emitter_.label(),
                              .resume = emitter_.label(),
                              .flags = flags_.snapshot(),
                              .x87 = x87_pointers_};
    return slow_path_->entry;
}

void BlockTranslator::emit_slow_path(const SlowPath& path) {
    emitter_.bind(path.entry);
    path.flags.record(context_, emitter_);
    store_x87_pointers(path.x87);
    call_interpreter(path.leaves);
    if (path.restores_vectors) emitter_.call(runtime_.load_vectors);
    if (path.restores_x87) emitter_.call(runtime_.load_x87);
    if (path.restores_flags) emitter_.load_status(scratch_b);
    a_.jmp(path.resume);
}

void BlockTranslator::require_live(const u64& live, const void* load) {
    before_check();
    const asmjit::Label load_first = emitter_.label(), resume = emitter_.label();
    a_.cmp(emitter_.at(live), 0);
    a_.je(load_first);
    a_.bind(resume);
    later([this, load_first, resume, load] {
        a_.bind(load_first);
        emitter_.call(load);
        a_.jmp(resume);
    });
}

void BlockTranslator::require_vectors() {
    if (!vectors_ready_) require_live(context_.vectors_live, runtime_.load_vectors);
    vectors_ready_ = true;
}

void BlockTranslator::before_check() {
    const GuestInstruction& instruction = current();
    flags_.give_up_host(instruction.needs_flags() ||
                        (instruction.flags != FlagUse::overwrites && instruction.needed));
}

void BlockTranslator::emit_what_is_later() {
    // What is emitted may itself put something off.
    for (std::size_t i = 0; i < later_.size(); ++i) {
        const Later each = std::move(later_[i]);
        index_ = each.index;
        each.emit();
    }
}

std::size_t BlockTranslator::finish(std::span<u8> destination) {
    const std::size_t size = emitter_.finish(destination);
    for (const PendingLink& pending : pending_links_)
        links_.push_back({.checking = pending.checking,
                          .displacement_at = pending.displacement_at,
                          .unlinked_target = static_cast<u32>(emitter_.offset_of(pending.unlinked)),
                          .target_in_page = pending.target_in_page});
    return size;
}

} // namespace ringer::engine::translator
