#include "device/floppy/floppy_controller.h"

#include "base/assert.h"
#include "device/floppy/floppy_bits.h"

#include <algorithm>
#include <utility>

namespace ringer::device {

using namespace floppy;

const std::array<FloppyController::Command, 18> FloppyController::commands{{
    {0x1f, 0x06, transfer_length, &FloppyController::read_sectors},
    {0x3f, 0x05, transfer_length, &FloppyController::write_sectors},
    {0x9f, 0x02, transfer_length, &FloppyController::read_track},
    {0x1f, 0x16, transfer_length, &FloppyController::verify},
    {0xbf, 0x0d, format_length, &FloppyController::format_track},
    {0xbf, 0x0a, read_id_length, &FloppyController::read_id},
    {0xff, 0x03, 3, &FloppyController::specify},
    {0xff, 0x04, 2, &FloppyController::sense_drive_status},
    {0xff, 0x07, 2, &FloppyController::recalibrate},
    {0xff, 0x08, 1, &FloppyController::sense_interrupt_status},
    {0xff, 0x0e, 1, &FloppyController::dump_registers},
    {0xff, 0x0f, 3, &FloppyController::seek},
    {0xbf, 0x8f, 3, &FloppyController::relative_seek},
    {0xff, 0x10, 1, &FloppyController::version},
    {0xff, 0x12, 2, &FloppyController::perpendicular_mode},
    {0xff, 0x13, 4, &FloppyController::configure},
    {0x7f, 0x14, 1, &FloppyController::lock},
    {0xff, 0x18, 1, &FloppyController::part_id},
}};

const FloppyController::Command* FloppyController::find_command(u8 code) {
    const auto found =
        std::ranges::find_if(commands, [&](const Command& each) { return (code & each.mask) == each.code; });
    return found == commands.end() ? nullptr : &*found;
}

FloppyController::FloppyController(TimerQueue& timers, IsaDma& dma)
    : timers_(timers), dma_(dma), work_timer_(timers, [this] { work(); }),
      seek_timer_(timers, [this] { end_seeks(); }),
      registers_(*this, &FloppyController::read_register, &FloppyController::write_register),
      input_register_(*this, &FloppyController::read_input, &FloppyController::write_rate) {
    reset();
}

void FloppyController::attach(unsigned place, Medium& medium) {
    RINGER_ASSERT(place < drives_.size() && !drives_[place]);
    drives_[place].emplace(medium);
}

/// The RESET pin: the digital output register then holds the controller in reset.
void FloppyController::reset() {
    work_timer_.disarm();
    seek_timer_.disarm();
    state_ = {};
    state_.rate = rate_250k;
    state_.configuration = no_fifo;
    set_interrupt(false);
}

void visit(state::Archive& archive, FloppyController::Address& address) {
    auto& [cylinder, head, sector] = address;
    archive.field(1, "cylinder", cylinder).field(2, "head", head).field(3, "sector", sector);
}

void FloppyController::visit(state::Archive& archive) {
    auto& [output, tape_drive, rate, interrupt, phase, operation, command, bytes, position, address, side,
           done, has_written, due, cylinders, seek_results, seeking, sought, seek_due, polled, specify_1,
           specify_2, configuration, precompensation, perpendicular, last_sector, locked] = state_;
    archive.field(1, "output", output)
        .field(2, "tape_drive", tape_drive)
        .field(3, "rate", rate)
        .field(4, "interrupt", interrupt)
        .field(5, "phase", phase)
        .field(6, "operation", operation)
        .field(7, "command", command)
        .field(8, "bytes", bytes)
        .field(9, "position", position)
        .field(10, "address", address)
        .field(11, "side", side)
        .field(12, "done", done)
        .field(13, "has_written", has_written)
        .field(14, "due", due)
        .field(15, "cylinders", cylinders)
        .field(16, "seek_results", seek_results)
        .field(17, "seeking", seeking)
        .field(18, "sought", sought)
        .field(19, "seek_due", seek_due)
        .field(20, "polled", polled)
        .field(21, "specify_1", specify_1)
        .field(22, "specify_2", specify_2)
        .field(23, "configuration", configuration)
        .field(24, "precompensation", precompensation)
        .field(25, "perpendicular", perpendicular)
        .field(26, "last_sector", last_sector)
        .field(27, "locked", locked);
    constexpr std::array<std::string_view, drive_count> names{"drive0", "drive1"};
    for (std::size_t place = 0; place < drives_.size(); ++place) {
        if (drives_[place]) archive.field(static_cast<u16>(28 + place), names[place], *drives_[place]);
    }
    settle_visited();
}

/// Holds what was loaded to what the phases count on: a command that is complete and goes with the operation,
/// and bytes that there are more of.
void FloppyController::settle_visited() {
    constexpr u8 every_unit = (1 << unit_count) - 1;
    state_.rate &= rate_select;
    state_.side &= 1;
    state_.seeking &= every_unit;
    state_.sought &= every_unit;
    state_.polled = std::min(state_.polled, u8{unit_count});
    state_.command.resize(std::min(state_.command.size(), longest_command));
    state_.bytes.resize(std::min(state_.bytes.size(), std::size_t{FloppyFormat::sector_size}));
    const Command* const command = state_.command.empty() ? nullptr : find_command(state_.command[0]);
    const bool is_complete = command && state_.command.size() == command->length;
    const bool has_bytes = state_.position < state_.bytes.size();
    const auto length = [&] {
        switch (state_.operation) {
        case Operation::read:
        case Operation::write:
        case Operation::verify:
        case Operation::read_track: return transfer_length;
        case Operation::format: return format_length;
        case Operation::read_id: return read_id_length;
        case Operation::none: break;
        }
        return std::size_t{0};
    }();
    const bool transfers = is_complete && length == command->length;
    const bool holds = [&] {
        switch (state_.phase) {
        case Phase::command:
            return state_.command.empty() || (command && state_.command.size() < command->length);
        case Phase::working: return transfers;
        case Phase::data_in:
        case Phase::data_out: return transfers && has_bytes;
        case Phase::result: return has_bytes && state_.bytes.size() <= longest_result;
        case Phase::resetting: return true;
        }
        return false;
    }();
    if (!holds) stop();
    const bool writes = state_.operation == Operation::write || state_.operation == Operation::format;
    if (!writes || !transfers || !drive()) state_.has_written = false;
    interrupt_.restore(state_.interrupt && state_.output & dma_gate);
    if (state_.phase == Phase::command || state_.phase == Phase::result)
        work_timer_.disarm();
    else
        work_timer_.arm(state_.due);
    if (state_.seeking)
        seek_timer_.arm(state_.seek_due);
    else
        seek_timer_.disarm();
}

/// Forgets the present command.
void FloppyController::stop() {
    work_timer_.disarm();
    state_.phase = Phase::command;
    state_.operation = Operation::none;
    state_.command.clear();
    state_.bytes.clear();
    state_.position = 0;
    state_.has_written = false;
}

void FloppyController::set_interrupt(bool level) {
    state_.interrupt = level;
    interrupt_.set(level && state_.output & dma_gate);
}

void FloppyController::raise_interrupt() {
    state_.polled = unit_count;
    set_interrupt(true);
}

u8 FloppyController::read_register(u64 offset) {
    switch (offset) {
    case digital_output: return state_.output;
    case tape_drive_register: return state_.tape_drive;
    case main_status_or_rate: return main_status();
    case data: return read_data();
    default: return floating;
    }
}

void FloppyController::write_register(u64 offset, u8 value) {
    switch (offset) {
    case digital_output: write_output(value); break;
    case tape_drive_register: state_.tape_drive = value & unit_select; break;
    case main_status_or_rate:
        state_.rate = value & rate_select;
        if (value & software_reset && state_.output & not_reset) {
            begin_software_reset();
            end_software_reset();
        }
        break;
    case data: write_data(value); break;
    default: break;
    }
}

u8 FloppyController::read_input(u64) {
    const unsigned selected = state_.output & unit_select;
    const bool changed = selected < drives_.size() && drives_[selected] && drives_[selected]->has_changed();
    return changed ? disk_change : 0;
}

void FloppyController::write_rate(u64, u8 value) { state_.rate = value & rate_select; }

void FloppyController::write_output(u8 value) {
    const u8 before = std::exchange(state_.output, value);
    if (!(value & not_reset))
        begin_software_reset();
    else if (!(before & not_reset))
        end_software_reset();
    set_interrupt(state_.interrupt);
}

/// "Reset": what SPECIFY has set stays, and what LOCK protects.
void FloppyController::begin_software_reset() {
    stop();
    seek_timer_.disarm();
    state_.seeking = state_.sought = 0;
    state_.polled = unit_count;
    state_.cylinders = {};
    if (state_.locked) {
        state_.configuration &= no_fifo | fifo_threshold;
    } else {
        state_.configuration = no_fifo;
        state_.precompensation = 0;
        state_.perpendicular &= perpendicular_drives;
    }
    set_interrupt(false);
}

void FloppyController::end_software_reset() {
    state_.phase = Phase::resetting;
    state_.due = timers_.clock().now() + latency;
    work_timer_.arm(state_.due);
}

u8 FloppyController::main_status() const {
    if (!(state_.output & not_reset)) return 0;
    const u8 units = state_.seeking | state_.sought;
    const u8 mode = has_dma() ? 0 : without_dma;
    switch (state_.phase) {
    case Phase::command: return units | request | (state_.command.empty() ? 0 : busy);
    case Phase::working: return units | busy | mode;
    case Phase::data_in: return units | request | to_host | without_dma | busy;
    case Phase::data_out: return units | request | without_dma | busy;
    case Phase::result: return units | request | to_host | busy;
    case Phase::resetting: break;
    }
    return 0;
}

u8 FloppyController::read_data() {
    if (state_.phase != Phase::data_in && state_.phase != Phase::result) return 0;
    const u8 value = state_.bytes[state_.position++];
    const bool is_last = state_.position == state_.bytes.size();
    if (state_.phase == Phase::data_in) {
        if (!is_last) return value;
        set_interrupt(false);
        sector_done(false);
        return value;
    }
    // The interrupt of a seek that has ended meanwhile is not lost.
    if (state_.position == 1 && state_.operation != Operation::none) {
        set_interrupt(false);
        if (state_.sought) raise_interrupt();
    }
    if (is_last) stop();
    return value;
}

void FloppyController::write_data(u8 value) {
    if (!(state_.output & not_reset)) return;
    if (state_.phase == Phase::command) return write_command(value);
    if (state_.phase != Phase::data_out) return;
    state_.bytes[state_.position++] = value;
    if (state_.position != state_.bytes.size()) return;
    set_interrupt(false);
    begin_work();
}

void FloppyController::write_command(u8 value) {
    state_.command.push_back(value);
    const Command* const command = find_command(state_.command[0]);
    if (!command) return give_result({invalid_command});
    if (state_.command.size() < command->length) return;
    (this->*command->execute)();
    if (state_.phase == Phase::command) stop();
}

bool FloppyController::is_multi_track() const { return state_.command[0] & multi_track; }
bool FloppyController::has_dma() const { return !(state_.specify_2 & no_dma); }

FloppyDrive* FloppyController::drive() {
    return unit() < drives_.size() && drives_[unit()] ? &*drives_[unit()] : nullptr;
}

void FloppyController::give_result(std::initializer_list<u8> bytes) {
    state_.bytes = bytes;
    state_.position = 0;
    state_.phase = Phase::result;
}

} // namespace ringer::device
