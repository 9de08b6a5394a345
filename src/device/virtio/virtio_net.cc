#include "device/virtio/virtio_net.h"

#include "base/bits.h"

#include <algorithm>
#include <utility>

namespace ringer::device {

namespace {

// Features (5.1.3).
constexpr unsigned checksum_feature = 0, guest_checksum = 1, mtu_feature = 3, mac_feature = 5,
                   guest_tcp_4 = 7, guest_tcp_6 = 8, host_tcp_4 = 11, host_tcp_6 = 12, merged_buffers = 15,
                   status_feature = 16;

constexpr unsigned receive_queue = 0, transmit_queue = 1;

/// What goes before each frame (5.1.6).
struct Header {
    Offload offload{};
    u16 buffers = 1;
};
static_assert(sizeof(Header) == 12);

/// The configuration (5.1.4).
struct Configuration {
    MacAddress mac;
    u16 status, most_queue_pairs, mtu;
};
constexpr u16 link_up = 1;

constexpr std::size_t most_buffers = VirtioNet::queue_size;

std::span<u8> bytes_of(Header& header) { return {reinterpret_cast<u8*>(&header), sizeof(header)}; }

/// Whether a driver that has agreed on segmentation says of what kind the segments are, and of what size.
bool is_valid(const Offload& offload) {
    return offload.segmentation == 0 || (offload.flags & Offload::needs_checksum && offload.segment_size > 0);
}

} // namespace

u64 VirtioNet::features() const {
    u64 features = u64{1} << checksum_feature | u64{1} << mac_feature | u64{1} << merged_buffers |
                   u64{1} << status_feature;
    if (options_.mtu != ethernet_mtu) features |= u64{1} << mtu_feature;
    if (options_.has_offloads)
        features |= u64{1} << guest_checksum | u64{1} << guest_tcp_4 | u64{1} << guest_tcp_6 |
                    u64{1} << host_tcp_4 | u64{1} << host_tcp_6;
    return features;
}

u8 VirtioNet::read_configuration(u64 offset) const {
    const Configuration configuration{options_.mac, state_.link_is_up ? link_up : u16{0}, 1, options_.mtu};
    return offset < sizeof(configuration) ? reinterpret_cast<const u8*>(&configuration)[offset] : 0;
}

void VirtioNet::visit(state::Archive& archive) {
    auto& [link_is_up] = state_;
    archive.field(64, "link_is_up", link_is_up);
}

bool VirtioNet::set_link(bool is_up) {
    if (std::exchange(state_.link_is_up, is_up) == is_up) return false;
    if (transport().is_running() && transport().has(status_feature)) transport().configuration_changed();
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
    if (!finish_sent(header.offload)) return true;
    sink_.transmit({frame_, header.offload});
    return true;
}

/// Does what the network is not to do. False: the driver asks for what was not agreed on, or makes no sense.
bool VirtioNet::finish_sent(Offload& offload) {
    const u8 segmentation = offload.segmentation;
    if (segmentation != 0 && !(segmentation == Offload::tcp_4 && transport().has(host_tcp_4)) &&
        !(segmentation == Offload::tcp_6 && transport().has(host_tcp_6)))
        return false;
    offload.flags &= transport().has(checksum_feature) ? Offload::needs_checksum : u8{0};
    if (!is_valid(offload)) return false;
    if (options_.has_offloads || !(offload.flags & Offload::needs_checksum)) return true;
    const bool is_complete = complete_checksum(frame_, offload.checksum_start, offload.checksum_offset);
    offload = {};
    return is_complete;
}

Offloads VirtioNet::offloads() const {
    if (!can_receive() || !transport().has(guest_checksum)) return {};
    return {true, transport().has(guest_tcp_4), transport().has(guest_tcp_6)};
}

/// Does what the driver was not to be left with, as frames may be that have waited since another driver's
/// time. False: it cannot be done.
bool VirtioNet::finish_received(std::span<u8> frame, Offload& offload) const {
    const Offloads agreed = offloads();
    const u8 segmentation = offload.segmentation;
    if (segmentation != 0 && !(segmentation == Offload::tcp_4 && agreed.tcp_4) &&
        !(segmentation == Offload::tcp_6 && agreed.tcp_6))
        return false;
    if (agreed.checksum) return true;
    const Offload left = std::exchange(offload, {});
    return !(left.flags & Offload::needs_checksum) ||
           complete_checksum(frame, left.checksum_start, left.checksum_offset);
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

bool VirtioNet::receive(const Frame& frame) {
    if (!can_receive() || frame.bytes.size() > most_frame) return true;
    VirtioQueue& queue = transport().queue(receive_queue);
    const VirtioQueue::Position before = queue.position();
    const auto buffers = take_room(queue, sizeof(Header) + frame.bytes.size());
    if (queue.is_broken()) transport().finish(receive_queue);
    if (!buffers || buffers->empty()) {
        queue.go_back(before);
        return buffers.has_value();
    }
    Header header{frame.offload, static_cast<u16>(buffers->size())};
    frame_.resize(sizeof(header));
    frame_.insert(frame_.end(), frame.bytes.begin(), frame.bytes.end());
    if (!finish_received(std::span(frame_).subspan(sizeof(header)), header.offload)) {
        queue.go_back(before);
        return true;
    }
    std::ranges::copy(bytes_of(header), frame_.begin());
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
