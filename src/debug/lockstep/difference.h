#pragma once

#include "debug/lockstep/machine_pair.h"

#include <nlohmann/json.hpp>

#include <array>
#include <string>

namespace ringer::debug {

/// The instruction that a machine is about to run and the state of its vCPU, for the report of a difference:
/// "retired", "rip", "linear", "physical" (absent when not mapped), "bytes", "text", "vcpu".
nlohmann::ordered_json describe_instruction(LockstepMachine& machine);

/// Where the two machines differ now: "fields" by their paths, "memory" by guest-physical address, each with
/// both values; and in "states" all of both machines but RAM.
nlohmann::ordered_json describe_differences(MachinePair& pair);

/// The report of a difference, as Lockstep gives it, for people.
std::string to_text(const nlohmann::ordered_json& report, const std::array<std::string, 2>& engines);

} // namespace ringer::debug
