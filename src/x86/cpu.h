#pragma once

#include "x86/fault.h"
#include "x86/instruction.h"
#include "x86/state.h"
#include "x86/surroundings.h"
#include "x86/tlb.h"

#include <atomic>

namespace ringer::x86 {

struct CpuModel;

/// Where an access that the guest made is waiting for a device's answer.
struct PendingAccess {
    u64 address = 0; ///< Port number or guest-physical address.
    u8 size = 0;
    bool is_port = false;
    bool is_write = false;
};

/// A vCPU as its instructions see it: the architectural state, what is cached of it for speed, and the
/// surroundings.
///
/// Everything outside of `registers.state` can be derived from it: `state_changed()` does so after a load,
/// and the functions of control.h after each change of a control register, CS, the privilege level, or
/// RFLAGS.AC.
struct Cpu {
    Cpu(Surroundings& surroundings_, const CpuModel& model_);
    Cpu(const Cpu&) = delete;
    Cpu& operator=(const Cpu&) = delete;

    Registers registers;
    CpuState& state = registers.state;

    Surroundings& surroundings;
    const CpuModel& model;

    Exception exception{};   ///< Valid after Stop::exception.
    PendingAccess pending{}; ///< Valid after Stop::not_yet.

    /// @name Derived from the state
    /// @{
    CodeMode code_mode = CodeMode::real16;
    Tlb::View* data_view = nullptr;   ///< For data accesses at the current privilege level.
    Tlb::View* system_view = nullptr; ///< For implicit supervisor accesses: descriptor tables, TSS.
    /// @}

    Tlb tlb;

    /// The interpreter leaves its fast path when state.retired reaches this: the end of the budget, or 0 when
    /// something needs attention (an interrupt, a kick, dropped code). Any thread may lower it.
    std::atomic<u64> check_at = 0;

    /// @name Sticky requests, looked at when the fast path is left
    /// @{
    std::atomic<bool> kicked = false;
    bool stop_requested = false; ///< Vcpu::stop_soon().
    bool interrupt_line = false; ///< The interrupt controller has something to deliver.
    /// @}

    /// RFLAGS.TF was set when the instruction under way began, and it has not entered a handler since
    /// (begin_step()).
    bool step_trap = false;

    bool long64() const { return code_mode == CodeMode::long64; }
    bool real_mode() const { return !(state.cr0 & cr0::pe); }
    bool virtual8086() const { return state.rflags & flag::vm; }
    /// Protected mode proper: segments are described by descriptors.
    bool protected_mode() const { return !real_mode() && !virtual8086(); }
    bool long_mode_active() const { return state.msr.efer & efer::lma; }
    unsigned iopl() const { return (state.rflags >> 12) & 3; }

    /// Makes the interpreter look at interrupts, requests and the budget before the next instruction.
    void request_check() { check_at.store(0, std::memory_order_relaxed); }

    /// Whether that was asked for in the course of this instruction, as by a device that it has accessed.
    bool check_requested() const { return check_at.load(std::memory_order_relaxed) == 0; }

    /// A register by its offset, as T; T's size is the access's.
    template <class T>
    T get(RegisterOffset offset) const {
        T value;
        __builtin_memcpy(&value, reinterpret_cast<const u8*>(&registers) + offset, sizeof(T));
        return value;
    }
    /// Writing 32 bits clears the upper half, as 64-bit mode prescribes (Intel SDM Vol. 1, 3.4.1.1); in other
    /// modes that half cannot be seen.
    template <class T>
    void set(RegisterOffset offset, T value) {
        if constexpr (sizeof(T) == 4) {
            const u64 wide = value;
            __builtin_memcpy(reinterpret_cast<u8*>(&registers) + offset, &wide, sizeof(wide));
        } else {
            __builtin_memcpy(reinterpret_cast<u8*>(&registers) + offset, &value, sizeof(T));
        }
    }

    u64& gpr(Register number) { return state.gpr[number]; }
};

/// Recomputes everything in `cpu` that is derived from its state, and drops the TLB.
void state_changed(Cpu& cpu);

/// Recomputes code_mode, data_view and system_view. To be called after every change of CR0, CR4, EFER, CS,
/// CPL, RFLAGS.VM or RFLAGS.AC.
void mode_changed(Cpu& cpu);

/// The current address space by its process-context identifier (Intel SDM Vol. 3, 4.10.1).
u16 address_space(const Cpu& cpu);

/// Drops all cached translations of linear addresses, of all address spaces.
void flush_tlb(Cpu& cpu);

} // namespace ringer::x86
