#include "device/timer/rtc.h"

#include "base/assert.h"
#include "base/bits.h"
#include "device/schedule.h"

#include <algorithm>
#include <utility>

namespace ringer::device {
namespace {

constexpr u64 nanoseconds_per_second = 1'000'000'000;
constexpr u64 crystal_hertz = 32'768;
constexpr u64 update_time = 244'000 + 1'984'000;

enum Register : u8 { register_a = 0x0a, register_b = 0x0b, register_c = 0x0c, register_d = 0x0d };

enum RegisterA : u8 {
    a_rate = 0x0f,
    a_divider = 0x70,
    a_divider_runs = 0x20, ///< With a crystal of 32768 Hz. Other values stop it or hold it in reset.
    a_divider_reset = 0x60,
    a_update_in_progress = 0x80,
};
enum RegisterB : u8 {
    b_24_hours = 0x02,
    b_binary = 0x04,
    b_square_wave = 0x08,
    b_update_ended = 0x10,
    b_alarm = 0x20,
    b_periodic = 0x40,
    b_set = 0x80,
};
/// Bits PF, AF and UF of register C stand where their enables stand in register B.
enum RegisterC : u8 {
    c_update_ended = 0x10,
    c_alarm = 0x20,
    c_periodic = 0x40,
    c_sources = 0x70,
    c_request = 0x80
};
constexpr u8 d_valid = 0x80;

// The PC AT's use of CMOS memory, with QEMU's extension for RAM beyond 4 GiB, which SeaBIOS reads.
constexpr u8 cmos_equipment = 0x14, cmos_base_memory = 0x15, cmos_extended_memory = 0x17,
             cmos_checksummed = 0x10, cmos_checksum = 0x2e, cmos_extended_memory_found = 0x30,
             cmos_memory_above_16m = 0x34, cmos_memory_above_4g = 0x5b;
constexpr u64 base_memory_kib = 640;

void put_number(RtcBytes& bytes, u8 index, unsigned size, u64 value) {
    const u64 most = (u64{1} << (8 * size)) - 1;
    for (unsigned i = 0; i < size; ++i) bytes[index + i] = static_cast<u8>(std::min(value, most) >> (8 * i));
}

void put_memory_sizes(RtcBytes& bytes, u64 below_4g, u64 above_4g) {
    const u64 above_1m = below_4g > MiB ? below_4g - MiB : 0;
    const u64 above_16m = below_4g > 16 * MiB ? below_4g - 16 * MiB : 0;
    put_number(bytes, cmos_base_memory, 2, base_memory_kib);
    put_number(bytes, cmos_extended_memory, 2, above_1m / KiB);
    put_number(bytes, cmos_extended_memory_found, 2, above_1m / KiB);
    put_number(bytes, cmos_memory_above_16m, 2, above_16m / (64 * KiB));
    put_number(bytes, cmos_memory_above_4g, 3, above_4g / (64 * KiB));
}

/// The sum of bytes 0x10 to 0x2d, high byte first, by which a BIOS knows the contents for valid.
void put_checksum(RtcBytes& bytes) {
    unsigned sum = 0;
    for (u8 index = cmos_checksummed; index < cmos_checksum; ++index) sum += bytes[index];
    bytes[cmos_checksum] = static_cast<u8>(sum >> 8);
    bytes[cmos_checksum + 1] = static_cast<u8>(sum);
}

constexpr bool is_time(u8 index) {
    using namespace rtc_index;
    return index == seconds || index == minutes || index == hours || (index >= weekday && index <= year) ||
           index == century;
}

} // namespace

void visit(state::Archive& archive, RtcState& state) {
    auto& [bytes, index, nmi_masked, flags, flagged, divider_start, shown] = state;
    archive.field(1, "bytes", bytes)
        .field(2, "index", index)
        .field(3, "nmi_masked", nmi_masked)
        .field(4, "flags", flags)
        .field(5, "flagged", flagged)
        .field(6, "divider_start", divider_start)
        .field(7, "shown", shown);
    index %= bytes.size();
}

Rtc::Rtc(TimerQueue& timers, u64 unix_time, u64 ram_below_4g, u64 ram_above_4g)
    : clock_(timers.clock()), next_event_(timers, [this] { update(clock_.now()); }) {
    RtcBytes& bytes = state_.bytes;
    bytes[register_a] = a_divider_runs | 0x06; // 1024 Hz, as every PC BIOS sets it.
    bytes[register_b] = b_24_hours;
    bytes[cmos_equipment] = equipment_has_fpu;
    put_memory_sizes(bytes, ram_below_4g, ram_above_4g);
    put_checksum(bytes);
    set_rtc_time(bytes, format(), unix_time);
    reset();
}

void Rtc::preset(u8 index, u8 value) {
    RINGER_ASSERT(index > register_d && index < state_.bytes.size() && index != rtc_index::century);
    state_.bytes[index] = value;
    put_checksum(state_.bytes);
}

/// MC146818A, "RESET": interrupts are disabled and their flags cleared; time, date and memory stay.
void Rtc::reset() {
    const Nanoseconds now = clock_.now();
    settle(now);
    state_.bytes[register_b] &= static_cast<u8>(~(b_periodic | b_alarm | b_update_ended | b_square_wave));
    state_.flags = 0;
    state_.index = 0;
    state_.nmi_masked = false;
    update(now);
}

/// What a loaded state says lies between the start of the divider and now, or its next flag would not.
void Rtc::limit_moments(Nanoseconds now) {
    const auto latest = static_cast<i64>(now);
    constexpr i64 earliest_start = -static_cast<i64>(nanoseconds_per_second / 2);
    state_.divider_start = std::clamp(state_.divider_start, earliest_start, latest);
    const i64 earliest_flag = std::max<i64>(state_.divider_start, 0);
    state_.flagged =
        static_cast<Nanoseconds>(std::clamp(static_cast<i64>(state_.flagged), earliest_flag, latest));
    state_.shown = std::min(state_.shown, seconds(state_.flagged));
}

void Rtc::visit(state::Archive& archive) {
    device::visit(archive, state_);
    const Nanoseconds now = clock_.now();
    if (archive.loads()) limit_moments(now);
    interrupt_.restore(interrupt_requested(now));
    schedule(next_event_, next_flag(now));
}

RtcFormat Rtc::format() const {
    const u8 b = state_.bytes[register_b];
    return {.binary = (b & b_binary) != 0, .hours24 = (b & b_24_hours) != 0};
}

bool Rtc::divider_runs() const { return (state_.bytes[register_a] & a_divider) == a_divider_runs; }

/// Whether the time is carried on at the end of each second.
bool Rtc::updates() const { return divider_runs() && !(state_.bytes[register_b] & b_set); }

u64 Rtc::time_since_divider_start(Nanoseconds moment) const {
    return moment - static_cast<u64>(state_.divider_start);
}

/// Seconds that the divider has completed at `moment`.
u64 Rtc::seconds(Nanoseconds moment) const {
    return time_since_divider_start(moment) / nanoseconds_per_second;
}

Nanoseconds Rtc::moment_of_second(u64 second) const {
    return static_cast<u64>(state_.divider_start) + second * nanoseconds_per_second;
}

/// The period of PF in cycles of the crystal; 0 when it has none (MC146818A, "Periodic Interrupt Rate").
u64 Rtc::periodic_interval() const {
    const unsigned rate = state_.bytes[register_a] & a_rate;
    if (!divider_runs() || rate == 0) return 0;
    return u64{1} << (rate <= 2 ? rate + 6 : rate - 1);
}

bool Rtc::update_in_progress() const {
    return updates() && time_since_divider_start(clock_.now()) % nanoseconds_per_second >=
                            nanoseconds_per_second - update_time;
}

/// The memory with the time as it is at `now`.
RtcBytes Rtc::bytes_at(Nanoseconds now) const {
    RtcBytes bytes = state_.bytes;
    if (updates()) advance_rtc_time(bytes, format(), seconds(now) - state_.shown);
    return bytes;
}

/// The first completed second after `flagged` at which time and alarm match.
std::optional<u64> Rtc::next_alarm() const {
    const u64 since = seconds(state_.flagged);
    RtcBytes bytes = state_.bytes;
    advance_rtc_time(bytes, format(), since - state_.shown);
    const auto wait = seconds_to_rtc_alarm(bytes, format(), rtc_time_of_day(bytes, format()));
    return wait ? std::optional(since + *wait) : std::nullopt;
}

/// PF, AF and UF: what was set before, and what has come about since.
u8 Rtc::flags_at(Nanoseconds now) const {
    u8 flags = state_.flags;
    if (const u64 interval = periodic_interval()) {
        const auto periods = [&](Nanoseconds moment) {
            const u128 cycles =
                u128{time_since_divider_start(moment)} * crystal_hertz / nanoseconds_per_second;
            return static_cast<u64>(cycles) / interval;
        };
        if (periods(now) != periods(state_.flagged)) flags |= c_periodic;
    }
    if (updates() && seconds(now) != seconds(state_.flagged)) {
        flags |= c_update_ended;
        if (const auto alarm = next_alarm(); alarm && *alarm <= seconds(now)) flags |= c_alarm;
    }
    return flags;
}

/// Brings the stored time and flags up to now, as must be done before anything changes that they depend on.
void Rtc::settle(Nanoseconds now) {
    const u8 flags = flags_at(now);
    state_.bytes = bytes_at(now);
    state_.shown = seconds(now);
    state_.flags = flags;
    state_.flagged = now;
}

bool Rtc::interrupt_requested(Nanoseconds now) const {
    return flags_at(now) & state_.bytes[register_b] & c_sources;
}

/// When, after `now`, a flag that is enabled to interrupt will be set. None while the interrupt is requested
/// anyway: until the guest has read register C there is nothing to wait for.
std::optional<Nanoseconds> Rtc::next_flag(Nanoseconds now) const {
    if (interrupt_requested(now)) return std::nullopt;
    const u8 enabled = state_.bytes[register_b];
    std::optional<Nanoseconds> next;
    const auto consider = [&next](Nanoseconds moment) { next = next ? std::min(*next, moment) : moment; };
    if (const u64 interval = periodic_interval(); interval && (enabled & b_periodic)) {
        const u128 cycles = u128{time_since_divider_start(now)} * crystal_hertz / nanoseconds_per_second;
        const u128 due = (cycles / interval + 1) * interval;
        const u128 wait = (due * nanoseconds_per_second + crystal_hertz - 1) / crystal_hertz;
        consider(static_cast<u64>(state_.divider_start) + static_cast<u64>(wait));
    }
    if (updates() && (enabled & b_update_ended)) consider(moment_of_second(seconds(now) + 1));
    if (updates() && (enabled & b_alarm))
        if (const auto alarm = next_alarm()) consider(moment_of_second(*alarm));
    return next;
}

/// Brings the interrupt wire and the timer in line with the state at `now`, the one moment of all that an
/// access does: a flag that came about between two would be seen by neither wire nor timer, and one that came
/// about while register C is read would leave the wire high, without the edge that an interrupt controller
/// waits for.
void Rtc::update(Nanoseconds now) {
    interrupt_.set(interrupt_requested(now));
    schedule(next_event_, next_flag(now));
}

u8 Rtc::read_byte(u64 offset) {
    // The index port cannot be read: nothing drives the bus.
    return offset & 1 ? read_register() : 0xff;
}

void Rtc::write_byte(u64 offset, u8 value) {
    if (offset & 1) {
        write_register(value);
    } else {
        state_.index = value & 0x7f;
        state_.nmi_masked = value & 0x80;
    }
}

u8 Rtc::read_register() {
    switch (state_.index) {
    case register_a: return state_.bytes[register_a] | (update_in_progress() ? a_update_in_progress : 0);
    case register_c: {
        const Nanoseconds now = clock_.now();
        settle(now);
        const u8 flags = std::exchange(state_.flags, u8{0});
        const u8 request = flags & state_.bytes[register_b] & c_sources ? c_request : 0;
        update(now);
        return flags | request;
    }
    case register_d: return d_valid;
    default: return is_time(state_.index) ? bytes_at(clock_.now())[state_.index] : state_.bytes[state_.index];
    }
}

void Rtc::write_register(u8 value) {
    const Nanoseconds now = clock_.now();
    settle(now);
    switch (state_.index) {
    case register_a: write_register_a(value, now); break;
    case register_b: write_register_b(value); break;
    case register_c:
    case register_d: break;
    default: state_.bytes[state_.index] = value; break;
    }
    update(now);
}

/// When the divider is released from its reset, the first update follows half a second later (MC146818A,
/// "Divider Control"): that is how a clock is set exactly.
void Rtc::write_register_a(u8 value, Nanoseconds now) {
    const bool was_reset = (state_.bytes[register_a] & a_divider_reset) == a_divider_reset;
    state_.bytes[register_a] = value & static_cast<u8>(~a_update_in_progress);
    if (was_reset && divider_runs()) {
        state_.divider_start = static_cast<i64>(now - nanoseconds_per_second / 2);
        state_.shown = 0;
    }
}

/// Setting SET stops the updates, and with them their interrupt, for the guest to write the time.
void Rtc::write_register_b(u8 value) {
    state_.bytes[register_b] = value & b_set ? value & static_cast<u8>(~b_update_ended) : value;
}

} // namespace ringer::device
