#pragma once

#include "base/types.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace ringer::fuzz {

/// The bytes that a fuzzer has made, taken one after the other; behind their end everything is zero.
class Input {
  public:
    Input(const u8* data, std::size_t size) : bytes_(data, size) {}

    template <class T>
    T take() {
        T value{};
        const auto taken = take_bytes(sizeof(value));
        if (!taken.empty()) std::memcpy(&value, taken.data(), taken.size());
        return value;
    }

    /// At most `count`.
    std::span<const u8> take_bytes(std::size_t count) {
        const auto taken = bytes_.first(std::min(count, bytes_.size()));
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }

    bool is_empty() const { return bytes_.empty(); }

  private:
    std::span<const u8> bytes_;
};

} // namespace ringer::fuzz
