#pragma once

#include "device/byte_region.h"
#include "device/device.h"
#include "device/dma/dma8237_chip.h"
#include "memory/address_space.h"

#include <array>
#include <span>

namespace ringer::device {

/// The PC's DMA controllers: two 8237As, the first of which has channels 0 to 3 that move bytes, and the
/// second channels 4 to 7 that move 16-bit words, with the page registers that hold the upper bits of
/// addresses (IBM PC AT Technical Reference; 82371SB datasheet, 4.2.1). Channel 4 joins the two. It lets
/// requests pass however it is programmed, so that a guest that was started without firmware has DMA.
class IsaDma final : public Device {
  public:
    static constexpr u64 byte_port_count = 0x10, word_port_count = 0x20, page_port_count = 0x0f;

    /// `memory` must outlive the controllers.
    explicit IsaDma(memory::AddressSpace& memory);

    memory::Region& byte_ports() { return byte_ports_; } ///< 0x00 to 0x0f
    memory::Region& word_ports() { return word_ports_; } ///< 0xc0 to 0xdf
    memory::Region& page_ports() { return page_ports_; } ///< 0x81 to 0x8f

    struct Moved {
        std::size_t size = 0;        ///< In bytes.
        bool terminal_count = false; ///< The channel has moved all that it was to.
    };

    /// Moves bytes between a device and memory, for as long as the channel, 0 to 3, serves requests in this
    /// direction; none when it is not set up for that. A channel that verifies takes bytes to memory, which
    /// does not change. What is not RAM reads as ones, and takes nothing.
    Moved move(unsigned channel, std::span<u8> bytes, bool to_memory);

    std::string_view name() const override { return "dma"; }
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    u8 read_byte_chip(u64 offset);
    void write_byte_chip(u64 offset, u8 value);
    u8 read_word_chip(u64 offset);
    void write_word_chip(u64 offset, u8 value);
    u8 read_page(u64 offset);
    void write_page(u64 offset, u8 value);

    /// One piece that neither wraps around nor goes beyond the terminal count.
    std::size_t move_piece(unsigned channel, std::span<u8> bytes, Dma8237Chip::Transfer transfer);

    memory::AddressSpace& memory_;
    Dma8237Chip byte_chip_, word_chip_;
    std::array<u8, page_port_count> pages_{};
    BytePorts<IsaDma> byte_ports_, word_ports_, page_ports_;
};

} // namespace ringer::device
