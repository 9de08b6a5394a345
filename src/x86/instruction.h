#pragma once

#include "base/types.h"
#include "x86/fault.h"
#include "x86/state.h"

#include <array>
#include <cstddef>

namespace ringer::x86 {

struct Cpu;
struct Instruction;
struct HostStub;

/// One instruction's semantics on decoded operands. RIP already points past the instruction when it is
/// called; the caller sets it back when the instruction did not complete. Nothing guest-visible is committed
/// before the last access that may fault.
using Handler = Outcome (*)(Cpu& cpu, const Instruction& instruction);

/// What execution depends on to decode bytes: the code segment's size and whether the CPU is in real-address
/// or virtual-8086 mode.
enum class CodeMode : u8 { real16, protected16, protected32, long64 };

enum class Repeat : u8 { none, equal, not_equal }; ///< REP/REPE (F3), REPNE (F2).

/// Where a register lies in the vCPU, as a byte offset into Registers: AH, RIP, an absent index and a segment
/// base are then read like any other register.
using RegisterOffset = u16;

/// The state, and behind it a register that is always zero.
struct Registers {
    CpuState state;
    u64 zero = 0;
};

constexpr RegisterOffset gpr_offset(unsigned number) {
    return static_cast<RegisterOffset>(offsetof(CpuState, gpr) + 8 * number);
}
inline constexpr RegisterOffset rip_offset = offsetof(CpuState, rip);
inline constexpr RegisterOffset zero_offset = offsetof(Registers, zero);

/// A decoded instruction, in the form that the interpreter caches and every semantic function takes.
struct Instruction {
    Handler handler = nullptr;

    /// The immediate, sign-extended where the instruction does so; the target's displacement of a relative
    /// branch; a far pointer's offset; the address of a MOV with a 64-bit moffs.
    union {
        u64 immediate = 0;
        const HostStub* stub; ///< For instructions that the host executes (vector and x87).
    };

    i32 displacement = 0;

    /// The explicit operands that are general registers; as RegisterOffset, so AH is gpr_offset(rax) + 1.
    /// For other register files (segment, control, debug, vector): the register's number.
    std::array<u16, 3> operand{};

    RegisterOffset base = zero_offset;
    RegisterOffset index = zero_offset;
    /// In 64-bit mode: FS.base, GS.base or zero. Other modes go through `segment`.
    RegisterOffset segment_base = zero_offset;
    u8 scale = 0;         ///< The index is shifted left by this.
    u8 address_shift = 0; ///< 64 less the address size in bits.

    SegmentRegister segment = ds; ///< Of the memory operand, overrides applied.
    u8 operand_size = 4;          ///< Effective operand size in bytes: 2, 4 or 8.
    u8 length = 0;                ///< In bytes.
    u16 mnemonic = 0;             ///< ZydisMnemonic, for statistics.
    u8 second_immediate = 0;      ///< ENTER's level, EXTRQ and the like.
    u16 selector = 0;             ///< A far pointer's selector.
    Repeat repeat = Repeat::none;
    bool has_memory = false; ///< One operand is in memory.
    bool lock = false;
    bool ends_block = false; ///< What follows in memory is not, or not always, what is executed next.

    u8 address_size() const { return static_cast<u8>(8 - address_shift / 8); }
};

} // namespace ringer::x86
