#include "device/storage/piix_ide.h"

namespace ringer::device {

using memory::Answer;

namespace {

constexpr u8 timing_offset = 0x40; ///< IDETIM of the primary channel; the secondary's follows.
constexpr u16 decode_enable = 1 << 15;
constexpr unsigned bus_master_bar = 4;

} // namespace

PiixIde::PiixIde(memory::AddressSpace& memory, Decode decode)
    : channels_{Channel(*this, 0, memory), Channel(*this, 1, memory)} {
    config_.define({.vendor = 0x8086, .device = 0x7010, .class_code = 0x01'0180}); // IDE with bus master
    const u16 command = decode == Decode::after_reset ? pci_command::io_space : 0;
    config_.define(pci_command::offset, 2, command, pci_command::io_space | pci_command::bus_master);
    config_.define(0x06, 2, 0x0280, 0x0000, 0x3800); // status: the error bits clear
    config_.define(0x0d, 1, 0x00, 0xf0);             // latency timer
    for (u8 channel = 0; channel < channel_count; ++channel)
        config_.define(timing_offset + 2 * channel, 2, decode == Decode::after_reset ? decode_enable : 0,
                       0xffff);
    config_.define(0x44, 1, 0x00, 0xff); // SIDETIM: the second drives' timings
    bars_.add(bus_master_bar, PciSpace::io, channel_count * BusMaster::port_count, bus_master_ports_);
    reset();
}

void PiixIde::reset() {
    config_.reset();
    permit_bus_masters();
    for (Channel& each : channels_) each.channel.reset();
}

void PiixIde::visit(state::Archive& archive) {
    archive.field(1, "config", config_)
        .field(2, "primary", channels_[0].channel)
        .field(3, "secondary", channels_[1].channel);
    permit_bus_masters();
}

void PiixIde::write_config(u8 offset, unsigned size, u32 value) {
    config_.write(offset, size, value);
    permit_bus_masters();
}

void PiixIde::permit_bus_masters() {
    const bool permitted = config_.read(pci_command::offset, 2) & pci_command::bus_master;
    for (Channel& each : channels_) each.channel.bus_master().permit(permitted);
}

bool PiixIde::is_enabled(unsigned number) const {
    const u32 timing = config_.read(static_cast<u8>(timing_offset + 2 * number), 2);
    return timing & decode_enable && config_.read(pci_command::offset, 2) & pci_command::io_space;
}

Answer PiixIde::Gate::read(u64 offset, unsigned size, u64& value) {
    if (owner_.is_enabled(number_)) return behind_.read(offset, size, value);
    value = ~u64{0};
    return Answer::now;
}

Answer PiixIde::Gate::write(u64 offset, unsigned size, u64 value) {
    return owner_.is_enabled(number_) ? behind_.write(offset, size, value) : Answer::now;
}

Answer PiixIde::BusMasterPorts::read(u64 offset, unsigned size, u64& value) {
    value = 0;
    for (unsigned i = 0; i < size; ++i) {
        const u64 at = offset + i;
        u64 byte = 0;
        if (owner_.channels_[at / BusMaster::port_count].channel.bus_master().read(
                at % BusMaster::port_count, 1, byte) == Answer::not_yet)
            return Answer::not_yet;
        value |= byte << 8 * i;
    }
    return Answer::now;
}

Answer PiixIde::BusMasterPorts::write(u64 offset, unsigned size, u64 value) {
    for (unsigned i = 0; i < size; ++i) {
        const u64 at = offset + i;
        if (owner_.channels_[at / BusMaster::port_count].channel.bus_master().write(
                at % BusMaster::port_count, 1, value >> 8 * i & 0xff) == Answer::not_yet)
            return Answer::not_yet;
    }
    return Answer::now;
}

} // namespace ringer::device
