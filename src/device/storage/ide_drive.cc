#include "device/storage/ide_drive.h"

#include <algorithm>
#include <utility>

namespace ringer::device {

namespace {

/// How long the medium takes. Long enough for drivers that look for BSY after a command.
constexpr Nanoseconds latency = 20'000;

constexpr u8 phase_bits = ide_status::busy | ide_status::data_request;
constexpr u8 diagnostic_passed = 0x01;
constexpr u8 device_select = 0x10;

/// The longest data phase: what a loaded state may ask for.
constexpr std::size_t most_buffered = 0x2'0000;

} // namespace

void visit(state::Archive& archive, IdeDrive::TaskFile& task) {
    auto& [features, count, lba_low, lba_mid, lba_high] = task;
    archive.field(1, "features", features)
        .field(2, "count", count)
        .field(3, "lba_low", lba_low)
        .field(4, "lba_mid", lba_mid)
        .field(5, "lba_high", lba_high);
}

IdeDrive::IdeDrive(TimerQueue& timers, Signature signature)
    : timers_(timers), signature_(signature), timer_(timers, [this] { work(); }) {}

void IdeDrive::visit(state::Archive& archive) {
    auto& [task_file, previous, device, status_bits, error, interrupt, phase, dma_to_memory, contents,
           position, due] = state_;
    archive.field(1, "task", task_file)
        .field(2, "previous", previous)
        .field(3, "device", device)
        .field(4, "status", status_bits)
        .field(5, "error", error)
        .field(6, "interrupt", interrupt)
        .field(7, "phase", phase)
        .field(8, "dma_to_memory", dma_to_memory)
        .field(9, "buffer", contents)
        .field(10, "position", position)
        .field(11, "due", due);
    contents.resize(std::min(contents.size(), most_buffered));
    position = std::min(position, static_cast<u32>(contents.size()));
    visit_commands(archive);
    if (phase == Phase::working)
        timer_.arm(due);
    else
        timer_.disarm();
}

void IdeDrive::reset() {
    abandon_work();
    state_ = {};
    software_reset();
}

void IdeDrive::software_reset() {
    abandon_work();
    timer_.disarm();
    state_.phase = Phase::idle;
    state_.buffer.clear();
    state_.position = 0;
    reset_commands();
    put_signature();
    state_.device = 0;
    state_.error = diagnostic_passed;
    state_.status = signature_.status;
    set_interrupt(false);
}

void IdeDrive::run_diagnostic(bool with_interrupt) {
    software_reset();
    if (with_interrupt) raise_interrupt();
}

bool IdeDrive::is_in_command() const { return (state_.status & phase_bits) != 0; }

void IdeDrive::reset_selected() {
    const u8 selection = state_.device & device_select;
    software_reset();
    state_.device = selection;
}

void IdeDrive::put_signature() {
    state_.task = {.count = 1, .lba_low = 1, .lba_mid = signature_.lba_mid, .lba_high = signature_.lba_high};
    state_.previous = {};
}

void IdeDrive::set_previous_address(u64 upper) {
    state_.previous.lba_low = static_cast<u8>(upper);
    state_.previous.lba_mid = static_cast<u8>(upper >> 8);
    state_.previous.lba_high = static_cast<u8>(upper >> 16);
}

void IdeDrive::set_interrupt(bool level) {
    if (state_.interrupt == level) return;
    state_.interrupt = level;
    if (cable_) cable_->interrupt_changed();
}

u8 IdeDrive::read_register(IdeRegister which, bool previous) {
    const TaskFile& from = previous ? state_.previous : state_.task;
    switch (which) {
    case IdeRegister::data: return 0;
    case IdeRegister::error_features: return state_.error;
    case IdeRegister::count: return from.count;
    case IdeRegister::lba_low: return from.lba_low;
    case IdeRegister::lba_mid: return from.lba_mid;
    case IdeRegister::lba_high: return from.lba_high;
    case IdeRegister::device: return state_.device;
    case IdeRegister::status_command: set_interrupt(false); return state_.status;
    }
    return 0;
}

/// While BSY is set, and DRQ alike, the host may not write them, and what it writes is not taken (7.1).
void IdeDrive::write_register(IdeRegister which, u8 value) {
    if (is_in_command() && which != IdeRegister::device) return;
    const auto shift = [value](u8& current, u8& previous) { previous = std::exchange(current, value); };
    TaskFile &task = state_.task, &previous = state_.previous;
    switch (which) {
    case IdeRegister::error_features: return shift(task.features, previous.features);
    case IdeRegister::count: return shift(task.count, previous.count);
    case IdeRegister::lba_low: return shift(task.lba_low, previous.lba_low);
    case IdeRegister::lba_mid: return shift(task.lba_mid, previous.lba_mid);
    case IdeRegister::lba_high: return shift(task.lba_high, previous.lba_high);
    case IdeRegister::device: state_.device = value; return;
    case IdeRegister::data:
    case IdeRegister::status_command: return;
    }
}

/// A command in the middle of another is not taken, but for the reset that packet devices have.
void IdeDrive::write_command(u8 command) {
    constexpr u8 device_reset = 0x08;
    const bool resets = signature_.is_packet_device && command == device_reset;
    if (is_in_command() && !resets) return;
    set_interrupt(false);
    state_.error = 0;
    state_.status = ide_status::ready | ide_status::seek_complete;
    execute(command);
}

void IdeDrive::begin_work() {
    state_.phase = Phase::working;
    state_.status = ide_status::ready | ide_status::seek_complete | ide_status::busy;
    state_.due = timers_.clock().now() + latency;
    timer_.arm(state_.due);
}

void IdeDrive::begin_dma(bool to_memory) {
    state_.phase = Phase::waiting_for_dma;
    state_.dma_to_memory = to_memory;
    state_.status = ide_status::ready | ide_status::seek_complete | ide_status::data_request;
    dma_started();
}

void IdeDrive::dma_started() {
    if (state_.phase == Phase::waiting_for_dma && cable_ && cable_->dma_ready(state_.dma_to_memory))
        begin_work();
}

void IdeDrive::begin_data_in() {
    state_.phase = Phase::data_in;
    state_.position = 0;
    state_.status = ide_status::ready | ide_status::seek_complete | ide_status::data_request;
    raise_interrupt();
}

void IdeDrive::begin_data_out(std::size_t size, bool with_interrupt) {
    state_.phase = Phase::data_out;
    state_.buffer.assign(size, 0);
    state_.position = 0;
    state_.status = ide_status::ready | ide_status::seek_complete | ide_status::data_request;
    if (with_interrupt) raise_interrupt();
}

void IdeDrive::complete(bool with_interrupt) {
    state_.phase = Phase::idle;
    state_.status = ide_status::ready | ide_status::seek_complete;
    if (with_interrupt) raise_interrupt();
}

void IdeDrive::fail(u8 error, u8 status) {
    state_.phase = Phase::idle;
    state_.error = error;
    state_.status = ide_status::ready | ide_status::seek_complete | ide_status::error | status;
    raise_interrupt();
}

u16 IdeDrive::read_data() {
    if (state_.phase != Phase::data_in) return 0;
    const auto next = [this] {
        return state_.position < state_.buffer.size() ? state_.buffer[state_.position++] : u8{0};
    };
    const u16 low = next();
    const auto value = static_cast<u16>(low | next() << 8);
    if (state_.position == state_.buffer.size()) data_taken();
    return value;
}

void IdeDrive::write_data(u16 value) {
    if (state_.phase != Phase::data_out) return;
    for (const unsigned shift : {0, 8})
        if (state_.position < state_.buffer.size())
            state_.buffer[state_.position++] = static_cast<u8>(value >> shift);
    if (state_.position == state_.buffer.size()) data_given();
}

} // namespace ringer::device
