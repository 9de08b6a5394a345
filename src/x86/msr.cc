#include "x86/msr.h"

#include "base/bits.h"
#include "x86/access.h"
#include "x86/control_registers.h"
#include "x86/cpuid.h"

#include <algorithm>

namespace ringer::x86 {

namespace {

enum Number : u32 {
    ia32_tsc = 0x10,
    ia32_platform_id = 0x17,
    ia32_apic_base = 0x1b,
    ia32_tsc_adjust = 0x3b,
    ia32_bios_sign_id = 0x8b, ///< AMD's PATCH_LEVEL.
    ia32_mtrrcap = 0xfe,
    ia32_arch_capabilities = 0x10a,
    ia32_sysenter_cs = 0x174,
    ia32_sysenter_esp = 0x175,
    ia32_sysenter_eip = 0x176,
    ia32_mcg_cap = 0x179,
    ia32_mcg_status = 0x17a,
    ia32_misc_enable = 0x1a0,
    ia32_debugctl = 0x1d9,
    ia32_mtrr_physbase0 = 0x200,
    ia32_mtrr_physmask7 = 0x20f,
    ia32_mtrr_fix64k_00000 = 0x250,
    ia32_mtrr_fix16k_80000 = 0x258,
    ia32_mtrr_fix16k_a0000 = 0x259,
    ia32_mtrr_fix4k_c0000 = 0x268,
    ia32_mtrr_fix4k_f8000 = 0x26f,
    ia32_pat = 0x277,
    ia32_mtrr_def_type = 0x2ff,
    ia32_tsc_deadline = 0x6e0,
    x2apic_first = 0x800,
    x2apic_last = 0x8ff,
    ia32_efer = 0xc000'0080,
    ia32_star = 0xc000'0081,
    ia32_lstar = 0xc000'0082,
    ia32_cstar = 0xc000'0083,
    ia32_fmask = 0xc000'0084,
    ia32_fs_base = 0xc000'0100,
    ia32_gs_base = 0xc000'0101,
    ia32_kernel_gs_base = 0xc000'0102,
    ia32_tsc_aux = 0xc000'0103,
    amd_syscfg = 0xc001'0010,
    amd_hwcr = 0xc001'0015,
    amd_nb_cfg = 0xc001'001f,
    amd_de_cfg = 0xc001'1029,
};

enum class Maker : u8 { any, intel, amd };
using Msrs = ModelSpecificRegisters;

/// A register that only holds a value.
struct Plain {
    u32 number;
    u64 Msrs::* field;
    u64 writable;           ///< Other bits may not change.
    bool canonical = false; ///< Holds a linear address.
    Maker maker = Maker::any;
    u64 ignored = 0; ///< What is written to these bits is lost.
};

constexpr u64 all = ~u64{0};
constexpr u64 low_half = 0xffff'ffff;
constexpr u64 high_half = ~low_half;

constexpr std::array plain_registers{
    Plain{ia32_star, &Msrs::star, all},
    Plain{ia32_lstar, &Msrs::lstar, all, true},
    Plain{ia32_cstar, &Msrs::cstar, all, true},
    Plain{ia32_fmask, &Msrs::fmask, low_half},
    Plain{ia32_kernel_gs_base, &Msrs::kernel_gs_base, all, true},
    Plain{ia32_tsc_aux, &Msrs::tsc_aux, low_half, false, Maker::intel},
    Plain{ia32_tsc_aux, &Msrs::tsc_aux, low_half, false, Maker::amd, high_half},
    Plain{ia32_sysenter_cs, &Msrs::sysenter_cs, low_half},
    Plain{ia32_sysenter_esp, &Msrs::sysenter_esp, all, true, Maker::intel},
    Plain{ia32_sysenter_eip, &Msrs::sysenter_eip, all, true, Maker::intel},
    Plain{ia32_sysenter_esp, &Msrs::sysenter_esp, low_half, false, Maker::amd, high_half},
    Plain{ia32_sysenter_eip, &Msrs::sysenter_eip, low_half, false, Maker::amd, high_half},
    Plain{ia32_mcg_status, &Msrs::machine_check_status, 7},
    Plain{ia32_misc_enable, &Msrs::misc_enable, 1, false, Maker::intel},
    // MtrrFixDramEn, MtrrFixDramModEn, MtrrVarDramEn.
    Plain{amd_syscfg, &Msrs::system_configuration, 7 << 18, false, Maker::amd},
    // IgnneEm, FFDIS and McStatusWrEn; TscFreqSel always stands.
    Plain{amd_hwcr, &Msrs::hardware_configuration, 1 << 8 | 1 << 6 | 1 << 18, false, Maker::amd},
    // EnableCf8ExtCfg, which Linux sets without asking; no function here has extended configuration space.
    Plain{amd_nb_cfg, &Msrs::northbridge_configuration, u64{1} << 46, false, Maker::amd},
};

/// A register whose value never changes. Writes of that same value are harmless where `accepts_writes`.
struct Constant {
    u32 number;
    u64 value;
    bool accepts_writes = false;
    Maker maker = Maker::any;
};

constexpr u64 variable_mtrrs = 8;

/// RDCL_NO, SKIP_L1DFL_VMENTRY, MDS_NO, IF_PSCHANGE_MC_NO, TAA_NO, SBDR_SSDP_NO, FBSDP_NO, PSDP_NO, BHI_NO,
/// PBRSB_NO, GDS_NO, RFDS_NO and ITS_NO: a guest's loads never run on the host's CPU with the guest's own
/// page tables.
constexpr u64 no_speculation_flaws = 1 << 0 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 13 | 1 << 14 |
                                     1 << 15 | 1 << 20 | 1 << 24 | 1 << 26 | 1 << 27 | u64{1} << 62;
constexpr std::array constant_registers{
    Constant{ia32_mtrrcap, variable_mtrrs | 1 << 8 | 1 << 10}, // Fixed ranges, write combining.
    Constant{ia32_mcg_cap, 0},                                 // No banks.
    Constant{ia32_debugctl, 0, true},
    Constant{ia32_bios_sign_id, 0, true},
    Constant{ia32_platform_id, 0, false, Maker::intel},
    Constant{ia32_arch_capabilities, no_speculation_flaws, false, Maker::intel},
    Constant{amd_de_cfg, 2, true, Maker::amd}, // LFENCE waits for all before it.
};

bool is_made_by(const Cpu& cpu, Maker maker) {
    return maker == Maker::any || (maker == Maker::amd) == cpu.model.is_amd;
}

template <class Table>
auto* find(const Cpu& cpu, const Table& table, u32 number) {
    const auto found = std::ranges::find_if(
        table, [&](const auto& entry) { return entry.number == number && is_made_by(cpu, entry.maker); });
    return found == table.end() ? nullptr : &*found;
}

bool is_memory_type(u64 type) { return type == 0 || type == 1 || (type >= 4 && type <= 6); }
bool is_pat_type(u64 type) { return is_memory_type(type) || type == 7; }

template <bool (*is_valid)(u64)>
bool all_bytes(u64 value) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (!is_valid((value >> shift) & 0xff)) return false;
    }
    return true;
}

/// The place of a fixed-range MTRR, or nullptr.
u64* fixed_mtrr(Cpu& cpu, u32 number) {
    auto& fixed = cpu.state.msr.mtrr_fixed;
    if (number == ia32_mtrr_fix64k_00000) return &fixed[0];
    if (number == ia32_mtrr_fix16k_80000 || number == ia32_mtrr_fix16k_a0000)
        return &fixed[1 + number - ia32_mtrr_fix16k_80000];
    if (number >= ia32_mtrr_fix4k_c0000 && number <= ia32_mtrr_fix4k_f8000)
        return &fixed[3 + number - ia32_mtrr_fix4k_c0000];
    return nullptr;
}

u64* variable_mtrr(Cpu& cpu, u32 number) {
    if (number < ia32_mtrr_physbase0 || number > ia32_mtrr_physmask7) return nullptr;
    return &cpu.state.msr.mtrr_variable[number - ia32_mtrr_physbase0];
}

/// Reserved bits and memory types (Intel SDM Vol. 3, 11.11.2).
bool is_valid_variable_mtrr(const Cpu& cpu, u32 number, u64 value) {
    if (value >> cpu.model.physical_bits) return false;
    const bool is_mask = number & 1;
    return is_mask ? !(value & 0x7ff) : is_memory_type(value & 0xff) && !(value & 0xf00);
}

bool is_valid_mtrr_default(u64 value) { return !(value & ~u64{0xcff}) && is_memory_type(value & 0xff); }

bool is_apic_register(u32 number) {
    return number == ia32_apic_base || number == ia32_tsc_deadline ||
           (number >= x2apic_first && number <= x2apic_last);
}

Guest<void> require(Cpu& cpu, bool valid) {
    if (!valid) return general_protection(cpu);
    return {};
}

Guest<void> write_apic_register(Cpu& cpu, u32 number, u64 value) {
    TRY(require(cpu, cpu.surroundings.interrupts().write_msr(number, value, cpu.state.msr.tsc_offset)));
    cpu.request_check();
    return {};
}

void set_tsc_offset(Cpu& cpu, u64 offset) {
    cpu.state.msr.tsc_offset = offset;
    cpu.surroundings.interrupts().tsc_offset_changed(offset);
}

Guest<void> write_segment_base(Cpu& cpu, SegmentRegister segment, u64 value) {
    TRY(require(cpu, is_canonical(value)));
    cpu.state.segments[segment].base = value;
    return {};
}

Guest<void> write_plain(Cpu& cpu, const Plain& entry, u64 value) {
    u64& field = cpu.state.msr.*entry.field;
    value &= ~entry.ignored;
    TRY(require(cpu, !((field ^ value) & ~entry.writable) && (!entry.canonical || is_canonical(value))));
    field = value;
    return {};
}

/// MTRRs and the PAT: memory types have no effect here, but their registers are held to the rules.
Guest<void> write_memory_type(Cpu& cpu, u32 number, u64 value) {
    ModelSpecificRegisters& msr = cpu.state.msr;
    if (number == ia32_pat) {
        TRY(require(cpu, all_bytes<&is_pat_type>(value)));
        msr.pat = value;
        return {};
    }
    if (number == ia32_mtrr_def_type) {
        TRY(require(cpu, is_valid_mtrr_default(value)));
        msr.mtrr_default = value;
        return {};
    }
    if (u64* const fixed = fixed_mtrr(cpu, number)) {
        TRY(require(cpu, all_bytes<&is_memory_type>(value)));
        *fixed = value;
        return {};
    }
    u64* const variable = variable_mtrr(cpu, number);
    TRY(require(cpu, variable && is_valid_variable_mtrr(cpu, number, value)));
    *variable = value;
    return {};
}

} // namespace

u64 time_stamp(const Cpu& cpu) { return cpu.surroundings.now() + cpu.state.msr.tsc_offset; }

std::optional<u64> read_msr(Cpu& cpu, u32 number) {
    const CpuState& state = cpu.state;
    if (const Plain* entry = find(cpu, plain_registers, number)) return state.msr.*entry->field;
    if (const Constant* entry = find(cpu, constant_registers, number)) return entry->value;
    if (is_apic_register(number)) return cpu.surroundings.interrupts().read_msr(number);
    if (const u64* fixed = fixed_mtrr(cpu, number)) return *fixed;
    if (const u64* variable = variable_mtrr(cpu, number)) return *variable;
    switch (number) {
    case ia32_tsc: return time_stamp(cpu);
    case ia32_tsc_adjust: return state.msr.tsc_offset;
    case ia32_efer: return state.msr.efer;
    case ia32_fs_base: return state.segments[fs].base;
    case ia32_gs_base: return state.segments[gs].base;
    case ia32_pat: return state.msr.pat;
    case ia32_mtrr_def_type: return state.msr.mtrr_default;
    default: return std::nullopt;
    }
}

Guest<void> write_msr(Cpu& cpu, u32 number, u64 value) {
    if (const Plain* entry = find(cpu, plain_registers, number)) return write_plain(cpu, *entry, value);
    if (const Constant* entry = find(cpu, constant_registers, number))
        return require(cpu, entry->accepts_writes && value == entry->value);
    if (is_apic_register(number)) return write_apic_register(cpu, number, value);
    switch (number) {
    case ia32_efer: return write_efer(cpu, value);
    case ia32_fs_base: return write_segment_base(cpu, fs, value);
    case ia32_gs_base: return write_segment_base(cpu, gs, value);
    // A write of the TSC moves TSC_ADJUST by as much, and the other way round: both are the offset from the
    // clock.
    case ia32_tsc: set_tsc_offset(cpu, value - cpu.surroundings.now()); return {};
    case ia32_tsc_adjust: set_tsc_offset(cpu, value); return {};
    default: return write_memory_type(cpu, number, value);
    }
}

} // namespace ringer::x86
