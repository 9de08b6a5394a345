#pragma once

#include "device/serial/byte_sink.h"

namespace ringer::fuzz {

/// Where nobody reads what a device sends.
class DiscardBytes final : public device::ByteSink {
    void transmit(u8) override {}
};

} // namespace ringer::fuzz
