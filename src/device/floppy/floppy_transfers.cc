#include "device/floppy/floppy_controller.h"

#include "base/bits.h"
#include "device/floppy/floppy_bits.h"

#include <utility>
#include <vector>

namespace ringer::device {

using namespace floppy;

void FloppyController::begin_work() {
    state_.phase = Phase::working;
    state_.due = timers_.clock().now() + latency;
    work_timer_.arm(state_.due);
}

void FloppyController::begin_data(Phase phase) {
    state_.phase = phase;
    state_.position = 0;
    state_.due = timers_.clock().now() + patience;
    work_timer_.arm(state_.due);
    raise_interrupt();
}

void FloppyController::begin_transfer(Operation operation) {
    state_.operation = operation;
    state_.address = {parameter(2), parameter(3), parameter(4)};
    state_.last_sector = parameter(6);
    state_.side = static_cast<u8>(head());
    state_.done = 0;
    if (state_.configuration & implied_seek) {
        move_head(unit(), parameter(2) - state_.cylinders[unit()]);
        state_.cylinders[unit()] = parameter(2);
    }
    begin_work();
}

/// READ TRACK begins at the first sector, whatever its parameters say.
void FloppyController::read_track() {
    begin_transfer(Operation::read_track);
    state_.address.sector = 1;
}

void FloppyController::read_id() {
    state_.operation = Operation::read_id;
    state_.side = static_cast<u8>(head());
    state_.address = {};
    begin_work();
}

void FloppyController::format_track() {
    state_.operation = Operation::format;
    state_.side = static_cast<u8>(head());
    state_.address = {};
    state_.last_sector = parameter(3);
    state_.done = 0;
    begin_work();
}

void FloppyController::work() {
    if (state_.phase == Phase::resetting) {
        state_.phase = Phase::command;
        raise_interrupt();
        state_.polled = 0;
        return;
    }
    if (state_.phase != Phase::working) {
        set_interrupt(false); // It asked for data, and rises anew.
        return finish({abnormal, overrun, 0});
    }
    switch (state_.operation) {
    case Operation::none: break;
    case Operation::format: return work_on_format();
    case Operation::read_id: {
        if (const auto missing = missing_track()) return finish(*missing);
        // The disk turns, and another sector passes the head each time.
        const u8 sectors = drive()->format().sectors;
        const auto passed = static_cast<u8>(timers_.clock().now() % rotation * sectors / rotation);
        state_.address = {drive()->track(), state_.side, static_cast<u8>(passed + 1)};
        return finish({});
    }
    default: work_on_sector();
    }
}

std::optional<FloppyController::Status> FloppyController::missing_track() {
    const FloppyDrive* const selected = drive();
    if (selected && parameter(0) & mfm && bit(selected->format().rates, state_.rate) &&
        selected->has_sector(state_.side, 1))
        return std::nullopt;
    return Status{abnormal, missing_address_mark, 0};
}

/// What the sectors of an image are called: by track and side that they are on, and by numbers from 1.
FloppyController::Status FloppyController::missing_sector() {
    const bool other_cylinder = state_.address.cylinder != drive()->track();
    return {abnormal, no_data, other_cylinder ? wrong_cylinder : u8{0}};
}

std::optional<FloppyController::Status> FloppyController::obstacle() {
    if (const auto missing = missing_track()) return missing;
    const Operation operation = state_.operation;
    const bool writes = operation == Operation::write || operation == Operation::format;
    if (writes && drive()->is_write_protected()) return Status{abnormal, not_writable, 0};
    if (operation == Operation::format) {
        const bool fits =
            parameter(2) == FloppyFormat::size_code && parameter(3) == drive()->format().sectors;
        return fits ? std::nullopt : std::optional(missing_sector());
    }
    const bool named_right =
        operation == Operation::read_track ||
        (state_.address.cylinder == drive()->track() && state_.address.head == state_.side);
    const bool found = named_right && parameter(5) == FloppyFormat::size_code &&
                       drive()->has_sector(state_.side, state_.address.sector);
    return found ? std::nullopt : std::optional(missing_sector());
}

bool FloppyController::obtain(std::size_t size, bool& terminal_count) {
    if (state_.bytes.size() == size && state_.position == size) return true;
    state_.bytes.assign(size, 0);
    if (!has_dma()) {
        begin_data(Phase::data_out);
        return false;
    }
    IsaDma::Moved moved;
    if (state_.output & dma_gate) moved = dma_.move(dma_channel, state_.bytes, false);
    terminal_count = moved.terminal_count;
    if (moved.size == size || terminal_count) return true;
    finish({abnormal, overrun, 0});
    return false;
}

/// Four bytes for each sector say what it is to be called. An image can hold them only under their own names.
void FloppyController::work_on_format() {
    if (const auto why = obstacle()) return finish(*why);
    bool terminal_count = false;
    if (!obtain(format_entry, terminal_count)) return;
    state_.address = {state_.bytes[0], state_.bytes[1], state_.bytes[2]};
    const auto& [cylinder, side, sector] = state_.address;
    if (cylinder != drive()->track() || side != state_.side || !drive()->has_sector(side, sector) ||
        state_.bytes[3] != FloppyFormat::size_code)
        return finish(missing_sector());
    const std::vector<u8> contents(FloppyFormat::sector_size, parameter(5));
    state_.has_written = true;
    if (!drive()->write(side, sector, contents)) return finish({abnormal, data_error, data_error_in_data});
    state_.bytes.clear();
    if (++state_.done == state_.last_sector || terminal_count) return finish({});
    begin_work();
}

void FloppyController::work_on_sector() {
    if (const auto why = obstacle()) return finish(*why);
    if (state_.operation == Operation::write)
        give_sector();
    else
        take_sector();
}

void FloppyController::take_sector() {
    state_.bytes.assign(FloppyFormat::sector_size, 0);
    if (!drive()->read(state_.side, state_.address.sector, state_.bytes))
        return finish({abnormal, data_error, data_error_in_data});
    if (state_.operation == Operation::verify) return sector_done(false);
    if (!has_dma()) return begin_data(Phase::data_in);
    IsaDma::Moved moved;
    if (state_.output & dma_gate) moved = dma_.move(dma_channel, state_.bytes, true);
    if (moved.size < state_.bytes.size() && !moved.terminal_count) return finish({abnormal, overrun, 0});
    sector_done(moved.terminal_count);
}

/// A sector that the host has not given all of ends in zeros.
void FloppyController::give_sector() {
    bool terminal_count = false;
    if (!obtain(FloppyFormat::sector_size, terminal_count)) return;
    state_.has_written = true;
    if (!drive()->write(state_.side, state_.address.sector, state_.bytes))
        return finish({abnormal, data_error, data_error_in_data});
    sector_done(terminal_count);
}

/// Transfers end when the host's end says so, or for want of sectors, which counts as an error; the others by
/// themselves.
void FloppyController::sector_done(bool terminal_count) {
    state_.bytes.clear();
    ++state_.done;
    bool is_through = terminal_count;
    if (state_.operation == Operation::read_track)
        is_through |= state_.done == state_.last_sector;
    else if (state_.operation == Operation::verify)
        is_through |= parameter(1) & counts_sectors ? state_.done == parameter(8) : is_last_sector();
    if (is_through) {
        const u8 side = state_.side;
        advance();
        state_.side = side;
        finish({});
    } else if (is_last_sector()) {
        finish({abnormal, end_of_cylinder, 0});
    } else {
        advance();
        begin_work();
    }
}

bool FloppyController::is_last_sector() const {
    if (state_.operation == Operation::read_track) return false;
    return state_.address.sector == state_.last_sector && !(is_multi_track() && state_.side == 0);
}

/// "Result Phase Table".
void FloppyController::advance() {
    auto& [cylinder, side, sector] = state_.address;
    if (state_.operation == Operation::read_track || sector != state_.last_sector) {
        ++sector;
        return;
    }
    sector = 1;
    if (!is_multi_track() || state_.side == 1) ++cylinder;
    if (!is_multi_track()) return;
    side ^= 1;
    state_.side ^= 1;
}

void FloppyController::finish(Status status) {
    if (std::exchange(state_.has_written, false) && !drive()->flush())
        status = {abnormal, data_error, data_error_in_data};
    u8 size_code = FloppyFormat::size_code;
    if (state_.operation == Operation::format)
        size_code = parameter(2);
    else if (state_.operation != Operation::read_id)
        size_code = parameter(5);
    const auto& [cylinder, side, sector] = state_.address;
    give_result({static_cast<u8>(status.st0 | state_.side << 2 | unit()), status.st1, status.st2, cylinder,
                 side, sector, size_code});
    work_timer_.disarm();
    raise_interrupt();
}

} // namespace ringer::device
