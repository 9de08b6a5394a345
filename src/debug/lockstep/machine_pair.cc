#include "debug/lockstep/machine_pair.h"

#include "state/describer.h"
#include "state/writer.h"

#include <algorithm>
#include <cstring>

namespace ringer::debug {

namespace {

/// Differences that are closer than this to one another are one.
constexpr u64 gap = 8;

struct EndingPart {
    machine::EndReason reason;
    u32 code;
};
void visit(state::Archive& archive, EndingPart& ending) {
    auto& [reason, code] = ending;
    archive.field(1, "reason", reason).field(2, "code", code);
}

machine::PcOptions with_virtual_clock(machine::PcOptions options) {
    options.clock = machine::ClockKind::instructions;
    return options;
}

} // namespace

LockstepMachine::LockstepMachine(machine::PcOptions options, std::span<u8> ram,
                                 const machine::Pc::MakeVcpu& make_vcpu)
    : pc_(with_virtual_clock(std::move(options)), ram, outside_, make_vcpu) {
    outside_.attach(pc_.vcpu());
}

void LockstepMachine::run(const Step& step) {
    outside_.begin_step(step.line, step.input);
    outcome_ = pc_.run({.max_instructions = step.limit});
    written_ = pc_.take_dirty_pages();
}

/// Numbers and names are beside those of the Pc's own parts.
void LockstepMachine::visit(state::Archive& archive) {
    pc_.visit(archive);
    EndingPart ending{outcome_.reason, outcome_.code};
    archive.field(0xfff0, "outside", outside_).field(0xfff1, "ending", ending);
}

std::vector<u8> LockstepMachine::state() {
    state::Writer writer;
    visit(writer);
    return writer.finish();
}

nlohmann::ordered_json LockstepMachine::description() {
    state::Describer describer;
    visit(describer);
    nlohmann::ordered_json description = describer.finish();
    description["ending"]["reason"] = machine::name(outcome_.reason);
    return description;
}

MachinePair::MachinePair(const std::array<Side, 2>& sides) {
    for (std::size_t i = 0; i < sides.size(); ++i)
        machines_[i] = std::make_unique<LockstepMachine>(sides[i].options, sides[i].ram, sides[i].make_vcpu);
}

void MachinePair::run(const Step& step) {
    for (const auto& machine : machines_) machine->run(step);
}

bool MachinePair::states_agree() { return machines_[0]->state() == machines_[1]->state(); }

bool MachinePair::page_agrees(GuestPhysical page) {
    const u8* const first = machines_[0]->pc().memory().any_ram(page);
    const u8* const second = machines_[1]->pc().memory().any_ram(page);
    // The display adapter's memory may lie at different places, where the machines' states differ.
    if (!first || !second) return first == second;
    return std::memcmp(first, second, memory::page_size) == 0;
}

bool MachinePair::agree_where_written() {
    const auto same = [this](GuestPhysical page) { return page_agrees(page); };
    const auto& first = machines_[0]->written();
    const auto& second = machines_[1]->written();
    return states_agree() && std::ranges::all_of(first, same) &&
           (first == second || std::ranges::all_of(second, same));
}

bool MachinePair::agree() { return states_agree() && pages_that_differ().empty(); }

std::set<GuestPhysical> MachinePair::pages_that_differ() {
    std::set<GuestPhysical> pages;
    machine::Pc &first = machines_[0]->pc(), &second = machines_[1]->pc();
    first.for_each_touched_page([&](GuestPhysical page) {
        if (!page_agrees(page)) pages.insert(page);
    });
    second.for_each_touched_page([&](GuestPhysical page) {
        const u8* const flags = first.memory().page_flags(page);
        const bool seen = flags && *flags & memory::page_touched;
        if (!seen && !page_agrees(page)) pages.insert(page);
    });
    return pages;
}

std::vector<MemoryDifference> MachinePair::memory_differences(std::size_t most) {
    std::vector<MemoryDifference> differences;
    for (const GuestPhysical page : pages_that_differ()) {
        const std::array bytes{machines_[0]->pc().memory().any_ram(page),
                               machines_[1]->pc().memory().any_ram(page)};
        if (!bytes[0] || !bytes[1]) continue;
        for (u64 at = 0; at < memory::page_size; ++at) {
            if (bytes[0][at] == bytes[1][at]) continue;
            u64 end = at + 1;
            for (u64 next = end; next < std::min(end + gap, memory::page_size); ++next)
                if (bytes[0][next] != bytes[1][next]) end = next + 1;
            if (differences.size() == most) return differences;
            MemoryDifference& difference = differences.emplace_back(MemoryDifference{page + at, {}});
            for (std::size_t i = 0; i < bytes.size(); ++i)
                difference.contents[i].assign(bytes[i] + at, bytes[i] + end);
            at = end;
        }
    }
    return differences;
}

} // namespace ringer::debug
