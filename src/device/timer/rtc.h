#pragma once

#include "base/types.h"
#include "device/byte_region.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/timer/rtc_calendar.h"
#include "device/wire.h"

#include <optional>

namespace ringer::device {

/// What a guest can observe of an Rtc.
struct RtcState {
    RtcBytes bytes{};        ///< CMOS memory; the time bytes are as of the update `shown`.
    u8 index = 0;            ///< The byte that port 0x71 accesses.
    bool nmi_masked = false; ///< Bit 7 of port 0x70.
    u8 flags = 0;            ///< PF, AF and UF of register C as of `flagged`.
    Nanoseconds flagged = 0;
    i64 divider_start = 0; ///< The moment at which the divider was 0; a second ends every 10^9 ns from here.
    u64 shown = 0;         ///< Seconds that the divider had completed.
};

void visit(state::Archive& archive, RtcState& state);

/// The PC's real-time clock and CMOS memory, a Motorola MC146818A (by its datasheet) with a 32768 Hz
/// crystal, behind the index port 0x70 and the data port 0x71. It keeps a century in byte 0x32, as ACPI's
/// FADT tells, and leaves out daylight saving (bit DSE) and the square wave's pin.
///
/// It has a battery: date, time and memory survive reset(). An update falls due at the end of each second;
/// UIP is set from 2228 us before it (244 us of notice and 1984 us for the update), and the bytes change when
/// UIP falls.
class Rtc final : public Device, public ByteRegion {
  public:
    static constexpr u64 port_count = 2;
    /// What the equipment byte of CMOS memory says of every machine that has nothing else.
    static constexpr u8 equipment_has_fpu = 0x02;

    /// `unix_time` is the time of day, in seconds since 1970 UTC, at the machine's power-on. The sizes of
    /// RAM, in bytes, are left in CMOS memory for firmware to find. `timers` must outlive the clock.
    Rtc(TimerQueue& timers, u64 unix_time, u64 ram_below_4g, u64 ram_above_4g);

    /// IRQ8.
    Wire& interrupt() { return interrupt_; }

    /// Sets a byte of CMOS memory, 0x0e to 0x7f, for firmware to find (equipment, boot order), before the
    /// guest runs.
    void preset(u8 index, u8 value);

    /// Bit 7 of port 0x70: the guest wants no NMI.
    bool nmi_masked() const { return state_.nmi_masked; }

    std::string_view name() const override { return "rtc"; }
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    u8 read_byte(u64 offset) override;
    void write_byte(u64 offset, u8 value) override;

    u8 read_register();
    void write_register(u8 value);
    void write_register_a(u8 value, Nanoseconds now);
    void write_register_b(u8 value);

    RtcFormat format() const;
    bool divider_runs() const;
    bool updates() const;
    void limit_moments(Nanoseconds now);
    u64 seconds(Nanoseconds moment) const;
    u64 time_since_divider_start(Nanoseconds moment) const;
    Nanoseconds moment_of_second(u64 second) const;
    u64 periodic_interval() const;
    bool update_in_progress() const;
    std::optional<u64> next_alarm() const;
    RtcBytes bytes_at(Nanoseconds now) const;

    u8 flags_at(Nanoseconds now) const;
    void settle(Nanoseconds now);
    bool interrupt_requested(Nanoseconds now) const;
    std::optional<Nanoseconds> next_flag(Nanoseconds now) const;
    void update(Nanoseconds now);

    const Clock& clock_;
    Wire interrupt_;
    Timer next_event_;
    RtcState state_;
};

} // namespace ringer::device
