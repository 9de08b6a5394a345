#pragma once

#include "device/virtio/virtio_ring.h"

#include <optional>

namespace ringer::device {

/// A virtqueue as device and transport see it: set up by the driver through the transport, then used by the
/// device. What the guest's memory holds of it is checked at each step; once something is wrong, the queue is
/// broken: it yields nothing and takes nothing until it is reset.
class VirtioQueue {
  public:
    /// `memory` must outlive it. `most` is the greatest size, a power of two up to 32768.
    VirtioQueue(memory::AddressSpace& memory, u16 most);

    /// The interrupt vector of a queue that has none.
    static constexpr u16 no_vector = 0xffff;

    void reset();
    void visit(state::Archive& archive);

    /// @name Setting it up (virtio 1.2, 4.1.5.1.3)
    /// @{
    u16 most() const { return most_; }
    const VirtioRingPlace& place() const { return state_.place; }
    /// Where it lies is what the driver has written, until it is enabled.
    VirtioRingPlace& new_place() { return state_.place; }
    bool is_enabled() const { return state_.is_enabled; }
    /// Broken when the ring cannot be where and as large as it was said to be.
    void enable(const VirtioRingFeatures& features);
    u16 vector() const { return state_.vector; }
    void set_vector(u16 vector) { state_.vector = vector; }
    /// @}

    bool is_broken() const { return state_.is_broken; }
    void mark_broken() { state_.is_broken = true; }

    /// The next buffer. nullopt when there is none, or the queue is broken or not enabled.
    std::optional<VirtioBuffer> take();

    /// Gives a buffer back, in which the first `written` bytes of those that can be written were.
    void give(const VirtioBuffer& buffer, u32 written);

    /// Where the next buffer is, to go back there when those taken since were not given back but are to be
    /// taken again later.
    struct Position {
        u16 next;
        bool wrap;
    };
    Position position() const { return {state_.progress.next_available, state_.progress.available_wrap}; }
    void go_back(Position position);

    /// Whether the driver wants an interrupt for what was given back since this was last asked.
    bool wants_interrupt();

    /// Has the driver notify of the next buffer. Asked for again after each time that take() yields nullopt.
    void ask_for_notification();

    memory::AddressSpace& memory() { return memory_; }

  private:
    struct State {
        VirtioRingPlace place{};
        VirtioRingFeatures features{};
        VirtioRingProgress progress{};
        u16 vector = no_vector;
        bool is_enabled = false;
        bool is_broken = false;
    };

    bool is_ready() const { return state_.is_enabled && !state_.is_broken; }
    bool is_valid() const;
    template <class Use>
    auto with_ring(Use&& use);

    memory::AddressSpace& memory_;
    const u16 most_;
    State state_;
};

} // namespace ringer::device
