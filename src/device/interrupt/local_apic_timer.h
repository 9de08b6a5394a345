#pragma once

#include "base/types.h"
#include "device/clock.h"
#include "state/archive.h"

#include <functional>

namespace ringer::device {

/// The timer of a local APIC (Intel SDM Vol. 3, "APIC Timer"), but for its LVT entry's vector and mask. Its
/// input clock runs at 1 GHz, and the guest's TSC counts nanoseconds.
class LocalApicTimer {
  public:
    /// LVT timer bits 18:17. A timer in the reserved mode does not count.
    enum class Mode : u8 { one_shot = 0, periodic = 1, tsc_deadline = 2, reserved = 3 };

    static constexpr u64 input_hertz = 1'000'000'000;

    /// `expired` is called, masked or not, whenever the count reaches zero or the TSC its deadline.
    LocalApicTimer(TimerQueue& queue, std::function<void()> expired);

    void reset();

    Mode mode() const { return state_.mode; }
    /// Between one-shot and periodic a running count goes on; any other change of mode disarms the timer.
    void set_mode(Mode mode);

    u32 initial_count() const { return state_.initial_count; }
    /// Starts the count, or stops it with 0. Ignored in TSC-deadline mode.
    void set_initial_count(u32 count);

    /// Derived from the time. 0 in TSC-deadline mode.
    u32 current_count() const { return count_at(now()); }

    u32 divide_configuration() const { return state_.divide_configuration; }
    /// A running count goes on from where it is at the new rate. Only bits 3, 1 and 0 count.
    void set_divide_configuration(u32 value);

    /// IA32_TSC_DEADLINE: 0 unless armed.
    u64 tsc_deadline() const;
    /// Arms the timer for the moment when nanoseconds + `tsc_offset` reach `value`, or disarms it with 0.
    /// Ignored outside of TSC-deadline mode.
    void set_tsc_deadline(u64 value, u64 tsc_offset);
    /// The guest has set its TSC: an armed deadline is a value of that TSC, and so moves.
    void tsc_offset_changed(u64 tsc_offset);

    void visit(state::Archive& archive);

  private:
    struct State {
        Mode mode = Mode::one_shot;
        u32 initial_count = 0;
        u32 divide_configuration = 0;
        bool running = false;
        Nanoseconds deadline = 0; ///< While running: when it expires next.
        u64 tsc_deadline = 0;     ///< While running in TSC-deadline mode.
    };

    bool counts() const { return state_.mode == Mode::one_shot || state_.mode == Mode::periodic; }
    u32 count_at(Nanoseconds time) const;
    Nanoseconds tick() const;
    Nanoseconds period() const { return state_.initial_count * tick(); }
    void start(Nanoseconds deadline);
    void stop();
    void expire();
    Nanoseconds now() const { return queue_.clock().now(); }

    TimerQueue& queue_;
    std::function<void()> expired_;
    Timer timer_;
    State state_;
};

} // namespace ringer::device
