#pragma once

#include "engine/translator/access_plan.h"
#include "engine/translator/flags.h"
#include "engine/translator/host_registers.h"

#include <array>
#include <cstddef>
#include <optional>

namespace ringer::engine::translator {

/// A value from which flags follow, where it can be found as long as its register is not written. One that is
/// `recorded` is in its place in the record already.
struct FlagOperand {
    enum class Kind : u8 { guest_register, immediate, capture, recorded };
    Kind kind : 2 = Kind::immediate;
    u8 number : 4 = 0; ///< Of the guest register.

    bool is_register(int guest) const { return kind == Kind::guest_register && number == guest; }
    bool operator==(const FlagOperand&) const = default;
};

/// How to compute the flags of the last instruction that set them.
struct FlagRecipe {
    FlagKind kind;
    u8 size; ///< In bytes.
    FlagOperand a, b;
    i32 immediate = 0; ///< What b is, if it is one.

    bool operator==(const FlagRecipe&) const = default;
};

/// Which of the guest's state is not where the vCPU has it, at a place of a translation, besides the
/// registers that are the host's.
struct Unsaved {
    static constexpr u16 nothing = 0xffff;

    std::optional<FlagRecipe> flags{}; ///< nullopt: they are on record in the context.
    /// The last x87 instruction that has run, and the last one with a memory operand, if the x87's pointers
    /// do not name them yet. By their positions.
    /// @{
    u16 x87_last = nothing;
    u16 x87_last_with_memory = nothing;
    /// @}
    RegisterExchange registers{}; ///< Those that are in each other's place.

    bool operator==(const Unsaved&) const = default;
};

/// Where translated code calls the engine (Runtime::call_engine), and what the engine then has to know.
/// Places in code are from the start of the translation.
struct [[gnu::packed]] SideExit {
    enum class Kind : u8 {
        interpret, ///< Run the instruction.
        access,    ///< An access was not found in the TLB: scratch_b is the index there, and scratch_a
                   ///< the linear address XOR the tag there. Make the tag fit, or run the instruction.
        group,   ///< The same for a group of accesses, on all of which what follows relies: make the tag fit,
                 ///< or go on as for `careful`.
        careful, ///< Go on at the instruction in a translation that checks each access.
        region,  ///< An address is not in the region that was expected of its group (Refusal), as the vector
                 ///< in `accessed_size` tells. Have the block made anew. Or RSP is not where it is to be: go
                 ///< on in a translation for where it is.
        refused, ///< An access was refused in the shadow space (Refusal). Run the instruction.
        refused_with_flags, ///< The same, with the guest's status flags in EFLAGS.
        refused_move,  ///< The same of REP MOVS, of which some may be done. RSI and RDI are places in the
                       ///< shadow space.
        refused_store, ///< The same of REP STOS.
        branch, ///< The target in scratch_a was not found in the jump cache, at the entry in scratch_b.
                ///< Make it be found, or run the instruction.
        far,    ///< A direct branch out of the page is not linked, or the link does not hold now. Link it, or
                ///< run the instruction. How far away the target's page is, for who adds that to
                ///< Context::page_base, is `accessed_size` in front of `behind`. 0: it is to be found out.
        crossing,  ///< The block has code in several pages, and how they are mapped may have changed. Look at
                   ///< that, or go on elsewhere.
        following, ///< The same as for `far` for what follows the instruction, whose length is in
                   ///< `accessed_size`, in memory. There is nothing to run.
        link,      ///< Go on at `position`, from now on without a call. What is done is counted.
        careful_link, ///< The same, in a translation that checks each access.
        leave,        ///< The block is not to be entered now (leave_offset).
    };
    Kind kind : 4;
    bool leaves : 1 = false;    ///< Translated code does not go on behind the instruction.
    bool in_shadow : 1 = false; ///< An STI just before has enabled interrupts.
    u8 number : 7;              ///< Of the instruction in its block.
    u16 position : 14;          ///< Of the instruction (GuestInstruction::position), or what is said above.
    /// Where to go on once what was not found is there; of `far`, `following` and `crossing` in front of the
    /// check.
    /// Of a link: where the displacement of its jump is.
    u16 behind_check : 15 = 0;
    /// Where to go on when the instruction was run; of `far` and `following`: where the displacement is.
    u16 behind : 15 = 0;
    u16 unsaved : 8 = 0;                ///< Which Unsaved of the translation.
    u16 accessed_size : 9 = 0;          ///< Of all accesses of a group.
    bool begins_with_write : 1 = false; ///< What is accessed now; only a write makes a page dirty.
    bool wants_write : 1 = false;       ///< What is asked of the TLB.
    bool restores_vectors : 1 = false;  ///< Where it goes on, the host has the guest's vector registers,
    bool restores_x87 : 1 = false;      ///< x87 registers,
    bool restores_flags : 1 = false;    ///< and, behind the instruction, status flags.
    u16 stubs_behind : 9 = 0;           ///< How many more the translation has.

    bool is_refused() const { return kind >= Kind::refused && kind <= Kind::refused_store; }

    /// What these fields can hold.
    static constexpr unsigned most_instructions = 1 << 7, most_code = 1 << 15, most_unsaved = 1 << 8,
                              most_exits = 1 << 9;
    static constexpr i32 most_accessed = (1 << 9) - 1;
};

/// The call, as it lies in the code cache, away from the translation: most are never made.
struct [[gnu::packed]] ExitStub {
    u8 call_near = 0xe8;
    i32 displacement = 0;
    SideExit exit;
};
static_assert(sizeof(ExitStub) == 16 && offsetof(ExitStub, call_near) == 0);

/// Where the call is, from a translation's start, that leaves it before its first instruction: it returns to
/// the start, and so needs no SideExit.
inline constexpr i32 leave_offset = -5;

/// In front of a translation's start, where a jump cache leads: sets Context::page_base to a constant, so
/// that nothing that follows from it has to wait for where the jump came from.
struct [[gnu::packed]] Landing {
    std::array<u8, 2> load{0x49, 0xba}; ///< MOV scratch_a, page
    u64 page = 0;                       ///< The linear address of the page that the translation is in.
    std::array<u8, 4> store{0x4c, 0x89, 0x14, 0x24}; ///< MOV [RSP], scratch_a
};
static_assert(scratch_a == x86::r10);

/// What stands for the SideExit of an access in the shadow space: to be refused takes a signal, so that it
/// need not be a call. So does an address in another region. Translated code does not go on behind the
/// instruction.
struct [[gnu::packed]] Refusal {
    u16 code : 15; ///< The access, or INT, from the start of the translation.
    /// See SideExit.
    /// @{
    u8 kind : 3; ///< From first_kind on.
    bool in_shadow : 1;
    u8 number : 7;
    u16 position : 14;
    u16 unsaved : 8;
    /// @}

    static constexpr u8 first_kind = static_cast<u8>(SideExit::Kind::region);
    static_assert(static_cast<u8>(SideExit::Kind::refused_store) - first_kind < 1 << 3);
};
static_assert(sizeof(Refusal) == 6);

/// Of SideExit::Kind::region: an INT with the vector for the stack, or with one for where the group was
/// expected, to which its number is added, or with one that says no more: for an address in neither region,
/// or a group beyond most_groups. The host refuses them, as those of its own devices.
inline constexpr u8 stack_region_vector = 0x20, low_region_vector = 0x40, high_region_vector = 0x60,
                    no_region_vector = low_region_vector + most_groups;
static_assert(no_region_vector < high_region_vector && high_region_vector + most_groups <= 0x80);

} // namespace ringer::engine::translator
