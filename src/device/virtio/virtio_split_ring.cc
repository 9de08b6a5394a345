#include "base/bits.h"
#include "device/virtio/virtio_ring.h"

#include <bit>

namespace ringer::device {

namespace {

// The available ring: flags, index, ring, used_event. The used ring: flags, index, ring, avail_event.
constexpr u64 flags_offset = 0, index_offset = 2, ring_offset = 4;
constexpr u64 available_entry = 2, used_entry = 8;
constexpr u16 no_interrupt = 1 << 0;

/// Whether an index that moved from `before` to `now` has passed `event` (2.7.7.2: vring_need_event).
bool has_passed(u16 event, u16 before, u16 now) {
    return static_cast<u16>(now - event - 1) < static_cast<u16>(now - before);
}

} // namespace

bool VirtioSplitRing::is_valid(const VirtioRingPlace& place) {
    return std::has_single_bit(place.size) && is_aligned(place.descriptors, 16) &&
           is_aligned(place.driver, 2) && is_aligned(place.device, 4);
}

/// Follows a chain within one table. `in_table`: an indirect one, which refers to no other.
bool VirtioSplitRing::follow(VirtioBuffer& buffer, GuestPhysical table, u32 entries, u16 first,
                             bool in_table) {
    u32 index = first;
    for (u32 seen = 0; seen < entries; ++seen) {
        struct {
            u64 address;
            u32 size;
            u16 flags, next;
        } entry;
        if (index >= entries || !load(table + index * descriptor_size, entry)) return false;
        if (entry.flags & is_indirect) {
            if (in_table || !is_valid_table(entry.flags, entry.size)) return false;
            return follow(buffer, entry.address, static_cast<u32>(entry.size / descriptor_size), 0, true);
        }
        if (!append(buffer, {entry.address, entry.size, 0, entry.flags})) return false;
        if (!(entry.flags & has_next)) return true;
        index = entry.next;
    }
    return false; // A loop: more descriptors than there are.
}

VirtioRing::Taken VirtioSplitRing::take(VirtioBuffer& buffer) {
    u16 available = 0, head = 0;
    if (!load(place_.driver + index_offset, available)) return Taken::broken;
    if (available == progress_.next_available) return Taken::nothing;
    if (static_cast<u16>(available - progress_.next_available) > place_.size) return Taken::broken;
    const u64 slot = progress_.next_available & (place_.size - 1);
    if (!load(place_.driver + ring_offset + slot * available_entry, head)) return Taken::broken;
    buffer = {.id = head};
    if (!follow(buffer, place_.descriptors, place_.size, head, false)) return Taken::broken;
    ++progress_.next_available;
    return Taken::buffer;
}

bool VirtioSplitRing::give(const VirtioBuffer& buffer, u32 written) {
    const struct {
        u32 id, size;
    } entry{buffer.id, written};
    const u64 slot = progress_.next_used & (place_.size - 1);
    if (!store(place_.device + ring_offset + slot * used_entry, entry)) return false;
    ++progress_.next_used;
    return store(place_.device + index_offset, progress_.next_used);
}

std::optional<bool> VirtioSplitRing::wants_interrupt() {
    const u16 before = progress_.reported_used, now = progress_.next_used;
    progress_.reported_used = now;
    if (before == now) return false;
    if (features_.event_index) {
        u16 event = 0;
        if (!load(place_.driver + ring_offset + place_.size * available_entry, event)) return std::nullopt;
        return has_passed(event, before, now);
    }
    u16 flags = 0;
    if (!load(place_.driver + flags_offset, flags)) return std::nullopt;
    return !(flags & no_interrupt);
}

/// Without the event index the used ring's flags have the driver notify always.
bool VirtioSplitRing::ask_for_notification() {
    return !features_.event_index ||
           store(place_.device + ring_offset + place_.size * used_entry, progress_.next_available);
}

} // namespace ringer::device
