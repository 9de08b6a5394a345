#include "engine/translator/translator.h"

#include "base/assert.h"
#include "x86/access.h"
#include "x86/cpuid.h"
#include "x86/events.h"
#include "x86/x87_state.h"

#include <utility>

namespace ringer::engine {

using translator::Checking;
using translator::Condition;
using translator::Context;
using translator::FlagRecord;
using translator::Place;
using translator::Probe;
using translator::Translation;
using x86::Flow;

namespace {

constexpr u64 mxcsr_masks = 0x1f80;

u64 page_of(u64 linear) { return linear & ~(memory::page_size - 1); }

Translation* find_translation(const Block& block, const Condition& condition, Checking checking) {
    Translation* each = block.translations;
    while (each && !(each->condition == condition && each->checking == checking)) each = each->next;
    return each;
}

FlagRecord status_record(u64 rflags) { return {.a = x86::host_status(rflags)}; }

} // namespace

Translator::Translator(x86::Cpu& cpu, u32 hot)
    : Interpreter(cpu), hot_(hot), frame_{.stack = {}, .context = {.cpu = &cpu, .engine = this}},
      runtime_(context_, cpu.model.translations, &run_instruction_for, &fill_tlb_for),
      code_(cpu.model.translations.from(runtime_.size())) {
    cache_.observe(this);
    cpu_.tlb.observe(this);
}

Translator::~Translator() {
    cpu_.tlb.observe(nullptr);
    cache_.observe(nullptr);
}

Condition Translator::condition() const {
    const x86::CpuState& state = cpu_.state;
    const bool task_switched = state.cr0 & x86::cr0::ts;
    const bool in_between = state.cpl == 1 || state.cpl == 2; // A supervisor's view, but not its rights.
    return {.view = static_cast<u8>(in_between ? x86::TlbView::uncached : cpu_.tlb.which(*cpu_.data_view)),
            .sse = !task_switched && !(state.cr0 & x86::cr0::em) && (state.cr4 & x86::cr4::osfxsr),
            .avx = !task_switched && (state.cr4 & x86::cr4::osxsave) && (state.xcr0 & 6) == 6,
            .exceptions_masked = (state.vector.mxcsr & mxcsr_masks) == mxcsr_masks,
            .x87 = !task_switched && !(state.cr0 & x86::cr0::em) &&
                   (~state.x87.control & x86::x87_status::exceptions) == 0};
}

void Translator::execute() {
    left_by_ = 0;
    for (;;) {
        if (code_.is_full()) cache_.flush();
        const Block* const block = look_up();
        if (!block) break;
        const Checking checking = left_by_ ? code_.checking_of(left_by_) : Checking::grouped;
        Translation* const translation = translation_of(*block, checking);
        if (translation && left_by_ != 0) {
            code_.link(left_by_, *translation);
            ++chained_;
        }
        left_by_ = 0;
        const u64 check_at = cpu_.check_at.load(std::memory_order_relaxed);
        const bool fits = translation && cpu_.state.retired + translation->instructions <= check_at;
        ++(fits ? entries_ : blocks_run_);
        if (!(fits ? enter(*translation) : run_block(*block))) return;
    }
    deliver_exception(cpu_);
}

Translation* Translator::translation_of(const Block& block, Checking checking) {
    if (block.mode != x86::CodeMode::long64) return nullptr;
    const Condition now = condition();
    if (now.view == static_cast<u8>(x86::TlbView::uncached)) return nullptr;
    if (Translation* const known = find_translation(block, now, checking)) return known;
    if (++block.heat < hot_ && checking == Checking::grouped) return nullptr;
    const u8* const bytes = cpu_.surroundings.memory().ram(block.address);
    return code_.add(block, bytes, cpu_.model, context_, runtime_, now, checking);
}

bool Translator::enter(const Translation& translation) {
    x86::CpuState& state = cpu_.state;
    if (translation.checking == Checking::grouped) add_jump(translation);
    context_.page_base = page_of(state.rip);
    context_.flags = status_record(state.rflags);
    departure_.reset();
    runtime_.enter(translation.code);
    if (departure_) return finish(departure_->instruction_start, departure_->flow);
    x86::set_status(state.rflags, evaluate(context_.flags));
    left_by_ = context_.left_by;
    return state.retired < cpu_.check_at.load(std::memory_order_relaxed);
}

const void* Translator::run_instruction_for(Context* context, const x86::Instruction* instruction,
                                            u32 place) {
    return context->engine->run_instruction(*instruction, Place::unpack(place));
}

bool Translator::fill_tlb_for(Context* context, u64 linear, u32 packed) {
    const Probe probe = Probe::unpack(packed);
    const bool may_access =
        fill_tlb(*context->cpu, linear, probe.size, probe.is_write ? x86::Access::write : x86::Access::read);
    // The bits that a walk sets may lie in the code that is about to run.
    const bool code_stays = !context->cpu->check_requested();
    return may_access && code_stays &&
           (!probe.wants_write || context->cpu->data_view->writable(linear, probe.size));
}

const void* Translator::run_instruction(const x86::Instruction& instruction, Place place) {
    x86::CpuState& state = cpu_.state;
    ++interpreted_[instruction.mnemonic];
    const Condition before = condition();
    const u64 start = context_.page_base + place.offset;
    state.retired += place.number;
    state.rip = start + instruction.length;
    x86::set_status(state.rflags, evaluate(context_.flags));
    const auto shadow =
        std::exchange(state.interrupt_shadow, x86::InterruptShadow::none); // As by begin_step().
    const std::pair mappings{cpu_.tlb.generation(false), cpu_.tlb.generation(true)};
    const Flow flow = instruction.handler(cpu_, instruction).flow();
    const bool may_go_on = state.retired + 1 < cpu_.check_at.load(std::memory_order_relaxed);
    // What is behind relies on accesses that were checked before.
    const bool same_mappings = mappings == std::pair{cpu_.tlb.generation(false), cpu_.tlb.generation(true)};
    if (may_go_on && flow == Flow::next && !place.leaves && same_mappings && condition() == before) {
        state.retired -= place.number; // Translated code counts from the start of the block.
        context_.flags = status_record(state.rflags);
        return reinterpret_cast<const void*>(context_.resume);
    }
    const bool completed = flow == Flow::next || flow == Flow::branch || flow == Flow::end_block;
    if (may_go_on && completed && !(flow == Flow::end_block && attention_needed(cpu_))) {
        if (const void* const code = code_at_rip()) {
            ++state.retired;
            context_.flags = status_record(state.rflags);
            context_.page_base = page_of(state.rip);
            return code;
        }
    }
    if (flow == Flow::not_yet) state.interrupt_shadow = shadow;
    departure_ = {start, flow};
    return nullptr;
}

const void* Translator::code_at_rip() {
    if (!cpu_.long64()) return nullptr;
    const Condition now = condition();
    if (now.view == static_cast<u8>(x86::TlbView::uncached)) return nullptr;
    if (now.same_but_view(jumps_condition_)) {
        if (const void* const code = context_.jumps[now.view].find(cpu_.state.rip)) return code;
    }
    const Block* const block = known_block();
    const Translation* const translation = block ? find_translation(*block, now, Checking::grouped) : nullptr;
    if (!translation) return nullptr;
    add_jump(*translation);
    return translation->code;
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
                                {"linked", chained_}};
    counters["code_cache"] = {{"bytes_used", code_.bytes_used()}, {"flushes", code_.flushes()}};
    counters["dispatcher"] = {{"entries", entries_}, {"blocks_interpreted", blocks_run_}};
    return counters;
}

void Translator::add_jump(const Translation& translation) {
    if (!translation.condition.same_but_view(jumps_condition_)) clear_jumps();
    jumps_condition_ = translation.condition;
    large_code_pages_.add(cpu_.state.rip, code_page());
    context_.jumps[translation.condition.view].add(cpu_.state.rip, translation.code, code_page().is_global);
}

void Translator::clear_jumps() {
    for (translator::JumpCache& each : context_.jumps) each.clear();
    large_code_pages_ = {};
}

void Translator::all_mappings_dropped() { clear_jumps(); }

void Translator::local_mappings_dropped() {
    for (translator::JumpCache& each : context_.jumps) each.clear_local();
}

void Translator::page_dropped(u64 linear) {
    if (large_code_pages_.may_hold(linear)) return clear_jumps();
    for (translator::JumpCache& each : context_.jumps) each.clear_page(linear);
}

void Translator::block_dropped(const Block& block) {
    if (!block.translations) return;
    code_.drop(block);
    for (const Translation* each = block.translations; each; each = each->next)
        for (translator::JumpCache& jumps : context_.jumps) jumps.clear_code(block.address, each->code);
}

void Translator::all_blocks_dropped() {
    code_.drop_all();
    left_by_ = 0;
    clear_jumps();
}

} // namespace ringer::engine
