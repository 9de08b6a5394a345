#include "host/network/link_thread.h"

#include "base/bits.h"
#include "host/blocked_signals.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <utility>

namespace ringer::host {

namespace {

constexpr std::size_t most_queued = 4 * MiB;
/// How many frames are handed on before something else is looked at.
constexpr std::size_t frames_at_a_time = 256;
/// How long a guest that sends faster than the network's thread works has to wait before its frames are lost.
constexpr std::chrono::milliseconds longest_wait{100};

} // namespace

LinkThread::LinkThread(std::function<void()> wake_guest)
    : wake_guest_(std::move(wake_guest)), wake_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      to_guest_(most_queued), to_network_(most_queued) {}

void LinkThread::start(std::function<void()> turn) {
    thread_ = with_signals_blocked([&] {
        return std::thread([this, turn = std::move(turn)] {
            while (!stopping_) turn();
        });
    });
}

void LinkThread::stop() {
    stopping_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
}

void LinkThread::send(const device::Frame& frame) {
    if (to_network_.push(frame, longest_wait) == FrameQueue::Pushed::first) wake();
}

bool LinkThread::receive(const FrameQueue::Take& take) { return to_guest_.read(frames_at_a_time, take) > 0; }

void LinkThread::woken() const {
    u64 count = 0;
    (void)!::read(wake_event_.get(), &count, sizeof(count));
}

void LinkThread::wake() const {
    const u64 one = 1;
    (void)!::write(wake_event_.get(), &one, sizeof(one)); // When it is full, the thread is awake.
}

void LinkThread::deliver(const device::Frame& frame) {
    if (to_guest_.push(frame) == FrameQueue::Pushed::first) wake_guest_();
}

void LinkThread::take_sent(const FrameQueue::Take& take) {
    if (to_network_.read(frames_at_a_time, take) == frames_at_a_time) wake();
}

} // namespace ringer::host
