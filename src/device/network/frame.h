#pragma once

#include "base/types.h"

#include <concepts>
#include <span>

namespace ringer::device {

/// What is left to be done on a frame before it can go over a wire: the fields of a virtio network header
/// that tell of it (virtio 1.2, 5.1.6), which are those of Linux' struct virtio_net_hdr as well.
struct Offload {
    static constexpr u8 needs_checksum = 1, tcp_4 = 1, tcp_6 = 4;

    u8 flags = 0;
    u8 segmentation = 0; ///< 0, or of which protocol it is one large segment.
    u16 header_size = 0, segment_size = 0;
    u16 checksum_start = 0, checksum_offset = 0;
};
static_assert(sizeof(Offload) == 10);

/// Which of it whoever receives a frame does by itself.
struct Offloads {
    bool checksum = false, tcp_4 = false, tcp_6 = false;
    bool operator==(const Offloads&) const = default;
};

/// An Ethernet frame without its check sequence.
struct Frame {
    template <std::convertible_to<std::span<const u8>> Bytes>
    Frame(const Bytes& frame_bytes, const Offload& frame_offload = {}) // NOLINT: as good as its bytes
        : bytes(frame_bytes), offload(frame_offload) {}

    std::span<const u8> bytes;
    Offload offload;
};

/// Completes a frame's checksum: the ones' complement sum from `start` on goes where `offset` says from there
/// (virtio 1.2, 5.1.6.2). False: it is not within the frame.
[[nodiscard]] bool complete_checksum(std::span<u8> frame, std::size_t start, std::size_t offset);

} // namespace ringer::device
