#pragma once

#include "base/types.h"
#include "device/byte_region.h"
#include "device/device.h"
#include "device/interrupt/pic8259_chip.h"
#include "device/wire.h"

namespace ringer::device {

/// The PC's two 8259As: the slave's INT drives IR2 of the master. Pins 0 to 7 are the master's inputs, 8 to
/// 15 the slave's; pin 2 is taken by the cascade and may not be driven.
class Pic8259Pair final : public Device, public WireSink {
  public:
    static constexpr u64 chip_port_count = 2;
    static constexpr u64 elcr_port_count = 2;

    Pic8259Pair();

    memory::Region& master_ports() { return master_ports_; } ///< 0x20 and 0x21
    memory::Region& slave_ports() { return slave_ports_; }   ///< 0xa0 and 0xa1
    memory::Region& elcr_ports() { return elcr_ports_; }     ///< 0x4d0 and 0x4d1

    /// INTR, to the CPU or to LINT0 of its local APIC.
    Wire& interrupt() { return interrupt_; }

    /// The CPU's interrupt acknowledge cycle: accepts the request of the highest priority and returns its
    /// vector. When the request has gone away since INTR was seen, that is the vector of input 7 (a spurious
    /// interrupt), and nothing is in service.
    u8 acknowledge();

    void pin_changed(unsigned pin, bool level) override;

    std::string_view name() const override { return "pic"; }
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    u8 read_master(u64 offset);
    void write_master(u64 offset, u8 value);
    u8 read_slave(u64 offset);
    void write_slave(u64 offset, u8 value);
    u8 read_elcr(u64 offset);
    void write_elcr(u64 offset, u8 value);
    void update();

    // IRQ0, IRQ1, the cascade, IRQ8 and IRQ13 are always edge-triggered (Intel PIIX4 datasheet, ELCR1 and
    // ELCR2).
    Pic8259Chip master_{Pic8259Chip::Role::master, 0xf8};
    Pic8259Chip slave_{Pic8259Chip::Role::slave, 0xde};
    Wire interrupt_;
    BytePorts<Pic8259Pair> master_ports_;
    BytePorts<Pic8259Pair> slave_ports_;
    BytePorts<Pic8259Pair> elcr_ports_;
};

} // namespace ringer::device
