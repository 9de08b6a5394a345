#include "debug/lockstep/lockstep.h"

#include "base/assert.h"
#include "debug/lockstep/difference.h"
#include "debug/lockstep/search.h"
#include "state/reader.h"
#include "state/writer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ringer::debug {

using machine::EndReason;
using nlohmann::ordered_json;

namespace {

std::string pack(std::vector<Step>& steps) {
    state::Writer writer;
    writer.field(1, "steps", steps);
    const std::vector<u8> bytes = writer.finish();
    return {bytes.begin(), bytes.end()};
}

std::vector<Step> unpack(std::string_view packed) {
    std::vector<Step> steps;
    state::Reader reader({reinterpret_cast<const u8*>(packed.data()), packed.size()}, "steps");
    reader.field(1, "steps", steps);
    RINGER_ASSERT(reader.finish());
    return steps;
}

std::optional<EndReason> reason_of(world::Outside::Request request) {
    using Request = world::Outside::Request;
    switch (request) {
    case Request::none: return std::nullopt;
    case Request::quit: return EndReason::quit;
    case Request::timeout: return EndReason::timeout;
    case Request::failure: return EndReason::host_failure;
    }
    std::unreachable();
}

/// In a copy of the process: what is sent was sent before, and the operator is not asked.
ordered_json search(MachinePair& pair, std::vector<Step> steps) {
    for (const std::size_t i : {0, 1}) {
        pair[i].outside().on_send = nullptr;
        pair[i].outside().stop = nullptr;
    }
    auto report = Search(pair, std::move(steps)).run();
    if (report) return *std::move(report);
    return {{"located", false}, {"reason", report.error().message}};
}

} // namespace

Lockstep::Lockstep(MachinePair& pair, world::Outside& outside, const LockstepOptions& options)
    : pair_(pair), outside_(outside), options_(options) {
    options_.every = std::min(options_.every, options_.checkpoint_distance);
    pair_[0].outside().on_send = [this](unsigned line, std::span<const u8> contents) {
        outside_.send(line, contents);
    };
    for (const std::size_t i : {0, 1})
        pair_[i].outside().stop = [this] { return outside_.request() != world::Outside::Request::none; };
}

Result<LockstepResult> Lockstep::run() {
    RINGER_ASSERT(pair_.agree());
    TRY(make_checkpoint());
    LockstepResult result;
    for (;;) {
        take_step();
        result.outcome = pair_[0].outcome();
        if (const auto reason = reason_of(outside_.request())) {
            // The machines may have stopped anywhere.
            result.outcome.reason = *reason;
            return result;
        }
        ++result.comparisons;
        const bool end = ended(), whole = end || checkpoint_due();
        if (whole ? !pair_.agree() : !pair_.agree_where_written()) {
            result.difference = find_difference();
            return result;
        }
        if (end) return result;
        if (whole) TRY(make_checkpoint());
        if (pair_[0].outside().waiting()) wait_for_input();
    }
}

Result<void> Lockstep::make_checkpoint() {
    checkpoint_.reset(); // First, for the next copy would hold it open.
    steps_.clear();
    checkpoint_at_ = pair_.retired();
    checkpoint_ = TRY(host::ProcessCopy::make(
        [this](std::string_view request) { return search(pair_, unpack(request)).dump(); }));
    return {};
}

void Lockstep::take_step() {
    step_began_at_ = pair_.retired();
    steps_.push_back(next_step());
    pair_.run(steps_.back());
}

Step Lockstep::next_step() {
    const u64 retired = pair_.retired();
    Step step{.limit = retired - retired % options_.every + options_.every};
    if (options_.max_instructions) step.limit = std::min(step.limit, *options_.max_instructions);
    std::array<u8, 64> buffer;
    // Only one of the lines has somebody who types.
    for (const unsigned line : {world::first_serial_line, world::console_line}) {
        if (pair_[0].outside().input_left() > 0 || !step.input.empty()) break;
        step.line = line;
        step.input.assign(buffer.begin(), buffer.begin() + outside_.receive(line, buffer));
    }
    return step;
}

bool Lockstep::ended() {
    if (pair_[0].outside().waiting()) return false;
    const machine::RunOutcome& outcome = pair_[0].outcome();
    return outcome.reason != EndReason::instruction_limit || outcome.retired == options_.max_instructions;
}

/// Both have halted for good but for input. What they have not received yet, for want of room, may be taken
/// at the beginning of the next step; when it was not at that of the last one, it never is.
void Lockstep::wait_for_input() {
    const bool moved = pair_.retired() != step_began_at_;
    if (pair_[0].outside().input_left() == 0 || !moved) outside_.wait(std::nullopt);
}

bool Lockstep::checkpoint_due() {
    return pair_[0].outcome().retired - checkpoint_at_ >= options_.checkpoint_distance ||
           steps_.size() >= most_steps;
}

ordered_json Lockstep::find_difference() {
    const auto answer = checkpoint_->ask(pack(steps_));
    ordered_json report = answer ? ordered_json::parse(*answer)
                                 : ordered_json{{"located", false}, {"reason", answer.error().message}};
    if (report["located"].get<bool>()) return report;
    report["first"] = checkpoint_at_ + 1;
    report["instruction"] = steps_.back().limit;
    report.update(describe_differences(pair_));
    return report;
}

} // namespace ringer::debug
