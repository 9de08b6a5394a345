#pragma once

#include "base/types.h"

#include <span>

namespace ringer::host {

/// While it lives, a SIGFPE that an instruction within `code` raises makes its thread go on at `resume_at`,
/// with all other registers and MXCSR as the instruction left them. Anywhere else SIGFPE stays fatal.
///
/// At most 16 at a time in one process.
class FaultRecovery {
  public:
    FaultRecovery(std::span<const u8> code, const u8* resume_at);
    FaultRecovery(const FaultRecovery&) = delete;
    FaultRecovery& operator=(const FaultRecovery&) = delete;
    ~FaultRecovery();

  private:
    unsigned slot_;
};

} // namespace ringer::host
