#pragma once

#include "memory/shadow_space.h"

namespace ringer::engine {

/// In which regions of the shadow space the memory operand of an instruction has been.
struct OperandSeen {
    bool is_low = false, is_high = false;
};

/// The same of each instruction of a block, but for those behind the first 32.
class OperandRegions {
  public:
    static constexpr std::size_t most = 32;

    void note(std::size_t instruction, u64 linear) {
        if (instruction >= most) return;
        low_ |= u32{memory::ShadowSpace::is_low(linear)} << instruction;
        high_ |= u32{memory::ShadowSpace::is_high(linear)} << instruction;
    }
    OperandSeen of(std::size_t instruction) const {
        if (instruction >= most) return {};
        return {.is_low = (low_ >> instruction & 1) != 0, .is_high = (high_ >> instruction & 1) != 0};
    }

  private:
    u32 low_ = 0, high_ = 0; ///< A bit for each instruction.
};

} // namespace ringer::engine
