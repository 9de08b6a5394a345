#pragma once

#include "base/types.h"
#include "device/byte_region.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/timer/pit8254_counter.h"
#include "device/wire.h"

#include <array>

namespace ringer::device {

/// The PC's interval timer: an 8254 clocked at 1193182 Hz, and the system control port 0x61 that gates its
/// counter 2 and shows its output. Counters 0 and 1 always have their GATE high.
class Pit8254 final : public Device {
  public:
    static constexpr u64 frequency = 1'193'182;
    static constexpr u64 counter_port_count = 4;
    static constexpr u64 control_port_count = 1;

    /// `timers` must outlive the timer.
    explicit Pit8254(TimerQueue& timers);

    memory::Region& counter_ports() { return counter_ports_; } ///< 0x40 to 0x43
    memory::Region& control_port() { return control_port_; }   ///< 0x61

    /// OUT of counter 0: IRQ0.
    Wire& interrupt() { return counters_[0].out(); }

    std::string_view name() const override { return "pit"; }
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    u8 read_counter(u64 offset);
    void write_counter(u64 offset, u8 value);
    u8 read_control(u64 offset);
    void write_control(u64 offset, u8 value);

    u64 pulse() const;
    void read_back(u8 command);
    void update();

    const Clock& clock_;
    std::array<Pit8254Counter, 3> counters_;
    u8 control_ = 0; ///< The bits of port 0x61 that can be written.
    Timer next_event_;
    BytePorts<Pit8254> counter_ports_;
    BytePorts<Pit8254> control_port_;
};

} // namespace ringer::device
