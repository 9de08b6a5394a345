#include "engine/translator/flag_code.h"

namespace ringer::engine::translator {

void compute_flags(Context& context, Emitter& emitter, const FlagRecipe& recipe) {
    host::Assembler& a = emitter.assembler();
    const host::Gp work = gp(scratch_b, recipe.size);
    const auto with = [&](const FlagOperand& operand, u64& recorded, auto&& instruct) {
        switch (operand.kind) {
        case FlagOperand::Kind::immediate: return instruct(asmjit::Imm(recipe.immediate));
        case FlagOperand::Kind::capture: return instruct(emitter.at(&context.capture, recipe.size));
        case FlagOperand::Kind::recorded: return instruct(emitter.at(&recorded, recipe.size));
        case FlagOperand::Kind::guest_register: break;
        }
        if (!emitter.is_in_memory(operand.number))
            return instruct(gp(emitter.home(operand.number), recipe.size));
        instruct(emitter.guest_register(operand.number, recipe.size));
    };
    const auto with_a = [&](auto&& instruct) { with(recipe.a, context.flags.a, instruct); };
    const auto with_b = [&](auto&& instruct) { with(recipe.b, context.flags.b, instruct); };
    const auto load = [&](const auto& from) { a.mov(work, from); };
    const auto add = [&](const auto& from) { a.add(work, from); };
    const auto subtract = [&](const auto& from) { a.sub(work, from); };
    const auto load_carry = [&] {
        if (recipe.b.kind != FlagOperand::Kind::immediate)
            a.bt(emitter.at(&context.flags.b, 4), 0);
        else
            recipe.immediate ? a.stc() : a.clc();
    };
    const auto shift = [&](auto&& by) {
        if (recipe.b.kind == FlagOperand::Kind::immediate) return by(asmjit::Imm(recipe.immediate));
        a.xchg(host::rcx, emitter.at(context.flags.b));
        by(host::cl);
        a.xchg(host::rcx, emitter.at(context.flags.b));
    };
    switch (recipe.kind) {
    case FlagKind::status: break; // No recipe is.
    case FlagKind::subtract: with_a(load), with_b(subtract); break;
    case FlagKind::subtract_result: with_a(load), with_b(add), with_b(subtract); break;
    case FlagKind::add_result: with_a(load), with_b(subtract), with_b(add); break;
    case FlagKind::logic: with_a(load), a.test(work, work); break;
    case FlagKind::negate_result: with_a(load), a.neg(work), a.neg(work); break;
    case FlagKind::add_operand: with_b(load), with_a(subtract), with_a(add); break;
    case FlagKind::subtract_operand: // What was subtracted is a - b.
        with_b(load), a.neg(work), with_a(add);
        a.cmp(emitter.at(recipe.a.kind == FlagOperand::Kind::recorded ? &context.flags.a : &context.capture,
                         recipe.size),
              work);
        break;
    case FlagKind::shift_left: with_a(load), shift([&](const auto& count) { a.shl(work, count); }); break;
    case FlagKind::shift_right: with_a(load), shift([&](const auto& count) { a.shr(work, count); }); break;
    case FlagKind::shift_right_arithmetic:
        with_a(load), shift([&](const auto& count) { a.sar(work, count); });
        break;
    case FlagKind::count_behind_logic: with_a(load), a.test(work, work), a.tzcnt(work, work); break;
    case FlagKind::count_behind_subtract:
        with_a(load), with_b(add), with_b(subtract), a.tzcnt(work, work);
        break;
    case FlagKind::count_behind_increment: with_a(load), a.dec(work), a.inc(work), a.tzcnt(work, work); break;
    case FlagKind::increment_result: with_a(load), a.dec(work), load_carry(), a.inc(work); break;
    case FlagKind::decrement_result: with_a(load), a.inc(work), load_carry(), a.dec(work); break;
    case FlagKind::trailing_zeros:
    case FlagKind::leading_zeros: RINGER_ASSERT(!"nobody but the engine looks at them");
    }
}

void record_carry(Context& context, Emitter& emitter) {
    // As many bytes as are read of it later: a load is not given a part of itself by a store.
    emitter.assembler().sbb(gp32(scratch_b), gp32(scratch_b));
    emitter.assembler().mov(emitter.at(&context.flags.b, 4), gp32(scratch_b));
}

FlagEvaluator::FlagEvaluator(Context& context, Emitter& emitter)
    : context_(context), emitter_(emitter), entry_(emitter.label()) {
    host::Assembler& a = emitter_.assembler();
    emitter_.set_pushed(8);
    a.align(asmjit::AlignMode::kCode, 16);
    emitter_.bind(entry_);
    a.movzx(gp32(scratch_b), emitter_.at(context_.flags.code));
    a.jmp(emitter_.at_offset(context_.flag_evaluators[0], scratch_b, 3));
    for (u8 kind = 0; kind < flag_kinds; ++kind)
        for (const u8 size : {1, 2, 4, 8})
            for (const bool has_small : {false, true})
                compute_recorded(static_cast<FlagKind>(kind), size, has_small);
    emitter_.set_pushed(0);
}

void FlagEvaluator::compute_recorded(FlagKind kind, u8 size, bool has_small) {
    if (is_count(kind) && size == 1) return; // There is no such instruction.
    host::Assembler& a = emitter_.assembler();
    asmjit::Label& piece = pieces_[FlagRecord::code_of(kind, size, has_small)];
    piece = emitter_.label();
    emitter_.bind(piece);
    if (has_small) {
        a.movsx(gp64(scratch_b), emitter_.at(context_.flags.small));
        a.mov(emitter_.at(context_.flags.b), gp64(scratch_b));
    }
    constexpr FlagOperand recorded{.kind = FlagOperand::Kind::recorded};
    if (kind == FlagKind::status)
        emitter_.load_status(scratch_b);
    else
        compute_flags(context_, emitter_, {.kind = kind, .size = size, .a = recorded, .b = recorded});
    a.ret();
}

void FlagEvaluator::enter_addresses(const u8* code) const {
    for (std::size_t i = 0; i < pieces_.size(); ++i)
        if (pieces_[i].isValid()) context_.flag_evaluators[i] = code + emitter_.offset_of(pieces_[i]);
}

} // namespace ringer::engine::translator
