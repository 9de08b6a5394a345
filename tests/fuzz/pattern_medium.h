#pragma once

#include "base/assert.h"
#include "device/storage/medium.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace ringer::fuzz {

/// A medium that takes no time to make: byte i of sector n, of 512 bytes, is n + i. What is written is looked
/// at and forgotten. It fails on request.
class PatternMedium final : public device::Medium {
  public:
    explicit PatternMedium(u64 size) : size_(size) {}

    u64 size() const override { return size_; }
    bool is_read_only() const override { return read_only; }
    bool read(u64 offset, std::span<u8> destination) override {
        check(offset, destination.size());
        while (!destination.empty()) {
            const u64 count = rest_of_sector(offset, destination.size());
            std::copy_n(ramp_.begin() + offset / sector_size % 256 + offset % sector_size, count,
                        destination.begin());
            destination = destination.subspan(count);
            offset += count;
        }
        return !fails;
    }
    bool write(u64 offset, std::span<const u8> source) override {
        check_write(offset, source.size());
        while (!source.empty()) {
            const u64 count = rest_of_sector(offset, source.size());
            std::copy_n(source.begin(), count, written_.begin());
            source = source.subspan(count);
            offset += count;
        }
        return !fails;
    }
    bool read_scattered(u64 offset, Pieces destination) override {
        for (const std::span<u8> piece : destination) {
            (void)read(offset, piece);
            offset += piece.size();
        }
        return !fails;
    }
    bool write_gathered(u64 offset, Pieces source) override {
        for (const std::span<u8> piece : source) {
            (void)write(offset, piece);
            offset += piece.size();
        }
        return !fails;
    }
    bool read_at_once(u64 offset, Pieces destination) override {
        return is_at_hand && read_scattered(offset, destination);
    }
    bool write_at_once(u64 offset, Pieces source) override {
        return is_at_hand && write_gathered(offset, source);
    }
    bool flush() override { return !fails; }
    bool write_zeroes(u64 offset, u64 size, bool) override {
        check_write(offset, size);
        return !fails;
    }
    bool discard(u64 offset, u64 size) override {
        check_write(offset, size);
        return !fails;
    }

    bool read_only = false;
    bool fails = false;
    bool is_at_hand = false; ///< Nothing has to be waited for.

  private:
    static constexpr u64 sector_size = 512;

    static u64 rest_of_sector(u64 offset, u64 size) {
        return std::min<u64>(size, sector_size - offset % sector_size);
    }
    void check(u64 offset, u64 size) const { RINGER_ASSERT(offset <= size_ && size <= size_ - offset); }
    void check_write(u64 offset, u64 size) const {
        RINGER_ASSERT(!read_only);
        check(offset, size);
    }

    /// Any sector, from the byte on that it begins with.
    static constexpr auto ramp_ = [] {
        std::array<u8, 256 + sector_size> bytes{};
        std::iota(bytes.begin(), bytes.end(), u8{0});
        return bytes;
    }();

    u64 size_;
    std::array<u8, sector_size> written_{};
};

} // namespace ringer::fuzz
