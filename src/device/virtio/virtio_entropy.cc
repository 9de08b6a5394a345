#include "device/virtio/virtio_entropy.h"

#include "base/bits.h"
#include "device/schedule.h"

#include <algorithm>
#include <array>

namespace ringer::device {

namespace {

constexpr Nanoseconds latency = 5'000;
/// How much a buffer is given: a driver that wants more asks again.
constexpr u64 most_of_a_buffer = 4 * KiB;

} // namespace

void RepeatableEntropy::fill(std::span<u8> destination) {
    while (!destination.empty()) {
        u64 value = counter_ += 0x9e37'79b9'7f4a'7c15;
        value = (value ^ value >> 30) * 0xbf58'476d'1ce4'e5b9;
        value = (value ^ value >> 27) * 0x94d0'49bb'1331'11eb;
        value ^= value >> 31;
        const auto piece = destination.first(std::min(destination.size(), sizeof(value)));
        for (u8& byte : piece) {
            byte = static_cast<u8>(value);
            value >>= 8;
        }
        destination = destination.subspan(piece.size());
    }
}

void VirtioEntropy::notified(unsigned) {
    if (state_.due) return;
    state_.due = timers_.clock().now() + latency;
    schedule(timer_, state_.due);
}

void VirtioEntropy::reset() {
    state_ = {};
    timer_.disarm();
}

void VirtioEntropy::visit(state::Archive& archive) {
    auto& [due] = state_;
    archive.field(64, "due", due).field(65, "source", source_);
    schedule(timer_, due);
}

void VirtioEntropy::work() {
    state_.due.reset();
    if (!transport().is_running()) return;
    VirtioQueue& queue = transport().queue(0);
    std::array<u8, most_of_a_buffer> bytes;
    for (unsigned count = 0; count < queue_size; ++count) {
        const auto buffer = queue.take();
        if (!buffer) break;
        VirtioCursor cursor(queue.memory(), buffer->writable);
        const auto piece = std::span(bytes).first(std::min<u64>(bytes.size(), cursor.left()));
        source_.fill(piece);
        if (!cursor.write(piece)) queue.mark_broken();
        queue.give(*buffer, static_cast<u32>(piece.size()));
    }
    queue.ask_for_notification();
    transport().finish(0);
}

} // namespace ringer::device
