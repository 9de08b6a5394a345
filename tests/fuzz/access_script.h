#pragma once

#include "base/assert.h"
#include "base/bits.h"
#include "base/types.h"
#include "memory/region.h"

#include <algorithm>
#include <span>
#include <vector>

namespace ringer::fuzz {

/// A fuzzer's input as what a guest does to a device: it is read from the front, and as zeros past its end.
class Script {
  public:
    explicit Script(std::span<const u8> input) : input_(input) {}

    bool ended() const { return input_.empty(); }

    u64 number(unsigned bytes) {
        u64 value = 0;
        for (unsigned i = 0; i < bytes && !input_.empty(); ++i) {
            value |= u64{input_.front()} << 8 * i;
            input_ = input_.subspan(1);
        }
        return value;
    }

    /// As many bytes as there are, at most `most`.
    std::span<const u8> bytes(std::size_t most) {
        const auto first = input_.first(std::min(most, input_.size()));
        input_ = input_.subspan(first.size());
        return first;
    }

    /// Whether the script may have one more of the steps that take as long as dozens of others. Two find
    /// what many would.
    bool may_take_long() { return long_steps_ < 2 && ++long_steps_; }

  private:
    std::span<const u8> input_;
    unsigned long_steps_ = 0;
};

/// Registers that a script can reach.
struct Window {
    memory::Region& region;
    u64 size;
};

/// One access that the bus could make: two bytes choose window, size, direction and offset, and a value
/// follows when it is a write.
inline void access(Script& script, std::span<const Window> windows) {
    const u64 choice = script.number(1);
    const auto& [region, region_size] = windows[choice % windows.size()];
    unsigned size = 1u << (choice >> 4 & 3);
    while (size > region_size) size /= 2;
    const u64 offset = script.number(region_size > 256 ? 2 : 1) % (region_size - size + 1);
    u64 value = 0;
    if (choice & 0x80)
        RINGER_ASSERT(region.write(offset, size, script.number(size)) == memory::Answer::now);
    else
        RINGER_ASSERT(region.read(offset, size, value) == memory::Answer::now);
}

} // namespace ringer::fuzz
