#include "device/pci/pci_bars.h"

#include "base/assert.h"

#include <bit>

namespace ringer::device {

namespace {

constexpr u8 first_bar_offset = 0x10, rom_offset = 0x30;
constexpr u32 io_indicator = 1, rom_enable = 1;

} // namespace

void PciBars::add(unsigned index, PciSpace space, u64 size, memory::Region& region) {
    const bool is_io = space == PciSpace::io;
    RINGER_ASSERT(index < 6 && std::has_single_bit(size) && size >= (is_io ? 4 : 16) && size <= 1u << 31);
    const auto offset = static_cast<u8>(first_bar_offset + 4 * index);
    config_.define(offset, 4, is_io ? io_indicator : 0, static_cast<u32>(-size));
    bars_.push_back({offset, space, size, &region});
}

void PciBars::add_rom(u64 size, memory::Region& region) {
    RINGER_ASSERT(std::has_single_bit(size) && size >= 2048 && size <= 1u << 24);
    config_.define(rom_offset, 4, 0, static_cast<u32>(-size) | rom_enable);
    bars_.push_back({rom_offset, PciSpace::memory, size, &region});
}

bool PciBars::is_enabled(const Bar& bar) const {
    const u32 needed = bar.space == PciSpace::io ? pci_command::io_space : pci_command::memory_space;
    if (!(config_.read(pci_command::offset, 2) & needed)) return false;
    return bar.offset != rom_offset || config_.read(rom_offset, 4) & rom_enable;
}

std::optional<u64> PciBars::place(unsigned index) const {
    for (const Bar& bar : bars_)
        if (bar.offset == first_bar_offset + 4 * index && is_enabled(bar)) return base_of(bar);
    return std::nullopt;
}

std::optional<PciBars::Claim> PciBars::claim(PciSpace space, u64 address, unsigned size) const {
    for (const Bar& bar : bars_) {
        if (bar.space != space || !is_enabled(bar)) continue;
        const u64 offset = address - base_of(bar);
        if (offset < bar.size && size <= bar.size - offset) return Claim{*bar.region, offset};
    }
    return std::nullopt;
}

} // namespace ringer::device
