#include "device/storage/identify_data.h"

#include "base/assert.h"

namespace ringer::device {

namespace {

/// The upper five bits of a transfer mode (ATA/ATAPI-6, table 51) tell its kind, the lower three its number.
enum ModeKind : u8 { default_pio = 0, pio = 1, multiword_dma = 4, ultra_dma = 8 };
constexpr unsigned best_pio = 4, best_multiword_dma = 2, best_ultra_dma = 2;

} // namespace

IdentifyData& IdentifyData::word(unsigned index, unsigned value) {
    RINGER_ASSERT(index < 256);
    bytes_[2 * index] = static_cast<u8>(value);
    bytes_[2 * index + 1] = static_cast<u8>(value >> 8);
    return *this;
}

IdentifyData& IdentifyData::text(unsigned index, unsigned words, std::string_view text) {
    RINGER_ASSERT(index + words <= 256);
    for (unsigned i = 0; i < 2 * words; ++i)
        bytes_[2 * index + (i ^ 1)] = i < text.size() ? static_cast<u8>(text[i]) : u8{' '};
    return *this;
}

IdentifyData& IdentifyData::transfer_modes(u8 selected) {
    constexpr u16 modes_0_to_2 = 0x07, pio_3_and_4 = 0x03, cycle_time = 120;
    const unsigned kind = selected >> 3, number = selected & 7;
    const auto active = [&](unsigned which) { return kind == which ? 0x100u << number : 0u; };
    word(62, 0).word(63, modes_0_to_2 | active(multiword_dma)).word(64, pio_3_and_4);
    for (const unsigned index : {65, 66, 67, 68}) word(index, cycle_time);
    return word(88, modes_0_to_2 | active(ultra_dma));
}

bool IdentifyData::is_transfer_mode(u8 mode) {
    const unsigned kind = mode >> 3, number = mode & 7;
    switch (kind) {
    case default_pio: return number <= 1;
    case pio: return number <= best_pio;
    case multiword_dma: return number <= best_multiword_dma;
    case ultra_dma: return number <= best_ultra_dma;
    default: return false;
    }
}

} // namespace ringer::device
