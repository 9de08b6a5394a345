#pragma once

#include "base/bits.h"
#include "base/result.h"
#include "base/types.h"

#include <vector>

namespace ringer::machine {

/// A range of guest-physical addresses; its end does not overflow.
struct MemoryRange {
    GuestPhysical base = 0;
    u64 size = 0;

    constexpr GuestPhysical end() const { return base + size; }
    bool operator==(const MemoryRange&) const = default;
};

/// What firmware says of a range of memory (ACPI 6.4, 15.1: address range types).
enum class MemoryKind : u32 { usable = 1, reserved = 2 };

struct MemoryMapEntry {
    MemoryRange range;
    MemoryKind kind;

    bool operator==(const MemoryMapEntry&) const = default;
};

/// How a PC's RAM lies in its physical address space: 640 KiB, the window of the display adapter, the shadow
/// RAM of the BIOS, extended memory up to at most 3 GiB, a hole for devices up to 4 GiB, and the rest above.
class MemoryLayout {
  public:
    static constexpr u64 minimum = 64 * MiB;
    static constexpr u64 maximum = 512 * GiB;

    /// The display adapter's window hides the RAM behind it.
    static constexpr MemoryRange display_window{0xa'0000, 0x2'0000};
    /// The extended BIOS data area, the last KiB of conventional memory.
    static constexpr MemoryRange extended_bios_data{0x9'fc00, 0x400};
    /// RAM that firmware, once it has copied itself there, hides and protects by the host bridge.
    static constexpr MemoryRange shadow{0xc'0000, 0x4'0000};
    /// RAM that the memory map keeps the guest from using as such; the ACPI tables are put here.
    static constexpr MemoryRange firmware_tables{0xe'0000, 0x2'0000};
    /// Where PCI devices' memory is mapped.
    static constexpr MemoryRange pci_window{0xc000'0000, 0x3ec0'0000};
    /// The APICs and the BIOS ROM.
    static constexpr MemoryRange chipset{0xfec0'0000, 0x140'0000};
    static constexpr GuestPhysical hole_base = pci_window.base;
    static constexpr GuestPhysical hole_end = chipset.end();

    /// The layout of `bytes` of RAM, a multiple of the page size from `minimum` to `maximum`; otherwise an
    /// error that says what the size must be.
    static Result<MemoryLayout> of_size(u64 bytes);

    /// What the guest was given, including the RAM hidden by the display adapter's window.
    u64 size() const { return size_; }

    /// The ranges to be backed by RAM, in ascending order.
    const std::vector<MemoryRange>& ram() const { return ram_; }

    /// The end of RAM below the hole.
    GuestPhysical low_end() const { return low_end_; }

    /// The memory map that INT 15h, E820h would give: ascending, without overlaps.
    std::vector<MemoryMapEntry> map() const;

  private:
    explicit MemoryLayout(u64 bytes);

    u64 size_;
    GuestPhysical low_end_;
    std::vector<MemoryRange> ram_;
};

} // namespace ringer::machine
