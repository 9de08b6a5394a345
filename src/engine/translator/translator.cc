#include "engine/translator/translator.h"

#include "base/assert.h"
#include "base/bits.h"
#include "x86/access.h"
#include "x86/cpuid.h"
#include "x86/events.h"
#include "x86/legacy_image.h"
#include "x86/x87_state.h"

#include <algorithm>

namespace ringer::engine {

using translator::Checking;
using translator::Condition;
using translator::Context;
using translator::Translation;

namespace {

/// Of decoded ones: what is worth keeping is soon translated.
constexpr unsigned most_cold_instructions = 3 << 15;

x86::AccessRights code_rights(const x86::Cpu& cpu) {
    return {x86::Access::execute, cpu.state.cpl == 3, false};
}

/// Intel SDM Vol. 3, 5.3 to 5.5. What expands down is left to the interpreter.
Context::SegmentEnds ends_of(const x86::Cpu& cpu, const x86::Segment& segment) {
    constexpr u16 expands_down = 0x14, kind = 0x1c, readable_or_writable = 0x2;
    const u64 end = u64{segment.limit} + 1;
    if ((segment.attributes & kind) == expands_down) return {};
    if (!cpu.protected_mode()) return {end, end};
    if (!segment.present()) return {};
    const u64 end_if_allowed = segment.attributes & readable_or_writable ? end : 0;
    if (segment.is_code()) return {.readable = end_if_allowed, .writable = 0};
    return {.readable = end, .writable = end_if_allowed};
}

bool is_flat(const x86::Cpu& cpu, const x86::Segment& segment) {
    return segment.base == 0 && ends_of(cpu, segment).writable == 4 * GiB;
}

} // namespace

Translator::Translator(x86::Cpu& cpu, Variant variant)
    : Interpreter(cpu, Caching::blocks, most_cold_instructions), variant_(variant),
      frame_{.stack = {}, .context = {.cpu = &cpu, .engine = this}},
      shadow_(cpu, __builtin_cpu_supports("bmi2") ? cpu.model.shadow_space : nullptr),
      runtime_(context_, cpu.model.translations,
               [](Context* context) { return context->engine->take_over(); }),
      code_(cpu.model.translations.from(runtime_.size())) {
    context_.counts_tlb_looks = variant == Variant::counting;
    cache_.share_pages_with(this);
    cpu_.tlb.observe(this);
    if (memory::ShadowSpace* const space = cpu.model.shadow_space)
        space->watch({cpu.model.translations.executable, cpu.model.translations.writable.size()}, this);
}

Translator::~Translator() {
    if (memory::ShadowSpace* const space = cpu_.model.shadow_space) space->watch({}, nullptr);
    cpu_.tlb.observe(nullptr);
    cache_.share_pages_with(nullptr);
}

std::optional<Condition> Translator::condition() const {
    const x86::CpuState& state = cpu_.state;
    const x86::TlbView view = cpu_.tlb.which(*cpu_.data_view);
    const bool in_between = state.cpl == 1 || state.cpl == 2; // A supervisor's view, but not its rights.
    if (in_between || view == x86::TlbView::uncached) return std::nullopt;
    const bool task_switched = state.cr0 & x86::cr0::ts;
    Condition now{.view = static_cast<u8>(view),
                  .sse = !task_switched && !(state.cr0 & x86::cr0::em) && (state.cr4 & x86::cr4::osfxsr),
                  .avx = !task_switched && (state.cr4 & x86::cr4::osxsave) && (state.xcr0 & 6) == 6,
                  .exceptions_masked = (~state.vector.mxcsr & x86::mxcsr_exception_masks) == 0,
                  .x87 = !task_switched && !(state.cr0 & x86::cr0::em) &&
                         (~state.x87.control & x86::x87_status::exceptions) == 0,
                  .mode = cpu_.code_mode};
    now.is_shadowed = may_be_shadowed() && shadow_.serves();
    now.has_high_stack = now.is_shadowed && now.is_long64() && shadow_.serves_stack() &&
                         memory::ShadowSpace::is_high(state.gpr[x86::rsp]);
    if (now.is_long64()) return now;
    for (const x86::SegmentRegister number : {x86::es, x86::ss, x86::ds})
        now.flat_segments |= static_cast<u8>(is_flat(cpu_, state.segments[number]) << number);
    now.has_wide_stack = state.segments[x86::ss].default_is_32();
    now.code_base = static_cast<u32>(state.segments[x86::cs].base);
    now.code_limit = state.segments[x86::cs].limit;
    return now;
}

void Translator::note_segments() {
    if (cpu_.long64()) return;
    for (unsigned number = 0; number < context_.segment_ends.size(); ++number)
        context_.segment_ends[number] = ends_of(cpu_, cpu_.state.segments[number]);
}

u64 Translator::rip_at(u64 linear) const {
    return cpu_.long64() ? linear : static_cast<u32>(linear - cpu_.state.segments[x86::cs].base);
}

/// Where code has been evicted, much of what is cold was hot before.
u32 Translator::hot() const {
    if (variant_ == Variant::eager) return 1;
    return code_.evictions() == 0 ? 8 : 3;
}

bool Translator::is_to_look_around() {
    if (variant_ == Variant::eager) return true;
    if (!has_run_for_long()) return false;
    looked_around_at_ = cpu_.state.retired;
    return true;
}

bool Translator::has_run_for_long() const {
    constexpr u64 period = 50'000; // Instructions, in some 100 us.
    return cpu_.state.retired - looked_around_at_ >= period;
}

void Translator::note_iterations(u64 count) {
    constexpr u64 by_instruction = 8; // Which take as long.
    looked_around_at_ -= count / by_instruction;
    if (has_run_for_long()) cpu_.request_check();
}

/// Supervisors' mappings change too often, but for those that have no paging at all: firmware, boot loaders,
/// and kernels that unpack themselves. Where there is long mode, what lies above 4 GiB may be mapped, and
/// code of 32 bits must not reach it.
bool Translator::may_be_shadowed() const {
    const bool is_users = cpu_.tlb.which(*cpu_.data_view) == x86::TlbView::user;
    if (cpu_.long64()) return is_users;
    const bool has_paging = cpu_.state.cr0 & x86::cr0::pg;
    return cpu_.code_mode == x86::CodeMode::protected32 && !cpu_.long_mode_active() &&
           (is_users || !has_paging);
}

void Translator::consider_shadow() {
    if (!may_be_shadowed()) return;
    constexpr u32 usual_times = 32; // Shorter lives are not worth a mapping.
    const u32 times_to_own = variant_ == Variant::eager ? 1 : usual_times;
    if (shadow_.note_code(times_to_own)) drop_jumps_to_shadowed();
}

/// Supervisors' code is shadowed only where there is no paging. What leads to it is worth keeping: owners
/// come and go with each short-lived process.
void Translator::drop_jumps_to_shadowed() {
    const bool has_paging = cpu_.state.cr0 & x86::cr0::pg;
    has_paging ? jumps_.clear_users() : jumps_.clear();
}

void Translator::execute() {
    forget_departure();
    shadow_.prepare_thread();
    shadow_.map_awaited();
    for (bool is_first = true;; is_first = false) {
        if ((is_first || variant_ == Variant::eager) && is_to_look_around()) {
            consider_shadow();
            if (!consider_trace()) return;
        }
        const Block* block = known_block();
        const bool is_cold = block && block->heat + 1 < hot() && wanted_ == Checking::grouped;
        if (is_cold) ++block->heat;
        Translation* translation = is_cold ? nullptr : find_translation(linear_rip(), wanted_);
        if (!is_cold && !translation) {
            if (!block) block = look_up();
            if (!block) break;
            translation = translate(*block, wanted_);
        }
        if (translation && left_by_) code_.link(*left_by_, *translation);
        forget_departure();
        const u64 check_at = cpu_.check_at.load(std::memory_order_relaxed);
        const bool fits = translation && cpu_.state.retired + translation->instructions <= check_at;
        if (translation && !fits && may_stop()) return;
        if (!fits && !block) block = look_up();
        if (!fits && !block) break;
        ++(fits ? entries_ : blocks_run_);
        if (!(fits ? enter(*translation) : run_cold(*block))) return;
    }
    deliver_exception(cpu_);
}

bool Translator::run_cold(const Block& block) {
    const bool has_regions = cpu_.long64() && may_be_shadowed() && !is_single(block);
    return has_regions ? run_and_look(block, block.operands) : run_block(block);
}

bool Translator::run_and_look(const Block& block, OperandRegions& operands) {
    std::size_t number = 0;
    return run_block(block, [&](const x86::Instruction& instruction) {
        if (instruction.has_memory)
            operands.note(number,
                          effective_address(cpu_, instruction) + cpu_.get<u64>(instruction.segment_base));
        ++number;
    });
}

void Translator::forget_departure() {
    left_by_.reset();
    wanted_ = Checking::grouped;
    is_linked_to_ = false;
}

Translation* Translator::find_translation(u64 linear, Checking checking, Way way) {
    const std::optional<Condition> now = condition();
    if (!now) return nullptr;
    jumps_.use_for(*now);
    if (checking == Checking::grouped) {
        const void* const code = jumps_.find(*now, linear);
        Translation* const known = code ? &code_.translation_at(code) : nullptr;
        const bool is_only_here = known && !known->has_pages; // Others are looked at each time.
        if (is_only_here && !known->is_dropped) return known;
    }
    const auto found = page_at(linear, *now);
    if (!found) return nullptr;
    Translation* const translation = code_.find(found->address, now->code_region(linear), *now, checking);
    if (!translation) return nullptr;
    if (way == Way::jump && checking == Checking::grouped && !translation->may_be_jumped_to()) {
        code_.give_landing(*translation);
        return nullptr;
    }
    const u64 page = align_down(linear, memory::page_size);
    if (!code_.may_be_at(*translation, page)) {
        code_.drop(*translation);
        return nullptr;
    }
    bool is_global = found->page.is_global;
    translation->is_jumped_to |= way == Way::jump;
    const bool is_to_be_known = checking == Checking::grouped || translation->has_pages;
    if (is_to_be_known && jumps_.add_page(*now, page, translation->page(), found->page))
        add_known_jumps(page, translation->page(), *now, is_global);
    for (const translator::CodePage& each : code_.pages(*translation)) {
        if (each.distance == 0) continue;
        const u64 at = now->wrapped(page + static_cast<u64>(i64{each.distance}));
        const auto other = page_at(at, *now);
        if (!other || other->address != each.page) {
            if (translation->is_trace) code_.drop(*translation); // Another program has this code as well.
            return nullptr;
        }
        jumps_.add_page(*now, at, each.page, other->page);
        is_global &= other->page.is_global;
    }
    if (checking == Checking::grouped && translation->may_be_jumped_to())
        add_jump(linear, *translation, is_global);
    return translation;
}

/// A landing is for one page: what leads to it as one for another does so no longer.
void Translator::add_jump(u64 linear, const Translation& translation, bool is_global) {
    RINGER_ASSERT(translation.code_region == translation.condition.code_region(linear)); // As in start_at().
    const void* const code = code_.code(translation);
    const u64 offset = linear % memory::page_size;
    const u64 landed_at = code_.land_at(translation, linear - offset);
    if (landed_at != linear - offset) jumps_.drop(translation.condition, landed_at + offset, code);
    jumps_.add(translation.condition, linear, code, is_global);
}

void Translator::add_known_jumps(u64 page, GuestPhysical physical, const Condition& now, bool is_global) {
    code_.for_each_jumped_to(physical, now.code_region(page), now, [&](const Translation& each) {
        add_jump(page + each.address % memory::page_size, each, is_global);
    });
}

std::optional<x86::Translation> Translator::page_at(u64 linear, const Condition& now) {
    linear = now.wrapped(linear);
    if (!now.reaches_page(linear)) return std::nullopt;
    const u64 offset = linear % memory::page_size;
    if (const translator::JumpCache::Page* const known = jumps_.page(now, linear - offset))
        return x86::Translation{.address = known->physical + offset, .page = known->kind, .writable = false};
    return x86::foresee(cpu_, linear, code_rights(cpu_));
}

translator::CodeBytes Translator::bytes_of(const Block& block, const Condition& now) {
    memory::AddressSpace& memory = cpu_.surroundings.memory();
    const u64 linear = linear_rip();
    if (!now.reaches_page(linear)) return {};
    const u64 rest_of_page = memory::page_size - linear % memory::page_size;
    const bool crosses = is_single(block);
    if (crosses && block.first->length <= rest_of_page) return {}; // In device memory.
    const auto first = x86::foresee(cpu_, linear, code_rights(cpu_));
    if (!first || !memory.ram(first->address)) return {};
    const translator::CodeBytes in_page{.address = first->address,
                                        .bytes = {memory.ram(first->address), rest_of_page},
                                        .region = now.code_region(linear)};
    const bool may_cross = rest_of_page <= translator::GuestBlock::most_in_crossed_page;
    const auto next = may_cross ? page_at(linear + rest_of_page, now) : std::nullopt;
    if (!next || !memory.ram(next->address)) return crosses ? translator::CodeBytes{} : in_page;
    auto end = std::ranges::copy(in_page.bytes, crossing_bytes_.begin()).out;
    end = std::copy_n(memory.ram(next->address), translator::GuestBlock::most_in_crossed_page, end);
    return {.address = first->address,
            .bytes = {crossing_bytes_.begin(), end},
            .next_page = next->address,
            .region = in_page.region};
}

Translation* Translator::translate(const Block& block, Checking checking) {
    const std::optional<Condition> now = condition();
    if (!now) return nullptr;
    const u64 linear = linear_rip();
    u8& crossing_heat = crossing_heat_[(linear >> memory::page_shift) % crossing_heat_.size()];
    const u32 heat = is_single(block) ? ++crossing_heat : ++block.heat;
    if (heat < hot() && checking == Checking::grouped) return nullptr;
    if (is_single(block)) crossing_heat = 0;
    // To look it up may have set the accessed bits that it takes to find what there is.
    if (Translation* const known = find_translation(linear, checking)) return known;
    const translator::CodeBytes bytes = bytes_of(block, *now);
    if (bytes.bytes.empty()) return nullptr;
    if (explained_ == linear) {
        explained_.reset();
        code_.explain_next(linear);
    }
    const Doing doing(activity_, Activity::translating);
    const auto operands_at = [&](GuestPhysical address) {
        const Block* const seen = now->is_shadowed ? cache_.find(address, now->mode) : nullptr;
        return seen ? seen->operands : OperandRegions{};
    };
    Translation* const added =
        code_.add(bytes, operands_at, cpu_.model, context_, runtime_, *now, checking, is_linked_to_);
    note_added(added);
    return added ? find_translation(linear, checking) : nullptr;
}

void Translator::note_added(const Translation* added) {
    if (!code_.evicted().empty()) jumps_.drop_code(code_.evicted());
    if (!added) return;
    for (const translator::CodePage& each : code_.pages(*added)) cache_.mark_page(each.page);
}

bool Translator::enter(const Translation& translation) {
    x86::CpuState& state = cpu_.state;
    jumps_.use_for(translation.condition);
    note_segments();
    context_.flags = {.a = x86::host_status(state.rflags)};
    departure_.reset();
    const void* const start = start_at(linear_rip(), translation);
    {
        const Doing doing(activity_, Activity::running_code);
        runtime_.enter(start);
    }
    if (departure_) return finish(departure_->instruction_start, departure_->flow);
    x86::set_status(state.rflags, evaluate(context_.flags));
    return state.retired < cpu_.check_at.load(std::memory_order_relaxed);
}

Counters Translator::counters() const {
    Counters counters;
    for (std::size_t mnemonic = 0; mnemonic < interpreted_.size(); ++mnemonic) {
        if (interpreted_[mnemonic] == 0) continue;
        counters["interpreted"][ZydisMnemonicGetString(static_cast<ZydisMnemonic>(mnemonic))] =
            interpreted_[mnemonic];
    }
    counters["translations"] = {{"made", code_.translations_made()},
                                {"made_careful", code_.careful_translations_made()},
                                {"made_traces", code_.traces_made()},
                                {"linked", code_.links_made()}};
    counters["code_cache"] = {{"bytes_used", code_.bytes_used()}, {"evictions", code_.evictions()}};
    counters["dispatcher"] = {{"entries", entries_}, {"blocks_interpreted", blocks_run_}};
    if (context_.counts_tlb_looks) counters["hits"] = {{"tlb", context_.tlb_looks - tlb_misses_}};
    const translator::ShadowMap::Counts& shadow = shadow_.counts();
    counters["shadow_space"] = {
        {"refused", shadow.refused}, {"pages_mapped", shadow.mapped}, {"cleared", shadow.cleared}};
    counters["misses"] = {{"tlb", tlb_misses_},
                          {"jump_cache", jump_misses_},
                          {"links", link_misses_},
                          {"regions", region_misses_}};
    return counters;
}

void Translator::all_mappings_dropped() {
    jumps_.clear();
    shadow_.clear();
}
void Translator::local_mappings_dropped() {
    jumps_.clear_local();
    if (shadow_.clear_local()) drop_jumps_to_shadowed();
}
void Translator::space_entered(u64 number) {
    jumps_.enter_space(number);
    shadow_.enter_space(number);
}
void Translator::page_dropped(u64 linear) {
    jumps_.clear_page(linear);
    shadow_.drop_page(linear);
}

bool Translator::code_written(GuestPhysical address, u64 size) {
    const translator::CodeCache::Written written = code_.code_written(address, size);
    if (written.dropped) cpu_.request_check();
    return written.stays;
}

} // namespace ringer::engine
