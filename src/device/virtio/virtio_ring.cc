#include "device/virtio/virtio_ring.h"

#include "base/bits.h"

namespace ringer::device {

void visit(state::Archive& archive, VirtioRingPlace& place) {
    auto& [size, descriptors, driver, device] = place;
    archive.field(1, "size", size)
        .field(2, "descriptors", descriptors)
        .field(3, "driver", driver)
        .field(4, "device", device);
}

void visit(state::Archive& archive, VirtioRingProgress& progress) {
    auto& [next_available, next_used, reported_used, available_wrap, used_wrap, reported_wrap] = progress;
    archive.field(1, "next_available", next_available)
        .field(2, "next_used", next_used)
        .field(3, "reported_used", reported_used)
        .field(4, "available_wrap", available_wrap)
        .field(5, "used_wrap", used_wrap)
        .field(6, "reported_wrap", reported_wrap);
}

/// What the device reads comes before what it writes (2.7.4.2, 2.8.5).
bool VirtioRingBase::append(VirtioBuffer& buffer, const Descriptor& descriptor) {
    if (buffer.readable.size() + buffer.writable.size() >= most_descriptors) return false;
    const bool writable = descriptor.flags & is_writable;
    if (!writable && !buffer.writable.empty()) return false;
    (writable ? buffer.writable : buffer.readable).push_back({descriptor.address, descriptor.size});
    return true;
}

bool VirtioRingBase::is_valid_table(u16 flags, u32 size) const {
    return features_.indirect && !(flags & has_next) && size > 0 && is_aligned(size, descriptor_size) &&
           size <= most_descriptors * descriptor_size;
}

} // namespace ringer::device
