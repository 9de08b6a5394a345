#pragma once

#include "base/types.h"
#include "state/archive.h"

#include <array>

namespace ringer::device {

/// What a guest can observe of one channel of a Dma8237Chip.
struct Dma8237Channel {
    u16 base_address = 0, base_count = 0;
    u16 address = 0, count = 0; ///< The current ones. `count` is one less than the transfers that are left.
    u8 mode = 0;                ///< Bits 2 to 7 of the mode register.
};

void visit(state::Archive& archive, Dma8237Channel& channel);

/// One Intel 8237A, by its datasheet: four channels that count through memory, and the registers by which
/// they are set up. It knows nothing of memory: who moves the data asks it for addresses. Memory-to-memory
/// transfers and compressed timing, which no PC has use for, are left out.
class Dma8237Chip {
  public:
    static constexpr unsigned channel_count = 4;
    static constexpr u64 register_count = 16;

    /// What a transfer does to memory ("Mode Register").
    enum class Transfer : u8 { verify, write, read, illegal };

    u8 read_register(u64 index);
    void write_register(u64 index, u8 value);

    /// Whether a request of the channel's device is answered with transfers of that kind.
    bool serves(unsigned channel, Transfer transfer) const;

    Transfer transfer(unsigned channel) const;

    /// How many transfers are left until the channel's terminal count: 1 to 65536.
    u32 left(unsigned channel) const { return u32{channels_[channel].count} + 1; }
    u16 address(unsigned channel) const { return channels_[channel].address; }
    bool counts_down(unsigned channel) const;

    /// Goes on by one transfer. Returns whether it was the last, at which TC is signalled and the channel is
    /// either set up anew or masked.
    bool advance(unsigned channel);

    /// As the RESET pin does, and the master clear command.
    void reset();
    void visit(state::Archive& archive);

  private:
    u8 read_half(u16 value);
    void write_half(u16& base, u16& current, u8 value);
    void set_mask(unsigned channel, bool masked);

    std::array<Dma8237Channel, channel_count> channels_{};
    u8 command_ = 0;
    u8 requests_ = 0; ///< A bit for each channel that software has requested.
    u8 reached_ = 0; ///< A bit for each channel that has reached its terminal count since that was last read.
    u8 masked_ = 0;
    bool upper_half_ = false; ///< The flip-flop: which half of an address or count is accessed next.
};

} // namespace ringer::device
