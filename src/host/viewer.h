#pragma once

#include "base/types.h"
#include "device/input/input_event.h"
#include "device/virtio/virtio_balloon.h"
#include "display/screen.h"

#include <algorithm>
#include <optional>

namespace ringer::host {

/// Somebody who sees the machine's screen, and who may sit at its keyboard and pointer. Called by the run
/// loop's thread, between two runs of the vCPU.
class Viewer {
  public:
    virtual ~Viewer() = default;

    /// Looks at the screen when it is time to. Called often.
    virtual void look(const display::Screen& screen) = 0;

    /// Sees and sets the balloon, where there is one, before it looks. Called often.
    virtual void operate(device::VirtioBalloon&) {}

    /// The moment, in the host's monotonic time, at which it wants to look even if nothing happens until
    /// then; nullopt: it has seen what there is.
    virtual std::optional<Nanoseconds> next_look() { return std::nullopt; }

    virtual std::optional<device::InputEvent> next_input() { return std::nullopt; }
};

/// Says when it is time to look at a screen that may have changed: some thirty times a second, and ever more
/// rarely, down to four times, while there is nothing new and nobody does anything.
class LookTimes {
  public:
    /// Whether now is one, after which has_looked() is to be called. When it is not,
    /// next_if_overdue() will be.
    bool is_due(Nanoseconds now) {
        overdue_ = now < next();
        return !overdue_;
    }
    void has_looked(Nanoseconds now, bool anything_new) {
        looked_at_ = now;
        interval_ = anything_new ? shortest : std::min(2 * interval_, longest);
    }
    /// Somebody has done something that the machine may answer.
    void expect_news() { interval_ = shortest; }

    /// nullopt: nothing can have changed since the last time.
    std::optional<Nanoseconds> next_if_overdue() const {
        return overdue_ ? std::optional(next()) : std::nullopt;
    }

  private:
    static constexpr Nanoseconds shortest = 33'000'000, longest = 250'000'000;

    Nanoseconds next() const { return looked_at_ ? *looked_at_ + interval_ : 0; }

    std::optional<Nanoseconds> looked_at_;
    Nanoseconds interval_ = shortest;
    bool overdue_ = false;
};

} // namespace ringer::host
