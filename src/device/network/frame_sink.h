#pragma once

#include "base/types.h"

#include <array>
#include <span>

namespace ringer::device {

using MacAddress = std::array<u8, 6>;

/// What Ethernet's frames carry at most without being told of more, and the longest frames that any interface
/// here has: the header and an IP packet of the greatest length.
inline constexpr u16 ethernet_mtu = 1500;
inline constexpr std::size_t ethernet_header = 14, most_frame = ethernet_header + 0xffff;

/// Where a network interface sends its Ethernet frames, without their check sequence. Implemented by the
/// machine's side.
class FrameSink {
  public:
    virtual ~FrameSink() = default;
    virtual void transmit(std::span<const u8> frame) = 0;
};

} // namespace ringer::device
