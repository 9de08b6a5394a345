#pragma once

#include "base/types.h"
#include "state/archive.h"

#include <array>

namespace ringer::x86 {

/// General registers in the order of their encoding.
enum Register : u8 { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 };

/// Segment registers in the order of their encoding.
enum SegmentRegister : u8 { es, cs, ss, ds, fs, gs };

/// RFLAGS (Intel SDM Vol. 1, 3.4.3).
namespace flag {
inline constexpr u64 cf = 1 << 0, reserved_one = 1 << 1, pf = 1 << 2, af = 1 << 4, zf = 1 << 6, sf = 1 << 7;
inline constexpr u64 tf = 1 << 8, interrupt = 1 << 9, df = 1 << 10, of = 1 << 11, iopl = 3 << 12;
inline constexpr u64 nt = 1 << 14, rf = 1 << 16, vm = 1 << 17, ac = 1 << 18, vif = 1 << 19, vip = 1 << 20;
inline constexpr u64 id = 1 << 21;
inline constexpr u64 status = cf | pf | af | zf | sf | of;
/// Every bit that can be anything but its reserved value.
inline constexpr u64 writable = status | tf | interrupt | df | iopl | nt | rf | vm | ac | vif | vip | id;
} // namespace flag

/// Control registers (Intel SDM Vol. 3, 2.5).
namespace cr0 {
inline constexpr u64 pe = 1 << 0, mp = 1 << 1, em = 1 << 2, ts = 1 << 3, et = 1 << 4, ne = 1 << 5;
inline constexpr u64 wp = 1 << 16, am = 1 << 18, nw = 1 << 29, cd = 1 << 30, pg = u64{1} << 31;
} // namespace cr0
namespace cr4 {
inline constexpr u64 vme = 1 << 0, pvi = 1 << 1, tsd = 1 << 2, de = 1 << 3, pse = 1 << 4, pae = 1 << 5;
inline constexpr u64 mce = 1 << 6, pge = 1 << 7, pce = 1 << 8, osfxsr = 1 << 9, osxmmexcpt = 1 << 10;
inline constexpr u64 umip = 1 << 11, la57 = 1 << 12, fsgsbase = 1 << 16, pcide = 1 << 17, osxsave = 1 << 18;
inline constexpr u64 smep = 1 << 20, smap = 1 << 21, pke = 1 << 22;
} // namespace cr4
namespace efer {
inline constexpr u64 sce = 1 << 0, lme = 1 << 8, lma = 1 << 10, nxe = 1 << 11;
} // namespace efer

/// A segment register with its hidden part, or LDTR or TR (Intel SDM Vol. 3, 3.4.3).
struct Segment {
    u16 selector = 0;
    /// The descriptor's attribute bits as in its upper doubleword, shifted right by 8: type in bits 3:0, S 4,
    /// DPL 6:5, P 7, AVL 12, L 13, D/B 14, G 15. Zero means a null selector was loaded: unusable.
    u16 attributes = 0;
    u32 limit = 0; ///< In bytes, inclusive, granularity applied.
    u64 base = 0;

    bool present() const { return attributes & 0x80; }
    unsigned type() const { return attributes & 0xf; }
    bool is_code_or_data() const { return attributes & 0x10; }
    bool is_code() const { return (attributes & 0x18) == 0x18; }
    unsigned dpl() const { return (attributes >> 5) & 3; }
    bool is_long() const { return attributes & 0x2000; }       ///< L
    bool default_is_32() const { return attributes & 0x4000; } ///< D/B
};

/// GDTR or IDTR.
struct DescriptorTable {
    u64 base = 0;
    u16 limit = 0;
};

/// The x87 registers as FXSAVE's image has them (Intel SDM Vol. 2A, FXSAVE).
struct X87State {
    u16 control = 0x040; ///< Reset value; FNINIT makes it 0x37F.
    u16 status = 0;
    u8 valid = 0xff; ///< One bit for each physical register that is not empty. FNINIT makes it 0.
    u16 opcode = 0;  ///< The low 3 bits of the first opcode byte and all of the second: 11 bits.
    u64 instruction_pointer = 0;
    u64 data_pointer = 0;
    /// FCS and FDS. Intel's processors no longer keep them (CPUID leaf 7, EBX bit 13).
    u16 code_selector = 0, data_selector = 0;
    /// ST(0) to ST(7): the stack, not the physical registers. Bytes 10 to 15 are zero.
    std::array<std::array<u8, 16>, 8> st{};

    unsigned top() const { return (status >> 11) & 7; }
};

/// YMM0 to YMM15 whole (XMM is the low half) and MXCSR.
struct VectorState {
    std::array<std::array<u8, 32>, 16> ymm{};
    u32 mxcsr = 0x1f80;
};

/// MSRs that the CPU itself holds (those of the local APIC are the local APIC's).
struct ModelSpecificRegisters {
    u64 efer = 0;
    u64 star = 0, lstar = 0, cstar = 0, fmask = 0;
    u64 kernel_gs_base = 0;
    u64 sysenter_cs = 0, sysenter_esp = 0, sysenter_eip = 0;
    u64 pat = 0x0007'0406'0007'0406;
    u64 tsc_offset = 0; ///< Added to the clock's nanoseconds to give the TSC.
    u64 tsc_aux = 0;
    u64 misc_enable = 0x1801; ///< Fast strings; no BTS, no PEBS.
    u64 mtrr_default = 0;
    std::array<u64, 16> mtrr_variable{}; ///< Base and mask alternating.
    std::array<u64, 11> mtrr_fixed{};
    u64 machine_check_status = 0; ///< IA32_MCG_STATUS.
    u64 system_configuration = 0; ///< AMD's SYSCFG.
    /// AMD's HWCR; TscFreqSel says that the TSC counts at the P0 frequency.
    u64 hardware_configuration = 1 << 24;
    u64 northbridge_configuration = 0; ///< AMD's NB_CFG.
};

/// What the CPU does between instructions.
enum class Activity : u8 {
    running,
    halted,   ///< In HLT, until an interrupt.
    shutdown, ///< After a triple fault.
};

/// What is held off until the next instruction has completed (Intel SDM Vol. 3, 6.8.3).
enum class InterruptShadow : u8 {
    none,
    interrupts, ///< After an STI that set IF: external interrupts.
    events,     ///< After MOV or POP to SS: external interrupts, NMIs and debug traps.
};

/// The whole architectural state of one x86 vCPU. Defaults are those after RESET (Intel SDM Vol. 3, table
/// 10-1).
struct CpuState {
    /// RAX to R15 in the order of Register.
    std::array<u64, 16> gpr{};
    u64 rip = 0xfff0;
    u64 rflags = flag::reserved_one;
    /// In the order of SegmentRegister.
    std::array<Segment, 6> segments{};
    Segment ldtr, tr;
    DescriptorTable gdtr, idtr;
    u64 cr0 = 0x6000'0010, cr2 = 0, cr3 = 0, cr4 = 0;
    u64 xcr0 = 1;
    std::array<u64, 4> dr{};
    u64 dr6 = 0xffff'0ff0, dr7 = 0x400;
    ModelSpecificRegisters msr;
    X87State x87;
    VectorState vector;
    u8 cpl = 0; ///< CS.DPL outside of conforming code; 3 in virtual-8086 mode, 0 in real mode.
    Activity activity = Activity::running;
    InterruptShadow interrupt_shadow = InterruptShadow::none;
    /// DR6 bits of debug traps (single step, data and I/O breakpoints, a task's T bit) that the last
    /// instruction has raised and that are delivered before the next one.
    u64 pending_debug = 0;
    bool nmi_pending = false;
    bool nmi_blocked = false; ///< From the delivery of an NMI to the next IRET.
    bool init_pending = false;

    /// Instructions completed since power-on. Not architectural, but part of every comparison.
    u64 retired = 0;
};

/// The state after RESET: real mode at F000:FFF0 with base FFFF0000.
CpuState reset_state();
/// The state that INIT makes of `before` (Intel SDM Vol. 3, table 10-1): like RESET, but for the x87 and
/// vector registers, most MSRs, and what is not architectural.
CpuState init_state(const CpuState& before);

void visit(state::Archive& archive, Segment& segment);
void visit(state::Archive& archive, DescriptorTable& table);
void visit(state::Archive& archive, X87State& x87);
void visit(state::Archive& archive, VectorState& vector);
void visit(state::Archive& archive, ModelSpecificRegisters& msr);
void visit(state::Archive& archive, CpuState& state);

} // namespace ringer::x86
