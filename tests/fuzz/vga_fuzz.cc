#include "device/display/vga.h"

#include "access_script.h"
#include "device/fixture/fixture.h"
#include "device/pci/pci_bus.h"
#include "display/raster.h"
#include "display/screen.h"
#include "hostile_state.h"
#include "lasting_memory.h"

#include <algorithm>
#include <array>
#include <numeric>

using namespace ringer;

namespace {

class Machine {
  public:
    explicit Machine(std::span<u8> video_memory) : vga_(space_, clock_, video_memory, rom_) {
        bus_.attach({.device = 2, .function = 0}, vga_);
        space_.set_backstop(bus_.memory_space());
        vga_.write_config(0x10, 4, 0xe000'0000);
        vga_.write_config(0x18, 4, 0xf000'0000);
        vga_.write_config(0x04, 2, 3);
    }

    void run(fuzz::Script& script) {
        const std::array windows{fuzz::Window{vga_.vga_ports(), device::VgaRegisters::port_count},
                                 fuzz::Window{vga_.vbe_ports(), device::Vga::vbe_port_count},
                                 fuzz::Window{vga_.window(), 0x1'0000}, fuzz::Window{registers_, 0x1000}};
        for (unsigned step = 0; step < 2000 && !script.ended(); ++step) {
            fuzz::access(script, windows);
            switch (script.number(1)) {
            case 1: clock_.set(clock_.now() + script.number(4)); break;
            case 2: fuzz::load_changed_state(script, vga_); break;
            case 3:
                vga_.write_config(static_cast<u8>(script.number(1) & 0xfc), 4,
                                  static_cast<u32>(script.number(4)));
                break;
            case 4: access_anywhere(script); break;
            case 5: write_window_far(script); break;
            case 6: set_text_mode(); break;
            default: break;
            }
        }
    }

    /// How many dots there are to be seen.
    u64 dots() const {
        if (vga_.vbe().is_enabled()) return u64{vga_.vbe().columns()} * vga_.vbe().lines();
        const display::Raster raster = display::raster_of(vga_.registers());
        return raster.columns == 1 ? 720 * 400 : u64{raster.width()} * raster.lines;
    }

    void look() const {
        const display::VgaScreen screen(vga_);
        const display::Picture picture = screen.picture();
        RINGER_ASSERT(picture.pixels.size() == std::size_t{picture.width} * picture.height);
        if (const auto text = screen.text())
            RINGER_ASSERT(text->cells.size() == std::size_t{text->columns} * text->rows);
    }

  private:
    /// BAR 2, wherever it is.
    class Registers final : public memory::Region {
      public:
        explicit Registers(const device::Vga& vga) : vga_(vga) {}
        memory::Answer read(u64 offset, unsigned size, u64& value) override {
            const auto claim = claimed(offset, size);
            return claim ? claim->region.read(claim->offset, size, value) : memory::Answer::now;
        }
        memory::Answer write(u64 offset, unsigned size, u64 value) override {
            const auto claim = claimed(offset, size);
            return claim ? claim->region.write(claim->offset, size, value) : memory::Answer::now;
        }

      private:
        std::optional<device::PciBars::Claim> claimed(u64 offset, unsigned size) const {
            const auto base = vga_.bars()->place(2);
            return base ? vga_.bars()->claim(device::PciSpace::memory, *base + offset, size) : std::nullopt;
        }
        const device::Vga& vga_;
    };

    void port(u16 number, u8 value) {
        device::fixture::out(vga_.vga_ports(), number - device::VgaRegisters::first_port, value);
    }

    /// Writes registers of consecutive indices.
    void set(u16 index_port, std::span<const u8> values) {
        for (u8 index = 0; index < values.size(); ++index) {
            port(index_port, index);
            port(index_port + 1, values[index]);
        }
    }

    /// That of a PC, but with four columns and six rows, so that scripts need not begin with a hundred
    /// writes.
    void set_text_mode() {
        constexpr std::array<u8, 5> sequencer{0x03, 0x00, 0x03, 0x00, 0x02};
        constexpr std::array<u8, 9> graphics{0, 0, 0, 0, 0, 0x10, 0x0e, 0, 0xff};
        constexpr std::array<u8, 25> crtc{0x5f, 0x03, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1d, 0x00,
                                          0x4f, 0x0d, 0x0e, 0x00, 0x00, 0x00, 0x00, 0x9c, 0x0e,
                                          0x5f, 0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff};
        port(0x3c2, 0x67);
        set(0x3c4, sequencer);
        set(0x3ce, graphics);
        set(0x3d4, crtc);
        (void)device::fixture::in(vga_.vga_ports(), 0x3da - device::VgaRegisters::first_port);
        for (u8 index = 0; index < 0x15; ++index) {
            port(0x3c0, index);
            port(0x3c0, index < 0x10 ? 0x3f : 0x0c);
        }
        port(0x3c0, 0x20);
    }

    void access_anywhere(fuzz::Script& script) {
        const u64 address = script.number(4);
        u64 value = 0;
        (void)space_.read(address, 8, value);
        (void)space_.write(address, 4, script.number(4));
    }

    /// The upper half of the window.
    void write_window_far(fuzz::Script& script) {
        const u64 offset = 0x1'0000 + script.number(2);
        device::fixture::out(vga_.window(), offset, static_cast<u8>(script.number(1)));
        (void)device::fixture::in(vga_.window(), offset);
    }

    std::array<u8, 512> rom_{0x55, 0xaa, 1};
    memory::AddressSpace space_;
    fuzz::Cleaner cleaner_{space_};
    device::fixture::ManualClock clock_;
    device::PciBus bus_;
    device::Vga vga_;
    Registers registers_{vga_};
};

} // namespace

/// Any access to a display adapter's ports, memory and configuration, and states loaded into it that nobody
/// vouches for; then somebody looks at the screen. Large screens, and as much memory as there can be, take a
/// hundred times as long as the rest: one input in 256 has them. The first byte is there to decide whether it
/// is one.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    constexpr u64 most_dots = 0x1000;
    const std::span input(data, size);
    const bool is_large = std::accumulate(input.begin(), input.end(), 0u) % 256 == 0;
    fuzz::Script script(input.subspan(std::min<std::size_t>(size, 1)));
    Machine machine(is_large ? fuzz::lasting_memory<device::Vga::memory_size>()
                             : fuzz::lasting_memory<device::Vga::least_memory>());
    machine.run(script);
    if (is_large || machine.dots() <= most_dots) machine.look();
    return 0;
}
