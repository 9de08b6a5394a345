#pragma once

#include "device/display/vga.h"
#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace ringer::device::fixture {

/// A display adapter with memory of its own, and a guest's ways to its registers.
class VgaBench {
  public:
    void port(u16 number, u8 value) { out(vga.vga_ports(), number - VgaRegisters::first_port, value); }
    u8 port(u16 number) { return in(vga.vga_ports(), number - VgaRegisters::first_port); }
    void indexed(u16 index_port, u8 index, u8 value) {
        port(index_port, index);
        port(index_port + 1, value);
    }
    u8 indexed(u16 index_port, u8 index) {
        port(index_port, index);
        return port(index_port + 1);
    }
    void sequencer(u8 index, u8 value) { indexed(0x3c4, index, value); }
    void graphics(u8 index, u8 value) { indexed(0x3ce, index, value); }
    void crtc(u8 index, u8 value) { indexed(0x3d4, index, value); }
    void attribute(u8 index, u8 value) {
        (void)port(0x3da);
        port(0x3c0, index);
        port(0x3c0, value);
        port(0x3c0, 0x20); // The palette is seen again.
    }
    void color(u8 index, u8 red, u8 green, u8 blue) {
        port(0x3c8, index);
        for (const u8 each : {red, green, blue}) port(0x3c9, each);
    }
    void vbe(u16 index, u16 value) {
        RINGER_ASSERT(vga.vbe_ports().write(0, 2, index) == memory::Answer::now);
        RINGER_ASSERT(vga.vbe_ports().write(1, 2, value) == memory::Answer::now);
    }
    u16 vbe(u16 index) {
        u64 value = 0;
        RINGER_ASSERT(vga.vbe_ports().write(0, 2, index) == memory::Answer::now);
        RINGER_ASSERT(vga.vbe_ports().read(1, 2, value) == memory::Answer::now);
        return static_cast<u16>(value);
    }
    void set_vbe_mode(u16 width, u16 height, u16 depth, u16 flags = BochsVbe::enabled | BochsVbe::linear) {
        vbe(BochsVbe::enable, 0);
        vbe(BochsVbe::width, width);
        vbe(BochsVbe::height, height);
        vbe(BochsVbe::depth, depth);
        vbe(BochsVbe::enable, flags);
    }
    /// By physical address, in the window.
    void poke(u64 address, u8 value) { out(vga.window(), address - VgaMemory::window_base, value); }
    u8 peek(u64 address) { return in(vga.window(), address - VgaMemory::window_base); }

    /// 80 by 25 characters of 9 by 16 dots, at 0xB8000; colors 1 to 15 have their number as their red.
    void set_text_mode() {
        port(0x3c2, 0x67);
        constexpr std::array<u8, 5> sequencer_values{0x03, 0x00, 0x03, 0x00, 0x02};
        for (u8 i = 0; i < sequencer_values.size(); ++i) sequencer(i, sequencer_values[i]);
        constexpr std::array<u8, 9> graphics_values{0, 0, 0, 0, 0, 0x10, 0x0e, 0, 0xff};
        for (u8 i = 0; i < graphics_values.size(); ++i) graphics(i, graphics_values[i]);
        constexpr std::array<u8, 25> crtc_values{0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00,
                                                 0x4f, 0x0d, 0x0e, 0x00, 0x00, 0x07, 0x80, 0x9c, 0x0e,
                                                 0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff};
        for (u8 i = 0; i < crtc_values.size(); ++i) crtc(i, crtc_values[i]);
        set_attributes(0x0c);
        attribute(0x13, 0x08); // No panning, for characters of nine dots.
    }
    /// Of graphics modes: what they have in common.
    void set_attributes(u8 mode_control) {
        for (u8 i = 0; i < 16; ++i) {
            attribute(i, i);
            color(i, i, 0, 0);
        }
        attribute(0x10, mode_control);
        attribute(0x12, 0x0f);
        attribute(0x13, 0x00);
    }

    std::vector<u8> memory = std::vector<u8>(Vga::memory_size);
    memory::AddressSpace space;
    ManualClock clock;
    std::array<u8, 512> rom{0x55, 0xaa, 1};
    Vga vga{space, clock, memory, rom};
};

} // namespace ringer::device::fixture
