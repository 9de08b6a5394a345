#include "host/network/frame_stream.h"

#include "device/network/frame_sink.h"

#include <algorithm>

namespace ringer::host {

namespace {

constexpr std::size_t length_size = 4;

u32 length_of(std::span<const u8> bytes) {
    return u32{bytes[0]} << 24 | u32{bytes[1]} << 16 | u32{bytes[2]} << 8 | bytes[3];
}

} // namespace

void FrameStream::append(std::vector<u8>& stream, std::span<const u8> frame) {
    for (int shift = 24; shift >= 0; shift -= 8) stream.push_back(static_cast<u8>(frame.size() >> shift));
    stream.insert(stream.end(), frame.begin(), frame.end());
}

/// A frame that a piece has whole is not copied.
bool FrameStream::read(std::span<const u8> piece, const std::function<void(std::span<const u8>)>& take) {
    const auto begin_with = [&](std::size_t size) {
        const std::size_t count = std::min(size - begun_.size(), piece.size());
        begun_.insert(begun_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
        piece = piece.subspan(count);
        return begun_.size() == size;
    };
    const auto take_frame = [&](std::span<const u8> frame) {
        if (frame.size() >= device::ethernet_header) take(frame);
    };
    for (;;) {
        if (begun_.size() < length_size && (!begun_.empty() || piece.size() < length_size))
            if (!begin_with(length_size)) return true;
        const bool is_begun = !begun_.empty();
        const std::size_t length = length_of(is_begun ? begun_ : piece);
        if (length > device::most_frame) return false;
        if (!is_begun && piece.size() >= length_size + length) {
            take_frame(piece.subspan(length_size, length));
            piece = piece.subspan(length_size + length);
        } else {
            if (!begin_with(length_size + length)) return true;
            take_frame(std::span<const u8>(begun_).subspan(length_size));
            begun_.clear();
        }
    }
}

} // namespace ringer::host
