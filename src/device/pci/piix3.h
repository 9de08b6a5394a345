#pragma once

#include "device/device.h"
#include "device/pci/config_space.h"
#include "device/pci/pci_function.h"
#include "device/wire.h"

#include <array>
#include <optional>

namespace ringer::device {

/// The PCI-to-ISA bridge of Intel's PIIX3 (82371SB datasheet), function 0 of its device, as the place where
/// interrupts come together: it routes the four PIRQ# lines of the PCI bus to ISA interrupt lines ("PIRQRC:
/// PIRQX Route Control Registers"). The timers, interrupt controllers and ports of the chip are devices of
/// their own.
///
/// Every PCI interrupt pin also has a line to the I/O APIC, as later chipsets have it: which of the two the
/// guest listens to is its choice.
class Piix3 final : public Device, public PciFunction {
  public:
    static constexpr unsigned isa_lines = 16, pirq_lines = 4, io_apic_lines = 8;

    using Routes = std::array<u8, pirq_lines>;

    /// `routes` are the ISA interrupt lines that the PIRQ lines are routed to after a reset, instead of none:
    /// where no firmware will route them.
    explicit Piix3(const std::optional<Routes>& routes = std::nullopt);

    /// The register that routes a PIRQ line, and the ISA interrupt lines it can choose: all but IRQ0, 1, 2, 8
    /// and 13.
    static constexpr u8 route_control(unsigned pirq) { return static_cast<u8>(0x60 + pirq); }
    static constexpr u16 routable = 0xdef8;

    std::string_view name() const override { return "piix3"; }
    void reset() override;
    void visit(state::Archive& archive) override;

    /// Where the ISA devices' interrupts go: pins 0 to 15.
    WireSink& isa_input() { return isa_input_; }

    /// Where the PCI devices' interrupts go: pin 4 * device + 0 to 3 for INTA# to INTD#, high when asserted.
    WireSink& pci_input() { return pci_input_; }

    /// An ISA interrupt line, 0 to 15, and one of the I/O APIC's for PCI, 0 to 7.
    Wire& isa_output(unsigned line) { return isa_outputs_[line]; }
    Wire& io_apic_output(unsigned line) { return io_apic_outputs_[line]; }

    /// Which PIRQ line, 0 to 3, and which line to the I/O APIC interrupt pin `pin` of a device drives: in
    /// turn, so that neighbours do not share one. Of the former device 1 has the first for its INTA#, as on
    /// QEMU's board, which firmware knows.
    static constexpr unsigned pirq_of(unsigned device, unsigned pin) {
        return (device + pin + pirq_lines - 1) % pirq_lines;
    }
    static constexpr unsigned io_apic_line_of(unsigned device, unsigned pin) {
        return (device + pin) % io_apic_lines;
    }

    u32 read_config(u8 offset, unsigned size) override { return config_.read(offset, size); }
    void write_config(u8 offset, unsigned size, u32 value) override;

  private:
    struct State {
        u16 isa_levels = 0;
        std::array<u8, 32> pci_levels{}; ///< By device, one bit a pin.
    };

    struct IsaInput final : WireSink {
        explicit IsaInput(Piix3& owner) : owner_(owner) {}
        void pin_changed(unsigned pin, bool level) override;
        Piix3& owner_;
    };
    struct PciInput final : WireSink {
        explicit PciInput(Piix3& owner) : owner_(owner) {}
        void pin_changed(unsigned pin, bool level) override;
        Piix3& owner_;
    };

    /// What the outputs carry, one bit a line.
    u16 isa_output_levels() const;
    u8 io_apic_output_levels() const;
    template <class Set>
    void drive(Set&& set);
    void update();

    PciConfigSpace config_;
    State state_;
    IsaInput isa_input_{*this};
    PciInput pci_input_{*this};
    std::array<Wire, isa_lines> isa_outputs_;
    std::array<Wire, io_apic_lines> io_apic_outputs_;
};

} // namespace ringer::device
