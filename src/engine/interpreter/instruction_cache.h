#pragma once

#include "x86/decode.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ringer::engine {

/// What single instructions decode to. Nobody has to tell it of writes: bytes are compared each time.
class InstructionCache {
  public:
    /// Keeps 2 to the power of `bits` of them, which is at least 1.
    explicit InstructionCache(unsigned bits) : shift_(64 - bits), entries_(std::size_t{1} << bits) {}

    /// The instruction that `bytes` start with; nullptr when they are too few for it. Valid until the next
    /// call. `at` only spreads the entries.
    const x86::Instruction* find(u64 at, std::span<const u8> bytes, x86::CodeMode mode,
                                 const x86::CpuModel& model) {
        constexpr u64 hash_factor = 0x9e37'79b9'7f4a'7c15; // Fibonacci hashing: all of `at` matters.
        Entry& entry = entries_[at * hash_factor >> shift_];
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
    unsigned shift_;
    std::vector<Entry> entries_;
};

} // namespace ringer::engine
