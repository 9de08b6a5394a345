#pragma once

#include "device/network/frame.h"

#include <array>

namespace ringer::device {

using MacAddress = std::array<u8, 6>;

/// What Ethernet's frames carry at most without being told of more, and the longest frames that any interface
/// here has: the header, perhaps with a VLAN's tag, and an IPv6 packet of the greatest length.
inline constexpr u16 ethernet_mtu = 1500;
inline constexpr std::size_t ethernet_header = 14, vlan_tag = 4, ipv6_header = 40,
                             most_frame = ethernet_header + vlan_tag + ipv6_header + 0xffff;

/// Where a network interface sends its frames. Implemented by the machine's side.
class FrameSink {
  public:
    virtual ~FrameSink() = default;
    virtual void transmit(const Frame& frame) = 0;
};

} // namespace ringer::device
