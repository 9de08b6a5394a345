#include "device/platform/acpi_pm.h"

#include "base/assert.h"
#include "base/bits.h"
#include "device/schedule.h"

namespace ringer::device {

namespace {

/// Within the event block: PM1_STS, and then PM1_EN.
constexpr u64 status_offset = AcpiPm::event_offset, enable_offset = AcpiPm::event_offset + 2;

// PM1_STS and PM1_EN.
constexpr u16 timer_event = 1 << 0, global_event = 1 << 5, power_button_event = 1 << 8, rtc_event = 1 << 10;
constexpr u16 bus_master_status = 1 << 4, wake_status = 1 << 15;
constexpr u16 interrupting_events = timer_event | global_event | power_button_event | rtc_event;
constexpr u16 clearable_status = interrupting_events | bus_master_status | wake_status;

// PM1_CNT: SCI_EN, BM_RLD, SLP_TYP are read back; GBL_RLS and SLP_EN read as 0.
constexpr u16 sci_enable = 1 << 0;
constexpr u8 control_low_writable = 0x03, control_high_writable = 0x1c, sleep_enable_high = 1 << 5;

u8 byte_of(u64 value, u64 index) { return static_cast<u8>(value >> 8 * index); }

void set_byte(u16& target, u64 index, u8 value) {
    const auto shift = 8 * static_cast<unsigned>(index);
    target = static_cast<u16>((target & ~(0xff << shift)) | value << shift);
}

void clear_written_ones(u16& target, u64 index, u8 value) {
    target = static_cast<u16>(target & ~(value << 8 * static_cast<unsigned>(index)));
}

} // namespace

AcpiPm::AcpiPm(TimerQueue& timers, PowerControl& power, unsigned timer_bits)
    : clock_(timers.clock()), power_(power), timer_bits_(timer_bits),
      carry_timer_(timers, [this] { update(); }) {
    RINGER_ASSERT(timer_bits == 24 || timer_bits == 32);
    reset();
}

void AcpiPm::reset() {
    state_ = {};
    state_.carries_seen = carries();
    update();
}

void AcpiPm::visit(state::Archive& archive) {
    auto& [status, enable, control, gpe_status, gpe_enable, command, command_status, carries_seen] = state_;
    archive.field(1, "status", status)
        .field(2, "enable", enable)
        .field(3, "control", control)
        .field(4, "gpe_status", gpe_status)
        .field(5, "gpe_enable", gpe_enable)
        .field(6, "smi_command", command)
        .field(7, "smi_status", command_status)
        .field(8, "carries_seen", carries_seen);
    sci_.restore(sci_level());
    schedule_carry();
}

void AcpiPm::press_power_button() {
    state_.status |= power_button_event;
    update();
}

void AcpiPm::raise_event(unsigned number) {
    RINGER_ASSERT(number < 16);
    state_.gpe_status = with_bit(state_.gpe_status, number, true);
    update();
}

/// The timer runs from power-on, and no reset stops it.
u64 AcpiPm::timer_ticks() const {
    return static_cast<u64>(u128{clock_.now()} * pm_timer_hertz / 1'000'000'000);
}

/// TMR_STS: the timer's top bit has changed (ACPI 4.8.2.1).
void AcpiPm::note_timer() {
    const u64 seen = carries();
    if (seen != state_.carries_seen) state_.status |= timer_event;
    state_.carries_seen = seen;
}

bool AcpiPm::sci_level() const {
    const bool fixed_event = state_.status & state_.enable & interrupting_events;
    const bool general_event = state_.gpe_status & state_.gpe_enable;
    return state_.control & sci_enable && (fixed_event || general_event);
}

void AcpiPm::update() {
    note_timer();
    sci_.set(sci_level());
    schedule_carry();
}

/// Wakes at the next change of the timer's top bit, if that is to interrupt.
void AcpiPm::schedule_carry() {
    std::optional<Nanoseconds> next;
    if (state_.enable & timer_event && !(state_.status & timer_event)) {
        const u128 ticks = u128{state_.carries_seen + 1} << (timer_bits_ - 1);
        next = static_cast<Nanoseconds>((ticks * 1'000'000'000 + pm_timer_hertz - 1) / pm_timer_hertz);
    }
    schedule(carry_timer_, next);
}

/// All bytes of an access see the timer at one moment.
memory::Answer AcpiPm::read(u64 offset, unsigned size, u64& value) {
    update();
    const u64 timer_count = timer_ticks() & ((u64{1} << timer_bits_) - 1);
    value = 0;
    for (unsigned i = 0; i < size; ++i) value |= u64{read_pm(offset + i, timer_count)} << 8 * i;
    return memory::Answer::now;
}

memory::Answer AcpiPm::write(u64 offset, unsigned size, u64 value) {
    update();
    for (unsigned i = 0; i < size; ++i) write_pm(offset + i, byte_of(value, i));
    update();
    return memory::Answer::now;
}

u8 AcpiPm::read_pm(u64 offset, u64 timer_count) const {
    switch (align_down(offset, 2)) {
    case status_offset: return byte_of(state_.status, offset & 1);
    case enable_offset: return byte_of(state_.enable, offset & 1);
    case control_offset: return byte_of(state_.control, offset & 1);
    case timer_offset:
    case timer_offset + 2: return byte_of(timer_count, offset - timer_offset);
    default: return 0;
    }
}

void AcpiPm::write_pm(u64 offset, u8 value) {
    const u64 byte = offset & 1;
    switch (align_down(offset, 2)) {
    case status_offset:
        clear_written_ones(state_.status, byte, value & byte_of(clearable_status, byte));
        break;
    case enable_offset: set_byte(state_.enable, byte, value & byte_of(interrupting_events, byte)); break;
    case control_offset:
        if (byte == 0)
            set_byte(state_.control, 0, value & control_low_writable);
        else
            write_control_high(value);
        break;
    default: break;
    }
}

void AcpiPm::write_control_high(u8 value) {
    set_byte(state_.control, 1, value & control_high_writable);
    const u8 sleep_type = (value & control_high_writable) >> 2;
    if (value & sleep_enable_high && sleep_type == soft_off_sleep_type) power_.power_off();
}

u8 AcpiPm::read_gpe(u64 offset) {
    return byte_of(offset < 2 ? state_.gpe_status : state_.gpe_enable, offset & 1);
}

void AcpiPm::write_gpe(u64 offset, u8 value) {
    if (offset < 2)
        clear_written_ones(state_.gpe_status, offset & 1, value);
    else
        set_byte(state_.gpe_enable, offset & 1, value);
    update();
}

u8 AcpiPm::read_smi(u64 offset) { return offset == 0 ? state_.smi_command : state_.smi_status; }

void AcpiPm::write_smi(u64 offset, u8 value) {
    if (offset != 0) {
        state_.smi_status = value;
        return;
    }
    state_.smi_command = value;
    if (value == enable_command) state_.control |= sci_enable;
    if (value == disable_command) state_.control &= static_cast<u16>(~sci_enable);
    update();
}

} // namespace ringer::device
