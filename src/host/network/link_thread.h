#pragma once

#include "host/descriptor.h"
#include "host/network/frame_queue.h"

#include <atomic>
#include <functional>
#include <thread>

namespace ringer::host {

/// The thread of a network, and the frames on their way between it and the machine. They wait in queues of
/// bounded size; what does not fit in them is lost, as on a wire.
class LinkThread {
  public:
    /// `wake_guest` is called, by the thread, when something is there for a guest that may not be looking.
    explicit LinkThread(std::function<void()> wake_guest);
    ~LinkThread() { stop(); }
    LinkThread(const LinkThread&) = delete;
    LinkThread& operator=(const LinkThread&) = delete;

    /// Whether the host has given what it needs; errno tells why not.
    explicit operator bool() const { return static_cast<bool>(wake_event_); }

    /// From now on `turn` is called again and again, by the thread. It waits until something is to be done,
    /// for which wake_descriptor() being readable is one sign.
    void start(std::function<void()> turn);

    /// Ends the thread, after a last turn at most.
    void stop();

    /// @name The machine's side, as world::NetworkLink
    /// @{
    void send(const device::Frame& frame);
    bool receive(const FrameQueue::Take& take);
    /// @}

    /// @name The thread's side
    /// @{
    int wake_descriptor() const { return wake_event_.get(); }
    /// To be called after each wait.
    void woken() const;
    /// Has the next wait end at once. Any thread may call it.
    void wake() const;
    void deliver(const device::Frame& frame);
    /// Offers frames that the machine has sent to `take`, until it refuses one. After a bounded number of
    /// them, the next wait ends at once.
    void take_sent(const FrameQueue::Take& take);
    void wake_guest() const { wake_guest_(); }
    /// @}

  private:
    std::function<void()> wake_guest_;
    Descriptor wake_event_;
    FrameQueue to_guest_, to_network_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

} // namespace ringer::host
