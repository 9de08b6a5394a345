#pragma once

#include "device/virtio/entropy_source.h"

namespace ringer::host {

/// The host kernel's random numbers (getrandom(2)).
class HostEntropy final : public device::EntropySource {
  public:
    void fill(std::span<u8> destination) override;
    void visit(state::Archive&) override {}
};

} // namespace ringer::host
