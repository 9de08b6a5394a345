#include "device/pci/shadow_map.h"

#include "base/bits.h"

namespace ringer::device {

namespace {

/// RE and WE of a segment. The upper half of PAM0 is that of the last one, and from PAM1 on each register has
/// two in ascending order.
u8 attributes(const std::array<u8, ShadowMap::register_count>& registers, unsigned segment) {
    const unsigned half = segment == ShadowMap::segment_count - 1 ? 1 : 2 + segment;
    return static_cast<u8>(bits(registers[half / 2], 4 * (half % 2), 2));
}

} // namespace

void ShadowMap::apply(const std::array<u8, register_count>& registers) {
    constexpr u8 read_enable = 1 << 0, write_enable = 1 << 1;
    for (unsigned index = 0; index < segment_count; ++index) {
        const u8 wanted = attributes(registers, index);
        if (wanted == attributes(applied_, index)) continue;
        memory_.set_shadow(segment(index).base,
                           {.read = (wanted & read_enable) != 0, .write = (wanted & write_enable) != 0});
    }
    applied_ = registers;
}

} // namespace ringer::device
