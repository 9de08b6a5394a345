#pragma once

#include "device/device.h"
#include "device/pci/config_space.h"
#include "device/pci/pci_bus.h"
#include "device/pci/shadow_map.h"
#include "memory/region.h"

namespace ringer::device {

/// The PCI host bridge: configuration mechanism 1 (PCI Local Bus Specification 3.0, 3.2.2.3.2) for bus 0, and
/// the bridge's own function 00:00.0, an Intel 440FX (82441FX datasheet). Of its registers it has those that
/// software relies on: the identity and the programmable attribute map. There is no system management RAM.
class PciHostBridge final : public Device, public PciFunction {
  public:
    static constexpr u64 address_port_size = 4, data_port_size = 4;

    /// What a reset makes of the RAM between 768 KiB and 1 MiB.
    enum class ShadowRam {
        hidden, ///< As the chip does: firmware copies itself there and lets it be seen.
        open,   ///< As firmware leaves it, for a machine without.
    };

    /// `reset_port` is the one-byte region of the reset control register at 0xCF9, which lies within the
    /// address port and gets the byte accesses there. `memory` has ShadowMap's segments as shadow RAM.
    PciHostBridge(PciBus& bus, memory::Region& reset_port, memory::AddressSpace& memory,
                  ShadowRam after_reset);

    std::string_view name() const override { return "pci-host-bridge"; }
    void reset() override;
    void visit(state::Archive& archive) override;

    /// Ports 0xCF8 to 0xCFB and 0xCFC to 0xCFF.
    memory::Region& address_port() { return address_port_; }
    memory::Region& data_port() { return data_port_; }

    u32 read_config(u8 offset, unsigned size) override { return config_.read(offset, size); }
    void write_config(u8 offset, unsigned size, u32 value) override;

  private:
    class AddressPort final : public memory::Region {
      public:
        AddressPort(PciHostBridge& bridge, memory::Region& reset_port)
            : bridge_(bridge), reset_port_(reset_port) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        PciHostBridge& bridge_;
        memory::Region& reset_port_;
    };

    class DataPort final : public memory::Region {
      public:
        explicit DataPort(PciHostBridge& bridge) : bridge_(bridge) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        PciHostBridge& bridge_;
    };

    struct State {
        u32 address = 0; ///< CONFIG_ADDRESS.
    };

    PciFunction* selected_function() const;
    u8 selected_offset(u64 port_offset) const;
    void apply_shadow_map();

    PciBus& bus_;
    PciConfigSpace config_;
    ShadowMap shadow_map_;
    State state_;
    AddressPort address_port_;
    DataPort data_port_{*this};
};

} // namespace ringer::device
