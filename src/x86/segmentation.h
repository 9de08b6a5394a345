#pragma once

#include "x86/cpu.h"

namespace ringer::x86 {

/// A segment or gate descriptor as it stands in the GDT or LDT (Intel SDM Vol. 3, 3.4.5); 16 bytes for system
/// descriptors in long mode.
struct Descriptor {
    u64 low = 0;
    u64 high = 0;
    u64 address = 0; ///< Linear, of the first byte.
};

/// Reads the descriptor that `selector` names. Beyond the table's limit: `fault` with the selector as error code.
Guest<Descriptor> read_descriptor(Cpu& cpu, u16 selector, Vector fault = Vector::general_protection);

/// The hidden part that loading `descriptor` gives.
Segment segment_from(u16 selector, const Descriptor& descriptor);

/// MOV, POP, LDS and so on to a data or stack segment register, with every check of the current mode; sets the accessed
/// bit. Not for CS.
Guest<void> load_segment(Cpu& cpu, SegmentRegister segment, u16 selector);

/// Real-address and virtual-8086 mode: base = selector * 16; in real mode limit and attributes stay.
void load_real_segment(Cpu& cpu, SegmentRegister segment, u16 selector);

/// The size of the stack pointer in bytes: 8 in 64-bit mode, else by SS.B.
inline unsigned stack_size(const Cpu& cpu) {
    return cpu.long64() ? 8 : cpu.state.segments[ss].default_is_32() ? 4 : 2;
}

} // namespace ringer::x86
