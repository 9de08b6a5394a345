#pragma once

#include "base/types.h"
#include "memory/address_space.h"

#include <span>
#include <vector>

namespace ringer::device {

/// A piece of guest memory. Nothing says that it is RAM.
struct VirtioSegment {
    GuestPhysical address;
    u32 size;
    bool operator==(const VirtioSegment&) const = default;
};

/// A buffer that the driver has made available: a chain of descriptors, of which the device reads the first
/// ones and writes the others (virtio 1.2, 2.6).
struct VirtioBuffer {
    u16 id = 0;    ///< By which the driver is told that it was used.
    u16 slots = 0; ///< How many descriptors of a packed ring it takes.
    std::vector<VirtioSegment> readable{}, writable{};
};

/// Goes over segments as one run of bytes, once from its beginning to its end.
class VirtioCursor {
  public:
    /// What it refers to must outlive it.
    VirtioCursor(memory::AddressSpace& memory, std::span<const VirtioSegment> segments)
        : memory_(memory), segments_(segments) {
        for (const VirtioSegment& each : segments) left_ += each.size;
    }

    /// How many bytes are left.
    u64 left() const { return left_; }

    /// Moves the next bytes. False: so many are not left, or not all of them are RAM.
    [[nodiscard]] bool read(std::span<u8> destination);
    [[nodiscard]] bool write(std::span<const u8> source);

    /// Takes the next `count` bytes in place: adds where they lie in the host's memory to `pieces`, for them
    /// to be read, or written if `writes`, at once. False: so many are not left, or not all of them are RAM.
    [[nodiscard]] bool take_in_place(u64 count, bool writes, std::vector<std::span<u8>>& pieces);

    /// Passes over as many bytes, or as are left.
    void skip(u64 count);

  private:
    template <class Bytes, class Move>
    bool move(Bytes bytes, Move&& move_piece);

    memory::AddressSpace& memory_;
    std::span<const VirtioSegment> segments_; ///< From the current one on.
    u64 offset_ = 0;                          ///< In the current one.
    u64 left_ = 0;
};

} // namespace ringer::device
