#include "device/floppy/floppy_controller.h"

#include "device/floppy/floppy_bits.h"

#include <bit>
#include <utility>

namespace ringer::device {

using namespace floppy;

void FloppyController::specify() {
    state_.specify_1 = parameter(1);
    state_.specify_2 = parameter(2);
}

void FloppyController::sense_drive_status() {
    u8 status = always_ready | two_sided | static_cast<u8>(head() << 2 | unit());
    if (const FloppyDrive* const selected = drive()) {
        if (selected->is_write_protected()) status |= write_protected;
        if (selected->track() == 0) status |= track_0;
    }
    give_result({status});
}

void FloppyController::version() { give_result({version_of_82077}); }
void FloppyController::part_id() { give_result({part_number}); }

void FloppyController::lock() {
    state_.locked = parameter(0) & lock_bit;
    give_result({static_cast<u8>(state_.locked << 4)});
}

void FloppyController::configure() {
    state_.configuration = parameter(2) & configurable;
    state_.precompensation = parameter(3);
}

void FloppyController::perpendicular_mode() {
    const u8 kept = parameter(1) & overwrites ? 0 : state_.perpendicular & perpendicular_drives;
    const u8 taken =
        parameter(1) & overwrites ? perpendicular_drives | perpendicular_gates : perpendicular_gates;
    state_.perpendicular = kept | (parameter(1) & taken);
}

void FloppyController::dump_registers() {
    const auto& cylinders = state_.cylinders;
    give_result({cylinders[0], cylinders[1], cylinders[2], cylinders[3], state_.specify_1, state_.specify_2,
                 state_.last_sector, static_cast<u8>(state_.locked << 7 | state_.perpendicular),
                 state_.configuration, state_.precompensation});
}

void FloppyController::move_head(unsigned unit, int steps) {
    if (unit < drives_.size() && drives_[unit]) drives_[unit]->step(steps);
}

/// The head is there at once; drivers are told when the timer expires.
void FloppyController::begin_seek(unsigned unit, u8 result) {
    state_.seek_results[unit] = result | static_cast<u8>(unit);
    state_.sought &= static_cast<u8>(~(1 << unit));
    state_.seeking |= static_cast<u8>(1 << unit);
    state_.seek_due = timers_.clock().now() + latency;
    seek_timer_.arm(state_.seek_due);
}

void FloppyController::end_seeks() {
    state_.sought |= std::exchange(state_.seeking, u8{0});
    raise_interrupt();
}

void FloppyController::recalibrate() {
    bool arrived = false;
    if (FloppyDrive* const selected = drive()) {
        selected->step(-most_recalibration_steps);
        arrived = selected->track() == 0;
    }
    state_.cylinders[unit()] = 0;
    begin_seek(unit(), arrived ? seek_end : seek_end | equipment_check | abnormal);
}

void FloppyController::seek() {
    u8& cylinder = state_.cylinders[unit()];
    move_head(unit(), parameter(2) - cylinder);
    cylinder = parameter(2);
    begin_seek(unit(), seek_end | static_cast<u8>(head() << 2));
}

void FloppyController::relative_seek() {
    const int steps = parameter(0) & inwards ? parameter(2) : -parameter(2);
    move_head(unit(), steps);
    state_.cylinders[unit()] = static_cast<u8>(state_.cylinders[unit()] + steps);
    begin_seek(unit(), seek_end | static_cast<u8>(head() << 2));
}

/// After a reset the four units are asked for one after the other; otherwise those that have sought.
void FloppyController::sense_interrupt_status() {
    set_interrupt(false);
    if (state_.polled < unit_count) {
        const u8 polled = state_.polled++;
        return give_result({static_cast<u8>(polled_after_reset | polled), state_.cylinders[polled]});
    }
    if (!state_.sought) return give_result({invalid_command});
    const auto found = static_cast<unsigned>(std::countr_zero(state_.sought));
    state_.sought &= static_cast<u8>(~(1 << found));
    give_result({state_.seek_results[found], state_.cylinders[found]});
    if (state_.sought) raise_interrupt();
}

} // namespace ringer::device
