#include "x86/segmentation.h"

#include "base/bits.h"
#include "x86/cpuid.h"

#include <algorithm>

namespace ringer::x86 {

namespace {

constexpr u64 accessed_bit = u64{1} << 40;
constexpr u64 busy_bit = u64{1} << 41;
constexpr u64 type_byte = 5; // Of a descriptor: P, DPL, S and type.

bool has_16_bytes(const Cpu& cpu, const Descriptor& descriptor) {
    using namespace system_type;
    if (!cpu.long_mode_active() || descriptor.is_code_or_data()) return false;
    const unsigned type = descriptor.type();
    return type == ldt || type == tss || type == busy_tss || type == call_gate;
}

Guest<void> write_type_byte(Cpu& cpu, const Descriptor& descriptor) {
    return system_store<u8>(cpu, descriptor.address + type_byte, static_cast<u8>(descriptor.low >> 40));
}

Guest<Segment> null_stack_segment(Cpu& cpu, u16 selector) {
    if (!cpu.long64() || cpu.state.cpl == 3 || requested_privilege(selector) != cpu.state.cpl)
        return general_protection(cpu);
    return Segment{.selector = selector};
}

std::unexpected<Stop> segment_fault(Cpu& cpu, SegmentRegister segment) {
    return raise(cpu, segment == ss ? Vector::stack_fault : Vector::general_protection, 0);
}

/// Whether the type of `segment` permits an access in protected mode.
bool type_permits(const Segment& segment, Access access) {
    const bool read_or_write_bit = segment.type() & 2;
    switch (access) {
    case Access::read: return !segment.is_code() || read_or_write_bit;
    case Access::write: return !segment.is_code() && read_or_write_bit;
    case Access::execute: return true; // Checked when CS was loaded.
    }
    return false;
}

} // namespace

Guest<std::optional<Descriptor>> find_descriptor(Cpu& cpu, u16 selector) {
    const CpuState& state = cpu.state;
    const bool local = selector & 4;
    if (local && !state.ldtr.present()) return std::nullopt;
    const u64 base = local ? state.ldtr.base : state.gdtr.base;
    const u64 limit = local ? state.ldtr.limit : state.gdtr.limit;
    const u64 offset = selector & 0xfff8;
    if (offset + 7 > limit) return std::nullopt;
    Descriptor descriptor{.address = base + offset};
    descriptor.low = TRY(system_load<u64>(cpu, descriptor.address));
    if (has_16_bytes(cpu, descriptor)) {
        if (offset + 15 > limit) return std::nullopt;
        descriptor.high = TRY(system_load<u64>(cpu, descriptor.address + 8));
    }
    return descriptor;
}

Guest<Descriptor> read_descriptor(Cpu& cpu, u16 selector, Vector fault, u32 external) {
    const std::optional<Descriptor> found = TRY(find_descriptor(cpu, selector));
    if (!found) return raise(cpu, fault, selector_error(selector) | external);
    return *found;
}

Segment segment_from(u16 selector, const Descriptor& descriptor) {
    const u64 low = descriptor.low;
    Segment segment;
    segment.selector = selector;
    segment.attributes = static_cast<u16>((low >> 40) & 0xf0ff);
    segment.limit = static_cast<u32>((low & 0xffff) | (low >> 32 & 0xf'0000));
    if (bit(low, 55)) segment.limit = segment.limit << 12 | 0xfff;
    segment.base = bits(low, 16, 24) | (low >> 32 & 0xff00'0000);
    if (!descriptor.is_code_or_data()) segment.base |= descriptor.high << 32;
    return segment;
}

Guest<void> mark_accessed(Cpu& cpu, Descriptor& descriptor) {
    if (descriptor.low & accessed_bit) return {};
    descriptor.low |= accessed_bit;
    return write_type_byte(cpu, descriptor);
}

Guest<void> mark_busy(Cpu& cpu, Descriptor& descriptor, bool busy) {
    descriptor.low = busy ? descriptor.low | busy_bit : descriptor.low & ~busy_bit;
    return write_type_byte(cpu, descriptor);
}

void load_real_segment(Cpu& cpu, SegmentRegister number, u16 selector) {
    Segment& segment = cpu.state.segments[number];
    segment.selector = selector;
    segment.base = u64{selector} << 4;
    if (cpu.virtual8086()) {
        segment.limit = 0xffff;
        segment.attributes = 0xf3;
    } else {
        segment.attributes = static_cast<u16>((segment.attributes & 0xf000) | 0x93);
    }
}

Guest<Segment> checked_stack_segment(Cpu& cpu, u16 selector, unsigned cpl, Vector fault, u32 external) {
    if (is_null(selector)) return raise(cpu, fault, external);
    Descriptor descriptor = TRY(read_descriptor(cpu, selector, fault, external));
    const u32 error = selector_error(selector) | external;
    if (requested_privilege(selector) != cpl || !descriptor.is_writable() || descriptor.dpl() != cpl)
        return raise(cpu, fault, error);
    if (!descriptor.present()) return raise(cpu, Vector::stack_fault, error);
    TRY(mark_accessed(cpu, descriptor));
    return segment_from(selector, descriptor);
}

Guest<Segment> checked_segment(Cpu& cpu, SegmentRegister segment, u16 selector) {
    if (segment == ss) {
        if (is_null(selector)) return null_stack_segment(cpu, selector);
        return checked_stack_segment(cpu, selector, cpu.state.cpl, Vector::general_protection);
    }
    if (is_null(selector)) return Segment{.selector = selector};
    Descriptor descriptor = TRY(read_descriptor(cpu, selector));
    const unsigned privilege = std::max<unsigned>(requested_privilege(selector), cpu.state.cpl);
    const bool privileged_enough = descriptor.is_conforming() || descriptor.dpl() >= privilege;
    if (!descriptor.is_readable() || !privileged_enough)
        return general_protection(cpu, selector_error(selector));
    if (!descriptor.present()) return raise(cpu, Vector::segment_not_present, selector_error(selector));
    TRY(mark_accessed(cpu, descriptor));
    return segment_from(selector, descriptor);
}

Guest<void> load_segment(Cpu& cpu, SegmentRegister segment, u16 selector) {
    if (!cpu.protected_mode()) {
        load_real_segment(cpu, segment, selector);
        return {};
    }
    cpu.state.segments[segment] = TRY(checked_segment(cpu, segment, selector));
    return {};
}

void commit_code_segment(Cpu& cpu, u16 selector, const Descriptor& descriptor, unsigned cpl) {
    cpu.state.segments[cs] = segment_from(static_cast<u16>((selector & 0xfffc) | cpl), descriptor);
    cpu.state.cpl = static_cast<u8>(cpl);
    mode_changed(cpu);
}

bool within_limit(const Segment& segment, u64 offset, unsigned size) {
    const u64 last = offset + size - 1;
    const bool expands_down = (segment.attributes & 0x1c) == 0x14;
    if (!expands_down) return last <= segment.limit;
    return offset > segment.limit && last <= (segment.default_is_32() ? 0xffff'ffff : 0xffff);
}

namespace {

/// Whether an operand may lie across the end of a flat segment, and goes on at its start: on Intel's CPUs
/// (Intel SDM Vol. 3, 5.3, has it as implementation-specific).
bool wraps_around(const Cpu& cpu, const Segment& segment, u64 offset) {
    constexpr u32 everything = 0xffff'ffff;
    return !cpu.model.is_amd && segment.base == 0 && segment.limit == everything &&
           within_limit(segment, offset, 1);
}

} // namespace

Guest<u64> segmented_address(Cpu& cpu, SegmentRegister number, u64 offset, unsigned size, Access access) {
    const Segment& segment = cpu.state.segments[number];
    if (cpu.protected_mode() && (!segment.present() || !type_permits(segment, access)))
        return segment_fault(cpu, number);
    if (!within_limit(segment, offset, size) && !wraps_around(cpu, segment, offset))
        return segment_fault(cpu, number);
    return (segment.base + offset) & 0xffff'ffff;
}

} // namespace ringer::x86
