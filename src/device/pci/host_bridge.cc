#include "device/pci/host_bridge.h"

#include "base/bits.h"

namespace ringer::device {

using memory::Answer;

namespace {

// CONFIG_ADDRESS. Its other bits are reserved and read as 0.
constexpr unsigned address_enable = 31;
constexpr u32 address_writable = 0x80ff'fffc;

constexpr u64 reset_port_offset = 1;

} // namespace

PciHostBridge::PciHostBridge(PciBus& bus, memory::Region& reset_port, memory::AddressSpace& memory,
                             ShadowRam after_reset)
    : bus_(bus), shadow_map_(memory), address_port_(*this, reset_port) {
    // The subsystem is QEMU's, by which firmware tells a virtual machine that has fw_cfg from a board.
    config_.define({.vendor = 0x8086,
                    .device = 0x1237,
                    .revision = 0x02,
                    .class_code = 0x06'0000, // host bridge
                    .subsystem_vendor = 0x1af4,
                    .subsystem = 0x1100});
    config_.define(pci_command::offset, 2, 0x0006, 0x0140); // PERRE and SERRE can be set
    config_.define(0x06, 2, 0x0280, 0x0000, 0xf900);        // status: the error bits clear
    config_.define(0x0d, 1, 0x00, 0xf8);                    // latency timer
    for (unsigned i = 0; i < ShadowMap::register_count; ++i) {
        const u8 writable = i == 0 ? ShadowMap::first_writable : ShadowMap::writable;
        config_.define(static_cast<u8>(ShadowMap::first_register + i), 1,
                       after_reset == ShadowRam::open ? writable : 0, writable);
    }
    bus_.attach({.device = 0, .function = 0}, *this);
    reset();
}

void PciHostBridge::reset() {
    state_ = {};
    config_.reset();
    apply_shadow_map();
}

void PciHostBridge::visit(state::Archive& archive) {
    auto& [address] = state_;
    archive.field(1, "address", address).field(2, "config", config_);
    address &= address_writable;
    apply_shadow_map();
}

void PciHostBridge::write_config(u8 offset, unsigned size, u32 value) {
    config_.write(offset, size, value);
    apply_shadow_map();
}

void PciHostBridge::apply_shadow_map() {
    std::array<u8, ShadowMap::register_count> registers;
    for (unsigned i = 0; i < registers.size(); ++i)
        registers[i] = static_cast<u8>(config_.read(static_cast<u8>(ShadowMap::first_register + i), 1));
    shadow_map_.apply(registers);
}

/// nullptr when nothing answers: configuration is not enabled, the bus is not there, or the function is not.
PciFunction* PciHostBridge::selected_function() const {
    const u32 address = state_.address;
    if (!bit(address, address_enable) || bits(address, 16, 8) != 0) return nullptr;
    return bus_.function(static_cast<u8>(bits(address, 8, 8)));
}

u8 PciHostBridge::selected_offset(u64 port_offset) const {
    return static_cast<u8>((state_.address & 0xfc) + port_offset);
}

/// Only 32-bit accesses reach CONFIG_ADDRESS; narrower ones go on to the bus, where the reset control
/// register is.
Answer PciHostBridge::AddressPort::read(u64 offset, unsigned size, u64& value) {
    if (offset == reset_port_offset && size == 1) return reset_port_.read(0, 1, value);
    value = size == 4 ? bridge_.state_.address : ~u64{0};
    return Answer::now;
}

Answer PciHostBridge::AddressPort::write(u64 offset, unsigned size, u64 value) {
    if (offset == reset_port_offset && size == 1) return reset_port_.write(0, 1, value);
    if (size == 4) bridge_.state_.address = static_cast<u32>(value) & address_writable;
    return Answer::now;
}

Answer PciHostBridge::DataPort::read(u64 offset, unsigned size, u64& value) {
    PciFunction* function = bridge_.selected_function();
    value = function ? function->read_config(bridge_.selected_offset(offset), size) : ~u64{0};
    return Answer::now;
}

Answer PciHostBridge::DataPort::write(u64 offset, unsigned size, u64 value) {
    if (PciFunction* function = bridge_.selected_function())
        function->write_config(bridge_.selected_offset(offset), size, static_cast<u32>(value));
    return Answer::now;
}

} // namespace ringer::device
