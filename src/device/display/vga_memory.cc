#include "device/display/vga_memory.h"

#include "base/assert.h"
#include "base/bits.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ringer::device {

namespace {

namespace graphics = vga::graphics;
namespace sequencer = vga::sequencer;

/// 0xff in the byte of each plane whose bit is set.
constexpr u32 plane_mask(u8 planes) {
    u32 mask = 0;
    for (unsigned plane = 0; plane < 4; ++plane)
        if (bit(planes, plane)) mask |= 0xffu << 8 * plane;
    return mask;
}

constexpr u32 in_all_planes(u8 value) { return value * 0x0101'0101u; }

/// The part of the window that is answered for, by the memory map select.
struct WindowPart {
    u64 base, size;
};
constexpr std::array<WindowPart, 4> window_parts{
    {{0x0'0000, 0x2'0000}, {0x0'0000, 0x1'0000}, {0x1'0000, 0x8000}, {0x1'8000, 0x8000}}};

} // namespace

VgaMemory::VgaMemory(memory::AddressSpace& memory, std::span<u8> bytes, VgaRegisters& registers,
                     const BochsVbe& vbe)
    : memory_(memory), bytes_(bytes), slot_(memory.add_movable_ram(bytes)), registers_(registers), vbe_(vbe) {
}

/// Must be called before the bytes change, which lie within one page.
void VgaMemory::note_write(u64 offset, u64 size) {
    memory_.note_write(memory_.ram_slots()[slot_].base + offset, size);
}

void VgaMemory::clear(u64 size) {
    RINGER_ASSERT(size <= bytes_.size());
    for (u64 at = 0; at < size; at += memory::page_size) {
        const u64 count = std::min(memory::page_size, size - at);
        note_write(at, count);
        std::ranges::fill(bytes_.subspan(at, count), u8{0});
    }
}

void VgaMemory::write_whole(u64 offset, u8 value) {
    note_write(offset, 1);
    bytes_[offset] = value;
}

/// Whether the window shows bytes as they lie in video memory: the banked modes of the Bochs interface.
bool VgaMemory::is_linear() const { return vbe_.is_enabled() && vbe_.bits_per_pixel() > 4; }

/// What an offset in the window stands for, with the bank; nullopt where nothing answers.
std::optional<u64> VgaMemory::window_target(u64 offset) const {
    const VgaState& state = registers_.state();
    if (!(state.miscellaneous & vga::misc_memory_enable)) return std::nullopt;
    const unsigned part = is_linear() ? 1 : bits(state.graphics[graphics::miscellaneous], 2, 2);
    const u64 at = offset - window_parts[part].base;
    if (at >= window_parts[part].size) return std::nullopt;
    return part == 1 ? at + vbe_.bank_offset() : at;
}

/// Where odd/even mode finds a byte: pairs of planes, chosen by the lowest bit of the address.
u64 VgaMemory::chained_pair(u64 target) const {
    const u8 upper_pair = registers_.state().graphics[graphics::read_map_select] & 2;
    return (target & ~u64{1}) << 1 | upper_pair | (target & 1);
}

void VgaMemory::load_latches(u64 word) {
    std::memcpy(registers_.state().latches.data(), &bytes_[4 * word], sizeof(u32));
}

u8 VgaMemory::read_latches() const {
    const VgaState& state = registers_.state();
    const auto latches = std::bit_cast<u32>(state.latches);
    if (!(state.graphics[graphics::mode] & graphics::read_mode_1))
        return state.latches[state.graphics[graphics::read_map_select]];
    const u32 unlike = (latches ^ plane_mask(state.graphics[graphics::color_compare])) &
                       plane_mask(state.graphics[graphics::color_dont_care]);
    return static_cast<u8>(~(unlike | unlike >> 8 | unlike >> 16 | unlike >> 24));
}

u8 VgaMemory::read_window(u64 offset) {
    const auto target = window_target(offset);
    if (!target) return 0xff;
    const VgaState& state = registers_.state();
    const bool chain_4 = is_linear() || state.sequencer[sequencer::memory_mode] & sequencer::chain_4;
    const bool pairs = !chain_4 && state.graphics[graphics::mode] & graphics::odd_even;
    const u64 byte = chain_4 ? *target : pairs ? chained_pair(*target) : 4 * *target;
    if (byte >= bytes_.size()) return 0xff;
    load_latches(byte / 4);
    return chain_4 || pairs ? bytes_[byte] : read_latches();
}

/// What the graphics controller makes of a byte, the latches and its registers, in all planes (write modes 0
/// to 3).
u32 VgaMemory::drawn(u8 value) const {
    const VgaState& state = registers_.state();
    const auto& registers = state.graphics;
    const auto latches = std::bit_cast<u32>(state.latches);
    const u8 rotated = std::rotr(value, registers[graphics::data_rotate] & 7);
    const u32 set_reset = plane_mask(registers[graphics::set_reset]);
    u32 source = 0;
    u8 bit_mask = registers[graphics::bit_mask];
    switch (registers[graphics::mode] & 3) {
    case 0: {
        const u32 enabled = plane_mask(registers[graphics::enable_set_reset]);
        source = (in_all_planes(rotated) & ~enabled) | (set_reset & enabled);
        break;
    }
    case 1: return latches;
    case 2: source = plane_mask(value & 0x0f); break;
    case 3:
        source = set_reset;
        bit_mask &= rotated;
        break;
    }
    switch (bits(registers[graphics::data_rotate], 3, 2)) {
    case 1: source &= latches; break;
    case 2: source |= latches; break;
    case 3: source ^= latches; break;
    default: break;
    }
    const u32 mask = in_all_planes(bit_mask);
    return (source & mask) | (latches & ~mask);
}

void VgaMemory::write_word(u64 word, u32 value, u32 mask) {
    u32 old = 0;
    u8* const place = &bytes_[4 * word];
    note_write(4 * word, sizeof(old));
    std::memcpy(&old, place, sizeof(old));
    value = (value & mask) | (old & ~mask);
    std::memcpy(place, &value, sizeof(value));
}

void VgaMemory::write_window(u64 offset, u8 value) {
    const auto target = window_target(offset);
    if (!target) return;
    const VgaState& state = registers_.state();
    const u32 map_mask = is_linear() ? ~u32{0} : plane_mask(state.sequencer[sequencer::map_mask]);
    const bool chain_4 = is_linear() || state.sequencer[sequencer::memory_mode] & sequencer::chain_4;
    const bool pairs = !chain_4 && state.graphics[graphics::mode] & graphics::odd_even;
    const u64 byte = chain_4 ? *target : pairs ? chained_pair(*target) : 4 * *target;
    if (byte >= bytes_.size()) return;
    if (chain_4 || pairs)
        write_word(byte / 4, in_all_planes(value), map_mask & 0xffu << 8 * (byte % 4));
    else
        write_word(byte / 4, drawn(value), map_mask);
}

} // namespace ringer::device
