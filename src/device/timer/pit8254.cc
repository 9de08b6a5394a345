#include "device/timer/pit8254.h"

#include "base/bits.h"
#include "device/schedule.h"

namespace ringer::device {
namespace {

constexpr u64 control_word = 3; // The offset of port 0x43.
constexpr unsigned speaker_counter = 2;
constexpr u64 nanoseconds_per_second = 1'000'000'000;

// Memory refresh is requested every 15 us (counter 1 of the PC AT counts 18), and each request turns bit 4
// over.
constexpr u64 refresh_period = 18;

enum SystemControl : u8 {
    control_gate = 0x01,
    control_writable =
        0x0f, ///< GATE 2, the speaker's data, and the two NMI sources' masks, of which there are none.
    control_refresh = 0x10,
    control_out = 0x20,
};

/// The moment of a clock pulse, rounded up, so that at that moment it has come.
Nanoseconds moment_of(u64 pulse) {
    return static_cast<Nanoseconds>((u128{pulse} * nanoseconds_per_second + Pit8254::frequency - 1) /
                                    Pit8254::frequency);
}

} // namespace

Pit8254::Pit8254(TimerQueue& timers)
    : clock_(timers.clock()), next_event_(timers, [this] { update(); }),
      counter_ports_(*this, &Pit8254::read_counter, &Pit8254::write_counter),
      control_port_(*this, &Pit8254::read_control, &Pit8254::write_control) {
    reset();
}

void Pit8254::reset() {
    control_ = 0;
    counters_[0].reset(true);
    counters_[1].reset(true);
    counters_[speaker_counter].reset(false);
    update();
}

void Pit8254::visit(state::Archive& archive) {
    archive.field(1, "counter0", counters_[0].state())
        .field(2, "counter1", counters_[1].state())
        .field(3, "counter2", counters_[2].state())
        .field(4, "control", control_);
    for (Pit8254Counter& counter : counters_) counter.restored();
    const auto event = counters_[0].next_event();
    schedule(next_event_, event ? std::optional(moment_of(*event)) : std::nullopt);
}

/// The number of the last clock pulse.
u64 Pit8254::pulse() const {
    return static_cast<u64>(u128{clock_.now()} * frequency / nanoseconds_per_second);
}

/// Counter 0 alone drives a wire that somebody watches; the others are settled when they are looked at.
void Pit8254::update() {
    counters_[0].settle(pulse());
    const auto event = counters_[0].next_event();
    schedule(next_event_, event ? std::optional(moment_of(*event)) : std::nullopt);
}

/// The control word's port cannot be read: nothing drives the bus.
u8 Pit8254::read_counter(u64 offset) {
    if (offset >= control_word) return 0xff;
    const u64 now = pulse();
    counters_[offset].settle(now);
    const u8 value = counters_[offset].read(now);
    update();
    return value;
}

void Pit8254::write_counter(u64 offset, u8 value) {
    const u64 now = pulse();
    for (Pit8254Counter& counter : counters_) counter.settle(now);
    const auto selected = static_cast<unsigned>(bits(value, 6, 2));
    if (offset < control_word)
        counters_[offset].write(now, value);
    else if (selected == counters_.size())
        read_back(value);
    else if (bits(value, 4, 2) == 0)
        counters_[selected].latch_count(now);
    else
        counters_[selected].write_control(now, value);
    update();
}

/// 8254, "Read-Back Command": latches count and status of any of the counters.
void Pit8254::read_back(u8 command) {
    for (unsigned i = 0; i < counters_.size(); ++i) {
        if (!bit(command, i + 1)) continue;
        if (!bit(command, 5)) counters_[i].latch_count(pulse());
        if (!bit(command, 4)) counters_[i].latch_status();
    }
}

/// Port 0x61, the NMI status and control register (NMISC) of Intel's PIIX4 datasheet.
u8 Pit8254::read_control(u64) {
    const u64 now = pulse();
    counters_[speaker_counter].settle(now);
    const bool refresh = now / refresh_period & 1;
    return control_ | (refresh ? control_refresh : 0) |
           (counters_[speaker_counter].out().level() ? control_out : 0);
}

void Pit8254::write_control(u64, u8 value) {
    const u64 now = pulse();
    control_ = value & control_writable;
    counters_[speaker_counter].settle(now);
    counters_[speaker_counter].set_gate(now, value & control_gate);
}

} // namespace ringer::device
