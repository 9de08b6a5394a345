#pragma once

#include "base/types.h"
#include "memory/shadow_space.h"

#include <optional>
#include <vector>

/// Which memory accesses of a block are checked together: those of the same address but for what is added to
/// it, when they are not far apart. The first of them checks for all; most blocks that touch memory more than
/// once touch the same stack frame, object or array.
namespace ringer::engine::translator {

struct Condition;
struct GuestInstruction;

using Region = memory::ShadowSpace::Region;

/// An access as its own check would have it.
struct MemoryAccess {
    unsigned size; ///< In bytes.
    bool is_write;
    unsigned alignment = 1; ///< That the instruction asks for, in bytes.
};

/// Of the instruction's memory operand, if translated code accesses it.
std::optional<MemoryAccess> operand_access(const GuestInstruction& instruction, bool is_amd);
/// Of the stack: at RSP or RBP plus `displacement`.
struct StackAccess {
    unsigned base;
    i32 displacement;
    MemoryAccess access;
};
std::optional<StackAccess> stack_access(const GuestInstruction& instruction);

/// Whether a register and this displacement add up to an address of 32 bits, as a rule: a small one does, and
/// a large one rather stands for a negative one.
constexpr bool stays_in_32_bits(i64 displacement) {
    constexpr i64 limit = 1 << 16;
    return displacement >= -limit && displacement < limit;
}

/// How an access finds its place in the host.
struct PlannedAccess {
    static constexpr u8 alone = 0xff;
    u8 group = alone;
    bool is_first = false; ///< Checks for the whole group.
    /// Both have a base register and a small displacement, and the register was not written in between.
    bool is_like_first = false;
    /// Made in the shadow space: only that the address is in a region is checked.
    bool is_shadowed = false;
    /// There, and in a region that is known, so that not even that is checked.
    Region known_region = Region::none;
    /// There, and one register of the address has a small number (see Values): the other tells the region.
    /// @{
    bool has_small_base = false, has_small_index = false;
    bool has_small() const { return has_small_base || has_small_index; }
    /// @}
    /// The register that tells where it lies as the block begins, if one does.
    u8 told_by = nobody;
    static constexpr u8 nobody = 0xff;

    bool is_region_known() const { return known_region != Region::none; }
    bool is_grouped() const { return group != alone; }
    /// Whether it destroys EFLAGS, and can fault.
    bool is_checked() const { return is_first || (!is_grouped() && !is_region_known()); }
    bool may_fault() const { return is_checked() || is_shadowed; }
};

/// What the first access of a group checks. All is relative to its own address.
struct AccessGroup {
    i32 begin, end;
    bool begins_with_write; ///< What the first access itself is.
    bool is_write;          ///< Some access of the group is one.
    unsigned alignment;
    bool is_shared = false; ///< There are several.
};

/// Of those whose addends are kept. In the shadow space few are, and there may be more groups.
constexpr unsigned most_groups = 31;

/// How accesses to memory are checked: where possible together, or each by itself, for code in which checking
/// them together has failed.
enum class Checking : u8 { grouped, careful };

/// Fills in GuestInstruction::operand, GuestInstruction::stack and GuestInstruction::checks_stack_pointer. At
/// most most_groups. `code_region`: that the code is in, if data may be in the shadow space.
std::vector<AccessGroup> plan_accesses(std::vector<GuestInstruction>& instructions,
                                       const Condition& condition, Checking checking, bool is_amd,
                                       Region code_region);

} // namespace ringer::engine::translator
