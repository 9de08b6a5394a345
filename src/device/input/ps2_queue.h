#pragma once

#include "base/types.h"
#include "state/archive.h"

#include <array>
#include <initializer_list>

namespace ringer::device {

/// The bytes that a PS/2 device has to send, the first in first; what does not fit is lost.
class Ps2Queue {
  public:
    static constexpr std::size_t capacity = 32;

    bool is_empty() const { return count_ == 0; }
    std::size_t room() const { return capacity - count_; }
    void clear() { count_ = 0; }

    void push(u8 byte) {
        if (room() > 0) bytes_[(first_ + count_++) % capacity] = byte;
    }
    void push(std::initializer_list<u8> bytes) {
        for (const u8 byte : bytes) push(byte);
    }
    /// The queue must not be empty.
    u8 pop() {
        const u8 byte = bytes_[first_];
        first_ = (first_ + 1) % capacity;
        --count_;
        return byte;
    }

    void visit(state::Archive& archive) {
        archive.field(1, "bytes", bytes_).field(2, "first", first_).field(3, "count", count_);
        first_ %= capacity;
        if (count_ > capacity) count_ = 0;
    }

  private:
    std::array<u8, capacity> bytes_{};
    u8 first_ = 0, count_ = 0;
};

inline void visit(state::Archive& archive, Ps2Queue& queue) { queue.visit(archive); }

} // namespace ringer::device
