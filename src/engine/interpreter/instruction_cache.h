#pragma once

#include "x86/decode.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ringer::engine {

/// What single instructions decode to. Nobody has to tell it of writes: bytes are compared each time.
class InstructionCache {
  public:
    /// `kept`: a prime, so that all of an address matters.
    explicit InstructionCache(std::size_t kept) : entries_(kept) {}

    /// The instruction that `bytes` start with; nullptr when they are too few for it. Valid until the next
    /// call. `at` only spreads the entries.
    const x86::Instruction* find(u64 at, std::span<const u8> bytes, x86::CodeMode mode,
                                 const x86::CpuModel& model) {
        Entry& entry = entries_[at % entries_.size()];
        const std::size_t length = entry.instruction.length;
        const bool is_known = length != 0 && entry.mode == mode && length <= bytes.size() &&
                              std::equal(entry.bytes.begin(), entry.bytes.begin() + length, bytes.begin());
        if (is_known) return &entry.instruction;
        if (decode(bytes, mode, model, entry.instruction) == x86::DecodeStatus::truncated) {
            entry.instruction.length = 0;
            return nullptr;
        }
        entry.mode = mode;
        std::copy_n(bytes.begin(), entry.instruction.length, entry.bytes.begin());
        return &entry.instruction;
    }

  private:
    struct alignas(64) Entry {
        std::array<u8, 15> bytes;
        x86::CodeMode mode;
        x86::Instruction instruction{}; ///< Without a length: none.
    };
    std::vector<Entry> entries_;
};

} // namespace ringer::engine
