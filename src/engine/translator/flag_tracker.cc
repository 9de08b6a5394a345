#include "engine/translator/flag_tracker.h"

namespace ringer::engine::translator {

namespace {

/// Copies an operand of a recipe into the record. Uses scratch_b.
void store_operand(Context& context, Emitter& emitter, const FlagOperand& operand, u64& into) {
    host::Assembler& a = emitter.assembler();
    switch (operand.kind) {
    case FlagOperand::Kind::immediate: a.mov(emitter.at(into), operand.immediate); return;
    case FlagOperand::Kind::capture: a.mov(gp64(scratch_b), emitter.at(context.capture)); break;
    case FlagOperand::Kind::recorded: return;
    case FlagOperand::Kind::guest_register:
        if (is_pinned(operand.number)) {
            a.mov(emitter.at(into), gp64(host_register[operand.number]));
            return;
        }
        a.mov(gp64(scratch_b), emitter.guest_register(operand.number));
        break;
    }
    a.mov(emitter.at(into), gp64(scratch_b));
}

bool has_second_operand(FlagKind kind) { return kind != FlagKind::logic && kind != FlagKind::negate_result; }

/// Only moves, so that EFLAGS are kept.
void store_recipe(Context& context, Emitter& emitter, const FlagRecipe& recipe) {
    store_operand(context, emitter, recipe.a, context.flags.a);
    if (has_second_operand(recipe.kind)) store_operand(context, emitter, recipe.b, context.flags.b);
    static_assert(offsetof(FlagRecord, size) == offsetof(FlagRecord, kind) + 1 &&
                  sizeof(FlagRecord) >= offsetof(FlagRecord, kind) + 4);
    const u32 kind_and_size = static_cast<u32>(recipe.kind) | u32{recipe.size} << 8;
    emitter.assembler().mov(emitter.at(&context.flags.kind, 4), kind_and_size); // And padding.
}

} // namespace

void FlagTracker::give_up_host(bool used_later) {
    if (!in_host_) return;
    in_host_ = false;
    if (recipe_ || (in_record_ && (record_is_status_ || !used_later))) return;
    emitter_.save_status(scratch_b);
    in_record_ = record_is_status_ = true;
}

void FlagTracker::restore(HostRegister temporary, const void* evaluate_flags) {
    if (in_host_) return;
    in_host_ = true;
    if (recipe_) return rematerialize(*recipe_, temporary);
    if (!record_is_status_) emitter_.call(evaluate_flags);
    emitter_.load_status(temporary);
    record_is_status_ = true;
}

void FlagTracker::rematerialize(const FlagRecipe& recipe, HostRegister temporary) {
    host::Assembler& a = emitter_.assembler();
    const host::Gp work = gp(temporary, recipe.size);
    const auto with = [&](const FlagOperand& operand, auto&& instruct) {
        switch (operand.kind) {
        case FlagOperand::Kind::immediate: return instruct(asmjit::Imm(operand.immediate));
        case FlagOperand::Kind::capture: return instruct(emitter_.at(&context_.capture, recipe.size));
        case FlagOperand::Kind::recorded: return instruct(emitter_.at(&context_.flags.b, recipe.size));
        case FlagOperand::Kind::guest_register: break;
        }
        if (is_pinned(operand.number)) return instruct(gp(host_register[operand.number], recipe.size));
        instruct(emitter_.guest_register(operand.number, recipe.size));
    };
    const auto load = [&](const FlagOperand& o) { with(o, [&](const auto& from) { a.mov(work, from); }); };
    const auto add = [&](const FlagOperand& o) { with(o, [&](const auto& from) { a.add(work, from); }); };
    const auto subtract = [&](const FlagOperand& o) {
        with(o, [&](const auto& from) { a.sub(work, from); });
    };
    const auto load_carry = [&] { a.bt(emitter_.at(&context_.flags.b, 4), 0); };
    switch (recipe.kind) {
    case FlagKind::status: break; // No recipe is.
    case FlagKind::subtract: load(recipe.a), subtract(recipe.b); break;
    case FlagKind::subtract_result: load(recipe.a), add(recipe.b), subtract(recipe.b); break;
    case FlagKind::add_result: load(recipe.a), subtract(recipe.b), add(recipe.b); break;
    case FlagKind::logic: load(recipe.a), a.test(work, work); break;
    case FlagKind::negate_result: load(recipe.a), a.neg(work), a.neg(work); break;
    case FlagKind::add_operand: load(recipe.b), subtract(recipe.a), add(recipe.a); break;
    case FlagKind::subtract_operand: // What was subtracted is a - b.
        load(recipe.b), a.neg(work), add(recipe.a);
        a.cmp(emitter_.at(&context_.capture, recipe.size), work);
        break;
    case FlagKind::shift_left: load(recipe.a), a.shl(work, recipe.b.immediate); break;
    case FlagKind::shift_right: load(recipe.a), a.shr(work, recipe.b.immediate); break;
    case FlagKind::shift_right_arithmetic: load(recipe.a), a.sar(work, recipe.b.immediate); break;
    case FlagKind::increment_result: load(recipe.a), a.dec(work), load_carry(), a.inc(work); break;
    case FlagKind::decrement_result: load(recipe.a), a.inc(work), load_carry(), a.dec(work); break;
    }
}

bool FlagTracker::keep_carry(HostRegister temporary) {
    host::Assembler& a = emitter_.assembler();
    if (!in_host_ && recipe_) restore(temporary, nullptr);
    if (!in_host_ && !record_is_status_) return true;
    if (!in_host_) a.bt(emitter_.at(&context_.flags.a, 4), carry_of_status);
    a.setc(emitter_.at(&context_.flags.b, 1));
    return false;
}

void FlagTracker::before_write(int guest, bool used_later) {
    if (!recipe_ || (!recipe_->a.is_register(guest) && !recipe_->b.is_register(guest))) return;
    if (used_later && !in_host_) {
        rematerialize(*recipe_, scratch_b);
        emitter_.save_status(scratch_b);
        in_host_ = in_record_ = record_is_status_ = true;
    } else if (!in_record_) {
        record();
    }
    recipe_.reset();
}

void FlagTracker::set_by_host(std::optional<FlagRecipe> recipe) {
    in_host_ = true;
    in_record_ = record_is_status_ = false;
    recipe_ = recipe;
}

void FlagTracker::set_by_record() {
    in_host_ = false;
    in_record_ = record_is_status_ = true;
    recipe_.reset();
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

void FlagTracker::record(const std::optional<FlagRecipe>& recipe) const {
    if (recipe) store_recipe(context_, emitter_, *recipe);
}

} // namespace ringer::engine::translator
