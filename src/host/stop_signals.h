#pragma once

#include "host/descriptor.h"

namespace ringer::host {

/// While this lives, SIGINT, SIGTERM and SIGHUP ask the run to end instead of ending the process, and SIGPIPE
/// is ignored: a write to a closed pipe fails and is reported. SIGWINCH is noted. Only one may exist in a
/// process.
class StopSignals {
  public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// The first of the signals that has come, or 0.
    int received() const;

    /// Whether the terminal's size may have changed since this was last asked.
    bool take_window_change();

    /// An eventfd that is readable after a signal or a wake(), until drain().
    int wake_descriptor() const { return wake_.get(); }
    /// Async-signal-safe.
    void wake();
    void drain();

  private:
    Descriptor wake_;
};

/// Gives the same signals back their default action, unless the process was started with them ignored: for a
/// process that was forked off.
void end_at_stop_signals();

} // namespace ringer::host
