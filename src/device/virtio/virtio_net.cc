#include "device/virtio/virtio_net.h"

#include "base/bits.h"

#include <algorithm>
#include <utility>

namespace ringer::device {

namespace {

// Features (5.1.3).
constexpr unsigned checksum_feature = 0, mtu_feature = 3, mac_feature = 5, merged_buffers = 15,
                   status_feature = 16;

constexpr unsigned receive_queue = 0, transmit_queue = 1;

/// What goes before each frame (5.1.6).
struct Header {
    u8 flags = 0, segmentation = 0;
    u16 header_size = 0, segment_size = 0;
    u16 checksum_start = 0, checksum_offset = 0;
    u16 buffers = 1;
};
static_assert(sizeof(Header) == 12);
constexpr u8 needs_checksum = 1;

/// The configuration (5.1.4).
struct Configuration {
    MacAddress mac;
    u16 status, most_queue_pairs, mtu;
};
constexpr u16 link_is_up = 1;

constexpr std::size_t most_buffers = VirtioNet::queue_size;

std::span<u8> bytes_of(Header& header) { return {reinterpret_cast<u8*>(&header), sizeof(header)}; }

/// Completes a checksum that the driver has left to the device: the ones' complement sum from `start` on goes
/// where `offset` says from there (5.1.6.2). False: it is not within the frame.
bool complete_checksum(std::span<u8> frame, std::size_t start, std::size_t offset) {
    if (start + offset + 2 > frame.size()) return false;
    const std::span<u8> part = frame.subspan(start);
    u64 sum = 0;
    for (std::size_t i = 0; i + 1 < part.size(); i += 2) sum += u32{part[i]} << 8 | part[i + 1];
    if (part.size() % 2) sum += u32{part.back()} << 8;
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    // Where the sum goes was the pseudo header's, which counts. An all-zero sum is written as ones (RFC 768).
    const u16 folded = static_cast<u16>(~sum) ? static_cast<u16>(~sum) : 0xffff;
    part[offset] = static_cast<u8>(folded >> 8);
    part[offset + 1] = static_cast<u8>(folded);
    return true;
}

} // namespace

u64 VirtioNet::features() const {
    u64 features = u64{1} << checksum_feature | u64{1} << mac_feature | u64{1} << merged_buffers |
                   u64{1} << status_feature;
    if (options_.mtu != ethernet_mtu) features |= u64{1} << mtu_feature;
    return features;
}

u8 VirtioNet::read_configuration(u64 offset) const {
    const Configuration configuration{options_.mac, state_.link_is_up ? link_is_up : u16{0}, 1, options_.mtu};
    return offset < sizeof(configuration) ? reinterpret_cast<const u8*>(&configuration)[offset] : 0;
}

void VirtioNet::visit(state::Archive& archive) {
    auto& [link_is_up] = state_;
    archive.field(64, "link_is_up", link_is_up);
}

bool VirtioNet::set_link(bool is_up) {
    if (std::exchange(state_.link_is_up, is_up) == is_up) return false;
    if (transport().is_running()) transport().configuration_changed();
    return true;
}

void VirtioNet::notified(unsigned index) {
    // Buffers to receive into are looked for when there is a frame.
    if (index == transmit_queue && transport().is_running()) transmit_all();
}

void VirtioNet::transmit_all() {
    VirtioQueue& queue = transport().queue(transmit_queue);
    // Frames whose number is bounded, in case that the guest's memory makes them anew without end.
    for (unsigned count = 0; count < queue_size; ++count) {
        const auto buffer = queue.take();
        if (!buffer) break;
        if (transmit(queue, *buffer))
            queue.give(*buffer, 0);
        else
            queue.mark_broken();
    }
    queue.ask_for_notification();
    transport().finish(transmit_queue);
}

/// False: it is no frame. What is too long, or asks for what was not agreed on, is dropped as a wire would.
bool VirtioNet::transmit(VirtioQueue& queue, const VirtioBuffer& buffer) {
    VirtioCursor cursor(queue.memory(), buffer.readable);
    Header header;
    if (!cursor.read(bytes_of(header))) return false;
    if (cursor.left() < ethernet_header || cursor.left() > most_frame) return true;
    frame_.resize(cursor.left());
    if (!cursor.read(frame_)) return false;
    if (header.segmentation != 0) return true;
    if (header.flags & needs_checksum && transport().has(checksum_feature) &&
        !complete_checksum(frame_, header.checksum_start, header.checksum_offset))
        return true;
    sink_.transmit(frame_);
    return true;
}

bool VirtioNet::has_merged_buffers() const { return transport().has(merged_buffers); }

bool VirtioNet::can_receive() const {
    return transport().is_running() && transport().queue(receive_queue).is_enabled();
}

/// As many buffers as `size` bytes need, one when they are not merged. Without any: even the most would not
/// do. nullopt: there are not enough now.
std::optional<std::vector<VirtioBuffer>> VirtioNet::take_room(VirtioQueue& queue, u64 size) {
    const std::size_t most = has_merged_buffers() ? most_buffers : 1;
    std::vector<VirtioBuffer> buffers;
    for (u64 room = 0; room < size;) {
        if (buffers.size() == most) return std::vector<VirtioBuffer>();
        auto buffer = queue.take();
        if (!buffer) return std::nullopt;
        room += VirtioCursor(queue.memory(), buffer->writable).left();
        buffers.push_back(std::move(*buffer));
    }
    return buffers;
}

bool VirtioNet::receive(std::span<const u8> frame) {
    if (!can_receive() || frame.size() > most_frame) return true;
    VirtioQueue& queue = transport().queue(receive_queue);
    const VirtioQueue::Position before = queue.position();
    const auto buffers = take_room(queue, sizeof(Header) + frame.size());
    if (queue.is_broken()) transport().finish(receive_queue);
    if (!buffers || buffers->empty()) {
        queue.go_back(before);
        return buffers.has_value();
    }
    Header header{.buffers = static_cast<u16>(buffers->size())};
    frame_.assign(bytes_of(header).begin(), bytes_of(header).end());
    frame_.insert(frame_.end(), frame.begin(), frame.end());
    std::span<const u8> left = frame_;
    for (const VirtioBuffer& buffer : *buffers) {
        VirtioCursor cursor(queue.memory(), buffer.writable);
        const auto piece = left.first(std::min<u64>(left.size(), cursor.left()));
        if (!cursor.write(piece)) queue.mark_broken();
        queue.give(buffer, static_cast<u32>(piece.size()));
        left = left.subspan(piece.size());
    }
    return true;
}

void VirtioNet::end_of_frames() {
    if (can_receive()) transport().finish(receive_queue);
}

} // namespace ringer::device
