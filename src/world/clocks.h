#pragma once

#include "base/types.h"
#include "device/clock.h"
#include "state/archive.h"
#include "world/door.h"

#include <functional>

namespace ringer::world {

/// A clock as the run loop drives it: how many instructions to run before looking again, and how a halted
/// vCPU waits.
class MachineClock : public device::Clock {
  public:
    /// How many instructions to run at most, at least 1, when something is due at `deadline`.
    virtual u64 instructions_until(Nanoseconds deadline) = 0;

    /// Whether that many instructions, and no others, take until then.
    virtual bool counts_instructions() const = 0;

    /// Lets time pass up to `deadline`, nullopt being never, or until something comes in from `outside`.
    virtual void idle_until(std::optional<Nanoseconds> deadline, Outside& outside) = 0;

    /// The machine starts to run, or stops.
    virtual void resume() = 0;
    virtual void pause() = 0;

    virtual void visit(state::Archive& archive) = 0;
};

/// Time as a function of retired instructions: each takes one nanosecond, and what a halted vCPU skips comes
/// on top. Two runs with the same input see the same time to the last nanosecond, however loaded the host is.
class VirtualClock final : public MachineClock {
  public:
    /// `retired` gives the instructions completed since power-on, exact also in the middle of a run.
    explicit VirtualClock(std::function<u64()> retired) : retired_(std::move(retired)) {}

    Nanoseconds now() const override { return retired_() + state_.skipped; }

    /// Exactly as many as stay before the deadline.
    u64 instructions_until(Nanoseconds deadline) override;
    bool counts_instructions() const override { return true; }

    /// Skips to the deadline at once; only without one, the outside is waited for.
    void idle_until(std::optional<Nanoseconds> deadline, Outside& outside) override;

    void resume() override {}
    void pause() override {}
    void visit(state::Archive& archive) override;

  private:
    struct State {
        Nanoseconds skipped = 0;
    };

    std::function<u64()> retired_;
    State state_;
};

/// The host's monotonic time, as far as it went by while the machine ran: stopped when made, and between
/// pause() and resume(). `outside` must outlive the clock. `retired` is as of a VirtualClock.
class HostClock final : public MachineClock {
  public:
    HostClock(Outside& outside, std::function<u64()> retired)
        : outside_(outside), retired_(std::move(retired)) {}

    Nanoseconds now() const override;

    /// By how many it was lately, and on the low side, so that timers expire in time.
    u64 instructions_until(Nanoseconds deadline) override;
    bool counts_instructions() const override { return false; }
    void idle_until(std::optional<Nanoseconds> deadline, Outside& outside) override;

    void resume() override;
    void pause() override;

    /// The saved state is the time itself; a clock that was loaded is stopped.
    void visit(state::Archive& archive) override;

  private:
    struct State {
        Nanoseconds elapsed = 0; ///< Up to the last pause().
    };

    struct Moment {
        Nanoseconds time = 0;
        u64 retired = 0;
    };
    Moment moment() const { return {now(), retired_()}; }

    Outside& outside_;
    std::function<u64()> retired_;
    State state_;
    Moment measured_from_; ///< Since when the vCPU has been running, at most from the last estimate on.
    bool running_ = false;
    Nanoseconds resumed_at_ = 0;     ///< In the host's time.
    mutable Nanoseconds latest_ = 0; ///< The latest answer, so that time never goes backward.
};

} // namespace ringer::world
