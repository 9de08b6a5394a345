#pragma once

#include "base/bits.h"
#include "device/storage/medium.h"

#include <array>
#include <map>

namespace ringer::host {

/// A medium that begins as another one and keeps what is written to it in memory: what is below stays as it
/// is, for others to begin with it too, and a copy of the process has a medium of its own.
class PrivateMedium final : public device::Medium {
  public:
    /// `below` must outlive it.
    PrivateMedium(device::Medium& below, bool is_read_only) : below_(below), is_read_only_(is_read_only) {}

    u64 size() const override { return below_.size(); }
    bool is_read_only() const override { return is_read_only_; }
    [[nodiscard]] bool read(u64 offset, std::span<u8> destination) override;
    [[nodiscard]] bool write(u64 offset, std::span<const u8> source) override;
    [[nodiscard]] bool flush() override { return true; }
    [[nodiscard]] bool read_scattered(u64 offset, Pieces destination) override;
    [[nodiscard]] bool write_gathered(u64 offset, Pieces source) override;
    [[nodiscard]] bool write_zeroes(u64 offset, u64 size, bool may_unmap) override;
    /// What is discarded stays as it is.
    [[nodiscard]] bool discard(u64, u64) override { return !is_read_only_; }

  private:
    static constexpr u64 block_size = 4 * KiB;
    using Block = std::array<u8, block_size>;

    /// Goes over a range block by block: `use` is given the block's number, the place in it and the size.
    template <class Use>
    static bool for_each_block(u64 offset, u64 size, Use&& use);
    Block* block_to_write(u64 number);

    device::Medium& below_;
    const bool is_read_only_;
    std::map<u64, Block> written_; ///< By the block's number.
};

} // namespace ringer::host
