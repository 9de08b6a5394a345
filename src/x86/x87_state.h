#pragma once

#include "x86/cpu.h"
#include "x86/cpuid.h"

#include <algorithm>

namespace ringer::x86 {

/// The x87 status word (Intel SDM Vol. 1, 8.1.3). The six exception flags stand at the same bits as their
/// masks in the control word.
namespace x87_status {
inline constexpr u16 invalid = 1 << 0, denormal = 1 << 1, zero_divide = 1 << 2;
inline constexpr u16 overflow = 1 << 3, underflow = 1 << 4, precision = 1 << 5;
inline constexpr u16 exceptions = 0x3f;
inline constexpr u16 summary = 1 << 7, busy = 1 << 15;
inline constexpr u16 top = 7 << 11;
} // namespace x87_status

/// Sets the summary and busy bits to what the flags and their masks give.
inline void update_summary(X87State& x87) {
    const bool pending = x87.status & ~x87.control & x87_status::exceptions;
    constexpr u16 both = x87_status::summary | x87_status::busy;
    x87.status = static_cast<u16>((x87.status & ~both) | (pending ? both : 0));
}

/// Bits 15:13 and 7 of the control word are zero, bit 6 is one.
inline void set_x87_control(X87State& x87, u16 control) {
    x87.control = static_cast<u16>((control & 0x1f7f) | 0x40);
    update_summary(x87);
}

/// Renumbers the stack from its present top to `top`; the physical registers stay as they are.
inline void set_x87_top(X87State& x87, unsigned top) {
    std::ranges::rotate(x87.st, x87.st.begin() + ((top - x87.top()) & 7));
    x87.status = static_cast<u16>((x87.status & ~x87_status::top) | top << 11);
}

/// What MMX instructions but EMMS do to the x87 state (Intel SDM Vol. 1, 9.5.1).
inline void enter_mmx(X87State& x87) {
    set_x87_top(x87, 0);
    x87.valid = 0xff;
}

/// FNINIT (Intel SDM Vol. 2A, FINIT). The registers' contents stay.
inline void initialize_x87(X87State& x87) {
    set_x87_top(x87, 0);
    x87.control = 0x37f;
    x87.status = 0;
    x87.valid = 0;
    x87.opcode = 0;
    x87.instruction_pointer = 0;
    x87.data_pointer = 0;
    x87.code_selector = x87.data_selector = 0;
}

/// The state with what a save shows of the selectors: zero on Intel's CPUs, which have deprecated them. What
/// was loaded there stays in the state, where nobody sees it (Intel SDM Vol. 1, 8.1.8).
inline X87State with_saved_selectors(const Cpu& cpu, X87State x87) {
    if (!cpu.model.is_amd) x87.code_selector = x87.data_selector = 0;
    return x87;
}

/// @name What stands between a guest and its floating-point registers
/// @{
/// CR0.EM and CR0.TS, for x87 instructions: #NM (Intel SDM Vol. 3, 2.5).
inline Guest<void> check_x87_available(Cpu& cpu) {
    if (cpu.state.cr0 & (cr0::em | cr0::ts)) [[unlikely]]
        return raise(cpu, Vector::device_not_available);
    return {};
}

/// A pending unmasked exception, for instructions that wait for it: #MF. With CR0.NE clear the PC would
/// report it by FERR# and IRQ 13; this machine has no such wire, and goes on as if IGNNE# were asserted.
inline Guest<void> check_x87_pending(Cpu& cpu) {
    if ((cpu.state.x87.status & x87_status::summary) && (cpu.state.cr0 & cr0::ne)) [[unlikely]]
        return raise(cpu, Vector::x87_error);
    return {};
}

inline Guest<void> check_mmx(Cpu& cpu) {
    if (cpu.state.cr0 & cr0::em) [[unlikely]]
        return invalid_opcode(cpu);
    if (cpu.state.cr0 & cr0::ts) [[unlikely]]
        return raise(cpu, Vector::device_not_available);
    return check_x87_pending(cpu);
}

/// Legacy SSE (Intel SDM Vol. 3, table 13-1).
inline Guest<void> check_sse(Cpu& cpu) {
    if ((cpu.state.cr0 & cr0::em) || !(cpu.state.cr4 & cr4::osfxsr)) [[unlikely]]
        return invalid_opcode(cpu);
    if (cpu.state.cr0 & cr0::ts) [[unlikely]]
        return raise(cpu, Vector::device_not_available);
    return {};
}

/// VEX-encoded instructions (Intel SDM Vol. 1, 14.1).
inline Guest<void> check_avx(Cpu& cpu) {
    constexpr u64 sse_and_avx = 6;
    if (!(cpu.state.cr4 & cr4::osxsave) || (cpu.state.xcr0 & sse_and_avx) != sse_and_avx) [[unlikely]]
        return invalid_opcode(cpu);
    if (cpu.state.cr0 & cr0::ts) [[unlikely]]
        return raise(cpu, Vector::device_not_available);
    return {};
}
/// @}

} // namespace ringer::x86
