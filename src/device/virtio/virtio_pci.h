#pragma once

#include "device/device.h"
#include "device/pci/config_space.h"
#include "device/pci/pci_bars.h"
#include "device/pci/pci_function.h"
#include "device/pci/pci_msix.h"
#include "device/virtio/virtio_device.h"
#include "device/wire.h"

#include <memory>
#include <string>
#include <vector>

namespace ringer::device {

/// A virtio device on the PCI bus (virtio 1.2, 4.1), without the legacy interface: its configuration
/// structures in one region of memory, messages or a pin for its interrupts.
class VirtioPci final : public Device, public PciFunction, private VirtioTransport {
  public:
    /// `memory` and `bus` must outlive it.
    VirtioPci(std::string name, std::unique_ptr<VirtioDevice> device, memory::AddressSpace& memory,
              InterruptBus& bus);

    std::string_view name() const override { return name_; }
    void reset() override;
    void visit(state::Archive& archive) override;

    u32 read_config(u8 offset, unsigned size) override;
    void write_config(u8 offset, unsigned size, u32 value) override;
    const PciBars* bars() const override { return &bars_; }

    /// INTA#.
    Wire& interrupt() { return interrupt_; }

    /// The device, for the world's end of it.
    VirtioDevice& device() { return *device_; }

  private:
    /// The region with the configuration structures, one behind the other.
    class Structures final : public memory::Region {
      public:
        explicit Structures(VirtioPci& owner) : owner_(owner) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        VirtioPci& owner_;
    };

    struct State {
        u32 device_feature_select = 0;
        u32 driver_feature_select = 0;
        u64 driver_features = 0;
        u16 configuration_vector = VirtioQueue::no_vector;
        u16 queue_select = 0;
        u8 status = 0;
        u8 configuration_generation = 0;
        u8 interrupt_status = 0; ///< The ISR status.
    };

    // VirtioTransport
    bool is_running() const override;
    bool has(unsigned feature) const override { return state_.driver_features >> feature & 1; }
    VirtioQueue& queue(unsigned index) override { return queues_[index]; }
    void finish(unsigned index) override;
    void configuration_changed() override;

    void define_capabilities();
    u64 offered_features() const;
    void reset_device();
    void write_status(u8 value);
    void start();
    void write_feature_word(u32 value);
    void enable_queue();
    void notice_broken(const VirtioQueue& queue);
    void signal(u16 vector, u8 cause);
    void update_pin();
    bool pin_level() const;

    u64 read_structure(u64 offset, unsigned size);
    void write_structure(u64 offset, unsigned size, u64 value);
    u64 read_common(u64 offset, unsigned size) const;
    void write_common(u64 offset, unsigned size, u64 value);
    void write_queue_field(u64 offset, unsigned size, u64 value);
    u8 take_interrupt_status();

    bool reaches_window(u8 offset, unsigned size) const;
    void access_window(bool writes);

    std::string name_;
    std::unique_ptr<VirtioDevice> device_;
    PciConfigSpace config_;
    PciBars bars_{config_};
    Structures structures_{*this};
    PciMsix msix_;
    u8 window_ = 0; ///< The capability by which configuration space reaches the structures (4.1.4.9).
    std::vector<VirtioQueue> queues_;
    Wire interrupt_;
    State state_;
};

} // namespace ringer::device
