#pragma once

#include "x86/decode.h"
#include "x86/semantics/flags.h"

#include <bit>

/// The guest's status flags lie in the host's EFLAGS right after the instruction that sets them. The checks
/// that translated code makes destroy them there, so what is needed to compute them again is noted: at
/// translation time as long as the operands are still in registers, and in memory, as a FlagRecord, where
/// nobody knows any more which instruction it was.
namespace ringer::engine::translator {

/// How the flags follow from two values.
enum class FlagKind : u8 {
    status,                 ///< a is what LAHF (AH) and SETO (AL) gave.
    subtract,               ///< Of a - b.
    subtract_result,        ///< Of the subtraction of b that gave a.
    add_result,             ///< Of the addition of b that gave a.
    logic,                  ///< Of an AND, OR, XOR or TEST that gave a.
    negate_result,          ///< Of the NEG that gave a.
    add_operand,            ///< Of the addition to a that gave b.
    subtract_operand,       ///< Of the subtraction from a that gave b.
    shift_left,             ///< Of a shifted by b, which is not 0.
    shift_right,            ///< The same.
    shift_right_arithmetic, ///< The same.
    count_behind_logic,     ///< Of a TZCNT of a, behind what `logic` is of.
    count_behind_subtract,  ///< The same behind what `subtract_result` is of.
    count_behind_increment, ///< The same behind the INC that gave a.
    increment_result,       ///< Of the INC that gave a. The carry flag, which it has kept, is bit 0 of b.
    decrement_result,       ///< Of the DEC that gave a; likewise.

    /// Never in a record, but told of what has not been done to the one there is:
    /// @{
    trailing_zeros, ///< The TZCNT of a, after which some flags are as they were before.
    leading_zeros,  ///< The LZCNT of a.
    /// @}
};

/// Whether it is of a TZCNT, of which there is none of 8 bits.
constexpr bool is_count(FlagKind kind) {
    return kind >= FlagKind::count_behind_logic && kind <= FlagKind::count_behind_increment;
}

/// Whether b of a record has the carry flag.
constexpr bool keeps_carry(FlagKind kind) {
    return kind == FlagKind::increment_result || kind == FlagKind::decrement_result;
}

/// Those that a record may have.
inline constexpr u8 flag_kinds = static_cast<u8>(FlagKind::decrement_result) + 1;

/// Flags to be computed when they are looked at. Translated code writes one wherever it leaves a block, so it
/// is made for short stores.
struct FlagRecord {
    u64 a = 0, b = 0;
    u8 code = 0;   ///< code_of() the kind, so that 0 is FlagKind::status.
    i16 small = 0; ///< Stands for b where the code says so.

    /// By kind, then by the size of the operands in bytes, then by where b is.
    static constexpr u8 code_of(FlagKind kind, unsigned size = 1, bool has_small = false) {
        return static_cast<u8>(static_cast<unsigned>(kind) << 3 |
                               static_cast<unsigned>(std::countr_zero(size)) << 1 | has_small);
    }
    static constexpr std::size_t codes = flag_kinds << 3;

    FlagKind kind() const { return static_cast<FlagKind>(code >> 3); }
    unsigned size() const { return 1U << (code >> 1 & 3); }
    u64 second() const { return code & 1 ? static_cast<u64>(i64{small}) : b; }
};

/// What LAHF and SETO would give.
x86::HostFlags evaluate(const FlagRecord& record);
/// The carry flag in it.
constexpr unsigned carry_of_status = 8;

/// What an instruction does with the status flags.
enum class FlagUse : u8 {
    none,
    overwrites, ///< Sets all six, whatever they were.
    changes,    ///< Sets some and keeps the others.
    reads,      ///< Depends on them and changes none.
    reads_and_changes,
};

/// What the flags at some point are for, until they are set anew.
enum class FlagDemand : u8 {
    none,
    shown, ///< A fault, an interrupt or another block may see them.
    used,  ///< An instruction of the block uses them, and must find them in EFLAGS.
};

/// By what every host does: an instruction that keeps flags on some of them "changes" flags.
FlagUse flag_use(const x86::Decoded& decoded);

} // namespace ringer::engine::translator
