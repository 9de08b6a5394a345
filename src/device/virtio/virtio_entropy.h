#pragma once

#include "device/clock.h"
#include "device/virtio/entropy_source.h"
#include "device/virtio/virtio_device.h"

#include <optional>

namespace ringer::device {

/// An entropy device (virtio 1.2, 5.4): fills the driver's buffers with random bytes, a moment after it was
/// notified.
class VirtioEntropy final : public VirtioDevice {
  public:
    static constexpr u16 queue_size = 64;

    /// `source` must outlive the device.
    VirtioEntropy(TimerQueue& timers, EntropySource& source)
        : source_(source), timers_(timers), timer_(timers, [this] { work(); }) {}

    u16 type() const override { return 4; }
    u32 class_code() const override { return 0xff'0000; } // of no class
    u64 features() const override { return 0; }
    std::vector<u16> queue_sizes() const override { return {queue_size}; }
    u8 read_configuration(u64) const override { return 0; }
    void notified(unsigned index) override;
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    struct State {
        std::optional<Nanoseconds> due{}; ///< When the queue is looked at.
    };

    void work();

    EntropySource& source_;
    TimerQueue& timers_;
    Timer timer_;
    State state_;
};

} // namespace ringer::device
