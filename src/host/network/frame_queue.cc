#include "host/network/frame_queue.h"

#include <utility>

namespace ringer::host {

FrameQueue::Pushed FrameQueue::push_locked(const device::Frame& frame) {
    if (!has_room(frame.bytes.size())) return Pushed::full;
    const bool was_empty = frames_.empty();
    frames_.push_back({{frame.bytes.begin(), frame.bytes.end()}, frame.offload});
    bytes_ += frame.bytes.size() + overhead;
    return was_empty ? Pushed::first : Pushed::more;
}

FrameQueue::Pushed FrameQueue::push(const device::Frame& frame) {
    const std::lock_guard lock(mutex_);
    return push_locked(frame);
}

FrameQueue::Pushed FrameQueue::push(const device::Frame& frame, std::chrono::nanoseconds at_most) {
    std::unique_lock lock(mutex_);
    const auto is_possible = [&] { return has_room(frame.bytes.size()); };
    if (!waited_in_vain_) waited_in_vain_ = !has_room_.wait_for(lock, at_most, is_possible);
    return push_locked(frame);
}

/// The frame being read is out of the queue meanwhile, so that its reader may take its time without the lock.
std::size_t FrameQueue::read(std::size_t most, const Take& take) {
    std::size_t taken = 0;
    std::unique_lock lock(mutex_);
    while (taken < most && !frames_.empty()) {
        Held frame = std::move(frames_.front());
        frames_.pop_front();
        lock.unlock();
        const bool is_taken = take(device::Frame(frame.bytes, frame.offload));
        lock.lock();
        if (!is_taken) {
            frames_.push_front(std::move(frame));
            break;
        }
        bytes_ -= frame.bytes.size() + overhead;
        waited_in_vain_ = false;
        ++taken;
    }
    lock.unlock();
    if (taken > 0) has_room_.notify_all();
    return taken;
}

} // namespace ringer::host
