#include "engine/translator/translator.h"

#include "x86/events.h"

#include <algorithm>

/// How traces are found: what runs often is seen from time to time, and what it does next is taken for what
/// it usually does.
namespace ringer::engine {

using translator::Checking;
using translator::Condition;
using translator::GuestBlock;
using translator::TracePath;
using translator::TraceStep;
using translator::Translation;

namespace {

/// Appends the instructions of a block at a linear address, of which RAM has the bytes.
void append(std::vector<TraceStep>& path, u64 linear, const Block& block, const u8* bytes) {
    const u64 rest_of_page = memory::page_size - linear % memory::page_size;
    u64 done = 0;
    for (const x86::Instruction& instruction : block.instructions()) {
        path.push_back({.linear = linear + done,
                        .address = block.address + done,
                        .bytes = {bytes + done, rest_of_page - done}});
        done += instruction.length;
    }
}

/// Whether an instruction that has run at the end of a path led to where it is now by a jump whose target is
/// in it.
bool has_jumped_to(u64 target, const std::vector<TraceStep>& path, const x86::Instruction& last) {
    return last.mnemonic != ZYDIS_MNEMONIC_CALL &&
           path.back().linear + last.length + last.immediate == target;
}

/// Whether it led there by a jump whose target may be another each time: not one through a linkage table.
bool has_jumped_by_table(u64 target, const std::vector<TraceStep>& path, const x86::Instruction& last) {
    return last.mnemonic == ZYDIS_MNEMONIC_JMP && last.base != x86::rip_offset &&
           !has_jumped_to(target, path, last);
}

/// Whether a block may run before something is to be looked at.
bool fits(const x86::Cpu& cpu, const Block& block) {
    return cpu.state.retired + block.count <= cpu.check_at.load(std::memory_order_relaxed);
}

/// Without what a path ends with that is in it before: rounds of a loop that is not left.
void drop_unfinished_loop(std::vector<TraceStep>& path) {
    const auto is_new = [&path](const TraceStep& step) {
        return &*std::ranges::find(path, step.linear, &TraceStep::linear) == &step;
    };
    while (!path.empty() && !is_new(path.back())) path.pop_back();
}

} // namespace

bool Translator::consider_trace() {
    constexpr u8 usual_times = 12; // Of some 6,000 that are remembered.
    if (!cpu_.long64()) return true;
    if (!hot_places_.note(linear_rip(), variant_ == Variant::eager ? 2 : usual_times)) return true;
    Translation* block = find_translation(linear_rip(), Checking::grouped);
    if (block && block->has_loop && !block->has_no_trace) {
        block->has_no_trace = true;
        if (!leave_loop(*block)) return false;
        block = find_translation(linear_rip(), Checking::grouped);
    }
    if (!block || !code_.may_begin_trace(*block)) return true;
    const u64 start = linear_rip();
    forget_departure(); // It does not lead to where the path will.
    TracePath& path = path_kept_at(block->address);
    path.registers = cpu_.state.gpr;
    path.steps.clear();
    path.is_round = false; // Unless all of it is recorded.
    if (!record(path.steps, block->condition)) return false;
    if (path.steps.empty() || block->is_dropped) return true;
    path.is_round = linear_rip() == start;
    if (!path.is_round) drop_unfinished_loop(path.steps);
    make_trace(*block, path);
    return true;
}

void Translator::make_trace(Translation& block, const TracePath& path) {
    const Doing doing(activity_, Activity::translating);
    note_added(code_.add_trace(block, path, cpu_.model, context_, runtime_));
}

void Translator::make_trace_again(Translation& dropped) {
    const TracePath& path = path_kept_at(dropped.address);
    const bool is_known = !path.steps.empty() && path.steps.front().address == dropped.address;
    if (is_known) make_trace(dropped, path);
}

bool Translator::leave_loop(const Translation& loop) {
    constexpr u64 most = 256; // Instructions.
    forget_departure();
    const u64 start = linear_rip(), until = cpu_.state.retired + most;
    while (linear_rip() - start < loop.bytes && cpu_.state.retired < until) {
        const Block* const block = fetch_block();
        if (!block) return false;
        if (!fits(cpu_, *block)) return true;
        if (!run_block(*block)) return false;
    }
    return true;
}

const Block* Translator::fetch_block() {
    const Block* const block = look_up();
    if (!block) deliver_exception(cpu_);
    return block;
}

bool Translator::record(std::vector<TraceStep>& path, const Condition& now) {
    constexpr std::size_t most_before_jump_by_table = 24; // Interpreters seldom take the same path for long.
    memory::AddressSpace& memory = cpu_.surroundings.memory();
    const u64 start = linear_rip();
    x86::Instruction last;
    const auto is_at_end = [&] {
        const u64 here = linear_rip();
        const bool has_been_here = std::ranges::find(path, here, &TraceStep::linear) != path.end();
        const bool comes_back = has_been_here && (here == start || !has_jumped_to(here, path, last));
        return comes_back ||
               (path.size() >= most_before_jump_by_table && has_jumped_by_table(here, path, last));
    };
    do {
        const Block* const block = fetch_block();
        if (!block) return false;
        if (is_single(*block) || !memory.ram(block->address)) return true;
        append(path, linear_rip(), *block, memory.ram(block->address));
        if (path.size() > GuestBlock::longest_trace || !fits(cpu_, *block)) {
            path.resize(path.size() - block->count);
            return true;
        }
        last = block->instructions().back();
        const u32 generation = cache_.generation();
        OperandRegions operands;
        if (!run_and_look(*block, operands)) return false;
        const auto steps = std::span(path).last(block->count);
        for (std::size_t i = 0; i < steps.size(); ++i) steps[i].operand = operands.of(i);
        if (generation != cache_.generation()) path.clear(); // Of code that has changed, perhaps.
    } while (!path.empty() && !is_at_end() && condition() == now);
    return true;
}

} // namespace ringer::engine
