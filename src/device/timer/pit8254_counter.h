#pragma once

#include "base/types.h"
#include "device/wire.h"
#include "state/archive.h"

#include <optional>

namespace ringer::device {

/// What a guest can observe of one counter of an 8254. Moments are numbers of clock pulses since power-on.
struct Pit8254CounterState {
    enum class Access : u8 { low = 1, high = 2, both = 3 };

    u8 mode = 0; ///< 0 to 5.
    bool bcd = false;
    Access access = Access::both;
    bool gate = true;

    u8 low_byte = 0;         ///< The first of two bytes written.
    bool high_next = false;  ///< The next write is the second of two.
    u16 programmed = 0;      ///< CR, as written.
    bool has_count = false;  ///< A count was written since the control word.
    bool null_count = false; ///< CR has not been loaded into the counting element.

    bool counting = false; ///< The counting element was loaded since the control word.
    bool paused = false;   ///< GATE holds it; `elapsed` stands still.
    u32 period = 0x10000;  ///< The count it was loaded with, 1 to 65536.
    u64 start = 0;         ///< When it was loaded: elapsed counts from here, unless paused.
    u64 elapsed = 0;
    std::optional<u64> load_at; ///< When CR will be loaded next.
    u64 settled = 0;            ///< Up to when OUT is accounted for.

    bool high_read_next = false; ///< The next read is the second of two.
    std::optional<u16> latched_count;
    std::optional<u8> latched_status;
};

void visit(state::Archive& archive, Pit8254CounterState& state);

/// One counter of an 8254 (Intel 8254 datasheet, order number 231164-005). It does not tick: counting element
/// and OUT are computed from the clock pulse at which it was loaded. Callers pass the number of the current
/// pulse, which never decreases, and call settle() first.
class Pit8254Counter {
  public:
    /// Follows OUT as of the last settle().
    Wire& out() { return out_; }

    void reset(bool gate);

    /// Lives through all that has happened up to `pulse`: loads the counting element and moves OUT. When OUT
    /// went down and up again meanwhile, however often, its wire sees one such pulse.
    void settle(u64 pulse);

    /// The next clock pulse at which settle() has something to do.
    std::optional<u64> next_event() const;

    void write_control(u64 pulse, u8 control);
    void latch_count(u64 pulse);
    void latch_status();
    u8 read(u64 pulse);
    void write(u64 pulse, u8 value);
    void set_gate(u64 pulse, bool gate);

    Pit8254CounterState& state() { return state_; }
    /// To be called after a loading visit of state().
    void restored();

  private:
    u32 modulus() const;
    u64 elapsed(u64 pulse) const;
    bool level(u64 pulse) const;
    u16 count(u64 pulse) const;
    std::optional<u64> next_change() const;
    u64 end_of_cycle(u64 pulse) const;
    u64 high_part() const { return (u64{state_.period} + 1) / 2; }

    void follow_out_until(u64 pulse);
    void load(u64 pulse);
    void pause(u64 pulse);
    void count_written(u64 pulse, u16 value);

    Pit8254CounterState state_;
    Wire out_;
};

} // namespace ringer::device
