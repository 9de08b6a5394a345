#include "device/storage/bus_master.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ringer::device {

namespace {

constexpr u64 command_offset = 0, status_offset = 2, table_offset = 4;

// BMICX.
constexpr u8 start = 1 << 0, writes_memory = 1 << 3;
// BMISX. The two bits that tell drives capable of DMA are the host's to use.
constexpr u8 active = 1 << 0, error = 1 << 1, interrupt = 1 << 2, drives_capable = 3 << 5;

// A physical region descriptor: address, count with 0 for 64 KiB, and the end of the table.
constexpr std::size_t descriptor_size = 8;
constexpr u32 end_of_table = 1u << 31;

} // namespace

void BusMaster::visit(state::Archive& archive) {
    auto& [command, status, table, next, address, left, is_last] = state_;
    archive.field(1, "command", command)
        .field(2, "status", status)
        .field(3, "table", table)
        .field(4, "next", next)
        .field(5, "address", address)
        .field(6, "left", left)
        .field(7, "is_last", is_last);
}

void BusMaster::note_interrupt() { state_.status |= interrupt; }

void BusMaster::permit(bool permitted) {
    const bool begins = permitted && !permitted_ && state_.status & active;
    permitted_ = permitted;
    if (begins && started) started();
}

bool BusMaster::runs(bool to_memory) const {
    return permitted_ && state_.status & active && to_memory == ((state_.command & writes_memory) != 0);
}

u8 BusMaster::read_byte(u64 offset) {
    if (offset == command_offset) return state_.command;
    if (offset == status_offset) return state_.status;
    if (offset >= table_offset) return static_cast<u8>(state_.table >> 8 * (offset - table_offset));
    return 0;
}

void BusMaster::write_byte(u64 offset, u8 value) {
    if (offset == command_offset) {
        write_command(value);
    } else if (offset == status_offset) {
        const u8 kept = state_.status & static_cast<u8>(~drives_capable & ~(value & (error | interrupt)));
        state_.status = kept | (value & drives_capable);
    } else if (offset >= table_offset) {
        const auto shift = static_cast<unsigned>(8 * (offset - table_offset));
        state_.table = ((state_.table & ~(0xffu << shift)) | u32{value} << shift) & ~3u;
    }
}

void BusMaster::write_command(u8 value) {
    const bool was_started = state_.command & start;
    state_.command = value & (start | writes_memory);
    if (!(value & start)) {
        state_.status &= static_cast<u8>(~active);
    } else if (!was_started) {
        state_.status |= active;
        state_.next = state_.table;
        state_.left = 0;
        state_.is_last = false;
        if (started) started();
    }
}

bool BusMaster::load_region() {
    std::array<u8, descriptor_size> descriptor;
    if (!memory_.read_ram(state_.next, descriptor)) return false;
    u32 address = 0, control = 0;
    std::memcpy(&address, descriptor.data(), sizeof(address));
    std::memcpy(&control, descriptor.data() + sizeof(address), sizeof(control));
    state_.address = address & ~1u;
    state_.left = control & 0xfffe ? control & 0xfffe : 0x1'0000;
    state_.is_last = control & end_of_table;
    state_.next += descriptor_size;
    return true;
}

bool BusMaster::move_piece(std::span<u8> bytes, bool to_memory) {
    const bool moved =
        to_memory ? memory_.write_ram(state_.address, bytes) : memory_.read_ram(state_.address, bytes);
    state_.address += static_cast<u32>(bytes.size());
    state_.left -= static_cast<u32>(bytes.size());
    return moved;
}

void BusMaster::stop_with_error() {
    state_.status = static_cast<u8>((state_.status & ~active) | error);
    state_.command &= static_cast<u8>(~start);
}

std::optional<std::size_t> BusMaster::move(std::span<u8> bytes, bool to_memory) {
    std::size_t moved = 0;
    while (moved < bytes.size() && runs(to_memory)) {
        if (state_.left == 0) {
            if (state_.is_last) {
                state_.status &= static_cast<u8>(~active);
                break;
            }
            if (!load_region()) {
                stop_with_error();
                return std::nullopt;
            }
        }
        const std::size_t size = std::min<std::size_t>(bytes.size() - moved, state_.left);
        if (!move_piece(bytes.subspan(moved, size), to_memory)) {
            stop_with_error();
            return std::nullopt;
        }
        moved += size;
    }
    return moved;
}

void BusMaster::finished() {
    if (state_.left == 0 && state_.is_last) state_.status &= static_cast<u8>(~active);
}

} // namespace ringer::device
