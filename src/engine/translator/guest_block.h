#pragma once

#include "engine/operand_regions.h"
#include "engine/translator/access_plan.h"
#include "engine/translator/context.h"
#include "engine/translator/flags.h"
#include "engine/translator/treatment.h"
#include "x86/decode.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace ringer::engine::translator {

/// One instruction of a block, and what its translation needs to know.
struct GuestInstruction {
    /// To be filled in by analyze().
    GuestInstruction(x86::CodeMode mode, const x86::CpuModel& model) : decoded(mode, model) {}

    x86::Decoded decoded;
    x86::Instruction instruction;
    i32 offset = 0;   ///< From the start of the page that its block begins in, in linear addresses.
    u16 position = 0; ///< Where it is, for a SideExit: GuestBlock::position_of().
    Treatment treatment = Treatment::interpret;
    FlagUse flags = FlagUse::none;

    /// Of the status flags as they are behind it:
    /// @{
    bool needed = false;        ///< An instruction of the block uses them before all are set anew.
    bool visible = false;       ///< A fault, an interrupt or another block may see them before.
    bool is_for_faults = false; ///< Of those only a fault, of which the engine will know.
    /// @}

    /// A branch behind which the block goes on at its target: a conditional jump into the next round of a
    /// loop, or any of a trace. If it is indirect, that is where it led when the trace was recorded.
    bool goes_on_at_target = false;

    PlannedAccess operand{}, stack{};
    OperandSeen operand_seen{}; ///< Where the interpreter has found the operand, as far as it was run.
    /// Whether the block goes on behind it only if RSP is in its region (Condition::has_high_stack).
    bool checks_stack_pointer = false;

    /// Or go on in the block.
    bool may_jump() const {
        return treatment == Treatment::jump_if || treatment == Treatment::jump_if_rcx_zero ||
               (goes_on_at_target && is_indirect_branch());
    }
    bool is_indirect_branch() const {
        return treatment == Treatment::jump_indirect || treatment == Treatment::call_indirect ||
               treatment == Treatment::return_near;
    }
    i32 end() const { return offset + i32{instruction.length}; }
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
    /// Of the one register that it writes, if it extends that in itself, as CDQE does: how many bytes stay as
    /// they are. Otherwise 0.
    unsigned low_bytes_kept() const;
};

/// A page that has code of a block.
struct CodePage {
    GuestPhysical page;
    i32 distance;   ///< From the one that the block begins in, in linear addresses.
    u16 begin, end; ///< All of that code lies between these offsets.
};

/// Instructions that follow one another in one page, as they are to be translated, or the one that crosses
/// into the next, or a loop that does. The last need not be a branch. A short loop is there several times
/// over, for accesses of several rounds to be checked together.
///
/// Or a trace: instructions that have run one after the other, in up to a few pages, and are expected to do
/// so again.
struct GuestBlock {
    /// In instructions; the latter if it ends with a jump to its start.
    static constexpr unsigned longest = 32, longest_loop = 64;
    /// One less than a SideExit can number, so that it can name what is behind the last as well.
    static constexpr unsigned longest_trace = 127;
    /// What is behind more of them is as a rule a block of its own already.
    static constexpr unsigned most_conditional_jumps = 3;
    /// In bytes, if it crosses into the next page: in the first page, and in the next.
    static constexpr unsigned most_in_crossed_page = 256;

    std::vector<GuestInstruction> instructions;
    std::vector<AccessGroup> groups;
    bool has_loop = false; ///< Some jump leads to its first instruction, but for a trace's last.
    bool is_trace = false;
    /// That its linear address is in, if its data may be in the shadow space. To be filled in before
    /// analyze().
    Region code_region = Region::none;
    /// The general registers as it begins, by which it is foreseen where its accesses lie. Likewise.
    std::array<u64, 16> registers{};
    /// The numbers of pages in positions are those here. Empty if all is in one, but for a trace.
    std::vector<CodePage> pages;
    /// The linear address of the page that it begins in, if its translation is to be for no other: that of a
    /// trace where addresses of code fit into instructions.
    std::optional<i32> fixed_page;

    /// Nobody looks at the flags that it begins with.
    bool forgets_flags = false;

    /// Whether it may go on at its start.
    bool has_rounds() const { return has_loop || instructions.back().goes_on_at_target || closes_loop(); }
    /// Whether it ends with a conditional jump there.
    bool closes_loop() const;
    /// Whether how its pages are mapped is looked at when it is entered.
    bool depends_on_mapping() const { return pages.size() > 1 || fixed_page; }
    /// Into the next page.
    bool crosses() const { return !is_trace && instructions.back().end() > i32{memory::page_size}; }
    /// What runs behind an instruction, unless it leaves the block.
    /// @{
    i32 offset_behind(std::size_t index) const;
    u16 position_behind(std::size_t index) const;
    /// @}

    /// The position of what is at an offset in a page.
    static constexpr u16 position_of(std::size_t page_number, u64 offset_in_page) {
        return static_cast<u16>(page_number << memory::page_shift | offset_in_page);
    }
    static constexpr unsigned most_pages = 4; ///< That positions can tell.
};

/// What was seen of the code from a place on, up to where it branches.
using OperandsAt = std::function<OperandRegions(GuestPhysical)>;

/// Makes `result` the block at `address`, of which `bytes` are there, up to the end of the page or beyond.
/// Without an instruction if the first cannot be translated: it lacks bytes, or is none. It ends at a
/// conditional jump that code follows which `is_translated` already, lest that take up the cache twice,
/// unless it is a loop. The memory that `result` has is used again, as a block takes much of it.
void analyze(GuestBlock& result, GuestPhysical address, std::span<const u8> bytes, const x86::CpuModel& model,
             const Condition& condition, Checking checking,
             const std::function<bool(GuestPhysical)>& is_translated, const OperandsAt& operands_at);

/// An instruction that has run.
struct TraceStep {
    u64 linear;
    GuestPhysical address;
    std::span<const u8> bytes; ///< From there on, up to the end of the page.
    OperandSeen operand{};
};

/// Instructions that have run one after the other.
struct TracePath {
    std::array<u64, 16> registers{}; ///< The general ones before the first step.
    std::vector<TraceStep> steps{};
    bool is_round = false; ///< It ends where it begins.
};

/// Makes `result` a trace of a path that has run, or of as much of its start as can be one, which may be
/// nothing: only 64-bit code is, and what crosses a page is not. `longest`: of instructions.
void analyze_trace(GuestBlock& result, const TracePath& path, unsigned longest, const x86::CpuModel& model,
                   const Condition& condition);

} // namespace ringer::engine::translator
