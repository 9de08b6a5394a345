#pragma once

#include "device/byte_region.h"
#include "device/display/bochs_vbe.h"
#include "device/display/vga_registers.h"
#include "memory/address_space.h"

#include <optional>
#include <span>

namespace ringer::device {

/// Video memory as the guest reaches it: whole, by a base address register, as RAM; and through the window at
/// 0xA0000, where the sequencer and the graphics controller stand between (IBM VGA/XGA Technical Reference,
/// "Memory").
///
/// Byte `a` of plane `p` is byte 4 * a + p of video memory, so that four planes are read as one word. The
/// chained modes count bytes through the planes: a byte at `a` is byte `a` of video memory in chain 4.
class VgaMemory {
  public:
    static constexpr GuestPhysical window_base = 0xa'0000;
    static constexpr u64 window_size = 0x2'0000;

    /// All must outlive it. `bytes` are added to `memory` as movable RAM.
    VgaMemory(memory::AddressSpace& memory, std::span<u8> bytes, VgaRegisters& registers,
              const BochsVbe& vbe);

    /// Has the whole seen at `base`, or nowhere.
    void place(std::optional<GuestPhysical> base) { memory_.move_ram(slot_, base); }

    std::span<const u8> bytes() const { return bytes_; }

    /// Sets the first `size` bytes to zero.
    void clear(u64 size);

    /// The window, and the whole where it is not seen as RAM.
    memory::Region& window() { return window_; }
    memory::Region& whole() { return whole_; }

  private:
    u8 read_window(u64 offset);
    void write_window(u64 offset, u8 value);
    u8 read_whole(u64 offset) { return bytes_[offset]; }
    void write_whole(u64 offset, u8 value);

    std::optional<u64> window_target(u64 offset) const;
    bool is_linear() const;
    u64 chained_pair(u64 target) const;
    void load_latches(u64 word);
    u8 read_latches() const;
    u32 drawn(u8 value) const;
    void write_word(u64 word, u32 value, u32 mask);
    void note_write(u64 offset, u64 size);

    memory::AddressSpace& memory_;
    std::span<u8> bytes_;
    std::size_t slot_;
    VgaRegisters& registers_;
    const BochsVbe& vbe_;
    BytePorts<VgaMemory> window_{*this, &VgaMemory::read_window, &VgaMemory::write_window};
    BytePorts<VgaMemory> whole_{*this, &VgaMemory::read_whole, &VgaMemory::write_whole};
};

} // namespace ringer::device
