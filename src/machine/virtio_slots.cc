#include "machine/virtio_slots.h"

#include "machine/pc_platform.h"

namespace ringer::machine {

void VirtioSlots::add(std::string name, std::unique_ptr<device::VirtioDevice> device) {
    constexpr unsigned pins = 4;
    const auto slot = static_cast<u8>(pc::first_virtio_slot + functions_.size());
    functions_.push_back(
        std::make_unique<device::VirtioPci>(std::move(name), std::move(device), memory_, messages_));
    bus_.attach({.device = slot, .function = 0}, *functions_.back());
    functions_.back()->interrupt().connect(pins_, pins * slot);
}

} // namespace ringer::machine
