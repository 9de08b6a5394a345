#include "x86/state.h"

namespace ringer::x86 {

namespace {

constexpr u16 data_attributes = 0x93; // Present, writable, accessed data.
constexpr u16 code_attributes = 0x9b;
constexpr u16 ldt_attributes = 0x82;
constexpr u16 busy_tss_attributes = 0x8b;

constexpr Segment real_segment(u16 attributes) {
    return {.selector = 0, .attributes = attributes, .limit = 0xffff, .base = 0};
}

} // namespace

CpuState reset_state() {
    CpuState state;
    state.segments.fill(real_segment(data_attributes));
    state.segments[cs] = {
        .selector = 0xf000, .attributes = code_attributes, .limit = 0xffff, .base = 0xffff'0000};
    state.ldtr = real_segment(ldt_attributes);
    state.tr = real_segment(busy_tss_attributes);
    state.gdtr.limit = 0xffff;
    state.idtr.limit = 0xffff;
    return state;
}

CpuState init_state(const CpuState& before) {
    CpuState state = reset_state();
    state.cr0 |= before.cr0 & (cr0::cd | cr0::nw);
    state.cr0 &= before.cr0 | ~(cr0::cd | cr0::nw);
    state.xcr0 = before.xcr0;
    state.msr = before.msr;
    state.msr.efer = 0;
    state.x87 = before.x87;
    state.vector = before.vector;
    state.retired = before.retired;
    return state;
}

void visit(state::Archive& archive, Segment& segment) {
    auto& [selector, attributes, limit, base] = segment;
    archive.field(1, "selector", selector)
        .field(2, "attributes", attributes)
        .field(3, "limit", limit)
        .field(4, "base", base);
}

void visit(state::Archive& archive, DescriptorTable& table) {
    auto& [base, limit] = table;
    archive.field(1, "base", base).field(2, "limit", limit);
}

void visit(state::Archive& archive, ModelSpecificRegisters& msr) {
    auto& [efer, star, lstar, cstar, fmask, kernel_gs_base, sysenter_cs, sysenter_esp, sysenter_eip, pat,
           tsc_offset, tsc_aux, misc_enable, mtrr_default, mtrr_variable, mtrr_fixed, machine_check_status,
           system_configuration, hardware_configuration, northbridge_configuration] = msr;
    archive.field(1, "efer", efer)
        .field(2, "star", star)
        .field(3, "lstar", lstar)
        .field(4, "cstar", cstar)
        .field(5, "fmask", fmask)
        .field(6, "kernel_gs_base", kernel_gs_base)
        .field(7, "sysenter_cs", sysenter_cs)
        .field(8, "sysenter_esp", sysenter_esp)
        .field(9, "sysenter_eip", sysenter_eip)
        .field(10, "pat", pat)
        .field(11, "tsc_offset", tsc_offset)
        .field(12, "tsc_aux", tsc_aux)
        .field(13, "misc_enable", misc_enable)
        .field(14, "mtrr_default", mtrr_default)
        .field(15, "mtrr_variable", mtrr_variable)
        .field(16, "mtrr_fixed", mtrr_fixed)
        .field(17, "machine_check_status", machine_check_status)
        .field(18, "system_configuration", system_configuration)
        .field(19, "hardware_configuration", hardware_configuration)
        .field(20, "northbridge_configuration", northbridge_configuration);
}

void visit(state::Archive& archive, CpuState& state) {
    auto& [gpr, rip, rflags, segments, ldtr, tr, gdtr, idtr, cr0, cr2, cr3, cr4, xcr0, dr, dr6, dr7, msr, x87,
           vector, cpl, activity, interrupt_shadow, pending_debug, nmi_pending, nmi_blocked, init_pending,
           retired] = state;
    archive.field(1, "gpr", gpr)
        .field(2, "rip", rip)
        .field(3, "rflags", rflags)
        .field(4, "segments", segments)
        .field(5, "ldtr", ldtr)
        .field(6, "tr", tr)
        .field(7, "gdtr", gdtr)
        .field(8, "idtr", idtr)
        .field(9, "cr0", cr0)
        .field(10, "cr2", cr2)
        .field(11, "cr3", cr3)
        .field(12, "cr4", cr4)
        .field(13, "xcr0", xcr0)
        .field(14, "dr", dr)
        .field(15, "dr6", dr6)
        .field(16, "dr7", dr7)
        .field(17, "msr", msr)
        .field(18, "x87", x87)
        .field(19, "vector", vector)
        .field(20, "cpl", cpl)
        .field(21, "activity", activity)
        .field(22, "interrupt_shadow", interrupt_shadow)
        .field(23, "pending_debug", pending_debug)
        .field(24, "nmi_pending", nmi_pending)
        .field(25, "nmi_blocked", nmi_blocked)
        .field(26, "init_pending", init_pending)
        .field(27, "retired", retired);
}

} // namespace ringer::x86
