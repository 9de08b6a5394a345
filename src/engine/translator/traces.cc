#include "engine/translator/translator.h"

#include "x86/events.h"

#include <algorithm>

/// How traces are found: what runs often is seen from time to time, and what it does next is taken for what
/// it usually does.
namespace ringer::engine {

using translator::Checking;
using translator::Condition;
using translator::GuestBlock;
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

} // namespace

bool Translator::consider_trace() {
    constexpr u8 usual_times = 16; // Of some 1,500 that are remembered.
    if (!cpu_.long64()) return true;
    const u64 start = linear_rip();
    if (!hot_places_.note(start, variant_ == Variant::eager ? 2 : usual_times)) return true;
    const std::optional<Condition> now = condition();
    Translation* const block = now ? find_translation(start, Checking::grouped) : nullptr;
    if (!block || !code_.may_begin_trace(*block)) return true;
    // Translated code was left by what does not lead to where the path will.
    left_by_.reset();
    wanted_ = Checking::grouped;
    is_linked_to_ = false;
    std::vector<TraceStep> path;
    if (!record(path, *now)) return false;
    if (path.empty() || block->is_dropped) return true;
    const Doing doing(activity_, Activity::translating);
    const bool is_round = linear_rip() == start;
    const Translation* const trace = code_.add_trace(*block, path, is_round, cpu_.model, context_, runtime_);
    if (!code_.evicted().empty()) jumps_.drop_code(code_.evicted());
    if (trace)
        for (const translator::CodePage& each : code_.pages(*trace)) cache_.mark_page(each.page);
    return true;
}

bool Translator::record(std::vector<TraceStep>& path, const Condition& now) {
    memory::AddressSpace& memory = cpu_.surroundings.memory();
    const auto has_been_at = [&path](u64 linear) {
        return std::ranges::find(path, linear, &TraceStep::linear) != path.end();
    };
    do {
        const Block* block = known_block();
        if (!block) block = look_up();
        if (!block) {
            deliver_exception(cpu_);
            return false;
        }
        if (is_single(*block) || !memory.ram(block->address)) return true;
        append(path, linear_rip(), *block, memory.ram(block->address));
        const u64 check_at = cpu_.check_at.load(std::memory_order_relaxed);
        if (path.size() > GuestBlock::longest_trace || cpu_.state.retired + block->count > check_at) {
            path.resize(path.size() - block->count);
            return true;
        }
        const u32 generation = cache_.generation();
        if (!run_block(*block)) return false;
        if (generation != cache_.generation()) path.clear(); // Of code that has changed, perhaps.
    } while (!path.empty() && !has_been_at(linear_rip()) && condition() == now);
    return true;
}

} // namespace ringer::engine
