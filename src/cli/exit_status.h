#pragma once

#include "base/result.h"
#include "machine/run_outcome.h"

namespace ringer::cli {

/// The exit statuses of the command; docs/guide has the table.
namespace exit_status {
inline constexpr int success = 0, host_failure = 1, bad_usage = 2, reset = 3, engines_differ = 4,
                     timeout = 124, triple_fault = 125, instruction_limit = 126, panic = 255;
}

/// The status with which a run ends; `signal` is the number of the signal that asked for its end, or 0.
int exit_status_of(const machine::RunOutcome& outcome, int signal);

/// Says on standard error why a run ended, where the guest itself did not want it to.
void report(const machine::RunOutcome& outcome);

/// The status of a command that failed.
int exit_status_of(const Error& error);

} // namespace ringer::cli
