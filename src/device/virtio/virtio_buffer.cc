#include "device/virtio/virtio_buffer.h"

#include <algorithm>

namespace ringer::device {

template <class Bytes, class Move>
bool VirtioCursor::move(Bytes bytes, Move&& move_piece) {
    if (bytes.size() > left_) return false;
    while (!bytes.empty()) {
        const VirtioSegment& segment = segments_.front();
        const auto size = static_cast<std::size_t>(std::min<u64>(bytes.size(), segment.size - offset_));
        if (size > 0 && !move_piece(segment.address + offset_, bytes.first(size))) return false;
        skip(size);
        bytes = bytes.subspan(size);
    }
    return true;
}

bool VirtioCursor::read(std::span<u8> destination) {
    return move(destination, [this](GuestPhysical address, std::span<u8> piece) {
        return memory_.read_ram(address, piece);
    });
}

bool VirtioCursor::write(std::span<const u8> source) {
    return move(source, [this](GuestPhysical address, std::span<const u8> piece) {
        return memory_.write_ram(address, piece);
    });
}

bool VirtioCursor::take_in_place(u64 count, bool writes, std::vector<std::span<u8>>& pieces) {
    if (count > left_) return false;
    while (count > 0) {
        const GuestPhysical address = segments_.front().address + offset_;
        const u64 to_page_end = memory::page_size - address % memory::page_size;
        const u64 size = std::min({count, segments_.front().size - offset_, to_page_end});
        u8* const host = memory_.any_ram(address);
        if (size > 0 && !host) return false;
        if (size > 0 && writes) memory_.note_write(address, size);
        if (!pieces.empty() && pieces.back().data() + pieces.back().size() == host)
            pieces.back() = {pieces.back().data(), pieces.back().size() + size};
        else if (size > 0)
            pieces.emplace_back(host, size);
        skip(size);
        count -= size;
    }
    return true;
}

void VirtioCursor::skip(u64 count) {
    count = std::min(count, left_);
    left_ -= count;
    offset_ += count;
    while (!segments_.empty() && offset_ >= segments_.front().size) {
        offset_ -= segments_.front().size;
        segments_ = segments_.subspan(1);
    }
}

} // namespace ringer::device
