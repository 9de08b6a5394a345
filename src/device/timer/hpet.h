#pragma once

#include "base/types.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/wire.h"
#include "memory/region.h"

#include <array>
#include <optional>

namespace ringer::device {

/// The High Precision Event Timers (IA-PC HPET Specification 1.0a): a counter of 64 bits and 100 MHz, and
/// three timers, each of which can be periodic. It stands between the older timers and their interrupt lines,
/// which timers 0 and 1 take over in legacy replacement mode. Interrupts by front side bus are left out.
///
/// An edge-triggered interrupt leaves its line high until the next, as an 8259A wants it.
class Hpet final : public Device, public memory::Region, public WireSink {
  public:
    static constexpr u64 region_size = 0x400;
    static constexpr unsigned timer_count = 3;
    static constexpr Nanoseconds tick = 10;
    /// The lower half of the capabilities, as the ACPI table repeats them: Intel's, revision 1, a counter of
    /// 64 bits, legacy replacement.
    static constexpr u32 identity = 0x8086'a001 | (timer_count - 1) << 8;
    /// The one I/O APIC input that timers can be routed to, where the 8254's line arrives.
    static constexpr unsigned routed_pin = 2;

    /// The pins of this sink: the lines that it stands in.
    enum Input : unsigned { pit_input, rtc_input };

    explicit Hpet(TimerQueue& timers);

    Wire& timer_interrupt() { return timer_interrupt_; } ///< IRQ0
    Wire& rtc_interrupt() { return rtc_interrupt_; }     ///< IRQ8

    void pin_changed(unsigned pin, bool level) override;

    /// Registers take accesses of 32 and 64 bits; other writes have no effect.
    [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
    [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

    std::string_view name() const override { return "hpet"; }
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    struct EventTimer {
        u32 configuration = 0; ///< What can be written of it.
        u64 comparator = ~u64{0}, period = 0;
        bool asserted = false; ///< Its interrupt: for a level, until it is cleared.
    };
    friend void visit(state::Archive& archive, EventTimer& timer);

    struct State {
        u8 configuration = 0;
        u8 inputs = 0;           ///< The levels of the older timers' lines.
        u64 counter = 0;         ///< Of the main counter, when it was last started or written.
        Nanoseconds started = 0; ///< That moment.
        u64 settled = 0;         ///< The count up to which matches are accounted for.
        std::array<EventTimer, timer_count> timers{};
    };

    bool runs() const;
    u64 counter(Nanoseconds now) const;
    u64 read_register(u64 offset, Nanoseconds now) const;
    /// Writes the bits of `mask` of the 64-bit register at `offset`.
    void write_register(u64 offset, u64 value, u64 mask);
    void write_configuration(u64 value, u64 mask, Nanoseconds now);
    void write_status(u64 cleared);
    void write_counter(u64 value, u64 mask, Nanoseconds now);
    void write_timer(EventTimer& timer, u64 value, u64 mask);
    void write_comparator(EventTimer& timer, u64 value, u64 mask);

    /// Ticks from `count` to the next match; 0 stands for none that will ever be seen.
    static u64 ticks_to_match(const EventTimer& timer, u64 count);
    /// Lives through all matches up to now.
    void settle(Nanoseconds now);
    void fire(EventTimer& timer);
    std::optional<Nanoseconds> next_match() const;
    bool line(Input input) const;
    /// Brings wires and timer in line with the state.
    void update();

    const Clock& clock_;
    Wire timer_interrupt_, rtc_interrupt_;
    Timer next_event_;
    State state_;
};

} // namespace ringer::device
