#pragma once

#include "base/types.h"

namespace ringer::device {

/// The source of the vectors of ExtINT interrupts: the pair of 8259 PICs.
class ExternalInterrupt {
  public:
    virtual ~ExternalInterrupt() = default;
    /// The interrupt acknowledge cycle: takes the highest request into service and returns its vector.
    virtual u8 acknowledge() = 0;
};

} // namespace ringer::device
