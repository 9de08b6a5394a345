#pragma once

#include "device/pci/pci_bars.h"
#include "device/pci/pci_function.h"
#include "memory/region.h"

#include <array>

namespace ringer::device {

/// PCI bus 0: the functions that are on it, by where the guest configures them and by what their base address
/// registers claim.
class PciBus {
  public:
    /// Makes `function`, which must outlive the bus's use, answer at `address`, which must be free.
    void attach(PciAddress address, PciFunction& function);

    /// By device * 8 + function; nullptr when there is none.
    PciFunction* function(u8 device_and_function) const { return functions_[device_and_function]; }

    /// What the host bridge passes on to the bus: offsets are addresses. Of several functions that claim an
    /// address the first answers; an access that none claims as a whole is split into bytes, and bytes that
    /// none claims read as ones.
    memory::Region& memory_space() { return memory_space_; }
    memory::Region& io_space() { return io_space_; }

  private:
    class Space final : public memory::Region {
      public:
        Space(const PciBus& bus, PciSpace kind) : bus_(bus), kind_(kind) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        const PciBus& bus_;
        PciSpace kind_;
    };

    std::optional<PciBars::Claim> claim(PciSpace space, u64 address, unsigned size) const;

    std::array<PciFunction*, 256> functions_{};
    std::vector<PciFunction*> with_regions_; ///< In the order of their addresses.
    Space memory_space_{*this, PciSpace::memory};
    Space io_space_{*this, PciSpace::io};
};

} // namespace ringer::device
