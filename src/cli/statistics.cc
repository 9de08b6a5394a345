#include "cli/statistics.h"

#include <nlohmann/json.hpp>

namespace ringer::cli {

namespace {

double seconds(Nanoseconds time) { return static_cast<double>(time) / 1e9; }

} // namespace

std::string to_json(const Statistics& statistics) {
    const machine::RunOutcome& outcome = statistics.outcome;
    nlohmann::ordered_json exits = nlohmann::ordered_json::object();
    for (const auto& [kind, count] : outcome.exits) exits[std::string(kind)] = count;

    nlohmann::ordered_json activities = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < statistics.activities.size(); ++i)
        activities[std::string(engine::activity_names[i])] = statistics.activities[i];

    const double wall = seconds(statistics.wall);
    const double mips = wall > 0 ? static_cast<double>(outcome.retired) / wall / 1e6 : 0;
    const nlohmann::ordered_json json = {
        {"engine", statistics.engine},
        {"clock", statistics.clock},
        {"reason", machine::name(outcome.reason)},
        {"exit_status", statistics.exit_status},
        {"instructions", outcome.retired},
        {"mips", mips},
        {"wall_seconds", wall},
        {"cpu_seconds", seconds(statistics.cpu)},
        {"exits", exits},
        {"engine_counters", statistics.counters},
        {"engine_activity_samples", activities},
        {"guest_memory_bytes", statistics.memory},
        {"guest_memory_touched_bytes", statistics.ram_touched},
        {"peak_host_memory_bytes", statistics.peak_host_memory},
        {"digest", statistics.digest},
    };
    return json.dump(2) + "\n";
}

} // namespace ringer::cli
