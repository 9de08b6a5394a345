#pragma once

#include "base/types.h"
#include "state/archive.h"

#include <array>

namespace ringer::device {

/// The command register (PCI Local Bus Specification 3.0, 6.2.2).
namespace pci_command {
inline constexpr u8 offset = 0x04;
inline constexpr u16 io_space = 1 << 0, memory_space = 1 << 1, bus_master = 1 << 2,
                     interrupt_disable = 1 << 10;
} // namespace pci_command

/// Who a function is (6.2.1 and 6.2.4): what every configuration space begins with.
struct PciIdentity {
    u16 vendor;
    u16 device;
    u8 revision = 0;
    u32 class_code = 0; ///< Base class, subclass, programming interface.
    u16 subsystem_vendor = 0;
    u16 subsystem = 0;
};

/// The bytes of a function's configuration space, and what of them the guest may write.
class PciConfigSpace {
  public:
    /// Sets `size` (1, 2 or 4) bytes at `offset`: the value after reset, and the bits that the guest can
    /// write and that it clears by writing ones.
    void define(u8 offset, unsigned size, u32 reset_value, u32 writable = 0, u32 write_one_clears = 0);

    void define(const PciIdentity& identity);

    /// Adds a capability of `size` bytes, id and link included, to the end of the list (6.7) and returns its
    /// offset. What follows the link is to be defined by the caller.
    u8 add_capability(u8 id, unsigned size);

    void reset() { state_.bytes = reset_bytes_; }

    /// As PciFunction's.
    u32 read(u8 offset, unsigned size) const;
    void write(u8 offset, unsigned size, u32 value);

    void visit(state::Archive& archive);

  private:
    struct State {
        std::array<u8, 256> bytes{};
    };

    std::array<u8, 256> reset_bytes_{};
    std::array<u8, 256> writable_{};
    std::array<u8, 256> write_one_clears_{};
    u8 last_link_ = 0x34;        ///< Of the list of capabilities: at first the capabilities pointer.
    u16 next_capability_ = 0x40; ///< The first byte that none has.
    State state_;
};

} // namespace ringer::device
