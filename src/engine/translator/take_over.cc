#include "engine/translator/translator.h"

#include "base/assert.h"
#include "base/bits.h"
#include "x86/access.h"
#include "x86/cpuid.h"
#include "x86/events.h"
#include "x86/semantics/flags.h"

#include <utility>

/// What happens when translated code calls the engine: mostly something was not found in a table, and as a
/// rule it only has to be entered there.
namespace ringer::engine {

using translator::Checking;
using translator::Condition;
using translator::Context;
using translator::FlagKind;
using translator::FlagOperand;
using translator::FlagRecipe;
using translator::FlagRecord;
using translator::SideExit;
using translator::Translation;
using translator::Unsaved;
using x86::Flow;

namespace {

/// With the carry flag, too, where a recipe may count on it (FlagOperand::Kind::recorded).
FlagRecord status_record(u64 rflags) { return {.a = x86::host_status(rflags), .b = rflags & x86::flag::cf}; }

u64 value_of(const FlagOperand& operand, u64 recorded, const FlagRecipe& recipe, const Context& context) {
    switch (operand.kind) {
    case FlagOperand::Kind::guest_register: return context.cpu->state.gpr[operand.number];
    case FlagOperand::Kind::immediate: return static_cast<u64>(i64{recipe.immediate});
    case FlagOperand::Kind::capture: return context.capture;
    case FlagOperand::Kind::recorded: break;
    }
    return recorded;
}

/// Or only what is done of it.
bool counts_all_of_block(const translator::CodeCache::Place& place) {
    switch (place.exit.kind) {
    case SideExit::Kind::link:
    case SideExit::Kind::careful_link: return false;
    case SideExit::Kind::leave: return !place.translation.is_dropped;
    default: return true;
    }
}

/// TZCNT or LZCNT, by the host, of which flags they keep is not in the manuals.
template <class T>
void count_zeros(u64& rflags, FlagKind kind, T source) {
    if (kind == FlagKind::trailing_zeros)
        x86::count_trailing_zeros(rflags, T{0}, source);
    else
        x86::count_leading_zeros(rflags, T{0}, source);
}

FlagRecord record_of_count(const FlagRecipe& recipe, const Context& context) {
    const u64 source = value_of(recipe.a, context.flags.a, recipe, context);
    u64 rflags = 0;
    x86::set_status(rflags, evaluate(context.flags));
    switch (recipe.size) {
    case 2: count_zeros(rflags, recipe.kind, static_cast<u16>(source)); break;
    case 4: count_zeros(rflags, recipe.kind, static_cast<u32>(source)); break;
    default: count_zeros(rflags, recipe.kind, source); break;
    }
    return status_record(rflags);
}

FlagRecord record_of(const FlagRecipe& recipe, const Context& context) {
    if (recipe.kind == FlagKind::trailing_zeros || recipe.kind == FlagKind::leading_zeros)
        return record_of_count(recipe, context);
    return {.a = value_of(recipe.a, context.flags.a, recipe, context),
            .b = value_of(recipe.b, context.flags.b, recipe, context),
            .code = FlagRecord::code_of(recipe.kind, recipe.size)};
}

} // namespace

void Translator::exchange_registers(const Place& place) {
    auto& registers = cpu_.state.gpr;
    place.unsaved.registers.for_each(
        [&](unsigned one, unsigned other) { std::swap(registers[one], registers[other]); });
}

const u8* Translator::access_refused(const memory::RefusedAccess& access) {
    if (access.has_address && shadow_.map(access.linear, access.is_write)) return access.code;
    refused_.emplace(code_.place_of_refused(access.code));
    refused_code_ = access.code;
    if (refused_->exit.kind == SideExit::Kind::refused_with_flags)
        context_.flags = status_record(access.flags);
    return runtime_.refused;
}

/// The access adds it to its own displacement.
i32 Translator::stack_pointer_lag(const Place& place, const u8* code) {
    const x86::Instruction* const guest = instruction_of(place, place.exit.position);
    const bool is_push = guest && guest->mnemonic == ZYDIS_MNEMONIC_PUSH;
    const bool is_pop = guest && guest->mnemonic == ZYDIS_MNEMONIC_POP;
    if ((!is_push && !is_pop) || guest->has_memory) return 0;
    x86::Instruction host;
    x86::decode({code, x86::longest_instruction}, x86::CodeMode::long64, cpu_.model, host);
    return host.displacement + (is_push ? i32{guest->operand_size} : 0);
}

void Translator::take_back_places(const SideExit& exit) {
    auto& registers = cpu_.state.gpr;
    registers[x86::rdi] = memory::ShadowSpace::linear_at(registers[x86::rdi]);
    if (exit.kind == SideExit::Kind::refused_move)
        registers[x86::rsi] = memory::ShadowSpace::linear_at(registers[x86::rsi]);
}

const void* Translator::take_over() {
    const Doing doing(activity_, Activity::called_from_code);
    const Place place =
        refused_ ? *refused_ : code_.place_of_call(reinterpret_cast<const void*>(context_.resume));
    refused_.reset();
    context_.restore_vectors = context_.restore_x87 = context_.restore_flags = 0;
    exchange_registers(place);
    if (counts_all_of_block(place)) cpu_.state.retired -= place.translation.instructions;
    switch (place.exit.kind) {
    case SideExit::Kind::interpret: return run_instruction(place);
    case SideExit::Kind::access:
        if (const void* const code = find_access(place)) return code;
        return run_instruction(place);
    case SideExit::Kind::group: {
        const u64 linear = missed_address(place);
        if (const void* const code = find_access(place)) return code;
        code_.note_failed_group(place.translation, linear, cpu_.state.retired);
        return go_on_elsewhere(place, Checking::careful);
    }
    case SideExit::Kind::careful: return go_on_elsewhere(place, Checking::careful);
    case SideExit::Kind::region:
        ++region_misses_;
        if (place.exit.accessed_size == translator::stack_region_vector)
            return go_on_elsewhere(place, Checking::grouped);
        return go_on_after_region(place);
    case SideExit::Kind::refused:
    case SideExit::Kind::refused_with_flags:
        cpu_.state.gpr[x86::rsp] += static_cast<u64>(i64{stack_pointer_lag(place, refused_code_)});
        return run_instruction(place);
    case SideExit::Kind::refused_move:
    case SideExit::Kind::refused_store: take_back_places(place.exit); return run_instruction(place);
    case SideExit::Kind::branch:
        if (const void* const code = find_target(place)) return code;
        return run_instruction(place);
    case SideExit::Kind::far:
        if (const void* const code = link_far(place)) return code;
        return run_instruction(place);
    case SideExit::Kind::crossing: return enter_crossing(place);
    case SideExit::Kind::following:
        if (const void* const code = link_far_to(
                place, place.translation.condition.wrapped(linear_of(place) + place.exit.accessed_size)))
            return code;
        cpu_.state.retired += place.exit.number + 1u;
        return leave(linear_of(place) + place.exit.accessed_size);
    case SideExit::Kind::link: return follow_link(place, Checking::grouped);
    case SideExit::Kind::careful_link: return follow_link(place, Checking::careful);
    case SideExit::Kind::leave: break;
    }
    // A grouped one of the same code may be shorter, so that it fits into the budget, and lead back here.
    wanted_ = place.translation.checking;
    return leave(linear_of(place));
}

const void* Translator::go_on_checked(const Place& place) {
    if (counts_all_of_block(place)) cpu_.state.retired += place.translation.instructions;
    exchange_registers(place);
    context_.restore_vectors = place.exit.restores_vectors;
    context_.restore_x87 = place.exit.restores_x87;
    return code_.code_at(place.translation, place.exit.behind_check);
}

const void* Translator::go_on_behind(const Place& place) {
    cpu_.state.retired += place.translation.instructions;
    exchange_registers(place);
    context_.restore_vectors = place.exit.restores_vectors;
    context_.restore_x87 = place.exit.restores_x87;
    context_.restore_flags = place.exit.restores_flags;
    return code_.code_at(place.translation, place.exit.behind);
}

const void* Translator::leave(u64 linear) {
    cpu_.state.rip = rip_at(linear);
    return nullptr;
}

const void* Translator::follow_link(const Place& place, Checking checking) {
    const u64 target = linear_of(place);
    Translation* const translation = find_translation(target, checking);
    // Most traces begin where a link leads to.
    constexpr unsigned usual_tries = 4;
    const bool may_begin_trace = translation && code_.may_begin_trace(*translation);
    if (variant_ == Variant::eager && may_begin_trace && ++links_tried_ % usual_tries != 0)
        return leave(target);
    if (!translation) {
        is_linked_to_ = true;
        left_by_ = code_.link_at(place);
        wanted_ = checking;
        return leave(target);
    }
    code_.link(code_.link_at(place), *translation);
    return start_at(target, *translation);
}

const void* Translator::go_on_elsewhere(const Place& place, Checking checking) {
    const u64 linear = linear_of(place);
    if (const Translation* const translation = find_translation(linear, checking)) {
        save(place);
        cpu_.state.retired += place.exit.number;
        return start_at(linear, *translation);
    }
    wanted_ = checking;
    return go_on_in_engine(place);
}

const void* Translator::go_on_in_engine(const Place& place) {
    save(place);
    cpu_.state.retired += place.exit.number;
    return leave(linear_of(place));
}

/// Until a trace would be found anew, a block would run in its place for long.
const void* Translator::go_on_after_region(const Place& place) {
    const bool is_of_trace = code_.note_wrong_region(place.translation, place.exit.accessed_size);
    const void* const next = go_on_in_engine(place);
    if (is_of_trace) make_trace_again(place.translation);
    return next;
}

const u64& Translator::missed_tag(const Place& place) const {
    const x86::Tlb::View& view = *cpu_.data_view;
    return (place.exit.wants_write ? view.write_tags : view.read_tags)[context_.scratch_b];
}

u64 Translator::missed_address(const Place& place) const { return context_.scratch_a ^ missed_tag(place); }

const void* Translator::find_access(const Place& place) {
    const SideExit& exit = place.exit;
    const u64 linear = missed_address(place);
    ++tlb_misses_;
    const auto access = exit.begins_with_write ? x86::Access::write : x86::Access::read;
    const bool may_access = fill_tlb(cpu_, linear, exit.accessed_size, access);
    if (!may_access || (exit.wants_write && !cpu_.data_view->writable(linear, exit.accessed_size)))
        return nullptr;
    // The bits that a walk sets may lie in the code that is about to run.
    if (cpu_.check_requested()) return nullptr;
    context_.scratch_a = linear ^ missed_tag(place);
    return go_on_checked(place);
}

const void* Translator::find_target(const Place& place) {
    ++jump_misses_;
    const Translation* const found = find_translation(context_.scratch_a, Checking::grouped, Way::jump);
    return found && place.may_link_to(*found) ? go_on_checked(place) : nullptr;
}

const void* Translator::link_far(const Place& place) {
    if (place.translation.is_dropped) return nullptr; // Its bytes may say something else now.
    // Another process has mostly mapped the same code at the same distance.
    if (const auto known = code_.far_target(place)) {
        const Condition& condition = place.translation.condition;
        const u64 page = condition.wrapped(context_.page_base + static_cast<u64>(i64{known->distance}));
        const translator::JumpCache::Page* const mapped = jumps_.page(condition, page);
        if (mapped && mapped->physical == known->translation.page() &&
            known->translation.code_region == condition.code_region(page))
            return go_on_linked(place, known->translation);
    }
    const u64 start = linear_of(place);
    cpu_.state.rip = rip_at(start);
    const x86::Instruction* const branch = instruction_of(place, place.exit.position);
    if (!branch) return nullptr;
    const u64 target = start + branch->length + branch->immediate;
    const u64 rip = cpu_.state.rip + branch->length + branch->immediate;
    const bool wraps_at_16_bits = branch->operand_size == 2 && rip > 0xffff;
    return wraps_at_16_bits ? nullptr : link_far_to(place, place.translation.condition.wrapped(target));
}

const void* Translator::enter_crossing(const Place& place) {
    const Checking checking = place.translation.checking;
    const u64 start = linear_of(place);
    if (find_translation(start, checking) != &place.translation) {
        wanted_ = checking;
        return leave(start);
    }
    const auto stamp =
        jumps_.stamp_for_links(place.translation.condition, context_.page_base, place.translation.page());
    if (stamp) code_.note_stamp(place, *stamp);
    return go_on_behind(place);
}

const void* Translator::link_far_to(const Place& place, u64 target) {
    Translation* const translation = find_translation(target, Checking::grouped);
    is_linked_to_ = !translation;
    return translation && place.may_link_to(*translation) ? go_on_linked(place, *translation) : nullptr;
}

const void* Translator::go_on_linked(const Place& place, Translation& target) {
    const auto stamp =
        jumps_.stamp_for_links(place.translation.condition, context_.page_base, place.translation.page());
    if (!stamp) return nullptr;
    ++link_misses_;
    code_.link_far(place, target, *stamp);
    return go_on_checked(place);
}

void Translator::save(const Place& place) {
    if (place.unsaved.flags) context_.flags = record_of(*place.unsaved.flags, context_);
    if (place.unsaved.x87_last != Unsaved::nothing) save_x87_pointers(place);
}

void Translator::save_x87_pointers(const Place& place) {
    const u16 last = place.unsaved.x87_last, last_with_memory = place.unsaved.x87_last_with_memory;
    x86::CpuState& state = cpu_.state;
    const u64 linear = context_.page_base + static_cast<u64>(i64{place.distance_of(last)});
    state.x87.instruction_pointer = cpu_.protected_mode() ? rip_at(linear) : linear;
    if (!cpu_.model.is_amd) return; // As in BlockTranslator::store_x87_pointers().
    state.x87.opcode = instruction_of(place, last)->selector;
    state.x87.code_selector = state.segments[x86::cs].selector;
    if (last_with_memory == Unsaved::nothing) return;
    const x86::SegmentRegister segment = instruction_of(place, last_with_memory)->segment;
    state.x87.data_selector = state.segments[segment].selector;
}

const x86::Instruction* Translator::instruction_of(const Place& place, u16 position) {
    return instruction_at(context_.page_base + static_cast<u64>(i64{place.distance_of(position)}),
                          place.address_of(position));
}

u64 Translator::linear_of(const Place& place) const {
    return context_.page_base + static_cast<u64>(i64{place.distance()});
}

const void* Translator::run_instruction(const Place& place) {
    x86::CpuState& state = cpu_.state;
    save(place);
    x86::set_status(state.rflags, evaluate(context_.flags));
    state.retired += place.exit.number;
    const u64 start = rip_at(linear_of(place));
    state.rip = start;
    const x86::Instruction* const instruction = instruction_of(place, place.exit.position);
    if (!instruction) {
        departure_ = {start, Flow::exception};
        return nullptr;
    }
    const Doing doing(activity_, Activity::interpreting);
    ++interpreted_[instruction->mnemonic];
    state.rip = start + instruction->length;
    if (place.exit.in_shadow) state.interrupt_shadow = x86::InterruptShadow::interrupts;
    const auto shadow =
        std::exchange(state.interrupt_shadow, x86::InterruptShadow::none); // As by begin_step().
    const std::pair mappings{cpu_.tlb.generation(false), cpu_.tlb.generation(true)};
    const u64 count = state.gpr[x86::rcx];
    const Flow flow = instruction->handler(cpu_, *instruction).flow();
    if (instruction->repeat != x86::Repeat::none) note_iterations(count - state.gpr[x86::rcx]);
    note_segments();
    if (flow == Flow::next && place.exit.is_refused()) note_refused(place);
    const bool may_go_on = state.retired + 1 < cpu_.check_at.load(std::memory_order_relaxed);
    // What is behind relies on accesses that were checked before.
    const bool same_mappings = mappings == std::pair{cpu_.tlb.generation(false), cpu_.tlb.generation(true)};
    if (may_go_on && flow == Flow::next && !place.exit.leaves && same_mappings &&
        condition() == place.translation.condition) {
        state.retired -= place.exit.number;
        context_.flags = status_record(state.rflags);
        return go_on_behind(place);
    }
    const bool completed = flow == Flow::next || flow == Flow::branch || flow == Flow::end_block;
    if (may_go_on && completed && !(flow == Flow::end_block && attention_needed(cpu_))) {
        if (const void* const code = code_at_rip()) {
            ++state.retired;
            return code;
        }
    }
    if (flow == Flow::not_yet) state.interrupt_shadow = shadow;
    departure_ = {start, flow};
    return nullptr;
}

void Translator::note_refused(const Place& place) {
    const bool is_at_stack = code_.note_refused(place.translation, cpu_.state.retired);
    if (!is_at_stack) return;
    shadow_.give_up_stack();
    drop_jumps_to_shadowed();
}

const void* Translator::code_at_rip() {
    const u64 linear = linear_rip();
    const Translation* const translation = find_translation(linear, Checking::grouped, Way::jump);
    if (!translation) return nullptr;
    context_.flags = status_record(cpu_.state.rflags);
    return start_at(linear, *translation);
}

const void* Translator::start_at(u64 linear, const Translation& translation) {
    // In another region what it has beside itself would be looked for in memory that is not the guest's.
    RINGER_ASSERT(translation.code_region == translation.condition.code_region(linear));
    context_.page_base = align_down(linear, memory::page_size);
    return code_.start(translation);
}

} // namespace ringer::engine
