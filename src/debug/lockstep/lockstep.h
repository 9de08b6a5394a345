#pragma once

#include "base/result.h"
#include "debug/lockstep/machine_pair.h"
#include "host/process_copy.h"
#include "machine/run_outcome.h"
#include "world/door.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringer::debug {

struct LockstepOptions {
    /// Compare after this many instructions, at least 1. More than `checkpoint_distance` counts as that.
    u64 every = 100'000;
    /// In instructions: how far a search may have to go back. Comparing all of RAM and copying the process
    /// takes a few percent of the time that the default takes to run.
    u64 checkpoint_distance = 20'000'000;
    /// Stop exactly when so many instructions have retired.
    std::optional<u64> max_instructions = {};
};

struct LockstepResult {
    machine::RunOutcome outcome; ///< Of the first machine; with a difference, when it was noticed.
    u64 comparisons = 0;
    /// As Search::run() reports it. When the search failed: "located": false, the "reason", "first" and
    /// "instruction" for the range that it lies in, and what differed at its end.
    std::optional<nlohmann::ordered_json> difference = {};
};

/// Runs two machines side by side until the guest ends its run, the operator wants an end, or they differ.
///
/// Input reaches both at the same instruction, at the beginning of a step; what the first sends goes outside.
/// After every step all state and the RAM that was written are compared. Now and then all of RAM is, and a
/// copy of the process is kept from there, in which the search for a difference begins.
class Lockstep {
  public:
    /// The machines are loaded and agree. Both arguments must outlive this.
    Lockstep(MachinePair& pair, world::Outside& outside, const LockstepOptions& options);

    /// An error when the host cannot copy the process.
    Result<LockstepResult> run();

  private:
    /// A checkpoint is made before so many steps are to be gone back.
    static constexpr std::size_t most_steps = 10'000;

    Result<void> make_checkpoint();
    void take_step();
    Step next_step();

    /// Whether the guest, or the limit, has ended the run.
    bool ended();
    void wait_for_input();
    bool checkpoint_due();
    nlohmann::ordered_json find_difference();

    MachinePair& pair_;
    world::Outside& outside_;
    LockstepOptions options_;
    std::optional<host::ProcessCopy> checkpoint_;
    u64 checkpoint_at_ = 0;   ///< In instructions retired.
    std::vector<Step> steps_; ///< Since the checkpoint.
    u64 step_began_at_ = 0;
};

} // namespace ringer::debug
