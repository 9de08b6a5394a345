#pragma once

#include "device/pci/config_space.h"
#include "memory/region.h"

#include <optional>
#include <vector>

namespace ringer::device {

/// Which of the bus's address spaces an access is to.
enum class PciSpace : u8 { memory, io };

/// The base address registers of a function and its expansion ROM's (PCI Local Bus Specification 3.0, 6.2.5):
/// where the guest has put the function's regions. Whether an access is claimed follows from the
/// configuration space each time, so that there is nothing to bring up to date.
class PciBars {
  public:
    explicit PciBars(PciConfigSpace& config) : config_(config) {}

    /// Defines register `index`, 0 to 5, for `region`, which must outlive its use. `size` is a power of two:
    /// at least 4 for ports, at least 16 for memory, whose register has 32 bits.
    void add(unsigned index, PciSpace space, u64 size, memory::Region& region);

    /// Defines the expansion ROM's register; `size` is a power of two from 2 KiB on.
    void add_rom(u64 size, memory::Region& region);

    /// Where the guest has put register `index`'s region; nullopt while it is not enabled.
    std::optional<u64> place(unsigned index) const;

    /// The region that claims all bytes of an access, and the offset in it.
    struct Claim {
        memory::Region& region;
        u64 offset;
    };
    std::optional<Claim> claim(PciSpace space, u64 address, unsigned size) const;

  private:
    struct Bar {
        u8 offset; ///< In configuration space.
        PciSpace space;
        u64 size;
        memory::Region* region;
    };

    bool is_enabled(const Bar& bar) const;
    u64 base_of(const Bar& bar) const { return config_.read(bar.offset, 4) & static_cast<u32>(-bar.size); }

    PciConfigSpace& config_;
    std::vector<Bar> bars_;
};

} // namespace ringer::device
