#pragma once

#include "device/network/frame.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace ringer::host {

/// Ethernet frames on their way from one thread to another. It holds a bounded number of bytes, so that
/// neither a guest nor a host that floods it takes more memory than that.
class FrameQueue {
  public:
    explicit FrameQueue(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    using Take = std::function<bool(const device::Frame&)>;

    /// What became of a frame. `first`: the queue was empty before, so its reader may have to be told.
    enum class Pushed : u8 { first, more, full };

    Pushed push(const device::Frame& frame);

    /// Waits for room, for at most `at_most`; not at all when that was in vain before and none was taken
    /// since.
    Pushed push(const device::Frame& frame, std::chrono::nanoseconds at_most);

    /// Offers up to `most` frames to `take` until it refuses one, which stays the first. Returns how many
    /// were taken. One thread at a time may read.
    std::size_t read(std::size_t most, const Take& take);

  private:
    /// What a frame counts for besides its bytes.
    static constexpr std::size_t overhead = 64;

    bool has_room(std::size_t frame_size) const { return bytes_ + frame_size + overhead <= most_bytes_; }
    Pushed push_locked(const device::Frame& frame);

    const std::size_t most_bytes_;
    std::mutex mutex_;
    std::condition_variable has_room_;
    struct Held {
        std::vector<u8> bytes;
        device::Offload offload;
    };
    std::deque<Held> frames_;
    std::size_t bytes_ = 0;
    bool waited_in_vain_ = false;
};

} // namespace ringer::host
