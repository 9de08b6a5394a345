#include "device/virtio/virtio_queue.h"

#include "base/assert.h"

#include <bit>

namespace ringer::device {

namespace {

struct FeaturesPart {
    VirtioRingFeatures& features;
};
void visit(state::Archive& archive, FeaturesPart& part) {
    auto& [indirect, event_index, packed] = part.features;
    archive.field(1, "indirect", indirect).field(2, "event_index", event_index).field(3, "packed", packed);
}

} // namespace

VirtioQueue::VirtioQueue(memory::AddressSpace& memory, u16 most) : memory_(memory), most_(most) {
    RINGER_ASSERT(std::has_single_bit(most) && most <= 0x8000);
    reset();
}

void VirtioQueue::reset() {
    state_ = {};
    state_.place.size = most_;
    state_.vector = no_vector;
}

void VirtioQueue::visit(state::Archive& archive) {
    auto& [place, features, progress, vector, is_enabled, is_broken] = state_;
    FeaturesPart features_part{features};
    archive.field(1, "place", place)
        .field(2, "features", features_part)
        .field(3, "progress", progress)
        .field(4, "vector", vector)
        .field(5, "is_enabled", is_enabled)
        .field(6, "is_broken", is_broken);
    if (is_enabled && !is_valid()) is_broken = true;
}

bool VirtioQueue::is_valid() const {
    const auto& [place, features, progress, vector, is_enabled, is_broken] = state_;
    if (place.size > most_) return false;
    if (!features.packed) return VirtioSplitRing::is_valid(place);
    return VirtioPackedRing::is_valid(place) && progress.next_available < place.size &&
           progress.next_used < place.size;
}

void VirtioQueue::enable(const VirtioRingFeatures& features) {
    if (state_.is_enabled) return;
    state_.is_enabled = true;
    state_.features = features;
    state_.is_broken = !is_valid();
}

template <class Use>
auto VirtioQueue::with_ring(Use&& use) {
    if (state_.features.packed) {
        VirtioPackedRing ring(memory_, state_.place, state_.features, state_.progress);
        return use(ring);
    }
    VirtioSplitRing ring(memory_, state_.place, state_.features, state_.progress);
    return use(ring);
}

std::optional<VirtioBuffer> VirtioQueue::take() {
    if (!is_ready()) return std::nullopt;
    VirtioBuffer buffer;
    const auto taken = with_ring([&](VirtioRing& ring) { return ring.take(buffer); });
    if (taken == VirtioRing::Taken::buffer) return buffer;
    state_.is_broken = taken == VirtioRing::Taken::broken;
    return std::nullopt;
}

void VirtioQueue::give(const VirtioBuffer& buffer, u32 written) {
    if (!is_ready()) return;
    state_.is_broken = !with_ring([&](VirtioRing& ring) { return ring.give(buffer, written); });
}

void VirtioQueue::go_back(Position position) {
    state_.progress.next_available = position.next;
    state_.progress.available_wrap = position.wrap;
}

bool VirtioQueue::wants_interrupt() {
    if (!is_ready()) return false;
    const auto wanted = with_ring([](VirtioRing& ring) { return ring.wants_interrupt(); });
    state_.is_broken = !wanted;
    return wanted.value_or(false);
}

void VirtioQueue::ask_for_notification() {
    if (!is_ready()) return;
    state_.is_broken = !with_ring([](VirtioRing& ring) { return ring.ask_for_notification(); });
}

} // namespace ringer::device
