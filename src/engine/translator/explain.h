#pragma once

#include "engine/explanation.h"
#include "engine/translator/block_translator.h"

namespace ringer::engine::translator {

/// Tells what a translation is made of. `code` is it, where it executes, and `stubs` its exits'; `linear` is
/// the address of its first instruction.
Explanation explain(const GuestBlock& block, const BlockTranslator& translator, const Context& context,
                    std::span<const u8> code, const ExitStub* stubs, u64 linear);

} // namespace ringer::engine::translator
