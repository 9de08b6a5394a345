#pragma once

#include "memory/shadow_space.h"

namespace ringer::engine {

/// In which regions of the shadow space the memory operand of an instruction has been.
struct OperandSeen {
    bool is_low = false, is_high = false;
};

/// The same of the first 32 instructions of a block.
class OperandRegions {
  public:
    void note(unsigned instruction, u64 linear) {
        low_ |= u32{memory::ShadowSpace::is_low(linear)} << instruction;
        high_ |= u32{memory::ShadowSpace::is_high(linear)} << instruction;
    }
    OperandSeen of(unsigned instruction) const {
        return {.is_low = (low_ >> instruction & 1) != 0, .is_high = (high_ >> instruction & 1) != 0};
    }

  private:
    u32 low_ = 0, high_ = 0; ///< A bit for each instruction.
};

} // namespace ringer::engine
