#pragma once

#include "engine/translator/access_plan.h"
#include "engine/translator/context.h"
#include "engine/translator/flags.h"
#include "x86/decode.h"

#include <functional>
#include <span>
#include <vector>

namespace ringer::engine::translator {

/// How an instruction is translated.
enum class Treatment : u8 {
    interpret,           ///< By a call of the interpreter's function.
    nothing,             ///< It does nothing: NOP and hints.
    copy,                ///< With other registers and another memory operand.
    copy_vector,         ///< The same, with the guest's vector registers in the host's.
    copy_x87,            ///< The same with its x87 registers.
    copy_mmx,            ///< The same, for instructions that may use vector registers as well.
    load_x87_control,    ///< FLDCW.
    load_vector_control, ///< LDMXCSR.
    load_address,        ///< LEA.
    push,                ///< PUSH, but for segment registers.
    pop,                 ///< POP to a register.
    leave,
    jump, ///< Relative.
    jump_if,
    jump_if_rcx_zero, ///< JRCXZ, JECXZ and JCXZ.
    call,             ///< Relative.
    jump_indirect,
    call_indirect,
    return_near,
    exchange,      ///< XCHG with memory.
    bit_string,    ///< BT, BTS, BTR and BTC of a register's bit in memory.
    divide,        ///< DIV and IDIV of 32 and 64 bits.
    read_selector, ///< MOV from a segment register to a general one.
    clear_interrupt_flag,
    set_interrupt_flag,
    swap_gs,
    open_user_pages,  ///< STAC.
    close_user_pages, ///< CLAC.
    push_flags,       ///< PUSHF.
    read_time_stamp,  ///< RDTSC and RDTSCP.
    system_call,      ///< SYSCALL.
    system_return,    ///< SYSRET.
    string,           ///< Without a repeat prefix, or REP MOVS and STOS.
};

/// What a string instruction does, if it is one that is translated.
enum class StringFamily : u8 { none, load, store, move, scan, compare };
StringFamily string_family(const x86::Decoded& decoded);

/// One instruction of a block, and what its translation needs to know.
struct GuestInstruction {
    /// To be filled in by analyze().
    GuestInstruction(x86::CodeMode mode, const x86::CpuModel& model) : decoded(mode, model) {}

    x86::Decoded decoded;
    x86::Instruction instruction;
    u16 offset_in_page = 0;
    Treatment treatment = Treatment::interpret;
    FlagUse flags = FlagUse::none;

    /// Of the status flags as they are behind it:
    /// @{
    bool needed = false;        ///< An instruction of the block uses them before all are set anew.
    bool visible = false;       ///< A fault, an interrupt or another block may see them before.
    bool is_for_faults = false; ///< Of those only a fault, of which the engine will know.
    /// @}

    /// A conditional jump after which the block goes on at its target: the next round of a loop.
    bool goes_on_at_target = false;

    PlannedAccess operand{}, stack{};
    /// Whether the block goes on behind it only if RSP is in its region (Condition::has_high_stack).
    bool checks_stack_pointer = false;

    /// Or go on behind.
    bool may_jump() const {
        return treatment == Treatment::jump_if || treatment == Treatment::jump_if_rcx_zero;
    }
    u16 end_in_page() const { return static_cast<u16>(offset_in_page + instruction.length); }
    /// Whether it is the one to check an access that it makes.
    bool checks_memory() const;
    bool may_fault() const;
    /// Whether accesses of instructions behind it rely on its check.
    bool checks_for_others() const { return operand.is_first || stack.is_first; }
    /// Whether it shows the flags in front of it to somebody, before it is done.
    bool shows_flags() const;
    /// Whether translated code may have to note the flags in front of it, and not the engine alone.
    bool notes_flags() const;
    /// What the flags in front of it are for.
    FlagDemand demand() const;
    /// Whether it is the last to show the flags in front of it, until its registers are written. Nobody looks
    /// at them behind it.
    bool is_last_to_show_flags() const;
    /// Whether the host must have the guest's flags when it runs.
    bool needs_flags() const {
        return flags == FlagUse::reads || flags == FlagUse::reads_and_changes ||
               (flags == FlagUse::changes && (needed || visible) && !keeps_carry_alone() && !defers_flags());
    }
    /// Whether what it does to the flags is left to the engine, for which they are: TZCNT and LZCNT, which
    /// string functions have behind a conditional jump, and so behind flags that only the record tells.
    bool defers_flags() const;
    /// Whether it changes all flags but the carry flag, which is then kept on record: INC and DEC.
    bool keeps_carry_alone() const;
    /// Whether only its slow path, if it has one, gets to other code than the block's.
    bool stays_in_block() const;
    /// Whether it always gets to another block, by a branch of the translation's.
    bool leaves_block() const;
    bool is_repeated_string() const {
        return treatment == Treatment::string && instruction.repeat != x86::Repeat::none;
    }
    /// Whether it is one that the x87's pointers to the last instruction name (Intel SDM Vol. 1, 8.1.8).
    bool computes_in_x87() const;
    /// Whether it depends on vector registers or MXCSR, and so on them being in the host.
    bool uses_vectors() const;
    /// What one push or pop of it moves, or an address in memory has: in bytes.
    unsigned slot_size() const { return decoded.instruction.operand_width / 8u; }
    /// The general register that explicit operand `index` names; -1: none.
    int register_of(unsigned index) const;
};

/// Instructions that follow one another in one page, as they are to be translated, or the one that crosses
/// into the next, or a loop that does. The last need not be a branch. A short loop is there several times
/// over, for accesses of several rounds to be checked together.
struct GuestBlock {
    /// In instructions; the latter if it ends with a jump to its start.
    static constexpr unsigned longest = 32, longest_loop = 64;
    /// What is behind more of them is as a rule a block of its own already.
    static constexpr unsigned most_conditional_jumps = 3;
    /// In bytes, if it crosses into the next page: in the first page, and in the next.
    static constexpr unsigned most_in_crossed_page = 256;

    std::vector<GuestInstruction> instructions;
    std::vector<AccessGroup> groups;
    bool has_loop = false; ///< Some jump leads to its first instruction.

    /// Into the next page.
    bool crosses() const { return instructions.back().end_in_page() > memory::page_size; }
};

/// Makes `result` the block at `address`, of which `bytes` are there, up to the end of the page or beyond.
/// Without an instruction if the first cannot be translated: it lacks bytes, or is none. It ends at a
/// conditional jump that code follows which `is_translated` already, lest that take up the cache twice,
/// unless it is a loop. The memory that `result` has is used again, as a block takes much of it.
void analyze(GuestBlock& result, GuestPhysical address, std::span<const u8> bytes, const x86::CpuModel& model,
             const Condition& condition, Checking checking,
             const std::function<bool(GuestPhysical)>& is_translated);

} // namespace ringer::engine::translator
