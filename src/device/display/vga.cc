#include "device/display/vga.h"

#include "base/assert.h"
#include "base/bits.h"

#include <bit>

namespace ringer::device {

using memory::Answer;

namespace {

constexpr unsigned memory_bar = 0, register_bar = 2;
constexpr u64 register_bar_size = 0x1000, rom_size = 0x1'0000;

// What is in BAR 2.
constexpr u64 vga_offset = 0x400, vga_end = 0x420, vbe_offset = 0x500, extension_offset = 0x600;
constexpr u64 vga_ports_there = 0x3c0 - VgaRegisters::first_port;
constexpr u64 vbe_end = vbe_offset + 2 * BochsVbe::index_count;
/// How long the extension is, and by which of two values its second register tells that frame buffers are
/// little-endian, as they always are.
constexpr std::array<u32, 2> extension{8, 0x1e1e'1e1e};

} // namespace

Vga::Vga(memory::AddressSpace& memory, const Clock& clock, std::span<u8> video_memory,
         std::span<const u8> rom)
    : registers_(clock), vbe_(static_cast<u32>(video_memory.size())),
      memory_(memory, video_memory, registers_, vbe_), rom_(rom) {
    const u64 size = video_memory.size();
    RINGER_ASSERT(std::has_single_bit(size) && size >= least_memory && size <= memory_size);
    RINGER_ASSERT(rom.size() <= rom_size);
    config_.define({.vendor = 0x1234,
                    .device = 0x1111,
                    .revision = 0x02,
                    .class_code = 0x03'0000, // VGA-compatible controller
                    .subsystem_vendor = 0x1af4,
                    .subsystem = 0x1100});
    config_.define(pci_command::offset, 2, 0, pci_command::io_space | pci_command::memory_space);
    bars_.add(memory_bar, PciSpace::memory, size, memory_.whole());
    bars_.add(register_bar, PciSpace::memory, register_bar_size, register_bar_);
    if (!rom.empty()) bars_.add_rom(rom_size, rom_);
    reset();
}

/// Video memory keeps what it holds.
void Vga::reset() {
    config_.reset();
    registers_.reset();
    vbe_.reset();
    place_memory();
}

void Vga::visit(state::Archive& archive) {
    archive.field(1, "config", config_).field(2, "registers", registers_).field(3, "vbe", vbe_);
    place_memory();
}

void Vga::write_config(u8 offset, unsigned size, u32 value) {
    config_.write(offset, size, value);
    place_memory();
}

void Vga::place_memory() { memory_.place(bars_.place(memory_bar)); }

void Vga::write_vbe(u16 index, u16 value) {
    if (vbe_.write(index, value)) memory_.clear(vbe_.frame_bytes());
}

Answer Vga::VbePorts::read(u64 offset, unsigned size, u64& value) {
    value = ~u64{0};
    if (size == 2) value = offset == 0 ? vga_.vbe_.selected() : vga_.vbe_.read(vga_.vbe_.selected());
    return Answer::now;
}

Answer Vga::VbePorts::write(u64 offset, unsigned size, u64 value) {
    if (size != 2) return Answer::now;
    const auto word = static_cast<u16>(value);
    if (offset == 0)
        vga_.vbe_.select(word);
    else
        vga_.write_vbe(vga_.vbe_.selected(), word);
    return Answer::now;
}

Answer Vga::Registers::read(u64 offset, unsigned size, u64& value) {
    if (offset >= vga_offset && offset + size <= vga_end)
        return vga_.vga_ports_.read(offset - vga_offset + vga_ports_there, size, value);
    value = ~u64{0};
    if (offset >= vbe_offset && offset + size <= vbe_end && size == 2 && is_aligned(offset, 2))
        value = vga_.vbe_.read(static_cast<u16>((offset - vbe_offset) / 2));
    else if (offset >= extension_offset && offset + size <= extension_offset + sizeof(extension) &&
             size == 4 && is_aligned(offset, 4))
        value = extension[(offset - extension_offset) / 4];
    return Answer::now;
}

Answer Vga::Registers::write(u64 offset, unsigned size, u64 value) {
    if (offset >= vga_offset && offset + size <= vga_end)
        return vga_.vga_ports_.write(offset - vga_offset + vga_ports_there, size, value);
    if (offset >= vbe_offset && offset + size <= vbe_end && size == 2 && is_aligned(offset, 2))
        vga_.write_vbe(static_cast<u16>((offset - vbe_offset) / 2), static_cast<u16>(value));
    return Answer::now;
}

} // namespace ringer::device
