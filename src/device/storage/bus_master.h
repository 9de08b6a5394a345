#pragma once

#include "device/byte_region.h"
#include "memory/address_space.h"
#include "state/archive.h"

#include <functional>
#include <optional>
#include <span>

namespace ringer::device {

/// The bus-master DMA engine of one IDE channel (Intel, Programming Interface for Bus Master IDE Controller
/// 1.0; 82371SB datasheet, "BMICX" to "BMIDTPX"): eight ports, and the table of physical regions in memory
/// that they point to.
class BusMaster final : public ByteRegion {
  public:
    static constexpr u64 port_count = 8;

    explicit BusMaster(memory::AddressSpace& memory) : memory_(memory) {}

    /// Called when the guest has started it.
    std::function<void()> started;

    /// Whether the function's command register lets it be bus master. It is at first; while it is not,
    /// nothing moves.
    void permit(bool permitted);

    void reset() { state_ = {}; }

    /// The channel's interrupt line has risen.
    void note_interrupt();

    /// Whether it runs in this direction.
    bool runs(bool to_memory) const;

    /// Moves bytes from or to the regions that come next. Returns how many there was room for; nullopt, and
    /// it stops, when one of them or the table is not in memory.
    std::optional<std::size_t> move(std::span<u8> bytes, bool to_memory);

    /// The drive wants no more: it stops if it stands at the end of the table.
    void finished();

    void visit(state::Archive& archive);

  private:
    struct State {
        u8 command = 0;
        u8 status = 0;
        u32 table = 0;   ///< BMIDTP, as written.
        u32 next = 0;    ///< The next descriptor.
        u32 address = 0; ///< What is left of the current region.
        u32 left = 0;
        bool is_last = false; ///< The current region is the table's last.
    };

    u8 read_byte(u64 offset) override;
    void write_byte(u64 offset, u8 value) override;
    void write_command(u8 value);
    bool load_region();
    bool move_piece(std::span<u8> bytes, bool to_memory);
    void stop_with_error();

    memory::AddressSpace& memory_;
    State state_;
    bool permitted_ = true; ///< Follows from the function's configuration space.
};

} // namespace ringer::device
