#pragma once

#include "form.h"

namespace ringer::oracle {

/// Why an instruction is not run natively, or cannot give the same result twice; nullptr when it can be
/// compared.
const char* reason_to_exclude(const DecodedInstruction& decoded);

} // namespace ringer::oracle
