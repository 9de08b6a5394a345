#pragma once

#include "base/types.h"

#include <string_view>
#include <vector>

namespace ringer::device {

/// The 512 bytes with which an IDE drive describes itself (ATA/ATAPI-6, 8.15.8 and 8.16.8): 256 words.
class IdentifyData {
  public:
    /// Word 49.
    static constexpr u16 supports_dma = 1 << 8, supports_lba = 1 << 9;

    IdentifyData& word(unsigned index, unsigned value);
    IdentifyData& dword(unsigned index, u32 value) {
        return word(index, value & 0xffff).word(index + 1, value >> 16);
    }

    /// Padded with spaces, two characters a word, the first one in the upper byte.
    IdentifyData& text(unsigned index, unsigned words, std::string_view text);

    /// The words that tell of PIO and DMA modes: PIO up to 4, multiword DMA up to 2, Ultra DMA up to 2, which
    /// is what a PIIX3's successors could do and drivers ask for; `selected` as SET FEATURES was given it.
    IdentifyData& transfer_modes(u8 selected);

    /// Whether SET FEATURES may be given this one.
    static bool is_transfer_mode(u8 mode);

    std::vector<u8> take() { return std::move(bytes_); }

  private:
    std::vector<u8> bytes_ = std::vector<u8>(512);
};

} // namespace ringer::device
