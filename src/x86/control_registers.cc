#include "x86/control_registers.h"

#include "base/bits.h"
#include "x86/access.h"
#include "x86/cpuid.h"

namespace ringer::x86 {

namespace {

constexpr u64 cr0_defined = cr0::pe | cr0::mp | cr0::em | cr0::ts | cr0::et | cr0::ne | cr0::wp | cr0::am |
                            cr0::nw | cr0::cd | cr0::pg;
constexpr u64 cr3_no_flush = u64{1} << 63;

u64 beyond_physical_address(const Cpu& cpu) { return ~u64{0} << cpu.model.physical_bits; }

bool uses_pae_paging(u64 cr0_value, u64 cr4_value, u64 efer_value) {
    return (cr0_value & cr0::pg) && (cr4_value & cr4::pae) && !(efer_value & efer::lme);
}

/// PAE paging: reserved bits in one of the four page-directory-pointer entries make the load of CR3 fail
/// (Intel SDM Vol. 3, 4.4.1).
Guest<void> check_pdptes(Cpu& cpu, u64 cr3) {
    const u64 reserved = beyond_physical_address(cpu) | bits(~u64{0}, 5, 4) << 5 | 3 << 1;
    for (u64 index = 0; index < 4; ++index) {
        u64 entry = 0;
        (void)cpu.surroundings.memory().read((cr3 & 0xffff'ffe0) + 8 * index, 8, entry);
        if ((entry & 1) && (entry & reserved)) return general_protection(cpu);
    }
    return {};
}

Guest<void> check_cr0(Cpu& cpu, u64 value) {
    const CpuState& state = cpu.state;
    if (value >> 32) return general_protection(cpu);
    if ((value & cr0::pg) && !(value & cr0::pe)) return general_protection(cpu);
    if ((value & cr0::nw) && !(value & cr0::cd)) return general_protection(cpu);
    const bool turns_paging_off = (state.cr0 & cr0::pg) && !(value & cr0::pg);
    if (turns_paging_off && (cpu.long64() || (state.cr4 & cr4::pcide))) return general_protection(cpu);
    const bool turns_paging_on = !(state.cr0 & cr0::pg) && (value & cr0::pg);
    if (turns_paging_on && (state.msr.efer & efer::lme)) {
        if (!(state.cr4 & cr4::pae) || state.segments[cs].is_long()) return general_protection(cpu);
    }
    return {};
}

} // namespace

Guest<void> write_cr0(Cpu& cpu, u64 value) {
    CpuState& state = cpu.state;
    TRY(check_cr0(cpu, value));
    value = (value & cr0_defined) | cr0::et;
    const u64 changed = state.cr0 ^ value;
    const bool paging_changes = changed & (cr0::pg | cr0::cd | cr0::nw);
    if (paging_changes && uses_pae_paging(value, state.cr4, state.msr.efer))
        TRY(check_pdptes(cpu, state.cr3));
    state.cr0 = value;
    if (changed & cr0::pg) {
        const bool activates = (value & cr0::pg) && (state.msr.efer & efer::lme);
        state.msr.efer = activates ? state.msr.efer | efer::lma : state.msr.efer & ~efer::lma;
    }
    if (changed & (cr0::pg | cr0::pe | cr0::wp)) flush_tlb(cpu);
    mode_changed(cpu);
    return {};
}

Guest<void> write_cr3(Cpu& cpu, u64 value) {
    CpuState& state = cpu.state;
    bool keeps_translations = false;
    if (cpu.long_mode_active()) {
        if (state.cr4 & cr4::pcide) {
            keeps_translations = value & cr3_no_flush;
            value &= ~cr3_no_flush;
        }
        if (value & beyond_physical_address(cpu)) return general_protection(cpu);
    } else if (uses_pae_paging(state.cr0, state.cr4, state.msr.efer)) {
        TRY(check_pdptes(cpu, value));
    }
    state.cr3 = value;
    cpu.tlb.enter_space(address_space(cpu));
    if (!keeps_translations) cpu.tlb.flush_space();
    return {};
}

Guest<void> write_cr4(Cpu& cpu, u64 value) {
    CpuState& state = cpu.state;
    const u64 changed = state.cr4 ^ value;
    if (value & ~cpu.model.cr4_supported) return general_protection(cpu);
    if (cpu.long_mode_active() && !(value & cr4::pae)) return general_protection(cpu);
    const bool turns_pcid_on = changed & value & cr4::pcide;
    if (turns_pcid_on && (!cpu.long_mode_active() || (state.cr3 & 0xfff))) return general_protection(cpu);
    const u64 paging_bits = cr4::pse | cr4::pae | cr4::pge | cr4::smep;
    if ((changed & paging_bits) && uses_pae_paging(state.cr0, value, state.msr.efer))
        TRY(check_pdptes(cpu, state.cr3));
    state.cr4 = value;
    if (changed & (paging_bits | cr4::smap | cr4::pcide)) flush_tlb(cpu);
    mode_changed(cpu);
    return {};
}

Guest<void> write_cr8(Cpu& cpu, u64 value) {
    if (value > 15) return general_protection(cpu);
    cpu.surroundings.interrupts().set_task_priority(static_cast<u8>(value));
    cpu.request_check();
    return {};
}

Guest<void> write_efer(Cpu& cpu, u64 value) {
    CpuState& state = cpu.state;
    if (value & ~(cpu.model.efer_supported | efer::lma)) return general_protection(cpu);
    value = (value & ~efer::lma) | (state.msr.efer & efer::lma);
    const u64 changed = state.msr.efer ^ value;
    if ((changed & efer::lme) && (state.cr0 & cr0::pg)) return general_protection(cpu);
    state.msr.efer = value;
    if (changed & efer::nxe) flush_tlb(cpu);
    mode_changed(cpu);
    return {};
}

} // namespace ringer::x86
