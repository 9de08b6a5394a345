#pragma once

#include "base/types.h"
#include "engine/vcpu.h"
#include "machine/run_outcome.h"

#include <string>
#include <string_view>
#include <vector>

namespace ringer::cli {

/// What `--stats` tells of a run.
struct Statistics {
    std::string_view engine;
    engine::Counters counters;
    std::vector<u64> activities; ///< How often the engine was seen at each.
    std::string_view clock;
    machine::RunOutcome outcome;
    int exit_status = 0;
    Nanoseconds wall = 0; ///< From the guest's first instruction to its last.
    Nanoseconds cpu = 0;  ///< The process's, in the same span.
    u64 memory = 0;       ///< Guest RAM, in bytes.
    u64 ram_touched = 0;
    u64 peak_host_memory = 0;
    std::string digest;
};

/// The contents of the file: one JSON object, its keys documented in docs/guide.
std::string to_json(const Statistics& statistics);

} // namespace ringer::cli
