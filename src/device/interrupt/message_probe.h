#pragma once

#include "device/interrupt/interrupt_message.h"

#include <vector>

namespace ringer::device::fixture {

/// A bus that notes the vectors of what is sent.
class MessageProbe final : public InterruptBus {
  public:
    bool send(const InterruptMessage& message) override {
        vectors.push_back(message.vector);
        return true;
    }
    void end_of_interrupt(u8) override {}

    std::vector<u8> vectors;
};

} // namespace ringer::device::fixture
