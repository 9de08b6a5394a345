#include "device/display/vga.h"

#include "access_script.h"
#include "device/fixture/fixture.h"
#include "device/pci/pci_bus.h"
#include "display/screen.h"
#include "hostile_state.h"

#include <algorithm>
#include <array>

using namespace ringer;

namespace {

class Machine {
  public:
    explicit Machine(std::span<u8> video_memory)
        : video_memory_(video_memory), vga_(space_, clock_, video_memory, rom_) {
        bus_.attach({.device = 2, .function = 0}, vga_);
        space_.set_backstop(bus_.memory_space());
        vga_.write_config(0x10, 4, 0xe000'0000);
        vga_.write_config(0x18, 4, 0xf000'0000);
        vga_.write_config(0x04, 2, 3);
    }
    /// Leaves video memory as it was found, zero throughout.
    ~Machine() {
        const u64 base = space_.ram_slots().front().base;
        for (const GuestPhysical page : space_.take_dirty_pages())
            std::ranges::fill(video_memory_.subspan(page - base, memory::page_size), u8{0});
    }
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

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
            default: break;
            }
        }
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

    std::span<u8> video_memory_;
    std::array<u8, 512> rom_{0x55, 0xaa, 1};
    memory::AddressSpace space_;
    device::fixture::ManualClock clock_;
    device::PciBus bus_;
    device::Vga vga_;
    Registers registers_{vga_};
};

} // namespace

/// Any access to a display adapter's ports, memory and configuration, and states loaded into it that nobody
/// vouches for; then somebody looks at the screen.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    static std::vector<u8> video_memory(device::Vga::memory_size);
    fuzz::Script script({data, size});
    Machine machine(video_memory);
    machine.run(script);
    return 0;
}
