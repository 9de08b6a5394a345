#pragma once

#include "device/interrupt/interrupt_message.h"
#include "device/pci/config_space.h"
#include "device/pci/pci_bars.h"
#include "memory/region.h"
#include "state/archive.h"

#include <vector>

namespace ringer::device {

/// The MSI-X capability of a function (PCI Local Bus Specification 3.0, 6.8.2): a table of messages, one for
/// each interrupt vector, and the vectors that wait for their masks to be lifted. Both are in one region.
///
/// Its owner tells it of every write to the configuration space. Messages are sent as the function's command
/// register lets it be bus master.
class PciMsix final : public memory::Region {
  public:
    static constexpr u64 region_size = 0x1000;
    static constexpr unsigned most_vectors = 128;

    /// Adds the capability to `config`, and the region to `bars` as base address register `bar`. All that is
    /// referred to must outlive it.
    PciMsix(PciConfigSpace& config, PciBars& bars, unsigned bar, unsigned vectors, InterruptBus& bus);

    /// Whether the guest has chosen messages over the interrupt pin.
    bool is_enabled() const;
    unsigned vectors() const { return static_cast<unsigned>(state_.pending.size()); }

    /// Sends the message of `vector`, or keeps it pending while it is masked. No vector: nothing happens.
    void signal(u16 vector);

    /// Sends what may now be sent.
    void config_written();

    void reset();
    void visit(state::Archive& archive);

    [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
    [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

  private:
    struct State {
        std::vector<u8> table{};   ///< 16 bytes a vector: address, data, control.
        std::vector<u8> pending{}; ///< One a vector.
    };

    u16 control() const;
    u32 table_word(unsigned vector, unsigned word) const;
    bool may_send(unsigned vector) const;
    u8 read_byte(u64 offset) const;

    PciConfigSpace& config_;
    InterruptBus& bus_;
    u8 capability_;
    State state_;
};

} // namespace ringer::device
