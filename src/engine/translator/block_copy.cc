#include "engine/translator/block_translator.h"

#include "engine/translator/copy_plan.h"
#include "engine/translator/flag_code.h"
#include "x86/legacy_image.h"
#include "x86/stub_encoding.h"

#include <bit>

/// Instructions that are copied, and how their flags are noted.
namespace ringer::engine::translator {

void BlockTranslator::note_writes() {
    if (current().flags == FlagUse::overwrites) return; // Nobody needs the old ones behind it.
    const auto recipe = flags_.state().recipe;
    if (recipe && recipe->size <= current().low_bytes_kept()) return; // They follow from what is left of it.
    const x86::Decoded& decoded = current().decoded;
    for (unsigned i = 0; i < decoded.instruction.operand_count; ++i) {
        const ZydisDecodedOperand& operand = decoded.operands[i];
        if (general_register(operand) < 0 || !is_written(operand)) continue;
        flags_before_write(general_register(operand));
    }
}

void BlockTranslator::flags_before_write(int guest) {
    if (!current().is_last_to_show_flags()) flags_.before_write(guest, current().demand());
}

/// In a loop, as a rule, the record has the carry flag from the last time.
void BlockTranslator::keep_carry() {
    if (const auto carry = flags_.known_carry()) {
        if (!flags_.in_host()) *carry ? a_.stc() : a_.clc();
        return;
    }
    if (!flags_.keep_carry()) return;
    const asmjit::Label split = emitter_.label(), resume = emitter_.label();
    a_.cmp(emitter_.at(context_.flags.code), FlagRecord::code_of(FlagKind::increment_result));
    a_.jb(split);
    a_.bt(emitter_.at(&context_.flags.b, 4), 0);
    a_.bind(resume);
    later([this, split, resume] {
        a_.bind(split);
        emitter_.call(runtime_.evaluate_flags);
        record_carry(context_, emitter_);
        a_.mov(emitter_.at(context_.flags.code), FlagRecord::code_of(FlagKind::increment_result));
        a_.jmp(resume);
    });
}

void BlockTranslator::load_borrowed(const CopyPlan& plan) {
    for (const BorrowedRegister& each : plan.borrowed)
        if (each.is_read) a_.mov(gp64(each.scratch), emitter_.guest_register(each.guest));
}

void BlockTranslator::store_borrowed(const CopyPlan& plan) {
    for (const BorrowedRegister& each : plan.borrowed)
        if (each.is_written) a_.mov(emitter_.guest_register(each.guest), gp64(each.scratch));
}

void BlockTranslator::copy() {
    const auto count = count_behind_result();
    note_writes();
    if (count) return copy_count(*count);
    if (current().instruction.has_memory)
        copy_with_memory();
    else
        copy_registers();
    finish_flags();
}

std::optional<FlagKind> BlockTranslator::count_behind_result() const {
    const GuestInstruction& count = current();
    if (count.decoded.instruction.mnemonic != ZYDIS_MNEMONIC_TZCNT || count.instruction.has_memory ||
        !count.visible)
        return std::nullopt;
    const auto result = flags_.state().recipe;
    if (!result || !result->a.is_register(count.register_of(1)) || result->size != size_in_bytes(0))
        return std::nullopt;
    switch (result->kind) {
    case FlagKind::logic: return FlagKind::count_behind_logic;
    case FlagKind::subtract_result: return FlagKind::count_behind_subtract;
    case FlagKind::increment_result: return FlagKind::count_behind_increment;
    default: return std::nullopt;
    }
}

void BlockTranslator::copy_count(FlagKind kind) {
    FlagRecipe recipe = *flags_.state().recipe;
    recipe.kind = kind;
    if (kind == FlagKind::count_behind_increment)
        recipe.b = FlagOperand{}; // TZCNT does not keep the carry flag.
    copy_but_flags();
    flags_.set_behind(recipe);
}

void BlockTranslator::copy_vector() {
    require_vectors();
    copy();
}

/// The interpreter finds out about bits that are reserved, and an exception that is unmasked makes code
/// another.
void BlockTranslator::load_vector_control() {
    require_vectors();
    before_check(); // Also for the test below.
    const HostMemory memory = check_operand();
    a_.mov(gp32(scratch_a), memory_operand(memory, 4));
    a_.mov(emitter_.at(context_.mxcsr), gp32(scratch_a));
    a_.and_(gp32(scratch_a), static_cast<i32>(~x86::mxcsr_mask | x86::mxcsr_exception_masks));
    a_.cmp(gp32(scratch_a), x86::mxcsr_exception_masks);
    interpret_if(host::CondCode::kNE);
    a_.ldmxcsr(emitter_.at(context_.mxcsr));
}

void BlockTranslator::copy_registers() {
    if (current().needs_flags()) flags_.restore(runtime_.evaluate_flags);
    if (current().keeps_carry_alone()) keep_carry();
    if (is_captured_comparison()) {
        const auto first = static_cast<unsigned>(current().register_of(0));
        const HostRegister value = value_of(first, scratch_a);
        if (value != scratch_a) a_.mov(gp64(scratch_a), gp64(value));
        compare_captured(scratch_a, 0);
        return;
    }
    if (captures_destination()) capture_destination(scratch_b);
    if (current().defers_flags()) {
        flags_.record();
        flags_.give_up_host(FlagDemand::shown);
        const auto source = static_cast<unsigned>(current().register_of(1));
        a_.mov(emitter_.at(context_.capture), gp64(value_of(source, scratch_b)));
    }
    copy_but_flags();
}

void BlockTranslator::copy_but_flags() {
    CopyPlan plan = *plan_copy(current().decoded, false, emitter_.homes());
    if (plan.in_place) {
        const host::Mem place = emitter_.guest_register(*plan.in_place);
        plan.substitution.memory = HostMemory{.base = context_register, .displacement = place.offsetLo32()};
    }
    emit_copy(plan);
}

void BlockTranslator::copy_with_memory() {
    if (is_captured_update()) before_check(); // For its second access, too.
    const HostMemory checked = check_operand();
    if (is_captured_comparison()) {
        const ZydisDecodedOperand& operand = memory_operand_of(current().decoded);
        access(checked, [&] { load_zero_extended(scratch_a, memory_operand(checked, operand.size / 8)); });
        compare_captured(scratch_a, current().decoded.is_memory(0) ? 0 : 1);
        return;
    }
    if (is_captured_update()) return update_captured(checked);
    const bool wants_scratch_b = current().needs_flags() || captures_destination();
    const bool lends_scratch_b = wants_scratch_b || checked.base == scratch_a;
    CopyPlan plan =
        *plan_copy(current().decoded, true, emitter_.homes(), lends_scratch_b ? scratch_b : scratch_a);
    plan.substitution.memory = checked;
    // What is spilled may address the operand, and scratch_b may be a part of the address.
    const bool has_other_address = checked.is_shadowed && checked.index != scratch_b;
    if (!has_other_address &&
        (wants_scratch_b || plan.borrows(scratch_b) || (plan.spilled && !plan.spilled_for_address))) {
        const HostRegister address = lends_scratch_b ? scratch_a : scratch_b;
        a_.lea(gp64(address), memory_operand(checked, 8));
        plan.substitution.memory = HostMemory{.base = address, .is_shadowed = checked.is_shadowed};
    }
    if (current().needs_flags()) flags_.restore(runtime_.evaluate_flags);
    if (captures_destination()) {
        if (checked.is_shadowed) flags_.before_capture();
        capture_destination(scratch_b);
    }
    emit_copy(plan);
}

HostRegister BlockTranslator::scratch_beside(HostMemory& memory) {
    if (memory.base == scratch_a && memory.index == scratch_b) {
        a_.lea(gp64(scratch_a), memory_operand(memory, 8));
        memory = {.base = scratch_a, .is_shadowed = memory.is_shadowed};
    }
    return memory.base == scratch_a ? scratch_b : scratch_a;
}

/// Two moves take a fraction of what the host's XCHG does, which locks.
void BlockTranslator::exchange() {
    note_writes();
    HostMemory memory = check_operand();
    const HostRegister old = scratch_beside(memory);
    const unsigned size = size_in_bytes(0);
    const host::Gp operand = gp(emitter_.home(static_cast<unsigned>(current().register_of(1))), size);
    access(memory, [&] { a_.mov(gp(old, size), memory_operand(memory, size)); });
    access(memory, [&] { a_.mov(memory_operand(memory, size), operand); });
    a_.mov(operand, gp(old, size));
}

/// The element that has the bit is accessed, and not what lies between (Intel SDM Vol. 2, BT).
void BlockTranslator::bit_string() {
    const unsigned size = size_in_bytes(0), address_size = current().instruction.address_size();
    const host::Gp number = gp(emitter_.home(static_cast<unsigned>(current().register_of(1))), size);
    const bool is_write = is_written(current().decoded.operands[0]);
    const HostMemory element = check({}, {.size = size, .is_write = is_write}, std::nullopt, [&](i32) {
        load_offset(0);
        size == 8 ? a_.mov(gp64(scratch_b), number) : a_.movsxd(gp64(scratch_b), number);
        a_.sar(gp64(scratch_b), size == 8 ? 6 : 5);
        const auto scale = static_cast<unsigned>(std::countr_zero(size));
        a_.lea(gp(scratch_a, address_size), host::ptr(gp64(scratch_a), gp64(scratch_b), scale));
    });
    a_.lea(gp64(scratch_a), memory_operand(element, 8));
    if (current().needs_flags()) flags_.restore(runtime_.evaluate_flags);
    const host::Gp value = gp(scratch_b, size);
    a_.mov(value, host::ptr(gp64(scratch_a), 0, size));
    switch (current().decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_BTC: a_.btc(value, number); break;
    case ZYDIS_MNEMONIC_BTR: a_.btr(value, number); break;
    case ZYDIS_MNEMONIC_BTS: a_.bts(value, number); break;
    default: a_.bt(value, number);
    }
    if (is_write) a_.mov(host::ptr(gp64(scratch_a), 0, size), value);
    finish_flags();
}

/// The host divides once it is certain that it raises no #DE; otherwise the interpreter finds out.
void BlockTranslator::divide() {
    note_writes();
    const unsigned size = size_in_bytes(0);
    HostRegister divisor = scratch_a;
    before_check(); // Also for what the division itself asks for.
    if (current().instruction.has_memory) {
        const HostMemory checked = check_operand();
        access(checked, [&] { a_.mov(gp(scratch_a, size), memory_operand(checked, size)); });
    } else {
        divisor = value_of(static_cast<unsigned>(current().register_of(0)), scratch_a);
    }
    const bool is_signed = current().decoded.instruction.mnemonic == ZYDIS_MNEMONIC_IDIV;
    is_signed ? check_signed_division(divisor, size) : check_unsigned_division(divisor, size);
    if (current().needs_flags()) flags_.restore(runtime_.evaluate_flags);
    is_signed ? a_.idiv(gp(divisor, size)) : a_.div(gp(divisor, size));
    finish_flags();
}

/// The quotient fits if and only if the dividend's upper half is below the divisor.
void BlockTranslator::check_unsigned_division(HostRegister divisor, unsigned size) {
    a_.cmp(gp(x86::rdx, size), gp(divisor, size));
    interpret_if(host::CondCode::kAE);
}

/// It fits if the dividend's upper half only extends the lower one's sign, and the divisor is neither 0 nor
/// -1.
void BlockTranslator::check_signed_division(HostRegister divisor, unsigned size) {
    a_.mov(gp(scratch_b, size), gp(x86::rax, size));
    a_.sar(gp(scratch_b, size), 8 * size - 1);
    a_.cmp(gp(scratch_b, size), gp(x86::rdx, size));
    interpret_if(host::CondCode::kNE);
    a_.lea(gp(scratch_b, size), host::ptr(gp64(divisor), 1));
    a_.cmp(gp(scratch_b, size), 1);
    interpret_if(host::CondCode::kBE);
}

void BlockTranslator::emit_copy(CopyPlan plan) {
    if (plan.spilled) a_.mov(emitter_.at(context_.spilled), gp64(*plan.spilled));
    if (plan.spilled_for_address) {
        a_.lea(gp64(*plan.spilled), memory_operand(*plan.substitution.memory, 8));
        plan.substitution.memory = HostMemory{*plan.spilled};
    }
    load_borrowed(plan);
    const CopiedInstruction copied = *copy_instruction(current().decoded, plan.substitution);
    const bool is_before_jump = index_ + 1 < block_->instructions.size() &&
                                block_->instructions[index_ + 1].treatment == Treatment::jump_if;
    if (is_before_jump)
        emitter_.with_jump_if([&] { emitter_.raw(copied.span()); });
    else
        emitter_.raw(copied.span());
    if (plan.substitution.memory) note_access(*plan.substitution.memory, copied.length);
    if (plan.borrows(scratch_b)) emitter_.forget_scratch_b();
    store_borrowed(plan);
    if (plan.spilled) a_.mov(gp64(*plan.spilled), emitter_.at(context_.spilled));
}

void BlockTranslator::load_zero_extended(HostRegister into, const host::Mem& from) {
    if (from.size() < 4)
        a_.movzx(gp32(into), from);
    else
        a_.mov(gp(into, from.size()), from);
}

/// Only worth it if the flags will have to be noted, which without this takes LAHF and SETO.
bool BlockTranslator::is_captured_comparison() const {
    const x86::Decoded& decoded = current().decoded;
    const auto mnemonic = decoded.instruction.mnemonic;
    if (!current().visible || is_high_byte(decoded.operands[0]) || is_high_byte(decoded.operands[1]))
        return false;
    if (mnemonic == ZYDIS_MNEMONIC_CMP) return current().instruction.has_memory;
    return mnemonic == ZYDIS_MNEMONIC_TEST &&
           (current().instruction.has_memory || current().register_of(0) != current().register_of(1));
}

void BlockTranslator::compare_captured(HostRegister value, unsigned captured_operand) {
    const x86::Decoded& decoded = current().decoded;
    const unsigned other = 1 - captured_operand;
    const unsigned size = size_in_bytes(0);
    const host::Gp captured = gp(value, size);
    const bool is_test = decoded.instruction.mnemonic == ZYDIS_MNEMONIC_TEST;
    if (decoded.is_immediate(other)) {
        const i64 immediate = decoded.operands[other].imm.value.s;
        is_test ? a_.and_(captured, immediate) : a_.cmp(captured, immediate);
    } else {
        const auto guest = static_cast<unsigned>(current().register_of(other));
        const host::Gp operand = gp(value_of(guest, scratch_b), size);
        if (is_test)
            a_.and_(captured, operand); // Its flags are TEST's, and follow from what is left.
        else if (captured_operand == 0)
            a_.cmp(captured, operand);
        else
            a_.cmp(operand, captured);
    }
    const bool is_first = is_test || captured_operand == 0;
    a_.mov(emitter_.at(is_first ? context_.flags.a : context_.flags.b), gp64(value));
    if (current().instruction.has_memory) leaves_after_slow_path_ = true;
}

namespace {

/// What the host has for an instruction whose flags follow from its result and its second operand.
std::optional<asmjit::InstId> update_by(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_ADD: return host::Inst::kIdAdd;
    case ZYDIS_MNEMONIC_SUB: return host::Inst::kIdSub;
    case ZYDIS_MNEMONIC_AND: return host::Inst::kIdAnd;
    case ZYDIS_MNEMONIC_OR: return host::Inst::kIdOr;
    case ZYDIS_MNEMONIC_XOR: return host::Inst::kIdXor;
    default: return std::nullopt;
    }
}

} // namespace

bool BlockTranslator::is_captured_update() const {
    const x86::Decoded& decoded = current().decoded;
    return current().visible && decoded.is_memory(0) && !current().instruction.lock &&
           !is_high_byte(decoded.operands[1]) && update_by(decoded.instruction.mnemonic);
}

/// What is refused leaves the record alone, from which flags may follow.
void BlockTranslator::update_captured(HostMemory memory) {
    const unsigned size = size_in_bytes(0);
    const HostRegister value = scratch_beside(memory);
    access(memory, [&] { load_zero_extended(value, memory_operand(memory, size)); });
    const auto operand = [&]() -> asmjit::Operand {
        if (current().decoded.is_immediate(1)) return asmjit::Imm(current().decoded.operands[1].imm.value.s);
        const auto guest = static_cast<unsigned>(current().register_of(1));
        if (emitter_.is_in_memory(guest)) return emitter_.guest_register(guest, size);
        return gp(emitter_.home(guest), size);
    };
    a_.emit(*update_by(current().decoded.instruction.mnemonic), gp(value, size), operand());
    access(memory, [&] { a_.mov(memory_operand(memory, size), gp(value, size)); });
    a_.mov(emitter_.at(context_.flags.a), gp64(value));
}

bool BlockTranslator::captures_destination() const {
    const x86::Decoded& decoded = current().decoded;
    if (!current().visible || current().flags != FlagUse::overwrites || !decoded.is_register(0) ||
        is_high_byte(decoded.operands[0]))
        return false;
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_ADD:
    case ZYDIS_MNEMONIC_SUB: return current().instruction.has_memory;
    case ZYDIS_MNEMONIC_SHL:
    case ZYDIS_MNEMONIC_SHR:
    case ZYDIS_MNEMONIC_SAR: return true;
    default: return false;
    }
}

/// What may yet be refused leaves alone what is on record.
void BlockTranslator::capture_destination(HostRegister scratch) {
    const auto guest = static_cast<unsigned>(current().register_of(0));
    const bool may_be_refused = current().instruction.has_memory;
    a_.mov(emitter_.at(may_be_refused ? context_.capture : context_.flags.a), gp64(value_of(guest, scratch)));
    if (may_be_refused) leaves_after_slow_path_ = true;
}

std::optional<FlagOperand> BlockTranslator::flag_operand(unsigned index) const {
    const x86::Decoded& decoded = current().decoded;
    if (decoded.is_immediate(index)) return FlagOperand{.kind = FlagOperand::Kind::immediate};
    const int guest = current().register_of(index);
    if (guest < 0 || is_high_byte(decoded.operands[index])) return std::nullopt;
    return FlagOperand{.kind = FlagOperand::Kind::guest_register, .number = static_cast<u8>(guest)};
}

std::optional<FlagRecipe> BlockTranslator::recipe() const {
    constexpr FlagOperand capture{.kind = FlagOperand::Kind::capture};
    constexpr FlagOperand recorded{.kind = FlagOperand::Kind::recorded};
    const x86::Decoded& decoded = current().decoded;
    const auto make = [&](FlagKind kind, std::optional<FlagOperand> a,
                          std::optional<FlagOperand> b = FlagOperand{}) -> std::optional<FlagRecipe> {
        if (!a || !b) return std::nullopt;
        const i64 immediate = decoded.is_immediate(1) ? decoded.operands[1].imm.value.s : 0;
        return FlagRecipe{kind, static_cast<u8>(size_in_bytes(0)), *a, *b, static_cast<i32>(immediate)};
    };
    const auto first = flag_operand(0), second = flag_operand(1);
    const bool has_memory = current().instruction.has_memory;
    const bool same = first && second && second->is_register(first->number) && !has_memory;
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_CMP:
        if (is_captured_comparison())
            return decoded.is_memory(0) ? make(FlagKind::subtract, recorded, second)
                                        : make(FlagKind::subtract, first, recorded);
        return make(FlagKind::subtract, first, second);
    case ZYDIS_MNEMONIC_TEST:
        if (is_captured_comparison()) return make(FlagKind::logic, recorded);
        return same ? make(FlagKind::logic, first) : std::nullopt;
    case ZYDIS_MNEMONIC_AND:
    case ZYDIS_MNEMONIC_OR:
    case ZYDIS_MNEMONIC_XOR: return make(FlagKind::logic, is_captured_update() ? recorded : first);
    case ZYDIS_MNEMONIC_SUB:
        if (is_captured_update()) return make(FlagKind::subtract_result, recorded, second);
        if (captures_destination()) return make(FlagKind::subtract_operand, capture, first);
        return same ? make(FlagKind::logic, first) : make(FlagKind::subtract_result, first, second);
    case ZYDIS_MNEMONIC_ADD:
        if (is_captured_update()) return make(FlagKind::add_result, recorded, second);
        if (captures_destination()) return make(FlagKind::add_operand, capture, first);
        return same ? std::nullopt : make(FlagKind::add_result, first, second);
    case ZYDIS_MNEMONIC_NEG: return make(FlagKind::negate_result, first);
    case ZYDIS_MNEMONIC_INC:
    case ZYDIS_MNEMONIC_DEC: {
        const bool increments = decoded.instruction.mnemonic == ZYDIS_MNEMONIC_INC;
        if (!current().keeps_carry_alone()) return std::nullopt;
        const auto carry = flags_.known_carry();
        auto kept = make(increments ? FlagKind::increment_result : FlagKind::decrement_result, first,
                         carry ? FlagOperand{.kind = FlagOperand::Kind::immediate} : recorded);
        if (kept && carry) kept->immediate = *carry;
        return kept;
    }
    case ZYDIS_MNEMONIC_TZCNT:
        return current().defers_flags() ? make(FlagKind::trailing_zeros, capture) : std::nullopt;
    case ZYDIS_MNEMONIC_LZCNT:
        return current().defers_flags() ? make(FlagKind::leading_zeros, capture) : std::nullopt;
    case ZYDIS_MNEMONIC_SHL:
        return captures_destination() ? make(FlagKind::shift_left, recorded, second) : std::nullopt;
    case ZYDIS_MNEMONIC_SHR:
        return captures_destination() ? make(FlagKind::shift_right, recorded, second) : std::nullopt;
    case ZYDIS_MNEMONIC_SAR:
        return captures_destination() ? make(FlagKind::shift_right_arithmetic, recorded, second)
                                      : std::nullopt;
    default: return std::nullopt;
    }
}

void BlockTranslator::finish_flags() {
    if (current().defers_flags()) return flags_.set_over_record(*recipe());
    switch (current().flags) {
    case FlagUse::none:
    case FlagUse::reads: return;
    case FlagUse::overwrites:
    case FlagUse::changes:
    case FlagUse::reads_and_changes: flags_.set_by_host(current().visible ? recipe() : std::nullopt);
    }
}

} // namespace ringer::engine::translator
