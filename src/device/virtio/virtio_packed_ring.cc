#include "base/bits.h"
#include "device/virtio/virtio_ring.h"

namespace ringer::device {

namespace {

constexpr unsigned available_bit = 7, used_bit = 15; ///< Of a descriptor's flags.
constexpr u64 id_offset = 12, flags_offset = 14, size_offset = 8;

/// An event suppression structure (2.8.14): a place in the ring with its wrap counter, and what to do.
struct EventSuppression {
    u16 place = 0, flags = 0;
};
constexpr u16 events_off = 1, events_at_place = 2;
constexpr unsigned wrap_bit = 15;

} // namespace

bool VirtioPackedRing::is_valid(const VirtioRingPlace& place) {
    return place.size > 0 && is_aligned(place.descriptors, 16) && is_aligned(place.driver, 4) &&
           is_aligned(place.device, 4);
}

void VirtioPackedRing::advance(u16& index, bool& wrap, u16 count) const {
    const u32 next = u32{index} + count;
    wrap ^= next >= place_.size;
    index = static_cast<u16>(next % place_.size);
}

bool VirtioPackedRing::load_descriptor(u16 index, Descriptor& descriptor) const {
    return load(place_.descriptors + index * descriptor_size, descriptor);
}

/// All descriptors of an indirect table belong to the buffer, whatever their flags say of a next one (2.8.7).
bool VirtioPackedRing::append_table(VirtioBuffer& buffer, const Descriptor& descriptor) {
    if (!is_valid_table(descriptor.flags, descriptor.size)) return false;
    for (u64 offset = 0; offset < descriptor.size; offset += descriptor_size) {
        Descriptor entry;
        if (!load(descriptor.address + offset, entry) || entry.flags & is_indirect) return false;
        if (!append(buffer, entry)) return false;
    }
    return true;
}

VirtioRing::Taken VirtioPackedRing::take(VirtioBuffer& buffer) {
    u16 index = progress_.next_available;
    bool wrap = progress_.available_wrap;
    Descriptor descriptor{};
    if (!load_descriptor(index, descriptor)) return Taken::broken;
    if (bit(descriptor.flags, available_bit) != wrap || bit(descriptor.flags, used_bit) == wrap)
        return Taken::nothing;
    buffer = {};
    for (;;) {
        const bool refers = descriptor.flags & is_indirect;
        if (refers && (buffer.slots > 0 || !append_table(buffer, descriptor))) return Taken::broken;
        if (!refers && !append(buffer, descriptor)) return Taken::broken;
        ++buffer.slots;
        advance(index, wrap, 1);
        if (!(descriptor.flags & has_next)) break;
        if (buffer.slots >= place_.size || !load_descriptor(index, descriptor)) return Taken::broken;
    }
    buffer.id = descriptor.id;
    progress_.next_available = index;
    progress_.available_wrap = wrap;
    return Taken::buffer;
}

/// The flags come last, for they make the descriptor the driver's again.
bool VirtioPackedRing::give(const VirtioBuffer& buffer, u32 written) {
    const GuestPhysical descriptor = place_.descriptors + progress_.next_used * descriptor_size;
    u16 flags = written > 0 ? is_writable : 0;
    if (progress_.used_wrap) flags |= 1 << available_bit | 1 << used_bit;
    if (!store(descriptor + size_offset, written) || !store(descriptor + id_offset, buffer.id) ||
        !store(descriptor + flags_offset, flags))
        return false;
    advance(progress_.next_used, progress_.used_wrap, buffer.slots);
    return true;
}

std::optional<bool> VirtioPackedRing::wants_interrupt() {
    // How far a place lies ahead of where the driver was last considered.
    const auto distance = [this](u16 place, bool wrap) {
        const u32 laps = wrap != progress_.reported_wrap ? place_.size : 0;
        return place + laps - progress_.reported_used;
    };
    const u32 moved = distance(progress_.next_used, progress_.used_wrap);
    EventSuppression driver;
    if (!load(place_.driver, driver)) return std::nullopt;
    const u32 event =
        distance(static_cast<u16>(bits(driver.place, 0, wrap_bit)), bit(driver.place, wrap_bit));
    progress_.reported_used = progress_.next_used;
    progress_.reported_wrap = progress_.used_wrap;
    if (moved == 0 || (driver.flags & 3) == events_off) return false;
    if ((driver.flags & 3) == events_at_place && features_.event_index) return event < moved;
    return true;
}

bool VirtioPackedRing::ask_for_notification() {
    EventSuppression device;
    if (features_.event_index) {
        device.flags = events_at_place;
        device.place = static_cast<u16>(progress_.next_available | progress_.available_wrap << wrap_bit);
    }
    return store(place_.device, device);
}

} // namespace ringer::device
