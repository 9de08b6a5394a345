#include "engine/translator/flag_tracker.h"

#include "engine/translator/flag_code.h"

namespace ringer::engine::translator {

namespace {

/// Copies an operand of a recipe into the record. Uses scratch_b.
void store_operand(Context& context, Emitter& emitter, const FlagRecipe& recipe, const FlagOperand& operand,
                   u64& into) {
    host::Assembler& a = emitter.assembler();
    switch (operand.kind) {
    case FlagOperand::Kind::immediate: a.mov(emitter.at(into), recipe.immediate); return;
    case FlagOperand::Kind::capture: a.mov(gp64(scratch_b), emitter.at(context.capture)); break;
    case FlagOperand::Kind::recorded: return;
    case FlagOperand::Kind::guest_register:
        if (!emitter.is_in_memory(operand.number)) {
            a.mov(emitter.at(into), gp64(emitter.home(operand.number)));
            return;
        }
        a.mov(gp64(scratch_b), emitter.guest_register(operand.number));
        break;
    }
    a.mov(emitter.at(into), gp64(scratch_b));
}

bool has_second_operand(FlagKind kind) {
    switch (kind) {
    case FlagKind::logic:
    case FlagKind::negate_result:
    case FlagKind::count_behind_logic:
    case FlagKind::count_behind_increment: return false;
    default: return true;
    }
}

/// Only moves, so that EFLAGS are kept.
void store_recipe(Context& context, Emitter& emitter, const FlagRecipe& recipe) {
    RINGER_ASSERT(static_cast<u8>(recipe.kind) < flag_kinds);
    host::Assembler& a = emitter.assembler();
    store_operand(context, emitter, recipe, recipe.a, context.flags.a);
    const bool has_second = has_second_operand(recipe.kind);
    const bool has_small = has_second && !keeps_carry(recipe.kind) &&
                           recipe.b.kind == FlagOperand::Kind::immediate &&
                           recipe.immediate == static_cast<i16>(recipe.immediate);
    const u8 code = FlagRecord::code_of(recipe.kind, recipe.size, has_small);
    if (has_small) {
        constexpr unsigned distance = offsetof(FlagRecord, small) - offsetof(FlagRecord, code);
        static_assert(distance == 2); // So that both are one store.
        a.mov(emitter.at(&context.flags.code, 4), static_cast<u32>(recipe.immediate) << 8 * distance | code);
        return;
    }
    if (has_second) store_operand(context, emitter, recipe, recipe.b, context.flags.b);
    a.mov(emitter.at(context.flags.code), code);
}

} // namespace

void FlagTracker::give_up_host(FlagDemand demand) {
    if (!in_host_) return;
    in_host_ = false;
    if (recipe_ || (in_record_ && (record_is_status_ || demand != FlagDemand::used))) return;
    if (demand == FlagDemand::none) return give_up_all();
    emitter_.save_status(scratch_b);
    in_record_ = record_is_status_ = true;
}

void FlagTracker::restore(const void* evaluate_flags) {
    if (in_host_) return;
    in_host_ = true;
    if (recipe_)
        compute_flags(context_, emitter_, *recipe_);
    else if (record_is_status_)
        emitter_.load_status(scratch_b);
    else
        emitter_.call(evaluate_flags);
}

void FlagTracker::know_carry_unless(host::CondCode condition) {
    switch (condition) {
    case host::CondCode::kB:
    case host::CondCode::kBE: known_carry_ = false; break;
    case host::CondCode::kAE: known_carry_ = true; break;
    default: break;
    }
}

std::optional<bool> FlagTracker::known_carry() const {
    if (recipe_ && recipe_->kind == FlagKind::logic) return false;
    const bool has_kept = recipe_ && keeps_carry(recipe_->kind);
    if (has_kept && recipe_->b.kind == FlagOperand::Kind::immediate) return recipe_->immediate != 0;
    return known_carry_;
}

bool FlagTracker::keep_carry() {
    host::Assembler& a = emitter_.assembler();
    if (recipe_ && keeps_carry(recipe_->kind)) { // It is there from the last time.
        if (!in_host_) a.bt(emitter_.at(&context_.flags.b, 4), 0);
        return false;
    }
    if (!in_host_ && recipe_) restore(nullptr);
    if (!in_host_ && !record_is_status_) return true;
    if (!in_host_) a.bt(emitter_.at(&context_.flags.a, 4), carry_of_status);
    record_carry(context_, emitter_);
    return false;
}

void FlagTracker::before_write(int guest, FlagDemand demand) {
    if (!recipe_ || (!recipe_->a.is_register(guest) && !recipe_->b.is_register(guest))) return;
    if (demand == FlagDemand::none) {
        give_up_all();
        recipe_.reset();
        return;
    }
    const auto keep = [&](FlagOperand& operand, u64& into) {
        if (!operand.is_register(guest)) return;
        if (!in_record_) store_operand(context_, emitter_, *recipe_, operand, into);
        operand = FlagOperand{.kind = FlagOperand::Kind::recorded};
    };
    keep(recipe_->a, context_.flags.a);
    keep(recipe_->b, context_.flags.b);
}

bool FlagTracker::follow_from_record() const {
    if (!recipe_) return false;
    const auto is_recorded = [](const FlagOperand& operand) {
        return operand.kind == FlagOperand::Kind::recorded;
    };
    return is_recorded(recipe_->a) || (is_recorded(recipe_->b) && !keeps_carry(recipe_->kind));
}

void FlagTracker::before_capture() {
    const auto is_capture = [](const FlagOperand& operand) {
        return operand.kind == FlagOperand::Kind::capture;
    };
    if (!in_host_ && recipe_ && (is_capture(recipe_->a) || is_capture(recipe_->b))) record();
}

void FlagTracker::set_by_host(std::optional<FlagRecipe> recipe) {
    known_carry_.reset();
    in_host_ = true;
    in_record_ = record_is_status_ = false;
    recipe_ = recipe;
}

void FlagTracker::set_behind(const FlagRecipe& recipe) {
    known_carry_.reset();
    in_record_ = record_is_status_ = false;
    recipe_ = recipe;
}

void FlagTracker::set_over_record(const FlagRecipe& recipe) {
    known_carry_.reset();
    RINGER_ASSERT(in_record_ && !in_host_);
    in_record_ = false;
    recipe_ = recipe;
}

void FlagTracker::set_by_record() {
    known_carry_.reset();
    in_host_ = false;
    in_record_ = record_is_status_ = true;
    recipe_.reset();
}

void FlagTracker::set_state(const State& state) {
    in_host_ = state.in_host;
    in_record_ = state.in_record;
    record_is_status_ = state.record_is_status;
    recipe_ = state.recipe;
    known_carry_ = state.known_carry;
}

void FlagTracker::record() {
    if (in_record_) return;
    if (recipe_) {
        store_recipe(context_, emitter_, *recipe_);
        record_is_status_ = false;
    } else {
        RINGER_ASSERT(in_host_);
        emitter_.save_status(scratch_b);
        record_is_status_ = true;
    }
    in_record_ = true;
}

std::optional<FlagRecipe> FlagTracker::recipe_to_record() const {
    RINGER_ASSERT(in_record_ || recipe_);
    return in_record_ ? std::nullopt : recipe_;
}

} // namespace ringer::engine::translator
