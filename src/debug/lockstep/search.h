#pragma once

#include "base/result.h"
#include "debug/lockstep/machine_pair.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ringer::debug {

/// Finds the first instruction after which two machines differ.
///
/// Every try is made in a copy of the process (host::ProcessCopy) and runs the steps as they were run before,
/// only the last of them for fewer instructions. Nothing is loaded from a saved state, which lacks what
/// engines keep to be fast, and that may be what is wrong.
class Search {
  public:
    /// The machines stand where they agreed, and differ after `steps`.
    Search(MachinePair& pair, std::vector<Step> steps) : pair_(pair), steps_(std::move(steps)) {}

    /// "located": true; "instruction", the number of the first instruction after which they differ; "before",
    /// as describe_instruction() gives it; and what describe_differences() gives after that instruction. When
    /// they do not differ this time: "located": false and the "reason". Leaves the machines there.
    Result<nlohmann::ordered_json> run();

  private:
    void replay(std::span<const Step> steps);
    Result<bool> differ_after(std::span<const Step> steps);

    /// The index of the step after which they first differ; nullopt when they do not.
    Result<std::optional<std::size_t>> first_differing_step();

    /// From where `step` begins: the number of instructions retired when they first differ.
    Result<u64> first_difference_in(Step step);

    MachinePair& pair_;
    std::vector<Step> steps_;
};

} // namespace ringer::debug
