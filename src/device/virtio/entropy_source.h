#pragma once

#include "base/types.h"
#include "state/archive.h"

#include <span>

namespace ringer::device {

/// Random bytes: the world's end of an entropy device. What it gives is input like any other, so the device
/// asks only when a timer expires.
class EntropySource {
  public:
    virtual ~EntropySource() = default;
    virtual void fill(std::span<u8> destination) = 0;

    /// What decides the bytes to come, where they follow from a state.
    virtual void visit(state::Archive& archive) = 0;
};

/// Bytes that are the same in every run, for machines that are to repeat: SplitMix64. Nothing that is meant
/// to stay secret may come from it.
class RepeatableEntropy final : public EntropySource {
  public:
    void fill(std::span<u8> destination) override;
    void visit(state::Archive& archive) override { archive.field(1, "counter", counter_); }

  private:
    u64 counter_ = 0;
};

} // namespace ringer::device
