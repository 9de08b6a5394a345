#pragma once

#include "memory/region.h"

#include <span>

namespace ringer::device {

/// Read-only memory; writes vanish. The bytes are not owned.
class Rom final : public memory::Region {
  public:
    explicit Rom(std::span<const u8> contents) : contents_(contents) {}

    [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override {
        value = 0;
        for (unsigned i = 0; i < size; ++i) {
            const u64 at = offset + i;
            value |= u64{at < contents_.size() ? contents_[at] : u8{0xff}} << 8 * i;
        }
        return memory::Answer::now;
    }
    [[nodiscard]] memory::Answer write(u64, unsigned, u64) override { return memory::Answer::now; }

  private:
    std::span<const u8> contents_;
};

} // namespace ringer::device
