#include "engine/translator/block_translator.h"

#include <algorithm>

/// Addresses: offsets in segments, linear addresses, and those of code.
namespace ringer::engine::translator {

namespace {

bool is_general_register(x86::RegisterOffset offset) {
    return offset >= x86::gpr_offset(0) && offset <= x86::gpr_offset(15);
}

unsigned register_number(x86::RegisterOffset offset) { return (offset - x86::gpr_offset(0)) / 8; }

} // namespace

std::optional<HostMemory> BlockTranslator::direct_operand() const {
    const x86::Instruction& instruction = current().instruction;
    const bool is_plain = is_general_register(instruction.base) && instruction.index == x86::zero_offset &&
                          instruction.address_size() == condition_.address_size() &&
                          condition_.is_flat(instruction.segment) &&
                          !emitter_.is_in_memory(register_number(instruction.base));
    if (!is_plain || !(condition_.is_long64() || stays_in_32_bits(instruction.displacement)))
        return std::nullopt;
    return direct(current().operand,
                  {emitter_.home(register_number(instruction.base)), scratch_b, instruction.displacement});
}

std::optional<HostMemory> BlockTranslator::sum_operand() const {
    const x86::Instruction& instruction = current().instruction;
    const auto is_in_host = [this](x86::RegisterOffset offset) {
        return is_general_register(offset) && !emitter_.is_in_memory(register_number(offset));
    };
    if (!is_in_host(instruction.base) || !is_in_host(instruction.index) ||
        instruction.address_size() != condition_.address_size() || !condition_.is_flat(instruction.segment))
        return std::nullopt;
    HostMemory sum{.base = emitter_.home(register_number(instruction.base)),
                   .index = emitter_.home(register_number(instruction.index)),
                   .displacement = instruction.displacement,
                   .scale = static_cast<u8>(instruction.scale)};
    // The pointer as the base, by which the region is told.
    if (current().operand.has_small_base && sum.scale == 0) std::swap(sum.base, sum.index);
    return sum;
}

std::optional<HostMemory> BlockTranslator::direct(const PlannedAccess& planned,
                                                  const HostMemory& memory) const {
    const bool will_do =
        condition_.is_long64() || planned.is_shadowed || planned.is_checked() || planned.is_like_first;
    return will_do ? std::optional(memory) : std::nullopt;
}

std::optional<HostMemory> BlockTranslator::load_base() {
    const x86::Instruction& instruction = current().instruction;
    const bool is_plain = instruction.index == x86::zero_offset && instruction.address_size() == 8 &&
                          condition_.is_long64() && condition_.is_flat(instruction.segment);
    if (!is_plain) return std::nullopt;
    if (is_general_register(instruction.base))
        return HostMemory{.base = value_of(register_number(instruction.base), scratch_a),
                          .displacement = instruction.displacement};
    const i64 offset = i64{current().end()} + instruction.displacement;
    if (instruction.base != x86::rip_offset || offset != static_cast<i32>(offset)) return std::nullopt;
    emitter_.load_address_in_page(scratch_a, 0);
    return HostMemory{.base = scratch_a, .displacement = static_cast<i32>(offset)};
}

void BlockTranslator::load_direct_address(const HostMemory& direct, i32 added) {
    a_.lea(gp64(scratch_a), host::ptr(gp64(direct.base), direct.displacement + added));
}

host::Mem BlockTranslator::effective_address() {
    const x86::Instruction& instruction = current().instruction;
    const bool has_base = is_general_register(instruction.base);
    const bool has_index = is_general_register(instruction.index);
    if (instruction.base == x86::rip_offset) {
        emitter_.load_address_in_page(scratch_a, 0);
        // The sum may leave 32 bits by at most a page, and is then taken in two steps.
        const i64 offset = i64{current().end()} + instruction.displacement;
        if (offset == static_cast<i32>(offset)) return host::ptr(gp64(scratch_a), static_cast<i32>(offset));
        a_.lea(gp64(scratch_a), host::ptr(gp64(scratch_a), current().end()));
        return host::ptr(gp64(scratch_a), instruction.displacement);
    }
    const HostRegister base = has_base ? value_of(register_number(instruction.base), scratch_a) : scratch_a;
    if (!has_index && has_base) return host::ptr(gp64(base), instruction.displacement);
    if (!has_index) {
        a_.mov(gp64(scratch_a), instruction.displacement);
        return host::ptr(gp64(scratch_a));
    }
    const host::Gp index = gp64(value_of(register_number(instruction.index), scratch_b));
    if (has_base) return host::ptr(gp64(base), index, instruction.scale, instruction.displacement);
    return host::ptr(static_cast<u64>(static_cast<i64>(instruction.displacement)), index, instruction.scale);
}

void BlockTranslator::load_offset(i32 added) {
    const x86::Instruction& instruction = current().instruction;
    const bool is_constant = instruction.base == x86::zero_offset && instruction.index == x86::zero_offset;
    if (is_constant && instruction.address_size() == 4) {
        a_.mov(gp32(scratch_a), static_cast<u32>(instruction.displacement) + static_cast<u32>(added));
        return;
    }
    host::Mem address = effective_address();
    address.addOffset(added);
    load_wrapped(address, instruction.address_size());
}

void BlockTranslator::load_wrapped(const host::Mem& address, unsigned size) {
    a_.lea(gp(scratch_a, std::max(size, 4U)), address);
    if (size == 2) a_.movzx(gp32(scratch_a), gp(scratch_a, 2));
}

bool BlockTranslator::is_displacement_behind_base() const {
    const x86::Instruction& instruction = current().instruction;
    return condition_.is_long64() && instruction.address_size() == 8 &&
           !condition_.is_flat(instruction.segment) && instruction.base == x86::zero_offset &&
           instruction.index == x86::zero_offset;
}

void BlockTranslator::load_linear_address(i32 added, const MemoryAccess& access) {
    const x86::Instruction& instruction = current().instruction;
    const void* const segment_base = &context_.cpu->state.segments[instruction.segment].base;
    const i64 sum = i64{instruction.displacement} + added;
    if (is_displacement_behind_base() && sum == static_cast<i32>(sum)) { // Of the kernel's data of each CPU.
        a_.mov(gp64(scratch_a), emitter_.at(segment_base, 8));
        a_.lea(gp64(scratch_a), host::ptr(gp64(scratch_a), static_cast<i32>(sum)));
        return;
    }
    load_offset(added);
    if (condition_.is_flat(instruction.segment)) return;
    if (!condition_.is_long64()) return add_checked_base(instruction.segment, access);
    const bool can_leave_canonical_form =
        is_general_register(instruction.base) || is_general_register(instruction.index);
    if (is_amd_ && can_leave_canonical_form) require_canonical(scratch_a); // As based_address() has it.
    a_.mov(gp64(scratch_b), emitter_.at(segment_base, 8));
    a_.lea(gp64(scratch_a), host::ptr(gp64(scratch_a), gp64(scratch_b)));
}

void BlockTranslator::require_canonical(HostRegister value) {
    constexpr unsigned sign = 47; // All bits above it are as it is.
    a_.mov(gp64(scratch_b), gp64(value));
    a_.sar(gp64(scratch_b), sign);
    a_.add(gp64(scratch_b), 1);
    a_.cmp(gp64(scratch_b), 1);
    interpret_if(host::CondCode::kA);
}

void BlockTranslator::add_checked_base(x86::SegmentRegister segment, const MemoryAccess& access) {
    const Context::SegmentEnds& ends = context_.segment_ends[segment];
    a_.lea(gp64(scratch_b), host::ptr(gp64(scratch_a), static_cast<i32>(access.size)));
    a_.cmp(gp64(scratch_b), emitter_.at(access.is_write ? ends.writable : ends.readable));
    interpret_if(host::CondCode::kA);
    a_.add(gp32(scratch_a), emitter_.at(&context_.cpu->state.segments[segment].base, 4));
}

void BlockTranslator::load_address() {
    const unsigned guest = static_cast<unsigned>(current().register_of(0));
    flags_before_write(static_cast<int>(guest));
    const unsigned size = size_in_bytes(0), address_size = current().instruction.address_size();
    const HostRegister into = destination_of(guest);
    if (address_size < std::min(size, 4U)) {
        load_offset(0);
        a_.mov(gp32(into), gp32(scratch_a));
        return;
    }
    // An address of 32 bits is extended with zeros, as a result of 32 bits is.
    a_.lea(gp(into, std::min(size, address_size)), effective_address());
    store_destination(guest, size == 2 ? 2 : 8);
}

void BlockTranslator::load_linear_in_page(i64 offset_from_page) {
    emitter_.load_address_in_page(scratch_a, offset_from_page, condition_.address_size());
}

void BlockTranslator::load_rip(i64 offset_from_page) {
    load_linear_in_page(offset_from_page);
    if (condition_.code_base == 0) return;
    a_.lea(gp32(scratch_a), host::ptr(gp64(scratch_a), static_cast<i32>(0 - condition_.code_base)));
}

void BlockTranslator::add_code_base() {
    if (condition_.code_base == 0) return;
    a_.lea(gp32(scratch_a), host::ptr(gp64(scratch_a), static_cast<i32>(condition_.code_base)));
}

} // namespace ringer::engine::translator
