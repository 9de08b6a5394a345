#pragma once

#include "device/network/frame_sink.h"
#include "device/virtio/virtio_net.h"
#include "world/network_link.h"

namespace ringer::machine {

/// Carries frames between a network interface and its link to the outside.
class NetworkLine final : public device::FrameSink {
  public:
    /// `link` must outlive the line.
    explicit NetworkLine(world::NetworkLink& link) : link_(link) {}

    /// The interface at the machine's end, which must outlive the line's use.
    void attach(device::VirtioNet& interface) { interface_ = &interface; }

    void transmit(const device::Frame& frame) override { link_.send(frame); }

    /// Tells the interface whether the link is up, and hands it as many frames that have come in as it takes;
    /// true when there was anything to tell or to hand.
    bool deliver();

  private:
    world::NetworkLink& link_;
    device::VirtioNet* interface_ = nullptr;
};

} // namespace ringer::machine
