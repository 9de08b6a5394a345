#include "engine/translator/guest_block.h"

#include "base/bits.h"
#include "x86/cpuid.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace ringer::engine::translator {

namespace {

void find_who_looks_at_flags(GuestBlock& block) {
    std::vector<GuestInstruction>& instructions = block.instructions;
    bool needed = false, visible = true, visible_to_code = true; // The next block may do anything.
    for (auto each = instructions.rbegin(); each != instructions.rend(); ++each) {
        each->needed = needed;
        each->visible = visible || each->checks_stack_pointer;
        each->is_for_faults = each->visible && !visible_to_code && !needed;
        visible_to_code = each->notes_flags() || (visible_to_code && each->flags != FlagUse::overwrites);
        needed = each->demand() == FlagDemand::used;
        visible = each->shows_flags() || (each->visible && each->flags != FlagUse::overwrites);
    }
    block.forgets_flags = !needed && !visible;
}

std::size_t most_rounds(const std::vector<GuestInstruction>& round, std::size_t most_instructions) {
    constexpr std::size_t most = 4;
    return std::min(most, most_instructions / round.size());
}

std::vector<GuestInstruction> repeated(const std::vector<GuestInstruction>& round, std::size_t rounds) {
    std::vector<GuestInstruction> result;
    result.reserve(round.size() * rounds);
    for (std::size_t i = 0; i < rounds; ++i)
        for (const GuestInstruction& each : round) result.push_back(each);
    return result;
}

/// Makes several rounds of a loop one block, if that saves checks of memory. Whether it has.
bool unroll(GuestBlock& block, const Condition& condition, bool is_amd) {
    std::vector<GuestInstruction>& round = block.instructions;
    const std::size_t rounds = most_rounds(round, GuestBlock::longest_loop);
    const auto plan_and_count = [&](std::vector<GuestInstruction>& instructions) {
        plan_accesses(instructions, condition, Checking::grouped, is_amd, block.code_region);
        return static_cast<std::size_t>(
            std::ranges::count_if(instructions, &GuestInstruction::checks_memory));
    };
    const std::size_t checks = plan_and_count(round);
    if (rounds < 2 || checks == 0) return false;
    std::vector<GuestInstruction> all = repeated(round, rounds);
    for (std::size_t i = 1; i < rounds; ++i) all[i * round.size() - 1].goes_on_at_target = true;
    if (plan_and_count(all) >= checks * rounds) return false;
    round = std::move(all);
    return true;
}

} // namespace

bool GuestBlock::closes_loop() const {
    const GuestInstruction& last = instructions.back();
    return last.treatment == Treatment::jump_if &&
           last.end() + static_cast<i64>(last.instruction.immediate) == instructions.front().offset;
}

i32 GuestBlock::offset_behind(std::size_t index) const {
    const GuestInstruction& done = instructions[index];
    if (!done.goes_on_at_target) return done.end();
    return index + 1 < instructions.size() ? instructions[index + 1].offset : instructions.front().offset;
}

u16 GuestBlock::position_behind(std::size_t index) const {
    const GuestInstruction& done = instructions[index];
    if (!done.goes_on_at_target) return static_cast<u16>(done.position + done.instruction.length);
    return index + 1 < instructions.size() ? instructions[index + 1].position : instructions.front().position;
}

void analyze(GuestBlock& result, GuestPhysical address, std::span<const u8> bytes, const x86::CpuModel& model,
             const Condition& condition, Checking checking,
             const std::function<bool(GuestPhysical)>& is_translated, const OperandsAt& operands_at) {
    std::vector<GuestInstruction>& instructions = result.instructions;
    instructions.clear();
    instructions.reserve(GuestBlock::longest_loop);
    result.groups.clear();
    result.pages.clear();
    result.fixed_page.reset();
    result.has_loop = result.is_trace = false;
    unsigned used = 0, conditional_jumps = 0;
    std::size_t longest = GuestBlock::longest;
    std::optional<std::size_t> joins_at; // After so many instructions comes what there is already.
    OperandRegions operands = operands_at(address);
    std::size_t operands_from = 0; // So many instructions.
    while (instructions.size() < (result.has_loop ? longest : GuestBlock::longest_loop) &&
           used < bytes.size()) {
        GuestInstruction& added = instructions.emplace_back(condition.mode, model);
        const auto status = x86::decode(bytes.subspan(used), added.instruction, added.decoded);
        added.operand_seen = operands.of(instructions.size() - 1 - operands_from);
        added.offset = static_cast<i32>(address % memory::page_size + used);
        added.position = static_cast<u16>(added.offset);
        const bool is_beyond_loop = result.has_loop && result.crosses();
        if (status == x86::DecodeStatus::truncated || added.instruction.length == 0 || is_beyond_loop) {
            instructions.pop_back();
            break;
        }
        added.treatment = treatment_of(added.decoded, added.instruction, condition);
        if (added.treatment != Treatment::nothing) added.flags = flag_use(added.decoded);
        const bool ends_block = added.instruction.ends_block && !added.may_jump();
        used += added.instruction.length;
        conditional_jumps += added.may_jump();
        if (result.closes_loop()) {
            result.has_loop = true;
            if (checking == Checking::grouped && unroll(result, condition, model.is_amd)) break;
            longest = std::max(longest, instructions.size());
        }
        if (conditional_jumps == GuestBlock::most_conditional_jumps) break;
        if (ends_block) break;
        if (!added.may_jump()) continue;
        if (!joins_at && !result.crosses() && is_translated(address + used)) joins_at = instructions.size();
        operands = operands_at(address + used);
        operands_from = instructions.size();
    }
    if (!result.has_loop) {
        longest = std::min(longest, joins_at.value_or(longest));
        while (instructions.size() > longest || (instructions.size() > 1 && result.crosses()))
            instructions.pop_back();
    }
    result.groups = plan_accesses(instructions, condition, checking, model.is_amd, result.code_region);
    find_who_looks_at_flags(result);
}

namespace {

/// The number of the page of a step of a trace, which is added if it is another one; nullopt: that cannot be.
std::optional<std::size_t> page_of(GuestBlock& trace, const TraceStep& first, const TraceStep& step) {
    constexpr i64 farthest = i64{1} << 30;
    const auto page = [](u64 address) { return align_down(address, memory::page_size); };
    const auto distance = static_cast<i64>(page(step.linear) - page(first.linear));
    if (std::abs(distance) > farthest) return std::nullopt;
    std::vector<CodePage>& pages = trace.pages;
    const auto offset = static_cast<u16>(step.address % memory::page_size);
    auto known = std::ranges::find(pages, distance, &CodePage::distance);
    if (known == pages.end()) {
        if (pages.size() == GuestBlock::most_pages) return std::nullopt;
        known = pages.insert(known, {.page = page(step.address),
                                     .distance = static_cast<i32>(distance),
                                     .begin = offset,
                                     .end = offset});
    }
    if (known->page != page(step.address)) return std::nullopt;
    return known - pages.begin();
}

/// Whether an instruction, of which it is known where it led, may be one of a trace, and go on in it.
bool goes_on(GuestInstruction& instruction, i64 led_to) {
    const i64 target = instruction.end() + static_cast<i64>(instruction.instruction.immediate);
    switch (instruction.treatment) {
    case Treatment::jump:
    case Treatment::call: instruction.goes_on_at_target = true; return led_to == target;
    case Treatment::jump_if:
        instruction.goes_on_at_target = led_to != instruction.end();
        return !instruction.goes_on_at_target || led_to == target;
    case Treatment::jump_indirect:
    case Treatment::call_indirect:
    case Treatment::return_near: instruction.goes_on_at_target = true; return true;
    default: return led_to == instruction.end();
    }
}

/// What changes more than a block's translation can tell ends a trace in front of it.
bool may_be_in_trace(const GuestInstruction& instruction) {
    switch (instruction.treatment) {
    case Treatment::interpret: return !instruction.instruction.ends_block;
    case Treatment::open_user_pages:
    case Treatment::close_user_pages:
    case Treatment::system_call:
    case Treatment::system_return: return false;
    default: return true;
    }
}

} // namespace

void analyze_trace(GuestBlock& result, const TracePath& path, unsigned longest, const x86::CpuModel& model,
                   const Condition& condition) {
    const std::vector<TraceStep>& steps = path.steps;
    std::vector<GuestInstruction>& instructions = result.instructions;
    instructions.clear();
    result.groups.clear();
    result.pages.clear();
    result.has_loop = false;
    result.is_trace = true;
    result.registers = path.registers;
    const TraceStep& first = steps.front();
    const u64 first_page = align_down(first.linear, memory::page_size);
    result.fixed_page = static_cast<i32>(first_page);
    if (static_cast<u64>(i64{*result.fixed_page}) != first_page) result.fixed_page.reset();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const TraceStep& step = steps[i];
        const auto page = page_of(result, first, step);
        if (!page || instructions.size() == longest) break;
        GuestInstruction& added = instructions.emplace_back(condition.mode, model);
        const auto status = x86::decode(step.bytes, added.instruction, added.decoded);
        const u64 offset = step.address % memory::page_size, end = offset + added.instruction.length;
        const bool is_there = status != x86::DecodeStatus::truncated && added.instruction.length != 0;
        if (is_there) added.treatment = treatment_of(added.decoded, added.instruction, condition);
        if (!is_there || end >= memory::page_size || !may_be_in_trace(added)) {
            instructions.pop_back();
            break;
        }
        added.offset = static_cast<i32>(step.linear - first_page);
        added.position = GuestBlock::position_of(*page, offset);
        added.operand_seen = step.operand;
        if (added.treatment != Treatment::nothing) added.flags = flag_use(added.decoded);
        CodePage& in = result.pages[*page];
        in.begin = std::min(in.begin, static_cast<u16>(offset));
        in.end = std::max(in.end, static_cast<u16>(end));
        const bool is_last = i + 1 == steps.size();
        const TraceStep& next = is_last ? first : steps[i + 1];
        if (!goes_on(added, static_cast<i64>(next.linear - first_page))) {
            added.goes_on_at_target = false;
            break;
        }
    }
    const bool is_whole = path.is_round && instructions.size() == steps.size();
    if (is_whole)
        instructions = repeated(instructions, most_rounds(instructions, longest));
    else if (!instructions.empty())
        instructions.back().goes_on_at_target = false;
    result.groups =
        plan_accesses(instructions, condition, Checking::grouped, model.is_amd, result.code_region);
    find_who_looks_at_flags(result);
}

} // namespace ringer::engine::translator
