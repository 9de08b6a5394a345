#include "engine/translator/access_plan.h"

#include "engine/translator/copy_plan.h"
#include "engine/translator/guest_block.h"
#include "engine/translator/side_exit.h"
#include "memory/address_space.h"
#include "memory/shadow_space.h"
#include "x86/stub_encoding.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>

namespace ringer::engine::translator {

using memory::ShadowSpace;

namespace {

/// What a register holds: something that has a name, plus a number.
struct Value {
    u32 name = 0;
    i64 added = 0;
    u32 writes = 0; ///< To the register, to tell it from one that was written and has the same value.
    bool is_in_stack = false; ///< What has the name is in the region of the stack.
    bool is_small = false;    ///< All of it is a number of 32 bits, but for what little was added since.
};

/// Such numbers, times 8, may stand beside a pointer into the shadow space, or be one by themselves.
constexpr i64 largest_small_addend = 1 << 16;
constexpr i64 largest_small = (i64{1} << 32) + i64{GuestBlock::longest_trace} * largest_small_addend;

/// Addresses with the same origin differ by a number that is known.
struct Origin {
    u32 base = none, index = none;
    u8 scale = 0;
    u32 segment = none;

    static constexpr u32 none = 0, code_page = 1, first_name = 2;
    bool operator==(const Origin&) const = default;
    /// Whether the address's place in its page is known.
    bool is_fixed() const { return (base == none || base == code_page) && index == none && segment == none; }
};

struct Address {
    Origin origin;
    i64 offset;
    bool is_in_stack = false; ///< Its place, or misses it by less than the shadow space's margin.
    /// Registers with small numbers, which the origin does without.
    /// @{
    bool has_small_base = false, has_small_index = false;
    bool has_small() const { return has_small_base || has_small_index; }
    /// @}
    /// How it is written.
    /// @{
    int base = -1;      ///< The register's number.
    u32 writes = 0;     ///< See Value.
    i64 displacement{}; ///< From the register.
    /// @}

    bool is_like(const Address& first) const {
        return base >= 0 && base == first.base && writes == first.writes && origin.index == Origin::none &&
               stays_in_32_bits(displacement) && stays_in_32_bits(first.displacement);
    }
};

/// Follows the values of the general registers, as far as they move by constants: modulo the size of a linear
/// address.
class Values {
  public:
    explicit Values(const Condition& condition) : condition_(condition) { forget_all(); }

    const Value& of(unsigned guest) const { return values_[guest]; }
    /// The register that has what has a name when the block begins, or PlannedAccess::nobody: the first names
    /// are given to the registers in their order.
    u8 first_holder_of(u32 name) const {
        const u32 guest = name - Origin::first_name;
        return guest < values_.size() ? static_cast<u8>(guest) : PlannedAccess::nobody;
    }
    u32 segment_base(x86::SegmentRegister segment) const { return segments_ * 8 + segment + 1; }

    void after(const GuestInstruction& instruction);
    /// Whatever RSP is now, it is in the region of the stack.
    void stack_pointer_checked() { set(x86::rsp, {.name = next_name_++, .is_in_stack = true}); }

  private:
    void set(unsigned guest, const Value& value) {
        const u32 writes = values_[guest].writes + 1;
        values_[guest] = value;
        values_[guest].writes = writes;
    }
    void add(unsigned guest, i64 number) {
        Value sum = values_[guest];
        sum.added += number;
        sum.is_small &= std::abs(number) <= largest_small_addend;
        set(guest, sum);
    }
    void forget(unsigned guest) { set(guest, {.name = next_name_++}); }
    void forget_all() {
        for (unsigned guest = 0; guest < values_.size(); ++guest) forget(guest);
        ++segments_;
        if (condition_.has_high_stack) stack_pointer_checked();
    }
    void forget_written(const GuestInstruction& instruction);
    void after_copy(const GuestInstruction& instruction);
    void after_load_address(const GuestInstruction& instruction);

    void move_stack_pointer(i64 bytes);
    bool is_wide(const x86::Decoded& decoded) const {
        return decoded.operand_bits(0) == 8 * condition_.address_size();
    }

    const Condition& condition_;
    std::array<Value, 16> values_;
    u32 next_name_ = Origin::first_name;
    u32 segments_ = 0;
};

bool is_general(x86::RegisterOffset offset) {
    return offset >= x86::gpr_offset(0) && offset <= x86::gpr_offset(15);
}
unsigned number_of(x86::RegisterOffset offset) { return (offset - x86::gpr_offset(0)) / 8; }

void Values::move_stack_pointer(i64 bytes) {
    if (condition_.stack_pointer_size() == condition_.address_size())
        add(x86::rsp, bytes);
    else
        forget(x86::rsp);
}

void Values::after(const GuestInstruction& instruction) {
    const i64 slot = instruction.slot_size();
    switch (instruction.treatment) {
    case Treatment::interpret:
    case Treatment::swap_gs: forget_all(); break;
    case Treatment::write_segment_base: ++segments_; break;
    case Treatment::push:
    case Treatment::push_flags:
    case Treatment::call:
    case Treatment::call_indirect: move_stack_pointer(-slot); break;
    case Treatment::return_near:
        move_stack_pointer(slot + static_cast<u16>(instruction.instruction.immediate));
        break;
    case Treatment::pop:
        move_stack_pointer(slot);
        forget(static_cast<unsigned>(instruction.register_of(0)));
        break;
    case Treatment::leave:
        set(x86::rsp, values_[x86::rbp]);
        move_stack_pointer(slot);
        forget(x86::rbp);
        break;
    case Treatment::string:
        for (const x86::Register each : {x86::rax, x86::rcx, x86::rsi, x86::rdi}) forget(each);
        break;
    case Treatment::load_address: after_load_address(instruction); break;
    case Treatment::copy: after_copy(instruction); break;
    default: forget_written(instruction); break;
    }
}

/// Whether what an instruction leaves in a register is a number of 32 bits, extended by zeros or its sign.
bool is_left_small(const x86::Decoded& decoded, const ZydisDecodedOperand& written) {
    if (written.size < 32 || (written.actions & ZYDIS_OPERAND_ACTION_CONDWRITE)) return false;
    switch (decoded.instruction.mnemonic) {
    case ZYDIS_MNEMONIC_BSF: // With a source of zero these leave all 64 bits alone, and so may the others.
    case ZYDIS_MNEMONIC_BSR:
    case ZYDIS_MNEMONIC_CMPXCHG:
    case ZYDIS_MNEMONIC_CMPXCHG8B: return false;
    case ZYDIS_MNEMONIC_CDQE:
    case ZYDIS_MNEMONIC_MOVSX:
    case ZYDIS_MNEMONIC_MOVSXD:
    case ZYDIS_MNEMONIC_MOVZX: return true;
    case ZYDIS_MNEMONIC_AND:
        return written.size == 32 || (decoded.is_immediate(1) && decoded.operands[1].imm.value.s >= 0);
    default: return written.size == 32;
    }
}

void Values::forget_written(const GuestInstruction& instruction) {
    for (unsigned i = 0; i < instruction.decoded.instruction.operand_count; ++i) {
        const ZydisDecodedOperand& operand = instruction.decoded.operands[i];
        if (general_register(operand) < 0 || !is_written(operand)) continue;
        const auto guest = static_cast<unsigned>(general_register(operand));
        forget(guest);
        values_[guest].is_small = is_left_small(instruction.decoded, operand);
    }
}

void Values::after_copy(const GuestInstruction& instruction) {
    const x86::Decoded& decoded = instruction.decoded;
    const int to = instruction.register_of(0), from = instruction.register_of(1);
    const bool is_sum = to >= 0 && is_wide(decoded);
    const auto mnemonic = decoded.instruction.mnemonic;
    if (is_sum && from >= 0 && mnemonic == ZYDIS_MNEMONIC_MOV) {
        set(static_cast<unsigned>(to), values_[static_cast<unsigned>(from)]);
    } else if (is_sum && decoded.is_immediate(1) && mnemonic == ZYDIS_MNEMONIC_ADD) {
        add(static_cast<unsigned>(to), decoded.operands[1].imm.value.s);
    } else if (is_sum && decoded.is_immediate(1) && mnemonic == ZYDIS_MNEMONIC_SUB) {
        add(static_cast<unsigned>(to), -decoded.operands[1].imm.value.s);
    } else {
        forget_written(instruction);
    }
}

void Values::after_load_address(const GuestInstruction& instruction) {
    const x86::Instruction& executed = instruction.instruction;
    const auto to = static_cast<unsigned>(instruction.register_of(0));
    const bool is_sum = is_wide(instruction.decoded) &&
                        executed.address_size() == condition_.address_size() && is_general(executed.base) &&
                        executed.index == x86::zero_offset;
    if (!is_sum) return forget_written(instruction);
    set(to, values_[number_of(executed.base)]);
    add(to, executed.displacement);
}

/// Ranges that are longer cross into another page too often.
constexpr i64 longest_range = SideExit::most_accessed;

/// How far RSP may be from the region of the stack, or from where it was in it, and how far from that an
/// access to the stack; and how far apart accesses may be of which one has looked at the region.
constexpr i64 stack_pointer_slack = i64{1} << 30, farthest_in_stack = i64{4} << 30,
              farthest_in_group = i64{2} << 30;
static_assert(std::max(stack_pointer_slack + farthest_in_stack, farthest_in_group + 8 * largest_small) +
                  8 * largest_small + longest_range <
              ShadowSpace::margin);

/// nullopt: not an address that others could be compared with.
std::optional<Address> operand_address(const GuestInstruction& instruction, const Values& values,
                                       const Condition& condition) {
    const x86::Instruction& executed = instruction.instruction;
    if (executed.address_size() != condition.address_size()) return std::nullopt;
    if (!condition.is_long64() && !condition.is_flat(executed.segment)) return std::nullopt;
    // The check may begin in front of it, and the difference is to fit into a displacement.
    constexpr i64 lowest = std::numeric_limits<i32>::min() + longest_range;
    if (executed.displacement < lowest) return std::nullopt;
    Address address{{}, executed.displacement};
    const auto is_small = [&](x86::RegisterOffset number) {
        return condition.is_shadowed && condition.is_long64() && is_general(number) &&
               values.of(number_of(number)).is_small;
    };
    address.has_small_index = is_small(executed.index);
    // What is multiplied is no pointer.
    address.has_small_base = is_small(executed.base) && (executed.index == x86::zero_offset ||
                                                         address.has_small_index || executed.scale == 0);
    if (executed.base == x86::rip_offset) {
        address.origin.base = Origin::code_page;
        address.offset += instruction.end();
    } else if (is_general(executed.base) && !address.has_small_base) {
        const Value& base = values.of(number_of(executed.base));
        const bool is_alone = executed.index == x86::zero_offset || address.has_small_index;
        address.origin.base = base.name;
        address.offset += base.added;
        address.base = static_cast<int>(number_of(executed.base));
        address.writes = base.writes;
        address.displacement = executed.displacement;
        address.is_in_stack = base.is_in_stack && is_alone && std::abs(address.offset) < farthest_in_stack;
    }
    if (is_general(executed.index) && !address.has_small_index) {
        const Value& index = values.of(number_of(executed.index));
        (address.has_small_base ? address.origin.base : address.origin.index) = index.name;
        address.origin.scale = executed.scale;
        address.offset += static_cast<i64>(static_cast<u64>(index.added) << executed.scale);
    }
    if (executed.segment_base != x86::zero_offset) {
        // An offset that may leave canonical form is looked at by itself.
        if (address.origin != Origin{} || address.has_small()) return std::nullopt;
        address.origin.segment = values.segment_base(executed.segment);
    }
    return address;
}

/// Sees to it that RSP is in its region of the shadow space, or misses it by at most stack_pointer_slack, at
/// each way from users' code for a stack there to more of it, as it is at the start of each block. An access
/// to the stack that the host has not refused tells, if RSP is not far from it; so does the engine that has
/// run an instruction. Otherwise what moves RSP is to check it.
class StackPointerWatch {
  public:
    StackPointerWatch(std::vector<GuestInstruction>& instructions, Values& values)
        : instructions_(instructions), values_(values), is_on_(values.of(x86::rsp).is_in_stack),
          known_(values.of(x86::rsp)), writes_(known_.writes) {}

    /// Memory there is accessed, and not by a mask: such instructions are interpreted.
    void accessed(const Address& address) {
        if (is_on_ && address.is_in_stack && !address.has_small())
            know({.name = address.origin.base, .added = address.offset, .is_in_stack = true});
    }
    /// Instruction `index` is done, and the values are those behind it.
    void after(std::size_t index);
    /// So is the block.
    void finish() {
        if (moved_by_) check(*moved_by_);
    }

  private:
    void know(const Value& value) {
        known_ = value;
        reach_ = stack_pointer_slack;
    }
    bool is_near(const Value& value) const {
        return value.name == known_.name && std::abs(value.added - known_.added) <= reach_;
    }
    void check(std::size_t index) {
        instructions_[index].checks_stack_pointer = true;
        know(values_.of(x86::rsp));
        moved_by_.reset();
    }

    std::vector<GuestInstruction>& instructions_;
    Values& values_;
    const bool is_on_;
    Value known_;                         ///< An address near which RSP is where it is to be,
    i64 reach_ = 0;                       ///< and how near: at the start it may have moved already.
    u32 writes_ = 0;                      ///< To RSP.
    std::optional<std::size_t> moved_by_; ///< The last instruction that has moved it away from there.
};

void StackPointerWatch::after(std::size_t index) {
    if (!is_on_) return;
    const GuestInstruction& done = instructions_[index];
    const Value& now = values_.of(x86::rsp);
    if (!now.is_in_stack || std::abs(now.added) > stack_pointer_slack) {
        values_.stack_pointer_checked();
        check(index);
    } else if (done.treatment == Treatment::interpret || done.treatment == Treatment::swap_gs) {
        know(now);
    }
    if (is_near(now))
        moved_by_.reset();
    else if (writes_ != now.writes)
        moved_by_ = index;
    writes_ = now.writes;
    if (done.may_jump() || done.leaves_block()) finish();
}

/// Groups the accesses of one block, in their order.
class Planner {
  public:
    explicit Planner(bool is_shadowed) : is_shadowed_(is_shadowed) {}

    void add(const Address& address, const MemoryAccess& access, PlannedAccess& plan);
    /// What comes is not always executed.
    void branch() { ++branches_; }
    std::vector<AccessGroup> finish();

  private:
    struct Group {
        Address first;
        AccessGroup extent;
        std::vector<PlannedAccess*> members;
        unsigned branches; ///< In front of it.
    };
    bool try_join(Group& group, const Address& address, const MemoryAccess& access) const;

    const bool is_shadowed_;
    std::vector<Group> groups_;
    unsigned branches_ = 0;
};

bool Planner::try_join(Group& group, const Address& address, const MemoryAccess& access) const {
    if (group.first.origin != address.origin) return false;
    if (is_shadowed_) {
        return std::abs(address.offset - group.first.offset) < farthest_in_group;
    }
    // A page that is only read as a rule would fail every check for a write that hardly ever comes.
    if (access.is_write && !group.extent.is_write && group.branches != branches_) return false;
    const i64 offset = address.offset - group.first.offset;
    const i64 begin = std::min<i64>(group.extent.begin, offset);
    const i64 end = std::max<i64>(group.extent.end, offset + access.size);
    if (end - begin > longest_range) return false;
    if (access.alignment > 1 && offset % access.alignment != 0) return false;
    const auto page = [&](i64 at) { return (group.first.offset + at) >> memory::page_shift; };
    if (address.origin.is_fixed() && page(begin) != page(end - 1)) return false;
    group.extent.begin = static_cast<i32>(begin);
    group.extent.end = static_cast<i32>(end);
    group.extent.is_write |= access.is_write;
    group.extent.alignment = std::max(group.extent.alignment, access.alignment);
    return true;
}

void Planner::add(const Address& address, const MemoryAccess& access, PlannedAccess& plan) {
    const auto joined =
        std::ranges::find_if(groups_, [&](Group& group) { return try_join(group, address, access); });
    if (joined != groups_.end()) {
        plan.is_like_first = address.is_like(joined->first);
        joined->members.push_back(&plan);
        return;
    }
    const AccessGroup extent{.begin = 0,
                             .end = static_cast<i32>(access.size),
                             .begins_with_write = access.is_write,
                             .is_write = access.is_write,
                             .alignment = access.alignment};
    groups_.push_back({address, extent, {&plan}, branches_});
}

std::vector<AccessGroup> Planner::finish() {
    std::vector<AccessGroup> extents;
    // The first ones may get registers.
    std::ranges::sort(groups_, std::ranges::greater{},
                      [](const Group& group) { return group.members.size(); });
    for (const Group& group : groups_) {
        const bool is_worth_it = group.members.size() >= 2 && extents.size() < most_groups;
        if (!is_shadowed_ && !is_worth_it) continue;
        for (PlannedAccess* const member : group.members) {
            member->group = static_cast<u8>(extents.size());
            member->is_first = member == group.members.front();
            member->is_shadowed = is_shadowed_;
        }
        extents.push_back(group.extent);
        extents.back().is_shared = group.members.size() > 1;
    }
    return extents;
}

} // namespace

std::optional<MemoryAccess> operand_access(const GuestInstruction& instruction, bool is_amd) {
    if (!instruction.instruction.has_memory) return std::nullopt;
    const x86::Decoded& decoded = instruction.decoded;
    switch (instruction.treatment) {
    case Treatment::copy:
    case Treatment::copy_vector:
    case Treatment::copy_x87:
    case Treatment::copy_mmx: {
        const ZydisDecodedOperand& operand = memory_operand_of(decoded);
        const unsigned size = operand.size / 8u;
        unsigned alignment = 1;
        if (instruction.treatment == Treatment::copy_vector || instruction.treatment == Treatment::copy_mmx)
            alignment = x86::alignment_of(decoded.instruction, size, is_amd);
        if (decoded.instruction.mnemonic == ZYDIS_MNEMONIC_CMPXCHG16B) alignment = 16;
        return MemoryAccess{.size = size, .is_write = is_written(operand), .alignment = alignment};
    }
    case Treatment::load_x87_control: return MemoryAccess{.size = 2, .is_write = false};
    case Treatment::load_vector_control: return MemoryAccess{.size = 4, .is_write = false};
    case Treatment::exchange: return MemoryAccess{.size = decoded.operand_bits(0) / 8, .is_write = true};
    case Treatment::divide: return MemoryAccess{.size = decoded.operand_bits(0) / 8, .is_write = false};
    case Treatment::push:
    case Treatment::jump_indirect:
    case Treatment::call_indirect: return MemoryAccess{.size = instruction.slot_size(), .is_write = false};
    default: return std::nullopt;
    }
}

std::optional<StackAccess> stack_access(const GuestInstruction& instruction) {
    const unsigned slot = instruction.slot_size();
    switch (instruction.treatment) {
    case Treatment::push:
    case Treatment::push_flags:
    case Treatment::call:
    case Treatment::call_indirect:
        return StackAccess{x86::rsp, -static_cast<i32>(slot), {.size = slot, .is_write = true}};
    case Treatment::pop:
    case Treatment::return_near: return StackAccess{x86::rsp, 0, {.size = slot, .is_write = false}};
    case Treatment::leave: return StackAccess{x86::rbp, 0, {.size = slot, .is_write = false}};
    default: return std::nullopt;
    }
}

namespace {

/// Whether an instruction that the host refuses leaves no trace, so that it can be run again by other means.
bool may_be_refused(const GuestInstruction& instruction) {
    switch (instruction.treatment) {
    case Treatment::push:
    case Treatment::pop:
    case Treatment::leave:
    case Treatment::call:
    case Treatment::call_indirect:
    case Treatment::jump_indirect:
    case Treatment::return_near:
    case Treatment::exchange:
    case Treatment::divide: return true;
    case Treatment::copy:
    case Treatment::copy_vector:
    case Treatment::copy_x87:
    case Treatment::copy_mmx:
        return instruction.instruction.has_memory && !plan_copy(instruction.decoded, true)->spilled;
    default: return false;
    }
}

Address stack_address(const StackAccess& access, const Values& values) {
    const Value& base = values.of(access.base);
    const i64 offset = base.added + access.displacement;
    return {.origin = {.base = base.name},
            .offset = offset,
            .is_in_stack = base.is_in_stack && std::abs(offset) < farthest_in_stack,
            .base = static_cast<int>(access.base),
            .writes = base.writes,
            .displacement = access.displacement};
}

} // namespace

std::vector<AccessGroup> plan_accesses(std::vector<GuestInstruction>& instructions,
                                       const Condition& condition, Checking checking, bool is_amd,
                                       Region code_region) {
    Values values(condition);
    Planner planner(condition.is_shadowed);
    StackPointerWatch stack_pointer(instructions, values);
    const bool is_low = condition.is_shadowed && !condition.is_long64();
    const auto known_region = [&](const Address& address) {
        if (address.is_in_stack) return Region::high;
        if (checking == Checking::careful || !condition.is_shadowed) return Region::none;
        if (is_low || address.origin == Origin{}) return Region::low;
        return address.origin.base == Origin::code_page ? code_region : Region::none;
    };
    const auto plan = [&](const Address& address, const MemoryAccess& access, PlannedAccess& planned) {
        planned.has_small_base = address.has_small_base;
        planned.has_small_index = address.has_small_index;
        if (address.origin.index == Origin::none)
            planned.told_by = values.first_holder_of(address.origin.base);
        planned.known_region = known_region(address);
        planned.is_shadowed = planned.is_region_known();
        if (!planned.is_shadowed && checking == Checking::grouped) planner.add(address, access, planned);
        stack_pointer.accessed(address);
    };
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        GuestInstruction& each = instructions[i];
        each.operand = each.stack = {}; // They may have been planned as another block's.
        each.checks_stack_pointer = false;
        if (condition.is_shadowed && !may_be_refused(each)) {
            each.operand.is_shadowed = !is_low && checking == Checking::grouped && each.is_repeated_string();
        } else {
            if (const auto access = operand_access(each, is_amd))
                if (const auto address = operand_address(each, values, condition))
                    plan(*address, *access, each.operand);
            if (const auto access = stack_access(each); access && condition.has_flat_stack())
                plan(stack_address(*access, values), access->access, each.stack);
        }
        values.after(each);
        stack_pointer.after(i);
        if (each.may_jump()) planner.branch();
    }
    stack_pointer.finish();
    return planner.finish();
}

} // namespace ringer::engine::translator
