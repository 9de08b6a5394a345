#pragma once

#include "base/types.h"
#include "device/clock.h"
#include "state/archive.h"
#include "world/door.h"

#include <functional>

namespace ringer::world {

/// Time as a function of retired instructions: each takes one nanosecond, and what a halted vCPU skips comes
/// on top. Two runs with the same input see the same time to the last nanosecond, however loaded the host is.
class VirtualClock final : public device::Clock {
  public:
    /// `retired` gives the instructions completed since power-on, exact also in the middle of a run.
    explicit VirtualClock(std::function<u64()> retired) : retired_(std::move(retired)) {}

    Nanoseconds now() const override { return retired_() + state_.skipped; }

    /// Moves time on to `moment` without an instruction; no effect when it has passed.
    void skip_to(Nanoseconds moment);

    void visit(state::Archive& archive);

  private:
    struct State {
        Nanoseconds skipped = 0;
    };

    std::function<u64()> retired_;
    State state_;
};

/// The host's monotonic time, as far as it went by while the machine ran: stopped when made, and between
/// pause() and resume(). `outside` must outlive the clock.
class HostClock final : public device::Clock {
  public:
    explicit HostClock(Outside& outside) : outside_(outside) {}

    Nanoseconds now() const override;

    void resume();
    void pause();

    /// The saved state is the time itself; a clock that was loaded is stopped.
    void visit(state::Archive& archive);

  private:
    struct State {
        Nanoseconds elapsed = 0; ///< Up to the last pause().
    };

    Outside& outside_;
    State state_;
    bool running_ = false;
    Nanoseconds resumed_at_ = 0;     ///< In the host's time.
    mutable Nanoseconds latest_ = 0; ///< The latest answer, so that time never goes backward.
};

} // namespace ringer::world
