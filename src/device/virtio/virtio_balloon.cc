#include "device/virtio/virtio_balloon.h"

#include "base/bits.h"
#include "device/schedule.h"

#include <algorithm>

namespace ringer::device {

namespace {

constexpr Nanoseconds latency = 5'000;
/// How many buffers are served before the vCPU runs again.
constexpr u64 work_at_a_time = 32;
/// What is looked at of one buffer. The rest of it stays with the guest, which is no worse for it: drivers
/// send 4 KiB of page numbers, and report less than half as much.
constexpr u64 most_numbers = 16'384, most_reported = 256 * MiB;

// Features (5.5.3).
constexpr unsigned statistics_feature = 1, deflate_on_oom = 2, reporting_feature = 5;

/// 5.5.2. The free page queue, which goes with a feature that is not offered, leaves a gap by the
/// specification; Linux's driver counts on without one. So its number is one for reports as well.
enum Queue : unsigned { inflate_queue, deflate_queue, statistics_queue, first_report_queue, queues = 5 };

/// The configuration (5.5.4).
struct Configuration {
    u32 pages, actual;
    u32 free_page_hint = 0, poison = 0;
};
constexpr u64 actual_offset = offsetof(Configuration, actual);

struct [[gnu::packed]] Statistic {
    u16 tag;
    u64 value;
};
static_assert(sizeof(Statistic) == 10);

template <class T>
bool read_value(VirtioCursor& from, T& value) {
    return from.read(std::span(reinterpret_cast<u8*>(&value), sizeof(value)));
}

} // namespace

u64 VirtioBalloon::features() const {
    return u64{1} << statistics_feature | u64{options_.deflates_on_oom} << deflate_on_oom |
           u64{options_.reports_free} << reporting_feature;
}

std::vector<u16> VirtioBalloon::queue_sizes() const { return std::vector<u16>(queues, queue_size); }

u8 VirtioBalloon::read_configuration(u64 offset) const {
    const Configuration configuration{.pages = state_.target, .actual = state_.actual};
    return offset < sizeof(configuration) ? reinterpret_cast<const u8*>(&configuration)[offset] : 0;
}

void VirtioBalloon::write_configuration(u64 offset, u8 value) {
    if (offset < actual_offset || offset >= actual_offset + sizeof(state_.actual)) return;
    const auto shift = static_cast<unsigned>(8 * (offset - actual_offset));
    state_.actual = (state_.actual & ~(0xffu << shift)) | u32{value} << shift;
}

void VirtioBalloon::reset() {
    state_ = {.target = state_.target, .released = state_.released};
    timer_.disarm();
}

void VirtioBalloon::visit(state::Archive& archive) {
    auto& [target, actual, released, due, holds_buffer, held_id, held_slots, updates, known, statistics] =
        state_;
    archive.field(64, "target", target)
        .field(65, "actual", actual)
        .field(66, "released", released)
        .field(67, "due", due)
        .field(68, "holds_buffer", holds_buffer)
        .field(69, "held_id", held_id)
        .field(70, "held_slots", held_slots)
        .field(71, "updates", updates)
        .field(72, "known", known)
        .field(73, "statistics", statistics);
    held_slots = std::min(held_slots, queue_size);
    schedule(timer_, due);
}

void VirtioBalloon::set_target(u32 pages) {
    if (pages == state_.target) return;
    state_.target = pages;
    if (transport().is_running()) transport().configuration_changed();
}

bool VirtioBalloon::ask_for_statistics() {
    if (!state_.holds_buffer || !transport().is_running()) return false;
    state_.holds_buffer = false;
    VirtioQueue& queue = transport().queue(statistics_queue);
    queue.give({.id = state_.held_id, .slots = state_.held_slots}, 0);
    queue.ask_for_notification();
    transport().finish(statistics_queue);
    return true;
}

VirtioBalloon::Report VirtioBalloon::report() const {
    Report report{.target_pages = state_.target,
                  .actual_pages = state_.actual,
                  .released = state_.released,
                  .updates = state_.updates};
    for (std::size_t tag = 0; tag < report.statistics.size(); ++tag)
        if (state_.known >> tag & 1) report.statistics[tag] = state_.statistics[tag];
    return report;
}

void VirtioBalloon::notified(unsigned) {
    if (state_.due) return;
    state_.due = timers_.clock().now() + latency;
    schedule(timer_, state_.due);
}

void VirtioBalloon::work() {
    state_.due.reset();
    if (!transport().is_running()) return;
    u64 allowance = work_at_a_time;
    for (unsigned index = 0; index < queues; ++index) serve(index, allowance);
    if (allowance == 0) notified(inflate_queue);
}

void VirtioBalloon::serve(unsigned index, u64& allowance) {
    VirtioQueue& queue = transport().queue(index);
    if (index == statistics_queue) take_statistics(queue);
    for (; index != statistics_queue && allowance > 0; --allowance) {
        const auto buffer = queue.take();
        if (!buffer) break;
        // What is taken out of the balloon is zeros until it is written to.
        if (index == inflate_queue) inflate(queue, *buffer);
        if (index >= first_report_queue) take_back(queue, *buffer);
        queue.give(*buffer, 0);
    }
    queue.ask_for_notification();
    transport().finish(index);
}

/// A buffer of page numbers (5.5.6). Those in a row are given to the host at once.
void VirtioBalloon::inflate(VirtioQueue& queue, const VirtioBuffer& buffer) {
    VirtioCursor numbers(queue.memory(), buffer.readable);
    GuestPhysical base = 0;
    u64 size = 0;
    const auto release = [&] { state_.released += queue.memory().release_ram(base, size); };
    u32 number = 0;
    for (u64 count = 0; count < most_numbers && numbers.left() >= sizeof(number); ++count) {
        if (!read_value(numbers, number)) return queue.mark_broken();
        const GuestPhysical page = u64{number} << memory::page_shift;
        const bool is_before = size > 0 && page + memory::page_size == base;
        if (size > 0 && !is_before && page != base + size) {
            release();
            size = 0;
        }
        if (size == 0 || is_before) base = page;
        size += memory::page_size;
    }
    release();
}

/// The pages that a buffer consists of are free (5.5.6.7).
void VirtioBalloon::take_back(VirtioQueue& queue, const VirtioBuffer& buffer) {
    u64 left = most_reported;
    for (const auto& [address, size] : buffer.writable) {
        const u64 piece = std::min<u64>(size, left);
        state_.released += queue.memory().release_ram(address, piece);
        left -= piece;
    }
}

/// The driver leaves its buffer here until it is asked for new statistics (5.5.6.3).
void VirtioBalloon::take_statistics(VirtioQueue& queue) {
    if (state_.holds_buffer) return;
    const auto buffer = queue.take();
    if (!buffer) return;
    VirtioCursor cursor(queue.memory(), buffer->readable);
    state_.known = 0;
    Statistic each{};
    for (std::size_t count = 0; count < 2 * statistic_names.size() && cursor.left() >= sizeof(each);
         ++count) {
        if (!read_value(cursor, each)) return queue.mark_broken();
        if (each.tag >= statistic_names.size()) continue;
        state_.statistics[each.tag] = each.value;
        state_.known |= static_cast<u16>(1 << each.tag);
    }
    ++state_.updates;
    state_.holds_buffer = true;
    state_.held_id = buffer->id;
    state_.held_slots = buffer->slots;
}

} // namespace ringer::device
