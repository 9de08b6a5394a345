#include "engine/translator/block_translator.h"

#include "engine/translator/register_exchange.h"

#include <cstring>

namespace ringer::engine::translator {

BlockTranslator::BlockTranslator(Context& context, const Runtime& runtime, const Condition& condition,
                                 bool is_amd, x86::CodeMemory memory, MissedRegions missed,
                                 bool has_high_data)
    : context_(context), runtime_(runtime), condition_(condition), is_amd_(is_amd), memory_(memory),
      missed_(missed), has_high_data_(has_high_data), emitter_(context, memory), a_(emitter_.assembler()),
      flags_(context, emitter_) {}

bool BlockTranslator::translate(const GuestBlock& block, bool lands) {
    block_ = &block;
    index_ = 0;
    begin_piece(0);
    begin_block(lands);
    for (; index_ < block.instructions.size() && !ended_; ++index_) {
        if (block.is_trace && !has_room()) return false;
        begin_piece(index_ + 1);
        translate_one();
    }
    --index_;
    if (!std::exchange(ended_, true)) {
        settle_stack_pointer();
        store_x87_pointers(x87_pointers_);
        if (current().goes_on_at_target) {
            begin_next_round();
        } else {
            flags_.record();
            put_registers_back();
            exit_behind();
        }
    }
    emit_what_is_later(); // Of which nothing comes back behind the block.
    RINGER_ASSERT(block.instructions.size() <= SideExit::most_instructions &&
                  code_size() < SideExit::most_code);
    RINGER_ASSERT(unsaved_.size() <= SideExit::most_unsaved && exits_.size() <= SideExit::most_exits);
    return true;
}

/// What is left for later takes about as much again.
bool BlockTranslator::has_room() const {
    return code_size() < SideExit::most_code / 3 &&
           exits_.size() + later_.size() < SideExit::most_exits / 2 &&
           unsaved_.size() + later_.size() < SideExit::most_unsaved - GuestBlock::longest_trace / 2;
}

/// A block runs only if all of it may run before something is to be looked at. All of it is counted at once.
void BlockTranslator::begin_block(bool lands) {
    if (lands) {
        const Landing landing;
        a_.embed(&landing, sizeof(landing));
        RINGER_ASSERT(emitter_.at(context_.page_base).offset() == 0);
    }
    count(block_->instructions.size());
    emitter_.jump_back_if(host::CondCode::kA, leave_offset);
    if (block_->depends_on_mapping()) {
        SideExit& moved = check_link(SideExit::Kind::crossing);
        moved.behind = here(); // Not in one statement, which would ask before there is a check.
    }
    emitter_.fix_page(block_->fixed_page);
    exchange_ = plan_register_exchange(*block_, condition_);
    emitter_.exchange(exchange_);
    if (block_->has_rounds()) prepare_rounds();
    round_ = emitter_.label();
    homes_of_round_ = emitter_.homes();
    a_.bind(round_);
}

void BlockTranslator::count(std::size_t instructions) {
    a_.add(gp64(retired_register), static_cast<i32>(instructions));
    emitter_.with_jump_if(
        [this] { a_.cmp(gp64(retired_register), emitter_.at(&context_.cpu->check_at, 8)); });
}

void BlockTranslator::translate_one() {
    interpret_exit_.reset();
    first_exit_ = exits_.size();
    leaves_after_slow_path_ = false;
    if (uses_stack_pointer()) settle_stack_pointer();
    if (current().leaves_block()) put_registers_back();
    if (!current().stays_in_block()) store_x87_pointers(std::exchange(x87_pointers_, {}));
    switch (current().treatment) {
    case Treatment::interpret: interpret(); break;
    case Treatment::nothing: break;
    case Treatment::copy: copy(); break;
    case Treatment::copy_vector: copy_vector(); break;
    case Treatment::copy_x87: copy_x87(); break;
    case Treatment::copy_mmx: copy_mmx(); break;
    case Treatment::load_x87_control: load_x87_control(); break;
    case Treatment::load_vector_control: load_vector_control(); break;
    case Treatment::load_address: load_address(); break;
    case Treatment::push: push(); break;
    case Treatment::pop: pop(); break;
    case Treatment::leave: leave(); break;
    case Treatment::jump: jump(); break;
    case Treatment::jump_if: jump_if(); break;
    case Treatment::jump_if_rcx_zero: jump_if_rcx_zero(); break;
    case Treatment::call: call(); break;
    case Treatment::jump_indirect: jump_indirect(); break;
    case Treatment::call_indirect: call_indirect(); break;
    case Treatment::return_near: return_near(); break;
    case Treatment::exchange: exchange(); break;
    case Treatment::bit_string: bit_string(); break;
    case Treatment::divide: divide(); break;
    case Treatment::read_selector: read_selector(); break;
    case Treatment::clear_interrupt_flag: clear_interrupt_flag(); break;
    case Treatment::set_interrupt_flag: set_interrupt_flag(); break;
    case Treatment::clear_direction_flag: clear_direction_flag(); break;
    case Treatment::read_fault_address: read_fault_address(); break;
    case Treatment::swap_gs: swap_gs(); break;
    case Treatment::read_segment_base: read_segment_base(); break;
    case Treatment::write_segment_base: write_segment_base(); break;
    case Treatment::open_user_pages: open_user_pages(); break;
    case Treatment::close_user_pages: close_user_pages(); break;
    case Treatment::push_flags: push_flags(); break;
    case Treatment::read_time_stamp: read_time_stamp(); break;
    case Treatment::system_call: system_call(); break;
    case Treatment::system_return: system_return(); break;
    case Treatment::string: string(); break;
    }
    if (current().is_last_to_show_flags()) flags_.drop();
    if (current().checks_stack_pointer) {
        settle_stack_pointer();
        check_stack_pointer();
    }
    finish_exits_of_current();
}

void BlockTranslator::interpret() {
    flags_.record();
    add_exit(SideExit::Kind::interpret);
    exit();
    flags_.set_by_record();
    vectors_ready_ = x87_ready_ = false;
    ended_ = current().instruction.ends_block;
}

void BlockTranslator::interpret_if(host::CondCode condition) {
    if (!interpret_exit_) {
        interpret_exit_ = exits_.size();
        add_exit(SideExit::Kind::interpret);
    }
    emitter_.begin_jump_if(condition);
    jump_to_exit(*interpret_exit_);
}

SideExit& BlockTranslator::add_exit(SideExit::Kind kind) {
    SideExit& added = add_exit_when_saved(kind);
    added.unsaved = index_of_unsaved(flags_.recipe_to_record());
    added.leaves = false;
    return added;
}

SideExit& BlockTranslator::add_exit_when_saved(SideExit::Kind kind) {
    return exits_.emplace_back(SideExit{.kind = kind,
                                        .leaves = true,
                                        .in_shadow = is_in_interrupt_shadow(),
                                        .number = static_cast<u8>(index_),
                                        .position = current().position});
}

std::size_t BlockTranslator::add_refusal(SideExit::Kind kind) {
    const bool has_flags = kind == SideExit::Kind::refused_with_flags;
    Refusal& added = refusals_.emplace_back();
    added.kind = static_cast<u8>(kind) - Refusal::first_kind;
    added.in_shadow = is_in_interrupt_shadow();
    added.number = static_cast<u8>(index_);
    added.position = current().position;
    added.unsaved = index_of_unsaved(has_flags ? std::nullopt : flags_.recipe_to_record());
    return refusals_.size() - 1;
}

u16 BlockTranslator::index_of_unsaved(const std::optional<FlagRecipe>& flags) {
    Unsaved unsaved{.flags = flags};
    if (emitter_.homes() != host_register) unsaved.registers = exchange_;
    if (x87_pointers_.last) unsaved.x87_last = x87_pointers_.last->position;
    if (x87_pointers_.last_with_memory)
        unsaved.x87_last_with_memory = x87_pointers_.last_with_memory->position;
    return index_of(unsaved);
}

u16 BlockTranslator::index_of(const Unsaved& unsaved) {
    if (unsaved == unsaved_.front()) return 0;
    if (unsaved != unsaved_.back()) unsaved_.push_back(unsaved);
    return static_cast<u16>(unsaved_.size() - 1);
}

void BlockTranslator::exit_if(host::CondCode condition) {
    emitter_.begin_jump_if(condition);
    jump_to_exit(exits_.size() - 1);
}

void BlockTranslator::exit() {
    emitter_.begin_jump();
    jump_to_exit(exits_.size() - 1);
}

void BlockTranslator::jump_to_exit(std::size_t index) {
    exit_jumps_.push_back({here(), static_cast<u32>(index)});
    a_.dd(0);
}

/// What comes may rely on a check that the interpreter does not make.
void BlockTranslator::finish_exits_of_current() {
    for (std::size_t i = first_exit_; i < exits_.size(); ++i) {
        SideExit& exit = exits_[i];
        if (exit.leaves) continue;
        exit.behind = here();
        exit.leaves =
            ended_ || leaves_after_slow_path_ || current().checks_for_others() || flags_.follow_from_record();
        if (!exit.leaves) emitter_.forget_scratch_b();
        exit.restores_flags = flags_.in_host();
        exit.restores_vectors = vectors_ready_;
        exit.restores_x87 = x87_ready_;
    }
}

void BlockTranslator::require_live(const u64& live, const void* load) {
    before_check();
    const asmjit::Label load_first = emitter_.label(), resume = emitter_.label();
    a_.cmp(emitter_.at(live), 0);
    emitter_.jump_if(host::CondCode::kE, load_first);
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

void BlockTranslator::before_check() { flags_.give_up_host(current().demand()); }

void BlockTranslator::emit_what_is_later() {
    // What is emitted may itself put something off.
    for (std::size_t i = 0; i < later_.size(); ++i) {
        const Later each = std::move(later_[i]);
        index_ = each.index;
        begin_piece(index_ + 1);
        emitter_.set_homes(each.homes);
        flags_.set_state(each.flags);
        interpret_exit_.reset();
        first_exit_ = exits_.size();
        each.emit();
        finish_exits_of_current();
    }
}

void BlockTranslator::finish(const ExitStub* stubs) {
    emitter_.finish();
    for (const ExitJump& each : exit_jumps_) {
        const u8* const behind = memory_.executable + each.displacement_at + sizeof(i32);
        const auto displacement = static_cast<i32>(&stubs[each.exit].call_near - behind);
        std::memcpy(&memory_.writable[each.displacement_at], &displacement, sizeof(displacement));
    }
}

} // namespace ringer::engine::translator
