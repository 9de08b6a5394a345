#include "engine/translator/block_translator.h"
#include "memory/shadow_space.h"

#include <algorithm>

/// Accesses in the shadow space: the host's MMU does what a look at the TLB would.
namespace ringer::engine::translator {

using memory::ShadowSpace;

HostMemory BlockTranslator::in_shadow(const PlannedAccess& planned, const std::optional<HostMemory>& direct,
                                      const LoadAddress& load) {
    HostMemory memory{scratch_a};
    const bool is_operand = &planned == &current().operand;
    const bool may_be_sum =
        is_operand && (!planned.is_first || planned.has_small()) && !is_in_both(planned.group);
    if (planned.is_first) before_check();
    if (direct) {
        memory = {.base = direct->base, .displacement = direct->displacement};
    } else if (const auto sum = may_be_sum ? sum_operand() : std::nullopt) {
        memory = *sum;
    } else if (const auto behind = is_operand ? load_base() : std::nullopt) {
        memory = *behind;
    } else {
        load(0);
    }
    memory.is_shadowed = true;
    memory.is_32_bit = !condition_.is_long64();
    memory.is_in_gs = planned.known_region == Region::high;
    if (!planned.is_grouped()) return memory;
    if (planned.is_first) {
        is_high_[planned.group] = expects_high(planned);
        const HostRegister checked = register_in_region(memory);
        is_in_both(planned.group) ? find_region(planned.group, checked)
                                  : check_region(planned.group, checked);
    } else if (is_in_both(planned.group)) {
        emitter_.load_scratch_b(context_.addends[planned.group]);
    }
    if (is_in_both(planned.group))
        memory.index = scratch_b;
    else
        memory.is_in_gs = is_high_[planned.group];
    return memory;
}

/// Beside a small displacement the base tells, also with an index, which is a small number then; and so does
/// the page of code. With a large displacement that is the address, another base may be anything.
HostRegister BlockTranslator::register_in_region(HostMemory& memory) {
    const bool is_behind_code = current().instruction.base == x86::rip_offset;
    if (stays_in_32_bits(memory.displacement) || is_behind_code) return memory.base;
    a_.lea(gp64(scratch_a), memory_operand(memory, 8));
    if (memory.base == scratch_a) memory = {scratch_a};
    return scratch_a;
}

/// The upper region is a power of two in size, and begins at its size. Bits above the one that is looked at
/// make an address of the host's kernel, or one that is not in canonical form: the host refuses both.
void BlockTranslator::jump_if_not_in_region(HostRegister linear, bool is_high,
                                            const asmjit::Label& elsewhere) {
    if (is_high) {
        static_assert(ShadowSpace::high_end == 2 * ShadowSpace::high_begin);
        a_.bt(gp64(linear), ShadowSpace::high_bits);
        return emitter_.jump_if(host::CondCode::kNC, elsewhere);
    }
    emitter_.with_jump_if([&] { a_.cmp(gp64(linear), emitter_.at(context_.shadow_low_end)); });
    emitter_.jump_if(host::CondCode::kAE, elsewhere);
}

void BlockTranslator::check_region(unsigned group, HostRegister linear) {
    const asmjit::Label wrong = emitter_.label();
    jump_if_not_in_region(linear, is_high_[group], wrong);
    later([this, wrong, group, refusal = add_refusal(SideExit::Kind::region)] {
        raise_wrong_region(wrong, vector_of_region(group), refusal);
    });
}

unsigned BlockTranslator::vector_of_region(unsigned group) const {
    if (group >= most_groups) return no_region_vector;
    return group + (is_high_[group] ? high_region_vector : low_region_vector);
}

/// It happens so rarely that a signal will do: INT is not for the host's users.
void BlockTranslator::raise_wrong_region(const asmjit::Label& label, unsigned vector, std::size_t refusal) {
    a_.bind(label);
    refusals_[refusal].code = here();
    a_.int_(vector);
}

/// LEAVE has looked, if what RBP points to is where the stack is to be.
void BlockTranslator::check_stack_pointer() {
    const PlannedAccess& left = current().stack;
    const bool is_known = current().treatment == Treatment::leave && left.is_shadowed && left.is_grouped() &&
                          !is_in_both(left.group) && is_high_[left.group];
    if (is_known) return;
    flags_.give_up_host(current().needed ? FlagDemand::used : FlagDemand::shown);
    const asmjit::Label wrong = emitter_.label();
    jump_if_not_in_region(emitter_.home(x86::rsp), true, wrong);
    const std::size_t refusal = add_refusal(SideExit::Kind::region);
    refusals_[refusal].number = static_cast<u8>(retired_with_current());
    refusals_[refusal].position = block_->position_behind(index_);
    later([this, wrong, refusal] { raise_wrong_region(wrong, stack_region_vector, refusal); });
}

void BlockTranslator::find_region(unsigned group, HostRegister linear) {
    const asmjit::Label is_low = emitter_.label(), found = emitter_.label(), wrong = emitter_.label();
    jump_if_not_in_region(linear, true, is_low);
    a_.mov(gp64(scratch_b), emitter_.at(context_.shadow_addend));
    a_.bind(found);
    if (block_->groups[group].is_shared) emitter_.store_scratch_b(context_.addends[group]);
    later([this, linear, is_low, found, wrong, refusal = add_refusal(SideExit::Kind::region)] {
        a_.bind(is_low);
        jump_if_not_in_region(linear, false, wrong);
        a_.xor_(gp32(scratch_b), gp32(scratch_b));
        a_.jmp(found);
        raise_wrong_region(wrong, no_region_vector, refusal);
    });
}

/// Registers may not have what they will have then.
u64 BlockTranslator::foreseen_address(const PlannedAccess& planned) const {
    const x86::Instruction& instruction = current().instruction;
    if (planned.told_by != PlannedAccess::nobody) return block_->registers[planned.told_by];
    if (&planned == &current().stack) return block_->registers[stack_access(current())->base];
    if (instruction.base == x86::rip_offset) return context_.cpu->state.rip;
    return context_.cpu->get<u64>(instruction.base) +
           (context_.cpu->get<u64>(instruction.index) << instruction.scale) +
           context_.cpu->get<u64>(instruction.segment_base) + static_cast<u64>(i64{instruction.displacement});
}

bool BlockTranslator::expects_high(const PlannedAccess& planned) const {
    if (missed_.is_low_missed(planned.group)) return true;
    if (missed_.is_high_missed(planned.group)) return false;
    const Region foreseen = ShadowSpace::region_of(foreseen_address(planned));
    return foreseen == Region::none ? has_high_data_ : foreseen == Region::high;
}

void BlockTranslator::note_access(const HostMemory& memory, std::size_t bytes) {
    if (!memory.is_shadowed) return;
    const auto kind = flags_.in_host() ? SideExit::Kind::refused_with_flags : SideExit::Kind::refused;
    refusals_[add_refusal(kind)].code = static_cast<u16>(here() - bytes);
}

} // namespace ringer::engine::translator
