#pragma once

#include "x86/cpu.h"

#include <concepts>

namespace ringer::x86 {

enum class Access : u8 { read, write, execute };

/// Whether `linear` is canonical with 48 address bits (Intel SDM Vol. 1, 3.3.7.1).
constexpr bool is_canonical(u64 linear) {
    return static_cast<u64>(static_cast<i64>(linear << 16) >> 16) == linear;
}

/// @name Slow paths: page walks, MMIO, accesses that cross a page, pages that hold code.
/// `segment` tells #SS from #GP for a non-canonical address.
/// @{
Guest<u64> load_slow(Cpu& cpu, Tlb::View& view, SegmentRegister segment, u64 linear, unsigned size);
Guest<void> store_slow(Cpu& cpu, Tlb::View& view, SegmentRegister segment, u64 linear, unsigned size,
                       u64 value);
/// The segment checks of every mode but 64-bit: present, type, limit (Intel SDM Vol. 3, 5.3 to 5.5). Returns
/// the linear address of `offset`. `size` in bytes.
Guest<u64> segmented_address(Cpu& cpu, SegmentRegister segment, u64 offset, unsigned size, Access access);
/// `offset` from the base of FS or GS in 64-bit mode. AMD's CPUs ask of the offset as well to be canonical.
Guest<u64> based_address(Cpu& cpu, u64 base, u64 offset);
/// @}

/// @name Linear addresses, with the rights of a view
/// @{
template <std::unsigned_integral T>
[[gnu::always_inline]] inline Guest<T> load_in(Cpu& cpu, Tlb::View& view, u64 linear,
                                               SegmentRegister segment) {
    if (const u8* const host = view.readable(linear, sizeof(T))) [[likely]] {
        T value;
        __builtin_memcpy(&value, host, sizeof(T));
        return value;
    }
    return static_cast<T>(TRY(load_slow(cpu, view, segment, linear, sizeof(T))));
}

template <std::unsigned_integral T>
[[gnu::always_inline]] inline Guest<void> store_in(Cpu& cpu, Tlb::View& view, u64 linear, T value,
                                                   SegmentRegister segment) {
    if (u8* const host = view.writable(linear, sizeof(T))) [[likely]] {
        __builtin_memcpy(host, &value, sizeof(T));
        return {};
    }
    return store_slow(cpu, view, segment, linear, sizeof(T), value);
}
/// @}

/// @name Linear addresses, with the rights of the current privilege level. Atomic towards faults: nothing is
/// written when any byte of it may not be.
/// @{
template <std::unsigned_integral T>
[[gnu::always_inline]] inline Guest<T> load(Cpu& cpu, u64 linear, SegmentRegister segment = ds) {
    return load_in<T>(cpu, *cpu.data_view, linear, segment);
}

template <std::unsigned_integral T>
[[gnu::always_inline]] inline Guest<void> store(Cpu& cpu, u64 linear, T value, SegmentRegister segment = ds) {
    return store_in<T>(cpu, *cpu.data_view, linear, value, segment);
}

/// Succeeds when a store of `size` bytes at `linear` would, and makes it fault now otherwise. For
/// instructions that write after an irreversible step, or that write several pieces.
Guest<void> check_writable(Cpu& cpu, u64 linear, unsigned size, SegmentRegister segment = ds);
Guest<void> check_readable(Cpu& cpu, u64 linear, unsigned size, SegmentRegister segment = ds);

/// Walks the page tables, unless that would fault, so that an access may go straight to host memory, which it
/// is about to do. Returns whether all of it may.
bool fill_tlb(Cpu& cpu, u64 linear, unsigned size, Access access);

/// Copies of any size up to a page, for vector registers, FXSAVE and the like. As atomic as load and store.
Guest<void> load_bytes(Cpu& cpu, u64 linear, u8* destination, unsigned size, SegmentRegister segment = ds);
Guest<void> store_bytes(Cpu& cpu, u64 linear, const u8* source, unsigned size, SegmentRegister segment = ds);
/// @}

/// @name Implicit supervisor accesses to descriptor tables and task state, whatever the privilege level
/// (Intel SDM Vol. 3, 4.6.1).
/// @{
template <std::unsigned_integral T>
Guest<T> system_load(Cpu& cpu, u64 linear) {
    return load_in<T>(cpu, *cpu.system_view, linear, ds);
}
template <std::unsigned_integral T>
Guest<void> system_store(Cpu& cpu, u64 linear, T value) {
    return store_in<T>(cpu, *cpu.system_view, linear, value, ds);
}
/// @}

/// @name The memory operand of an instruction
/// @{
/// Its offset within the segment, wrapped to the address size.
[[gnu::always_inline]] inline u64 effective_address(const Cpu& cpu, const Instruction& instruction) {
    const u64 sum = cpu.get<u64>(instruction.base) + (cpu.get<u64>(instruction.index) << instruction.scale) +
                    static_cast<u64>(static_cast<i64>(instruction.displacement));
    return sum & (~u64{0} >> instruction.address_shift);
}

/// Its linear address, with the segment's checks for an access of `size` bytes.
[[gnu::always_inline]] inline Guest<u64> operand_address(Cpu& cpu, const Instruction& instruction,
                                                         unsigned size, Access access) {
    const u64 offset = effective_address(cpu, instruction);
    if (cpu.long64()) [[likely]] {
        if (instruction.segment_base == zero_offset) [[likely]]
            return offset;
        return based_address(cpu, cpu.get<u64>(instruction.segment_base), offset);
    }
    return segmented_address(cpu, instruction.segment, offset, size, access);
}

/// The same for x87 environments and save areas. AMD's CPUs touch their first field, then some byte, in most
/// cases the last, and only then the rest; offsets wrap to the address size.
struct BlockShape {
    unsigned size;      ///< In bytes.
    unsigned alignment; ///< #GP otherwise.
    unsigned first;     ///< The size of the first field; 0: not touched first.
    unsigned second;    ///< The offset of the byte that is touched then.
};
Guest<u64> block_address(Cpu& cpu, const Instruction& instruction, const BlockShape& shape, Access access);

template <std::unsigned_integral T>
[[gnu::always_inline]] inline Guest<T> load_operand(Cpu& cpu, const Instruction& instruction) {
    const u64 linear = TRY(operand_address(cpu, instruction, sizeof(T), Access::read));
    return load<T>(cpu, linear, instruction.segment);
}

template <std::unsigned_integral T>
[[gnu::always_inline]] inline Guest<void> store_operand(Cpu& cpu, const Instruction& instruction, T value) {
    const u64 linear = TRY(operand_address(cpu, instruction, sizeof(T), Access::write));
    return store<T>(cpu, linear, value, instruction.segment);
}

/// Replaces the operand by `change(old)`; a page that cannot be written faults before `change` runs.
template <std::unsigned_integral T, class Change>
[[gnu::always_inline]] inline Guest<void> modify_operand(Cpu& cpu, const Instruction& instruction,
                                                         Change&& change) {
    const u64 linear = TRY(operand_address(cpu, instruction, sizeof(T), Access::write));
    if (u8* const host = cpu.data_view->writable(linear, sizeof(T))) [[likely]] {
        T value;
        __builtin_memcpy(&value, host, sizeof(T));
        value = change(value);
        __builtin_memcpy(host, &value, sizeof(T));
        return {};
    }
    TRY(check_writable(cpu, linear, sizeof(T), instruction.segment));
    const T old = TRY(load<T>(cpu, linear, instruction.segment));
    return store<T>(cpu, linear, change(old), instruction.segment);
}
/// @}

/// @name Offsets within a segment, for string and stack instructions
/// @{
[[gnu::always_inline]] inline Guest<u64> linear_address(Cpu& cpu, SegmentRegister segment, u64 offset,
                                                        unsigned size, Access access) {
    if (cpu.long64()) [[likely]]
        return segment >= fs ? based_address(cpu, cpu.state.segments[segment].base, offset) : offset;
    return segmented_address(cpu, segment, offset, size, access);
}
/// @}

/// @name Ports
/// @{
/// IOPL and the I/O permission bitmap (Intel SDM Vol. 1, 19.5). `size` 1, 2 or 4 bytes.
Guest<void> check_port_permission(Cpu& cpu, u16 port, unsigned size);
Guest<u32> read_port(Cpu& cpu, u16 port, unsigned size);
Guest<void> write_port(Cpu& cpu, u16 port, unsigned size, u32 value);
/// @}

} // namespace ringer::x86
