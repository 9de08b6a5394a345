#pragma once

#include "device/byte_region.h"
#include "device/storage/bus_master.h"
#include "device/storage/ide_drive.h"
#include "device/wire.h"

#include <array>
#include <memory>

namespace ringer::device {

/// An IDE cable: the two register blocks by which the host reaches its drives (ATA/ATAPI-6, 7), at most two
/// drives, and their interrupt line.
class IdeChannel final : private IdeCable {
  public:
    static constexpr u64 command_block_size = 8, control_block_size = 1;

    explicit IdeChannel(memory::AddressSpace& memory);

    /// Puts a drive at the place 0 or 1, which must be free.
    void attach(unsigned place, std::unique_ptr<IdeDrive> drive);
    bool has_drive(unsigned place) const { return drives_[place] != nullptr; }

    /// The registers from data to command, and the device control register.
    memory::Region& command_block() { return command_block_; }
    memory::Region& control_block() { return control_block_; }
    BusMaster& bus_master() { return bus_master_; }

    Wire& interrupt() { return interrupt_; }

    void reset();
    void visit(state::Archive& archive);

  private:
    class CommandBlock final : public memory::Region {
      public:
        explicit CommandBlock(IdeChannel& channel) : channel_(channel) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        IdeChannel& channel_;
    };

    struct State {
        u8 device = 0;  ///< Of the device register: which drive is selected.
        u8 control = 0; ///< The device control register.
    };

    void interrupt_changed() override;
    bool dma_ready(bool to_memory) const override { return bus_master_.runs(to_memory); }
    std::optional<std::size_t> move_by_dma(std::span<u8> bytes, bool to_memory) override {
        return bus_master_.move(bytes, to_memory);
    }
    void dma_finished() override { bus_master_.finished(); }

    u64 read_data(unsigned size);
    void write_data(unsigned size, u64 value);
    u8 read_register(IdeRegister which);
    void write_register(IdeRegister which, u8 value);
    void run_diagnostics();
    u8 read_alternate_status(u64);
    void write_control(u64, u8 value);

    bool is_empty() const { return !drives_[0] && !drives_[1]; }
    unsigned selected_place() const;
    IdeDrive* selected() const { return drives_[selected_place()].get(); }
    bool interrupt_level() const;

    std::array<std::unique_ptr<IdeDrive>, 2> drives_;
    BusMaster bus_master_;
    Wire interrupt_;
    State state_;
    CommandBlock command_block_{*this};
    BytePorts<IdeChannel> control_block_{*this, &IdeChannel::read_alternate_status,
                                         &IdeChannel::write_control};
};

} // namespace ringer::device
