#pragma once

#include "x86/access.h"

#include <optional>

namespace ringer::x86 {

/// Types of system descriptors (Intel SDM Vol. 3, table 3-2).
namespace system_type {
inline constexpr unsigned tss16 = 1, ldt = 2, busy_tss16 = 3, call_gate16 = 4, task_gate = 5;
inline constexpr unsigned interrupt_gate16 = 6, trap_gate16 = 7, tss = 9, busy_tss = 11, call_gate = 12;
inline constexpr unsigned interrupt_gate = 14, trap_gate = 15;
} // namespace system_type

/// A segment or gate descriptor as it stands in the GDT, LDT or IDT (Intel SDM Vol. 3, 3.4.5 and 5.8.3); 16
/// bytes for system descriptors in long mode.
struct Descriptor {
    u64 low = 0;
    u64 high = 0;
    u64 address = 0; ///< Linear, of the first byte.

    unsigned type() const { return (low >> 40) & 0xf; }
    bool is_code_or_data() const { return (low >> 44) & 1; }
    bool is_system(unsigned which) const { return !is_code_or_data() && type() == which; }
    unsigned dpl() const { return (low >> 45) & 3; }
    bool present() const { return (low >> 47) & 1; }
    bool is_code() const { return is_code_or_data() && (low >> 43 & 1); }
    bool is_conforming() const { return is_code() && (low >> 42 & 1); }
    bool is_readable() const { return is_code_or_data() && (!is_code() || (low >> 41 & 1)); }
    bool is_writable() const { return is_code_or_data() && !is_code() && (low >> 41 & 1); }
    bool is_long() const { return (low >> 53) & 1; }       ///< L
    bool default_is_32() const { return (low >> 54) & 1; } ///< D/B

    /// @name Of a gate
    /// @{
    u16 gate_selector() const { return static_cast<u16>(low >> 16); }
    u64 gate_offset16() const { return low & 0xffff; }
    u64 gate_offset32() const { return gate_offset16() | (low >> 32 & 0xffff'0000); }
    u64 gate_offset64() const { return gate_offset32() | high << 32; }
    unsigned parameter_count() const { return (low >> 32) & 0x1f; }
    unsigned interrupt_stack() const { return (low >> 32) & 7; } ///< IST
    /// @}
};

constexpr bool is_null(u16 selector) { return (selector & 0xfffc) == 0; }
constexpr unsigned requested_privilege(u16 selector) { return selector & 3; }
/// The error code that names `selector`.
constexpr u32 selector_error(u16 selector) { return selector & 0xfffc; }

/// Looks up the descriptor that `selector` names; nullopt beyond the table's limit.
Guest<std::optional<Descriptor>> find_descriptor(Cpu& cpu, u16 selector);

/// Reads the descriptor that `selector` names. Beyond the table's limit: `fault` with the selector as error
/// code, and in it `external`, the EXT bit.
Guest<Descriptor> read_descriptor(Cpu& cpu, u16 selector, Vector fault = Vector::general_protection,
                                  u32 external = 0);

/// The hidden part that loading `descriptor` gives.
Segment segment_from(u16 selector, const Descriptor& descriptor);

/// Sets the accessed bit of a code or data descriptor, in memory as well.
Guest<void> mark_accessed(Cpu& cpu, Descriptor& descriptor);

/// Sets or clears the busy bit of a TSS descriptor, in memory as well.
Guest<void> mark_busy(Cpu& cpu, Descriptor& descriptor, bool busy);

/// MOV, POP, LDS and so on to a data or stack segment register, with every check of the current mode; sets
/// the accessed bit. Not for CS.
Guest<void> load_segment(Cpu& cpu, SegmentRegister segment, u16 selector);

/// The checks of load_segment() in protected mode, and its hidden part, without the load.
Guest<Segment> checked_segment(Cpu& cpu, SegmentRegister segment, u16 selector);

/// Checks that `selector` may be loaded into SS by code at privilege `cpl`, and sets the accessed bit. Bad
/// type or privilege: `fault`; not present: #SS. `external` goes into the error codes. Null is `fault` too.
Guest<Segment> checked_stack_segment(Cpu& cpu, u16 selector, unsigned cpl, Vector fault, u32 external = 0);

/// Real-address and virtual-8086 mode: base = selector * 16; in real mode the limit stays.
void load_real_segment(Cpu& cpu, SegmentRegister segment, u16 selector);

/// CS and the privilege level, after every check.
void commit_code_segment(Cpu& cpu, u16 selector, const Descriptor& descriptor, unsigned cpl);

/// Whether `size` bytes at `offset` lie within a segment, expand-down ones included (Intel SDM Vol. 3, 5.3).
bool within_limit(const Segment& segment, u64 offset, unsigned size);

/// The size of the stack pointer in bytes: 8 in 64-bit mode, else by SS.B.
inline unsigned stack_size(const Cpu& cpu) {
    return cpu.long64() ? 8 : cpu.state.segments[ss].default_is_32() ? 4 : 2;
}

} // namespace ringer::x86
