#pragma once

#include "device/network/frame.h"

#include <functional>

namespace ringer::world {

/// The part of the door that a network interface's frames pass: its cable, with the network at the far end.
/// Implemented by the host layer and, like Outside, called by the run loop's thread alone. What comes in is
/// taken between two runs of the vCPU only; whoever brings it calls Outside::wake().
///
/// Frames have at most device::most_frame bytes.
class NetworkLink {
  public:
    virtual ~NetworkLink() = default;

    using TakeFrame = std::function<bool(const device::Frame&)>;

    /// Whether there is anybody at the far end. Whoever changes it calls Outside::wake().
    virtual bool is_up() const = 0;

    /// Whether frames with anything left to be done can be sent. Does not change.
    virtual bool takes_offloads() const = 0;

    /// What may be left to be done on frames that come in: nothing in the beginning, and on those that have
    /// come in already there may be what was said before.
    virtual void set_offloads(const device::Offloads& offloads) = 0;

    /// Offers frames that have come in to `take`, in their order, until it refuses one (returns false), or a
    /// bounded number was taken, or there are no more. Does not wait. A frame that was refused is offered
    /// again the next time. True: some were taken.
    virtual bool receive(const TakeFrame& take) = 0;

    /// Sends a frame. May wait for the network to take what was sent before, for a bounded time; what it does
    /// not take is lost. Also called in the middle of a run: what leaves the machine does not change it.
    virtual void send(const device::Frame& frame) = 0;
};

} // namespace ringer::world
