#include "device/dma/isa_dma.h"

#include "base/assert.h"

#include <algorithm>

namespace ringer::device {

using Transfer = Dma8237Chip::Transfer;

namespace {

/// The page register of each channel that moves bytes, by its offset from port 0x81.
constexpr std::array<u8, Dma8237Chip::channel_count> byte_page{0x87 - 0x81, 0x83 - 0x81, 0x81 - 0x81,
                                                               0x82 - 0x81};

/// The registers of the second chip are at even addresses only.
constexpr u64 word_register(u64 offset) { return offset / 2; }

} // namespace

IsaDma::IsaDma(memory::AddressSpace& memory)
    : memory_(memory), byte_ports_(*this, &IsaDma::read_byte_chip, &IsaDma::write_byte_chip),
      word_ports_(*this, &IsaDma::read_word_chip, &IsaDma::write_word_chip),
      page_ports_(*this, &IsaDma::read_page, &IsaDma::write_page) {
    reset();
}

void IsaDma::reset() {
    byte_chip_.reset();
    word_chip_.reset();
}

void IsaDma::visit(state::Archive& archive) {
    archive.field(1, "bytes", byte_chip_).field(2, "words", word_chip_).field(3, "pages", pages_);
}

u8 IsaDma::read_byte_chip(u64 offset) { return byte_chip_.read_register(offset); }
void IsaDma::write_byte_chip(u64 offset, u8 value) { byte_chip_.write_register(offset, value); }
u8 IsaDma::read_word_chip(u64 offset) { return word_chip_.read_register(word_register(offset)); }
void IsaDma::write_word_chip(u64 offset, u8 value) {
    word_chip_.write_register(word_register(offset), value);
}
u8 IsaDma::read_page(u64 offset) { return pages_[offset]; }
void IsaDma::write_page(u64 offset, u8 value) { pages_[offset] = value; }

std::size_t IsaDma::move_piece(unsigned channel, std::span<u8> bytes, Transfer transfer) {
    const u16 offset = byte_chip_.address(channel);
    const GuestPhysical page = GuestPhysical{pages_[byte_page[channel]]} << 16;
    const bool down = byte_chip_.counts_down(channel);
    const std::size_t in_page = down ? 1 : 0x1'0000 - offset;
    const auto piece = bytes.first(std::min({bytes.size(), in_page, std::size_t{byte_chip_.left(channel)}}));
    if (transfer == Transfer::write)
        (void)memory_.write_ram(page + offset, piece);
    else if (transfer == Transfer::read && !memory_.read_ram(page + offset, piece))
        std::ranges::fill(piece, u8{0xff});
    return piece.size();
}

IsaDma::Moved IsaDma::move(unsigned channel, std::span<u8> bytes, bool to_memory) {
    RINGER_ASSERT(channel < Dma8237Chip::channel_count);
    Moved moved;
    while (moved.size < bytes.size() && !moved.terminal_count) {
        const Transfer transfer = byte_chip_.transfer(channel);
        const bool right_way = to_memory ? transfer == Transfer::write || transfer == Transfer::verify
                                         : transfer == Transfer::read;
        if (!right_way || !byte_chip_.serves(channel, transfer)) break;
        const std::size_t size = move_piece(channel, bytes.subspan(moved.size), transfer);
        for (std::size_t i = 0; i < size; ++i) moved.terminal_count = byte_chip_.advance(channel);
        moved.size += size;
    }
    return moved;
}

} // namespace ringer::device
