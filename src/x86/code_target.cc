#include "x86/code_target.h"

#include "x86/cpuid.h"

namespace ringer::x86 {

Guest<u64> check_target(Cpu& cpu, const Descriptor& code, u64 offset) {
    if (cpu.long_mode_active() && code.is_long()) {
        if (!is_canonical(offset)) return general_protection(cpu);
        return offset;
    }
    // AMD's CPUs do not drop the upper half of a 64-bit offset.
    if (!cpu.model.is_amd) offset &= 0xffff'ffff;
    if (offset > segment_from(0, code).limit) return general_protection(cpu);
    return offset;
}

Guest<Descriptor> check_return_code(Cpu& cpu, u16 selector) {
    if (is_null(selector)) return general_protection(cpu);
    Descriptor code = TRY(read_descriptor(cpu, selector));
    const unsigned privilege = requested_privilege(selector);
    const bool privilege_fits = privilege >= cpu.state.cpl &&
                                (code.is_conforming() ? code.dpl() <= privilege : code.dpl() == privilege);
    const bool size_fits = !(cpu.long_mode_active() && code.is_long() && code.default_is_32());
    if (!code.is_code() || !privilege_fits || !size_fits)
        return general_protection(cpu, selector_error(selector));
    if (!code.present()) return raise(cpu, Vector::segment_not_present, selector_error(selector));
    TRY(mark_accessed(cpu, code));
    return code;
}

Guest<Segment> check_return_stack(Cpu& cpu, u16 selector, unsigned cpl, const Descriptor& code) {
    const bool may_be_null =
        cpu.long_mode_active() && code.is_long() && cpl != 3 && requested_privilege(selector) == cpl;
    if (is_null(selector) && may_be_null) return Segment{.selector = selector};
    return checked_stack_segment(cpu, selector, cpl, Vector::general_protection);
}

void drop_inner_segments(Cpu& cpu) {
    for (const SegmentRegister number : {es, ds, fs, gs}) {
        Segment& segment = cpu.state.segments[number];
        const bool conforming_code = (segment.attributes & 0x1c) == 0x1c;
        if (segment.present() && !conforming_code && segment.dpl() < cpu.state.cpl) segment = {};
    }
}

} // namespace ringer::x86
