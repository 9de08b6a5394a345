#include "engine/interpreter/instruction_cache.h"

#include "base/bits.h"

#include <algorithm>
#include <cstring>

namespace ringer::engine {

namespace {

/// 1 to 8 of them; zeros stand for those that are not there.
u64 first_bytes(std::span<const u8> bytes, unsigned count) {
    u64 first = 0;
    if (bytes.size() >= sizeof(first)) [[likely]]
        std::memcpy(&first, bytes.data(), sizeof(first));
    else
        std::memcpy(&first, bytes.data(), bytes.size());
    return first & byte_mask(count);
}

/// Of 1 to 4 bytes.
u64 read_number(std::span<const u8> bytes, unsigned count, bool is_signed) {
    const unsigned unused = 64 - 8 * count;
    const u64 upper = first_bytes(bytes, count) << unused;
    return is_signed ? static_cast<u64>(static_cast<i64>(upper) >> unused) : upper >> unused;
}

} // namespace

bool InstructionCache::Entry::holds(std::span<const u8> bytes, x86::CodeMode wanted) const {
    return form_bytes != 0 && mode == wanted && instruction.length <= bytes.size() &&
           first_bytes(bytes, form_bytes) == form;
}

void InstructionCache::Entry::read_numbers(std::span<const u8> bytes) {
    if (displacement_bytes != 0)
        instruction.displacement =
            static_cast<i32>(read_number(bytes.subspan(form_bytes), displacement_bytes, true));
    if (immediate_bytes != 0)
        instruction.immediate = read_number(bytes.subspan(std::size_t{form_bytes} + displacement_bytes),
                                            immediate_bytes, is_immediate_signed);
}

/// Whether the instruction is told by its first bytes, but for the numbers behind them, and those are in it
/// as they are there: not so of what has a stub, which holds its immediate.
bool InstructionCache::Entry::has_numbers_of(std::span<const u8> bytes,
                                             const ZydisDecodedInstruction& zydis) {
    const auto& displacement = zydis.raw.disp;
    const auto& immediate = zydis.raw.imm[0];
    constexpr unsigned longest = 32;
    if (displacement.size > longest || immediate.size > longest || zydis.raw.imm[1].size != 0) return false;
    displacement_bytes = displacement.size / 8;
    immediate_bytes = immediate.size / 8;
    is_immediate_signed = immediate.is_signed;
    form_bytes = static_cast<u8>(zydis.length - displacement_bytes - immediate_bytes);
    if (displacement_bytes != 0 && displacement.offset != form_bytes) return false;
    if (immediate_bytes != 0 && immediate.offset != form_bytes + displacement_bytes) return false;
    const i32 decoded_displacement = instruction.displacement;
    const u64 decoded_immediate = instruction.immediate;
    read_numbers(bytes);
    const bool is_same =
        instruction.displacement == decoded_displacement && instruction.immediate == decoded_immediate;
    instruction.displacement = decoded_displacement;
    instruction.immediate = decoded_immediate;
    return is_same;
}

void InstructionCache::Entry::set_form(std::span<const u8> bytes, const x86::Decoded& decoded) {
    if (!has_numbers_of(bytes, decoded.instruction)) {
        form_bytes = instruction.length;
        displacement_bytes = immediate_bytes = 0;
    }
    if (form_bytes > sizeof(form)) {
        form_bytes = 0; // So long an instruction is rare.
        return;
    }
    form = first_bytes(bytes, form_bytes);
    mode = decoded.mode;
}

const x86::Instruction* InstructionCache::find(u64 at, std::span<const u8> bytes, x86::CodeMode mode,
                                               const x86::CpuModel& model) {
    Entry& entry = entries_[spread_bits(at) >> shift_];
    if (entry.holds(bytes, mode)) {
        entry.read_numbers(bytes);
        return &entry.instruction;
    }
    entry.form_bytes = 0;
    x86::Decoded decoded(mode, model);
    if (decode(bytes, entry.instruction, decoded) == x86::DecodeStatus::truncated) return nullptr;
    if (entry.instruction.length == 0) return &entry.instruction;
    entry.set_form(bytes, decoded);
    // With more of them what does not tell instructions apart would matter, as of most it does.
    constexpr u8 most_spreading = 3;
    u8& spreading = spreading_[bytes.front()];
    spreading = std::max(spreading, std::min(entry.form_bytes, most_spreading));
    return &entry.instruction;
}

const x86::Instruction* InstructionCache::find(std::span<const u8> bytes, x86::CodeMode mode,
                                               const x86::CpuModel& model) {
    return find(first_bytes(bytes, std::max<u8>(spreading_[bytes.front()], 1)), bytes, mode, model);
}

} // namespace ringer::engine
