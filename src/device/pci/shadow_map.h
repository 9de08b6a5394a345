#pragma once

#include "base/types.h"
#include "memory/address_space.h"

#include <array>

namespace ringer::device {

/// The programmable attribute map of the 440FX (82441FX datasheet, "PAM: Programmable Attribute Map
/// Registers"): for each of 13 segments between 768 KiB and 1 MiB, whether reads and whether writes reach
/// DRAM or go to the PCI bus.
class ShadowMap {
  public:
    static constexpr u8 first_register = 0x59, register_count = 7;
    /// The bits of a register that can be written: RE and WE of two segments. The lower half of the first is
    /// reserved.
    static constexpr u8 writable = 0x33, first_writable = 0x30;
    static constexpr GuestPhysical base = 0xc'0000;
    static constexpr u64 size = 0x4'0000;

    /// The segments: what the board adds to physical memory as shadow RAM.
    struct Segment {
        GuestPhysical base;
        u64 size;
    };
    static constexpr unsigned segment_count = 13;
    static constexpr Segment segment(unsigned index) {
        constexpr u64 small = 0x4000, large = 0x1'0000;
        if (index == segment_count - 1) return {base + size - large, large};
        return {base + index * small, small};
    }

    explicit ShadowMap(memory::AddressSpace& memory) : memory_(memory) {}

    /// Has physical memory follow the registers, where they have changed.
    void apply(const std::array<u8, register_count>& registers);

  private:
    memory::AddressSpace& memory_;
    std::array<u8, register_count> applied_{writable, writable, writable, writable,
                                            writable, writable, writable};
};

} // namespace ringer::device
