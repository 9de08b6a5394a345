#include "device/storage/ide_channel.h"

#include "base/assert.h"
#include "base/bits.h"

#include <algorithm>
#include <utility>

namespace ringer::device {

using memory::Answer;

namespace {

constexpr unsigned device_select = 4; ///< Of the device register.

// The device control register.
constexpr u8 no_interrupt = 1 << 1, software_reset = 1 << 2, previous_contents = 1 << 7;
constexpr u8 control_writable = no_interrupt | software_reset | previous_contents;

constexpr u8 execute_device_diagnostic = 0x90;

/// What is read where no drive pulls the lines.
constexpr u8 floating = 0xff;

} // namespace

IdeChannel::IdeChannel(memory::AddressSpace& memory) : bus_master_(memory) {
    bus_master_.started = [this] {
        if (IdeDrive* const drive = selected()) drive->dma_started();
    };
}

void IdeChannel::attach(unsigned place, std::unique_ptr<IdeDrive> drive) {
    RINGER_ASSERT(place < drives_.size() && !drives_[place]);
    drives_[place] = std::move(drive);
    drives_[place]->attach(*this);
}

void IdeChannel::reset() {
    state_ = {};
    bus_master_.reset();
    for (const auto& drive : drives_)
        if (drive) drive->reset();
    interrupt_changed();
}

void IdeChannel::visit(state::Archive& archive) {
    auto& [device, control] = state_;
    archive.field(1, "device", device).field(2, "control", control).field(3, "bus_master", bus_master_);
    constexpr std::array<std::string_view, 2> names{"drive0", "drive1"};
    for (std::size_t place = 0; place < drives_.size(); ++place) {
        if (drives_[place]) archive.field(static_cast<u16>(4 + place), names[place], *drives_[place]);
    }
    interrupt_.restore(interrupt_level());
}

void IdeChannel::interrupt_changed() {
    const bool was_high = interrupt_.level();
    interrupt_.set(interrupt_level());
    if (interrupt_.level() && !was_high) bus_master_.note_interrupt();
}

unsigned IdeChannel::selected_place() const { return bit(state_.device, device_select) ? 1 : 0; }

bool IdeChannel::interrupt_level() const {
    const IdeDrive* const drive = selected();
    return drive && drive->interrupt_pending() && !(state_.control & no_interrupt);
}

u8 IdeChannel::read_register(IdeRegister which) {
    if (IdeDrive* const drive = selected())
        return drive->read_register(which, (state_.control & previous_contents) != 0);
    if (is_empty()) return floating;
    // Drive 0 answers in the place of a drive 1 that is not there (ATA/ATAPI-6, 9.16.1), with a status of 0.
    IdeDrive* const other = drives_[1 - selected_place()].get();
    if (which == IdeRegister::status_command) return 0;
    return other->read_register(which, (state_.control & previous_contents) != 0);
}

/// Both drives take note of what is written; writing another register than device control ends the view of
/// the previous contents (7.9).
void IdeChannel::write_register(IdeRegister which, u8 value) {
    state_.control &= static_cast<u8>(~previous_contents);
    if (which == IdeRegister::status_command) {
        if (value == execute_device_diagnostic) return run_diagnostics();
        if (IdeDrive* const drive = selected()) drive->write_command(value);
        return;
    }
    if (which == IdeRegister::device) state_.device = value;
    for (const auto& drive : drives_)
        if (drive) drive->write_register(which, value);
    interrupt_changed();
}

/// Drive 0 speaks for both, and is selected afterwards (8.11, 9.10).
void IdeChannel::run_diagnostics() {
    if (std::ranges::any_of(drives_, [](const auto& drive) { return drive && drive->is_in_command(); }))
        return;
    state_.device = 0;
    for (std::size_t place = 0; place < drives_.size(); ++place)
        if (drives_[place]) drives_[place]->run_diagnostic(place == 0);
    interrupt_changed();
}

u8 IdeChannel::read_alternate_status(u64) {
    if (is_empty()) return floating;
    const IdeDrive* const drive = selected();
    return drive ? drive->status() : 0;
}

void IdeChannel::write_control(u64, u8 value) {
    const u8 before = std::exchange(state_.control, value & control_writable);
    if (value & software_reset && !(before & software_reset)) {
        state_.device = 0;
        for (const auto& drive : drives_)
            if (drive) drive->software_reset();
    }
    interrupt_changed();
}

u64 IdeChannel::read_data(unsigned size) {
    IdeDrive* const drive = selected();
    if (!drive) return is_empty() ? ~u64{0} : 0;
    u64 value = drive->read_data();
    if (size >= 4) value |= u64{drive->read_data()} << 16;
    return value;
}

void IdeChannel::write_data(unsigned size, u64 value) {
    IdeDrive* const drive = selected();
    if (!drive) return;
    drive->write_data(static_cast<u16>(value));
    if (size >= 4) drive->write_data(static_cast<u16>(value >> 16));
}

/// The data register has 16 bits, and 32 where a driver reads two at once; all others have 8.
Answer IdeChannel::CommandBlock::read(u64 offset, unsigned size, u64& value) {
    if (offset == 0) {
        value = channel_.read_data(size);
        return Answer::now;
    }
    value = 0;
    for (unsigned i = 0; i < size; ++i)
        value |= u64{channel_.read_register(static_cast<IdeRegister>(offset + i))} << 8 * i;
    return Answer::now;
}

Answer IdeChannel::CommandBlock::write(u64 offset, unsigned size, u64 value) {
    if (offset == 0) {
        channel_.write_data(size, value);
        return Answer::now;
    }
    for (unsigned i = 0; i < size; ++i)
        channel_.write_register(static_cast<IdeRegister>(offset + i), static_cast<u8>(value >> 8 * i));
    return Answer::now;
}

} // namespace ringer::device
