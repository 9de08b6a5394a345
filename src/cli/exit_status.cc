#include "cli/exit_status.h"

#include <spdlog/spdlog.h>

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

void report(const machine::RunOutcome& outcome) {
    using machine::EndReason;
    switch (outcome.reason) {
    case EndReason::power_off:
    case EndReason::debug_exit:
    case EndReason::quit: spdlog::info("the run ended: {}", machine::name(outcome.reason)); break;
    case EndReason::reset: spdlog::warn("the guest reset the machine"); break;
    case EndReason::panic: spdlog::warn("the guest's kernel panicked"); break;
    case EndReason::triple_fault: spdlog::warn("the guest's CPU shut down after a triple fault"); break;
    case EndReason::instruction_limit: spdlog::warn("stopped after {} instructions", outcome.retired); break;
    case EndReason::timeout: spdlog::warn("the time given by --timeout is over"); break;
    case EndReason::host_failure: break;
    }
}

int exit_status_of(const Error& error) {
    return error.blame == Blame::user ? exit_status::bad_usage : exit_status::host_failure;
}

} // namespace ringer::cli
