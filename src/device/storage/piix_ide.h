#pragma once

#include "device/device.h"
#include "device/pci/config_space.h"
#include "device/pci/pci_bars.h"
#include "device/pci/pci_function.h"
#include "device/storage/ide_channel.h"

#include <array>

namespace ringer::device {

/// The IDE controller of Intel's PIIX3 (82371SB datasheet, chapter 2.3 and 4.2), function 1 of its device:
/// two channels at the ports that PCs have had them at since ever, and their bus masters' ports where a base
/// address register says. Timings are kept for reading back.
class PiixIde final : public Device, public PciFunction {
  public:
    static constexpr unsigned channel_count = 2;

    /// Whether the channels answer after a reset, or only once firmware has enabled them (register IDETIM).
    enum class Decode { after_reset, when_enabled };

    PiixIde(memory::AddressSpace& memory, Decode decode);

    IdeChannel& channel(unsigned number) { return channels_[number].channel; }

    /// The ports of a channel, which answer as the guest has enabled them.
    memory::Region& command_block(unsigned number) { return channels_[number].command_block; }
    memory::Region& control_block(unsigned number) { return channels_[number].control_block; }

    std::string_view name() const override { return "ide"; }
    void reset() override;
    void visit(state::Archive& archive) override;

    u32 read_config(u8 offset, unsigned size) override { return config_.read(offset, size); }
    void write_config(u8 offset, unsigned size, u32 value) override;
    const PciBars* bars() const override { return &bars_; }

  private:
    /// A register block that reads as ones while its channel is not enabled.
    class Gate final : public memory::Region {
      public:
        Gate(const PiixIde& owner, unsigned number, memory::Region& behind)
            : owner_(owner), number_(number), behind_(behind) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        const PiixIde& owner_;
        unsigned number_;
        memory::Region& behind_;
    };

    struct Channel {
        Channel(const PiixIde& owner, unsigned number, memory::AddressSpace& memory)
            : channel(memory), command_block(owner, number, channel.command_block()),
              control_block(owner, number, channel.control_block()) {}
        IdeChannel channel;
        Gate command_block, control_block;
    };

    /// The ports of both bus masters, one after the other.
    class BusMasterPorts final : public memory::Region {
      public:
        explicit BusMasterPorts(PiixIde& owner) : owner_(owner) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        PiixIde& owner_;
    };

    bool is_enabled(unsigned number) const;
    void permit_bus_masters();

    PciConfigSpace config_;
    PciBars bars_{config_};
    BusMasterPorts bus_master_ports_{*this};
    std::array<Channel, channel_count> channels_;
};

} // namespace ringer::device
