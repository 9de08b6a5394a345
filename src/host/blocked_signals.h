#pragma once

#include <csignal>

namespace ringer::host {

/// Calls `start`, which makes a thread and returns it, with all signals blocked. The thread inherits that:
/// signals are for the one that runs the machine.
template <class Start>
auto with_signals_blocked(Start&& start) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    auto thread = start();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

} // namespace ringer::host
