#include "device/virtio/virtio_console.h"

#include "base/bits.h"
#include "device/schedule.h"

#include <algorithm>
#include <array>

namespace ringer::device {

namespace {

// Features (5.3.3).
constexpr unsigned size_feature = 0, emergency_write = 2;

constexpr unsigned receive_queue = 0, transmit_queue = 1;

/// How much is sent before the vCPU runs again, for how long it runs then, and what a buffer costs besides
/// its bytes, so that many empty ones are bounded too.
constexpr u64 most_at_a_time = 64 * KiB, buffer_cost = 16;
constexpr Nanoseconds pause = 5'000;
/// Linux's driver spins until what it sends is gone and leaves interrupts on, each of which it would disown,
/// and after 100,000 of these Linux turns the line off. So it is given the time to take its buffer and to
/// move its event index on, which says that it needs no interrupt any more.
constexpr Nanoseconds before_interrupt = 5'000;
/// Linux's driver throws away what it receives before it has made its terminal, which is after it has begun
/// to use the device.
constexpr Nanoseconds before_listening = 100'000'000;

/// The configuration (5.3.4).
struct Configuration {
    u16 columns, rows;
    u32 ports = 1;
    u32 emergency = 0;
};
constexpr u64 emergency_offset = offsetof(Configuration, emergency);
static_assert(sizeof(Configuration) == 12 && emergency_offset == 8);

} // namespace

u64 VirtioConsole::features() const { return u64{1} << emergency_write | u64{has_size_} << size_feature; }

/// In packed ones Linux's driver would not use the event index.
bool VirtioConsole::has_packed_rings() const { return false; }

u8 VirtioConsole::read_configuration(u64 offset) const {
    const Configuration configuration{.columns = state_.size.columns, .rows = state_.size.rows};
    return offset < sizeof(configuration) ? reinterpret_cast<const u8*>(&configuration)[offset] : 0;
}

/// A character is sent at once, before there are queues even.
void VirtioConsole::write_configuration(u64 offset, u8 value) {
    if (offset == emergency_offset) sink_.transmit(value);
}

bool VirtioConsole::resize(TerminalSize size) {
    if (size == state_.size) return false;
    state_.size = size;
    if (transport().is_running() && transport().has(size_feature)) transport().configuration_changed();
    return true;
}

void VirtioConsole::reset() {
    state_ = {.size = state_.size};
    timer_.disarm();
    interrupt_timer_.disarm();
    listen_timer_.disarm();
}

void VirtioConsole::visit(state::Archive& archive) {
    auto& [size, sent, due, interrupts_at, listens, listens_at] = state_;
    auto& [columns, rows] = size;
    archive.field(64, "columns", columns)
        .field(65, "rows", rows)
        .field(66, "sent", sent)
        .field(67, "due", due)
        .field(68, "listens", listens)
        .field(69, "listens_at", listens_at)
        .field(70, "interrupts_at", interrupts_at);
    schedule(timer_, due);
    schedule(interrupt_timer_, interrupts_at);
    schedule(listen_timer_, listens_at);
}

void VirtioConsole::notified(unsigned index) {
    if (index == transmit_queue && !state_.due) transmit();
    // Buffers to receive into are looked for when there is something to be received.
    if (index != receive_queue || state_.listens || state_.listens_at) return;
    state_.listens_at = timers_.clock().now() + before_listening;
    schedule(listen_timer_, state_.listens_at);
}

void VirtioConsole::listen() {
    state_.listens_at.reset();
    state_.listens = true;
}

void VirtioConsole::transmit() {
    state_.due.reset();
    if (!transport().is_running()) return;
    VirtioQueue& queue = transport().queue(transmit_queue);
    u64 allowance = most_at_a_time;
    while (allowance > 0) {
        const VirtioQueue::Position before = queue.position();
        const auto buffer = queue.take();
        if (!buffer) break;
        VirtioCursor cursor(queue.memory(), buffer->readable);
        cursor.skip(state_.sent);
        const u64 count = std::min(cursor.left(), allowance);
        allowance -= std::min(allowance, count + buffer_cost);
        if (!send(cursor, count)) queue.mark_broken();
        if (cursor.left() > 0) {
            state_.sent += count;
            queue.go_back(before);
            continue;
        }
        state_.sent = 0;
        queue.give(*buffer, 0);
    }
    queue.ask_for_notification();
    // Anew for each buffer: it is the one given last that the driver may be about to take.
    state_.interrupts_at = timers_.clock().now() + before_interrupt;
    schedule(interrupt_timer_, state_.interrupts_at);
    if (allowance > 0) return;
    state_.due = timers_.clock().now() + pause;
    schedule(timer_, state_.due);
}

void VirtioConsole::interrupt() {
    state_.interrupts_at.reset();
    if (transport().is_running()) transport().finish(transmit_queue);
}

/// False: it is not in memory.
bool VirtioConsole::send(VirtioCursor& cursor, u64 count) {
    std::array<u8, 256> bytes;
    while (count > 0) {
        const auto piece = std::span(bytes).first(std::min<u64>(count, bytes.size()));
        if (!cursor.read(piece)) return false;
        for (const u8 byte : piece) sink_.transmit(byte);
        count -= piece.size();
    }
    return true;
}

/// What the next buffer of the driver's has. One without room breaks the queue, for it would be in the way of
/// all that follow.
std::size_t VirtioConsole::room() const {
    if (!state_.listens || !transport().is_running()) return 0;
    VirtioQueue& queue = transport().queue(receive_queue);
    const VirtioQueue::Position before = queue.position();
    const auto buffer = queue.take();
    const u64 room = buffer ? VirtioCursor(queue.memory(), buffer->writable).left() : 0;
    if (buffer && room == 0) queue.mark_broken();
    queue.go_back(before);
    if (queue.is_broken()) transport().finish(receive_queue);
    return room;
}

std::size_t VirtioConsole::receive(std::span<const u8> line) {
    const std::size_t count = std::min(line.size(), room());
    if (count == 0) return 0;
    VirtioQueue& queue = transport().queue(receive_queue);
    const auto buffer = queue.take();
    if (!buffer) return 0;
    VirtioCursor cursor(queue.memory(), buffer->writable);
    if (!cursor.write(line.first(count))) queue.mark_broken();
    queue.give(*buffer, static_cast<u32>(count));
    transport().finish(receive_queue);
    return count;
}

} // namespace ringer::device
