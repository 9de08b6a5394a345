#include "device/dma/dma8237_chip.h"

#include "base/bits.h"

#include <utility>

namespace ringer::device {

namespace {

/// Registers 0 to 7 are address and count of each channel.
enum Register : u8 {
    command_or_status = 8,
    request = 9,
    single_mask = 10,
    mode = 11,
    clear_flip_flop = 12,
    master_clear_or_temporary = 13,
    clear_masks = 14,
    all_masks = 15,
};

constexpr u8 every_channel = 0x0f;
constexpr u8 controller_disabled = 1 << 2; ///< Of the command register.
constexpr unsigned set_bit = 2; ///< Of what is written to the request and the single mask register.

// The mode register.
constexpr unsigned transfer_shift = 2;
constexpr u8 initializes_itself = 1 << 4, decrements = 1 << 5, mode_kept = 0xfc, cascade = 0xc0;

/// What is read where no register answers.
constexpr u8 floating = 0xff;

} // namespace

void visit(state::Archive& archive, Dma8237Channel& channel) {
    auto& [base_address, base_count, address, count, mode_register] = channel;
    archive.field(1, "base_address", base_address)
        .field(2, "base_count", base_count)
        .field(3, "address", address)
        .field(4, "count", count)
        .field(5, "mode", mode_register);
}

void Dma8237Chip::visit(state::Archive& archive) {
    archive.field(1, "channels", channels_)
        .field(2, "command", command_)
        .field(3, "requests", requests_)
        .field(4, "reached", reached_)
        .field(5, "masked", masked_)
        .field(6, "upper_half", upper_half_);
}

/// "Master Clear"; addresses, counts and modes stay as they are.
void Dma8237Chip::reset() {
    command_ = 0;
    requests_ = 0;
    reached_ = 0;
    masked_ = every_channel;
    upper_half_ = false;
}

Dma8237Chip::Transfer Dma8237Chip::transfer(unsigned channel) const {
    return static_cast<Transfer>(bits(channels_[channel].mode, transfer_shift, 2));
}

bool Dma8237Chip::counts_down(unsigned channel) const { return channels_[channel].mode & decrements; }

bool Dma8237Chip::serves(unsigned channel, Transfer wanted) const {
    if (command_ & controller_disabled || bit(masked_, channel)) return false;
    if ((channels_[channel].mode & cascade) == cascade) return false;
    return transfer(channel) == wanted;
}

bool Dma8237Chip::advance(unsigned channel) {
    Dma8237Channel& state = channels_[channel];
    state.address = static_cast<u16>(state.address + (counts_down(channel) ? -1 : 1));
    if (state.count-- != 0) return false;
    reached_ |= static_cast<u8>(1 << channel);
    requests_ &= static_cast<u8>(~(1 << channel));
    if (state.mode & initializes_itself) {
        state.address = state.base_address;
        state.count = state.base_count;
    } else {
        set_mask(channel, true);
    }
    return true;
}

void Dma8237Chip::set_mask(unsigned channel, bool masked) {
    masked_ = static_cast<u8>((masked_ & ~(1 << channel)) | (masked ? 1 << channel : 0));
}

u8 Dma8237Chip::read_half(u16 value) {
    return static_cast<u8>(std::exchange(upper_half_, !upper_half_) ? value >> 8 : value);
}

void Dma8237Chip::write_half(u16& base, u16& current, u8 value) {
    if (std::exchange(upper_half_, !upper_half_))
        base = static_cast<u16>((base & 0xff) | value << 8);
    else
        base = static_cast<u16>((base & 0xff00) | value);
    current = base;
}

/// Of those that the datasheet lets nobody read, the last is the masks on PCs (82371SB, "RWAMB").
u8 Dma8237Chip::read_register(u64 index) {
    if (index < command_or_status) {
        const Dma8237Channel& channel = channels_[index / 2];
        return read_half(index % 2 ? channel.count : channel.address);
    }
    switch (index) {
    case command_or_status: return static_cast<u8>(std::exchange(reached_, u8{0}) | requests_ << 4);
    case master_clear_or_temporary: return 0;
    case all_masks: return masked_;
    default: return floating;
    }
}

void Dma8237Chip::write_register(u64 index, u8 value) {
    if (index < command_or_status) {
        Dma8237Channel& channel = channels_[index / 2];
        if (index % 2)
            write_half(channel.base_count, channel.count, value);
        else
            write_half(channel.base_address, channel.address, value);
        return;
    }
    const unsigned selected = value & 3;
    switch (index) {
    case command_or_status: command_ = value; break;
    case request:
        requests_ =
            static_cast<u8>((requests_ & ~(1 << selected)) | (bit(value, set_bit) ? 1 << selected : 0));
        break;
    case single_mask: set_mask(selected, bit(value, set_bit)); break;
    case mode: channels_[selected].mode = value & mode_kept; break;
    case clear_flip_flop: upper_half_ = false; break;
    case master_clear_or_temporary: reset(); break;
    case clear_masks: masked_ = 0; break;
    case all_masks: masked_ = value & every_channel; break;
    default: break;
    }
}

} // namespace ringer::device
