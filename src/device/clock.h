#pragma once

#include "base/types.h"

#include <functional>
#include <optional>
#include <vector>

namespace ringer::device {

/// The machine's one time, from which TSC, PIT, APIC timer, RTC and ACPI timer all derive. What drives it
/// (retired instructions or the host) is the world's affair; a device only asks.
class Clock {
  public:
    virtual ~Clock() = default;
    /// Time since power-on. Never decreases.
    virtual Nanoseconds now() const = 0;
};

class TimerQueue;

/// Calls a device back at a moment. Disarmed when made; one moment at a time. The device saves the deadline
/// in its own state and arms the timer again after a load. A timer must not outlive its queue; it may be
/// armed, disarmed and destroyed within any callback, its own included.
class Timer {
  public:
    Timer(TimerQueue& queue, std::function<void()> expired);

    /// Disarms without a call of TimerQueue::on_change, whose owner may be gone by now.
    ~Timer();

    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    /// Calls back once when the clock reaches `deadline`; at once (from the run loop) when it has passed.
    /// Replaces an earlier deadline.
    void arm(Nanoseconds deadline);
    void disarm();
    std::optional<Nanoseconds> deadline() const { return deadline_; }

  private:
    friend class TimerQueue;
    TimerQueue& queue_;
    std::function<void()> expired_;
    std::optional<Nanoseconds> deadline_;
    const u64 sequence_; ///< Counts the timers of the queue in the order they were made.
};

/// All timers of one machine. The run loop asks for the next deadline, runs the vCPU up to it, and then lets
/// what is due expire.
class TimerQueue {
  public:
    explicit TimerQueue(const Clock& clock) : clock_(clock) {}

    const Clock& clock() const { return clock_; }

    /// The earliest armed deadline.
    std::optional<Nanoseconds> next_deadline() const;

    /// Calls back every timer whose deadline is at most what now() was on entry, in the order of their
    /// deadlines; timers armed anew by a callback are included when they are due too. Equal deadlines expire
    /// in the order in which the timers were made, so that a machine that was saved and loaded goes on as the
    /// one that was not.
    void expire_due();

    /// Called whenever the earliest deadline has moved, so that a vCPU in the middle of a run stops in time.
    /// That includes the moves that expire_due() itself makes, between runs.
    std::function<void()> on_change;

  private:
    friend class Timer;
    void insert(Timer& timer, Nanoseconds deadline);
    void remove(Timer& timer);
    void notify_if_moved(std::optional<Nanoseconds> before) const;

    const Clock& clock_;
    std::vector<Timer*> armed_; ///< Sorted by deadline, then by sequence.
    u64 next_sequence_ = 0;
};

} // namespace ringer::device
