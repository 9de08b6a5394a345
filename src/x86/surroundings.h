#pragma once

#include "base/types.h"
#include "memory/address_space.h"

#include <optional>

namespace ringer::x86 {

/// The interrupt controller as a vCPU sees it over its own bus: the local APIC, and behind its LINT0 pin the
/// PICs.
class InterruptController {
  public:
    virtual ~InterruptController() = default;

    /// Whether an interrupt could be delivered now if RFLAGS.IF allows it: one whose priority passes the TPR,
    /// or an ExtINT from the PIC.
    virtual bool interrupt_pending() const = 0;

    /// The interrupt acknowledge cycle: takes the highest pending interrupt into service and returns its
    /// vector. Only called while interrupt_pending().
    virtual u8 acknowledge() = 0;

    /// CR8: bits 7:4 of the task priority register.
    virtual u8 task_priority() const = 0;
    virtual void set_task_priority(u8 cr8) = 0;

    /// The MSRs of the local APIC: IA32_APIC_BASE, IA32_TSC_DEADLINE and, in x2APIC mode, 0x800 to 0x8FF.
    /// nullopt or false: no such MSR, or a bad value; the instruction raises #GP(0). `tsc_offset` is added to
    /// the machine's nanoseconds to give the TSC.
    virtual std::optional<u64> read_msr(u32 number) = 0;
    virtual bool write_msr(u32 number, u64 value, u64 tsc_offset) = 0;

    /// The guest has set its TSC, so that an armed TSC deadline lies at another moment.
    virtual void tsc_offset_changed(u64 tsc_offset) = 0;

    /// Whether CPUID shows an enabled local APIC (leaf 1, EDX bit 9), and its identifier.
    virtual bool enabled() const = 0;
    virtual u32 id() const = 0;
};

/// Everything outside of the vCPU that its instructions can reach.
class Surroundings {
  public:
    virtual ~Surroundings() = default;

    virtual memory::AddressSpace& memory() = 0;
    virtual memory::AddressSpace& ports() = 0;
    virtual InterruptController& interrupts() = 0;

    /// The machine's time. Under the virtual clock it is a function of CpuState::retired, which is therefore
    /// exact whenever this is called.
    virtual Nanoseconds now() const = 0;
};

} // namespace ringer::x86
