#include "host/network/frame_queue.h"

#include <utility>

namespace ringer::host {

FrameQueue::Pushed FrameQueue::push_locked(std::span<const u8> frame) {
    if (!has_room(frame.size())) return Pushed::full;
    const bool was_empty = frames_.empty();
    frames_.emplace_back(frame.begin(), frame.end());
    bytes_ += frame.size() + overhead;
    return was_empty ? Pushed::first : Pushed::more;
}

FrameQueue::Pushed FrameQueue::push(std::span<const u8> frame) {
    const std::lock_guard lock(mutex_);
    return push_locked(frame);
}

FrameQueue::Pushed FrameQueue::push(std::span<const u8> frame, std::chrono::nanoseconds at_most) {
    std::unique_lock lock(mutex_);
    const auto is_possible = [&] { return has_room(frame.size()); };
    if (!waited_in_vain_) waited_in_vain_ = !has_room_.wait_for(lock, at_most, is_possible);
    return push_locked(frame);
}

/// The frame being read is out of the queue meanwhile, so that its reader may take its time without the lock.
std::size_t FrameQueue::read(std::size_t most, const std::function<bool(std::span<const u8>)>& take) {
    std::size_t taken = 0;
    std::unique_lock lock(mutex_);
    while (taken < most && !frames_.empty()) {
        std::vector<u8> frame = std::move(frames_.front());
        frames_.pop_front();
        lock.unlock();
        const bool is_taken = take(frame);
        lock.lock();
        if (!is_taken) {
            frames_.push_front(std::move(frame));
            break;
        }
        bytes_ -= frame.size() + overhead;
        waited_in_vain_ = false;
        ++taken;
    }
    lock.unlock();
    if (taken > 0) has_room_.notify_all();
    return taken;
}

} // namespace ringer::host
