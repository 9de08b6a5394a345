#pragma once

#include "device/byte_region.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/display/bochs_vbe.h"
#include "device/display/vga_memory.h"
#include "device/display/vga_registers.h"
#include "device/firmware/rom.h"
#include "device/pci/config_space.h"
#include "device/pci/pci_bars.h"
#include "device/pci/pci_function.h"

#include <span>

namespace ringer::device {

/// A display adapter as QEMU's "stdvga" (docs/specs/standard-vga): a VGA with the Bochs display interface, a
/// PCI function with video memory at BAR 0, its registers once more at BAR 2, and a VGA BIOS in its ROM. It
/// has no EDID and gives no interrupts.
class Vga final : public Device, public PciFunction {
  public:
    static constexpr u64 memory_size = 0x100'0000, least_memory = 0x4'0000;
    static constexpr u64 vbe_port_count = 4;

    /// `video_memory` has a power of two of bytes, from the 256 KiB that a VGA can address to memory_size,
    /// which it has in a PC. All must outlive the adapter. Without `rom` it has none.
    Vga(memory::AddressSpace& memory, const Clock& clock, std::span<u8> video_memory,
        std::span<const u8> rom);

    std::string_view name() const override { return "vga"; }
    void reset() override;
    /// Video memory is RAM, and no part of this.
    void visit(state::Archive& archive) override;

    u32 read_config(u8 offset, unsigned size) override { return config_.read(offset, size); }
    void write_config(u8 offset, unsigned size, u32 value) override;
    const PciBars* bars() const override { return &bars_; }

    /// 0xA0000 to 0xBFFFF, ports 0x3B0 to 0x3DF and ports 0x1CE to 0x1D1.
    memory::Region& window() { return memory_.window(); }
    memory::Region& vga_ports() { return vga_ports_; }
    memory::Region& vbe_ports() { return vbe_ports_; }

    /// What there is to be shown.
    const VgaState& registers() const { return registers_.state(); }
    const BochsVbe& vbe() const { return vbe_; }
    std::span<const u8> video_memory() const { return memory_.bytes(); }

  private:
    /// A 16-bit index at its beginning, and data behind it, as much as an access carries.
    class VbePorts final : public memory::Region {
      public:
        explicit VbePorts(Vga& vga) : vga_(vga) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        Vga& vga_;
    };
    /// BAR 2.
    class Registers final : public memory::Region {
      public:
        explicit Registers(Vga& vga) : vga_(vga) {}
        [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
        [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

      private:
        Vga& vga_;
    };

    u8 read_port(u64 offset) { return registers_.read(static_cast<u16>(VgaRegisters::first_port + offset)); }
    void write_port(u64 offset, u8 value) {
        registers_.write(static_cast<u16>(VgaRegisters::first_port + offset), value);
    }
    void write_vbe(u16 index, u16 value);
    void place_memory();

    PciConfigSpace config_;
    PciBars bars_{config_};
    VgaRegisters registers_;
    BochsVbe vbe_;
    VgaMemory memory_;
    Rom rom_;
    BytePorts<Vga> vga_ports_{*this, &Vga::read_port, &Vga::write_port};
    VbePorts vbe_ports_{*this};
    Registers register_bar_{*this};
};

} // namespace ringer::device
