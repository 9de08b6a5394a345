#include "cli/exit_status.h"

#include <utility>

namespace ringer::cli {

int exit_status_of(const machine::RunOutcome& outcome, int signal) {
    using machine::EndReason;
    switch (outcome.reason) {
    case EndReason::power_off: return exit_status::success;
    // As QEMU's isa-debug-exit; a status has only eight bits.
    case EndReason::debug_exit: return static_cast<int>((outcome.code << 1 | 1) & 0xff);
    case EndReason::reset: return exit_status::reset;
    case EndReason::panic: return exit_status::panic;
    case EndReason::triple_fault: return exit_status::triple_fault;
    case EndReason::instruction_limit: return exit_status::instruction_limit;
    case EndReason::timeout: return exit_status::timeout;
    // A shell tells a command that a signal ended by 128 more than the signal.
    case EndReason::quit: return signal == 0 ? exit_status::success : 128 + signal;
    case EndReason::host_failure: return exit_status::host_failure;
    }
    std::unreachable();
}

int exit_status_of(const Error& error) {
    return error.blame == Blame::user ? exit_status::bad_usage : exit_status::host_failure;
}

} // namespace ringer::cli
