#include "device/network/frame.h"

#include <cstring>

namespace ringer::device {

/// The sum is the same in either order of the bytes, but for its own (RFC 1071, 2), so that it is made of
/// large little-endian words.
bool complete_checksum(std::span<u8> frame, std::size_t start, std::size_t offset) {
    if (start + offset + 2 > frame.size()) return false;
    const std::span<u8> part = frame.subspan(start);
    u64 sum = 0;
    std::size_t at = 0;
    for (u32 word; at + sizeof(word) <= part.size(); at += sizeof(word)) {
        std::memcpy(&word, part.data() + at, sizeof(word));
        sum += word;
    }
    u32 rest = 0;
    if (at < part.size()) std::memcpy(&rest, part.data() + at, part.size() - at);
    sum += rest;
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    // Where the sum goes was the pseudo header's, which counts. An all-zero sum is written as ones (RFC 768).
    const u16 folded = static_cast<u16>(~sum) ? static_cast<u16>(~sum) : 0xffff;
    std::memcpy(part.data() + offset, &folded, sizeof(folded));
    return true;
}

} // namespace ringer::device
