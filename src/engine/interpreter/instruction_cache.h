#pragma once

#include "x86/decode.h"

#include <array>
#include <vector>

namespace ringer::engine {

/// What single instructions decode to. Nobody has to tell it of writes: bytes are compared each time, but for
/// those of displacements and immediates, which are read anew.
class InstructionCache {
  public:
    /// Keeps 2 to the power of `bits` of them, which is at least 1.
    explicit InstructionCache(unsigned bits) : shift_(64 - bits), entries_(std::size_t{1} << bits) {}

    /// The instruction that `bytes` start with; nullptr when they are too few for it. Valid until the next
    /// call. `at` only spreads the entries.
    const x86::Instruction* find(u64 at, std::span<const u8> bytes, x86::CodeMode mode,
                                 const x86::CpuModel& model);
    /// The same, spread by the bytes themselves.
    const x86::Instruction* find(std::span<const u8> bytes, x86::CodeMode mode, const x86::CpuModel& model);

  private:
    struct alignas(64) Entry {
        u64 form = 0; ///< The first bytes, as many as are compared.
        x86::CodeMode mode{};
        u8 form_bytes = 0; ///< 0: there is nothing here.
        /// @name Of what follows them
        /// @{
        u8 displacement_bytes = 0;
        u8 immediate_bytes = 0;
        bool is_immediate_signed = false;
        /// @}
        x86::Instruction instruction{};

        bool holds(std::span<const u8> bytes, x86::CodeMode wanted) const;
        void read_numbers(std::span<const u8> bytes);
        void set_form(std::span<const u8> bytes, const x86::Decoded& decoded);
        bool has_numbers_of(std::span<const u8> bytes, const ZydisDecodedInstruction& zydis);
    };
    static_assert(sizeof(Entry) == 64);

    unsigned shift_;
    std::vector<Entry> entries_;
    std::array<u8, 256> spreading_{}; ///< By the first byte: how many of them tell instructions apart.
};

} // namespace ringer::engine
