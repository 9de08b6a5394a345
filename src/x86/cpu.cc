#include "x86/cpu.h"

namespace ringer::x86 {

namespace {

CodeMode code_mode_of(const Cpu& cpu) {
    if (!cpu.protected_mode()) return CodeMode::real16;
    const Segment& code = cpu.state.segments[cs];
    if (cpu.long_mode_active() && code.is_long()) return CodeMode::long64;
    return code.default_is_32() ? CodeMode::protected32 : CodeMode::protected16;
}

bool has_data_breakpoint(const CpuState& state) {
    for (unsigned i = 0; i < 4; ++i) {
        const bool enabled = (state.dr7 >> (2 * i)) & 3;
        const bool on_instruction = ((state.dr7 >> (16 + 4 * i)) & 3) == 0;
        if (enabled && !on_instruction) return true;
    }
    return false;
}

TlbView data_view_of(const Cpu& cpu) {
    const CpuState& state = cpu.state;
    const bool user = state.cpl == 3;
    const bool alignment_checked = user && (state.cr0 & cr0::am) && (state.rflags & flag::ac);
    if (alignment_checked || has_data_breakpoint(state)) return TlbView::uncached;
    if (user) return TlbView::user;
    return (state.cr4 & cr4::smap) && !(state.rflags & flag::ac) ? TlbView::supervisor
                                                                 : TlbView::supervisor_user_access;
}

} // namespace

Cpu::Cpu(Surroundings& surroundings_, const CpuModel& model_) : surroundings(surroundings_), model(model_) {
    state = reset_state();
    state_changed(*this);
}

void mode_changed(Cpu& cpu) {
    cpu.code_mode = code_mode_of(cpu);
    cpu.data_view = &cpu.tlb.view(data_view_of(cpu));
    cpu.system_view = &cpu.tlb.view(TlbView::supervisor);
}

void state_changed(Cpu& cpu) {
    mode_changed(cpu);
    flush_tlb(cpu);
    cpu.request_check();
}

u16 address_space(const Cpu& cpu) { return cpu.state.cr4 & cr4::pcide ? cpu.state.cr3 & 0xfff : 0; }

void flush_tlb(Cpu& cpu) {
    cpu.tlb.flush();
    cpu.tlb.enter_space(address_space(cpu));
}

std::unexpected<Stop> raise(Cpu& cpu, Vector vector) {
    cpu.exception = {.vector = vector, .has_error_code = false, .error_code = 0, .address = 0};
    return std::unexpected(Stop::exception);
}

std::unexpected<Stop> raise(Cpu& cpu, Vector vector, u32 error_code) {
    cpu.exception = {.vector = vector, .has_error_code = true, .error_code = error_code, .address = 0};
    return std::unexpected(Stop::exception);
}

std::unexpected<Stop> raise_page_fault(Cpu& cpu, u64 linear, u32 error_code) {
    cpu.exception = {
        .vector = Vector::page_fault, .has_error_code = true, .error_code = error_code, .address = linear};
    return std::unexpected(Stop::exception);
}

} // namespace ringer::x86
