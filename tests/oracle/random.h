#pragma once

#include "base/types.h"

#include <array>
#include <cstddef>

namespace ringer::oracle {

/// Scrambles a number so that neighbours have nothing in common (SplitMix64's finalizer).
constexpr u64 scramble(u64 value) {
    value = (value ^ value >> 30) * 0xbf58'476d'1ce4'e5b9;
    value = (value ^ value >> 27) * 0x94d0'49bb'1331'11eb;
    return value ^ value >> 31;
}

/// Numbers that follow from a seed alone (SplitMix64).
class Random {
  public:
    explicit Random(u64 seed) : state_(seed) {}

    u64 next() { return scramble(state_ += 0x9e37'79b9'7f4a'7c15); }

    /// Below `limit`, which is not 0.
    u64 below(u64 limit) { return next() % limit; }

    bool chance(unsigned percent) { return below(100) < percent; }

    template <class T, std::size_t count>
    const T& pick(const std::array<T, count>& values) {
        return values[below(count)];
    }
    template <class T, std::size_t count>
    const T& pick(const T (&values)[count]) {
        return values[below(count)];
    }

  private:
    u64 state_;
};

} // namespace ringer::oracle
