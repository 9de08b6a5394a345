#include "host/storage/private_medium.h"

#include <algorithm>

namespace ringer::host {

template <class Use>
bool PrivateMedium::for_each_block(u64 offset, u64 size, Use&& use) {
    while (size > 0) {
        const u64 place = offset % block_size, piece = std::min(size, block_size - place);
        if (!use(offset / block_size, place, piece)) return false;
        offset += piece;
        size -= piece;
    }
    return true;
}

bool PrivateMedium::read(u64 offset, std::span<u8> destination) {
    if (!below_.read(offset, destination)) return false;
    return for_each_block(offset, destination.size(), [&](u64 number, u64 place, u64 size) {
        if (const auto block = written_.find(number); block != written_.end())
            std::copy_n(block->second.begin() + static_cast<std::ptrdiff_t>(place), size,
                        destination.begin());
        destination = destination.subspan(size);
        return true;
    });
}

bool PrivateMedium::write(u64 offset, std::span<const u8> source) {
    if (is_read_only_ || offset > size() || source.size() > size() - offset) return false;
    return for_each_block(offset, source.size(), [&](u64 number, u64 place, u64 size) {
        Block* const block = block_to_write(number);
        if (!block) return false;
        std::copy_n(source.begin(), size, block->begin() + static_cast<std::ptrdiff_t>(place));
        source = source.subspan(size);
        return true;
    });
}

bool PrivateMedium::read_scattered(u64 offset, Pieces destination) {
    return std::ranges::all_of(destination, [&](std::span<u8> piece) {
        const u64 start = offset;
        offset += piece.size();
        return read(start, piece);
    });
}

bool PrivateMedium::write_gathered(u64 offset, Pieces source) {
    return std::ranges::all_of(source, [&](std::span<const u8> piece) {
        const u64 start = offset;
        offset += piece.size();
        return write(start, piece);
    });
}

bool PrivateMedium::write_zeroes(u64 offset, u64 size, bool) {
    constexpr Block zeroes{};
    return for_each_block(offset, size, [&](u64 number, u64 place, u64 piece) {
        return write(number * block_size + place, std::span(zeroes).first(piece));
    });
}

/// nullptr: the rest of it cannot be read.
PrivateMedium::Block* PrivateMedium::block_to_write(u64 number) {
    if (const auto found = written_.find(number); found != written_.end()) return &found->second;
    Block block{};
    const u64 base = number * block_size;
    if (!below_.read(base, std::span(block).first(std::min(block_size, size() - base)))) return nullptr;
    return &written_.emplace(number, block).first->second;
}

} // namespace ringer::host
