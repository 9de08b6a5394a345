#pragma once

#include "base/assert.h"
#include "device/storage/medium.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace ringer::device::fixture {

/// A medium in memory, which fails on request.
class TestMedium final : public Medium {
  public:
    /// Byte i of sector n, of 512 bytes, is n + i.
    explicit TestMedium(u64 size) {
        std::array<u8, 256 + 512> ramp;
        std::iota(ramp.begin(), ramp.end(), u8{0});
        contents.reserve(size);
        for (u64 i = 0; i < size; i += 512) {
            const auto first = ramp.begin() + i / 512 % 256;
            contents.insert(contents.end(), first, first + static_cast<i64>(std::min<u64>(512, size - i)));
        }
    }

    u64 size() const override { return contents.size(); }
    bool is_read_only() const override { return read_only; }
    bool read(u64 offset, std::span<u8> destination) override {
        RINGER_ASSERT(offset + destination.size() <= contents.size());
        std::ranges::copy(std::span(contents).subspan(offset, destination.size()), destination.begin());
        return !fails;
    }
    bool write(u64 offset, std::span<const u8> source) override {
        RINGER_ASSERT(!read_only && offset + source.size() <= contents.size());
        if (!fails) std::ranges::copy(source, contents.begin() + static_cast<std::ptrdiff_t>(offset));
        return !fails;
    }
    bool read_scattered(u64 offset, Pieces destination) override {
        bool succeeds = true;
        for (const std::span<u8> piece : destination) {
            succeeds &= read(offset, piece);
            offset += piece.size();
        }
        return succeeds;
    }
    bool write_gathered(u64 offset, Pieces source) override {
        bool succeeds = true;
        for (const std::span<u8> piece : source) {
            succeeds &= write(offset, piece);
            offset += piece.size();
        }
        return succeeds;
    }
    void read_all(std::span<Read> reads) override {
        together.push_back(reads.size());
        Medium::read_all(reads);
    }
    bool read_at_once(u64 offset, Pieces destination) override {
        return is_at_hand && read_scattered(offset, destination);
    }
    bool write_at_once(u64 offset, Pieces source) override {
        return is_at_hand && write_gathered(offset, source);
    }
    bool flush() override {
        ++flushes;
        return !fails;
    }

    bool write_zeroes(u64 offset, u64 size, bool may_unmap) override {
        RINGER_ASSERT(!read_only && offset + size <= contents.size());
        unmapped = may_unmap;
        if (!fails) std::fill_n(contents.begin() + static_cast<std::ptrdiff_t>(offset), size, u8{0});
        return !fails;
    }
    bool discard(u64 offset, u64 size) override {
        RINGER_ASSERT(!read_only && offset + size <= contents.size());
        discarded += size;
        return !fails;
    }

    std::vector<u8> contents;
    bool read_only = false;
    bool fails = false;
    bool is_at_hand = false;           ///< Nothing has to be waited for.
    std::vector<std::size_t> together; ///< How many were read at the same time.
    unsigned flushes = 0;
    u64 discarded = 0;     ///< In bytes.
    bool unmapped = false; ///< Of the last zeroes.
};

} // namespace ringer::device::fixture
