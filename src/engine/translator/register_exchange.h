#pragma once

#include "engine/translator/guest_block.h"
#include "engine/translator/host_registers.h"

namespace ringer::engine::translator {

/// Which of the registers in memory are to be in host registers while the block runs, in the place of guest
/// registers that none of its instructions names: those that it names so often that the moves there and back
/// pay. None outside of 64-bit mode.
RegisterExchange plan_register_exchange(const GuestBlock& block, const Condition& condition);

} // namespace ringer::engine::translator
