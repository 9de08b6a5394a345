#include "device/pci/host_bridge.h"

#include "base/assert.h"
#include "base/bits.h"

namespace ringer::device {

using memory::Answer;

namespace {

// CONFIG_ADDRESS. Its other bits are reserved and read as 0.
constexpr unsigned address_enable = 31;
constexpr u32 address_writable = 0x80ff'fffc;

constexpr u64 reset_port_offset = 1;

} // namespace

PciHostBridge::PciHostBridge(memory::Region& reset_port) : address_port_(*this, reset_port) {
    config_.define(0x00, 2, 0x8086);                 // vendor: Intel
    config_.define(0x02, 2, 0x1237);                 // device: 440FX
    config_.define(0x04, 2, 0x0006, 0x0140);         // command: PERRE and SERRE can be set
    config_.define(0x06, 2, 0x0280, 0x0000, 0xf900); // status: the error bits clear
    config_.define(0x08, 1, 0x02);                   // revision
    config_.define(0x09, 3, 0x060000);               // class: host bridge
    config_.define(0x0d, 1, 0x00, 0xf8);             // latency timer
    attach({.device = 0, .function = 0}, *this);
    reset();
}

void PciHostBridge::reset() {
    state_ = {};
    config_.reset();
}

void PciHostBridge::visit(state::Archive& archive) {
    auto& [address] = state_;
    archive.field(1, "address", address).field(2, "config", config_);
    address &= address_writable;
}

void PciHostBridge::attach(PciAddress address, PciFunction& function) {
    RINGER_ASSERT(address.device < 32 && address.function < 8);
    PciFunction*& slot = functions_[address.device * 8u + address.function];
    RINGER_ASSERT(slot == nullptr);
    slot = &function;
}

/// nullptr when nothing answers: configuration is not enabled, the bus is not there, or the function is not.
PciFunction* PciHostBridge::selected_function() const {
    const u32 address = state_.address;
    if (!bit(address, address_enable) || bits(address, 16, 8) != 0) return nullptr;
    return functions_[bits(address, 8, 8)];
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
