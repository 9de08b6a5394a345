#pragma once

#include "base/types.h"
#include "x86/instruction.h"

#include <optional>
#include <span>
#include <string>

namespace ringer::debug {

struct Disassembly {
    std::string text; ///< In Intel's notation, as in "add rax, rbx".
    unsigned length;  ///< In bytes.
};

/// The instruction at the start of `bytes`, whose address (RIP, not the linear one) makes a relative branch's
/// target. nullopt when the bytes are no instruction, or end before it does.
std::optional<Disassembly> disassemble(std::span<const u8> bytes, x86::CodeMode mode, u64 address);

} // namespace ringer::debug
