#pragma once

#include "base/types.h"

#include <array>
#include <map>
#include <string_view>

namespace ringer::machine {

/// Why a run ended.
enum class EndReason : u8 {
    power_off,         ///< The guest turned the machine off.
    debug_exit,        ///< The guest wrote to the isa-debug-exit port.
    reset,             ///< The guest reset the machine.
    panic,             ///< The guest's kernel panicked.
    triple_fault,      ///< The vCPU shut down.
    instruction_limit, ///< As many instructions as were asked for have retired.
    timeout,           ///< The host's time for the run is over.
    quit,              ///< The operator asked for it.
    host_failure,      ///< The outside can no longer take what the machine sends.
};

/// "power-off", "debug-exit", ...: for statistics and messages.
constexpr std::string_view name(EndReason reason) {
    constexpr std::array<std::string_view, 9> names{"power-off", "debug-exit",   "reset",
                                                    "panic",     "triple-fault", "instruction-limit",
                                                    "timeout",   "quit",         "host-failure"};
    return names[static_cast<std::size_t>(reason)];
}

struct RunOutcome {
    EndReason reason = EndReason::quit;
    u32 code = 0;                          ///< With debug_exit: what the guest wrote.
    u64 retired = 0;                       ///< Instructions completed since power-on.
    std::map<std::string_view, u64> exits; ///< How often the engine came back, by the name of the exit.
};

} // namespace ringer::machine
