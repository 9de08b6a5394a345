#include "device/clock.h"

#include <algorithm>
#include <utility>

namespace ringer::device {

Timer::Timer(TimerQueue& queue, std::function<void()> expired)
    : queue_(queue), expired_(std::move(expired)), sequence_(queue.next_sequence_++) {}

Timer::~Timer() {
    if (deadline_) queue_.remove(*this);
}

void Timer::arm(Nanoseconds deadline) {
    const auto before = queue_.next_deadline();
    if (deadline_) queue_.remove(*this);
    queue_.insert(*this, deadline);
    queue_.notify_if_moved(before);
}

void Timer::disarm() {
    if (!deadline_) return;
    const auto before = queue_.next_deadline();
    queue_.remove(*this);
    queue_.notify_if_moved(before);
}

std::optional<Nanoseconds> TimerQueue::next_deadline() const {
    if (armed_.empty()) return std::nullopt;
    return armed_.front()->deadline_;
}

void TimerQueue::expire_due() {
    const Nanoseconds now = clock_.now();
    while (!armed_.empty() && *armed_.front()->deadline_ <= now) {
        Timer& timer = *armed_.front();
        // A copy, because the callback may destroy the timer and with it the original.
        const auto expired = timer.expired_;
        timer.disarm();
        expired();
    }
}

void TimerQueue::insert(Timer& timer, Nanoseconds deadline) {
    timer.deadline_ = deadline;
    const auto order = [](const Timer* armed) { return std::pair(*armed->deadline_, armed->sequence_); };
    armed_.insert(std::ranges::upper_bound(armed_, order(&timer), {}, order), &timer);
}

void TimerQueue::remove(Timer& timer) {
    timer.deadline_.reset();
    std::erase(armed_, &timer);
}

void TimerQueue::notify_if_moved(std::optional<Nanoseconds> before) const {
    if (on_change && next_deadline() != before) on_change();
}

} // namespace ringer::device
