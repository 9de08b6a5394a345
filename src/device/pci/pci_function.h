#pragma once

#include "base/types.h"

namespace ringer::device {

class PciBars;

/// Where a function sits on the PCI bus 0 of the machine.
struct PciAddress {
    u8 device;   ///< 0 to 31.
    u8 function; ///< 0 to 7. A device with any functions has a function 0.
};

/// One function of a PCI device: its 256 bytes of configuration space (PCI Local Bus Specification 3.0,
/// chapter 6).
class PciFunction {
  public:
    virtual ~PciFunction() = default;

    /// Reads or writes `size` (1, 2 or 4) bytes at `offset`, both from the guest. An access never leaves its
    /// aligned dword.
    virtual u32 read_config(u8 offset, unsigned size) = 0;
    virtual void write_config(u8 offset, unsigned size, u32 value) = 0;

    /// Where the guest has put the function's regions; nullptr when it has none.
    virtual const PciBars* bars() const { return nullptr; }
};

} // namespace ringer::device
