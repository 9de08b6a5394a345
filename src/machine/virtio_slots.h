#pragma once

#include "device/interrupt/interrupt_message.h"
#include "device/pci/pci_bus.h"
#include "device/pci/piix3.h"
#include "device/virtio/virtio_pci.h"
#include "memory/address_space.h"

#include <memory>
#include <string>
#include <vector>

namespace ringer::machine {

/// The machine's virtio devices: each is a PCI device of its own, in the order in which they are added.
class VirtioSlots {
  public:
    /// What they are wired to; all must outlive them.
    VirtioSlots(device::PciBus& bus, device::WireSink& pins, memory::AddressSpace& memory,
                device::InterruptBus& messages)
        : bus_(bus), pins_(pins), memory_(memory), messages_(messages) {}

    /// Puts a device into the next slot. `name` is Device's. There must be a slot left.
    void add(std::string name, std::unique_ptr<device::VirtioDevice> device);

    const std::vector<std::unique_ptr<device::VirtioPci>>& functions() const { return functions_; }

  private:
    device::PciBus& bus_;
    device::WireSink& pins_;
    memory::AddressSpace& memory_;
    device::InterruptBus& messages_;
    std::vector<std::unique_ptr<device::VirtioPci>> functions_;
};

} // namespace ringer::machine
