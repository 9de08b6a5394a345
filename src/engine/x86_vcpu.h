#pragma once

#include "engine/explanation.h"
#include "engine/vcpu.h"
#include "x86/instruction.h"
#include "x86/state.h"

#include <optional>

namespace ringer::engine {

/// An x86 vCPU as a PC board wires it: the architectural state, and the input pins that its local APIC
/// drives.
class X86Vcpu : public Vcpu {
  public:
    /// Only between runs.
    virtual const x86::CpuState& state() const = 0;
    virtual void set_state(const x86::CpuState& state) = 0;

    /// @name For debuggers, only between runs
    /// @{
    /// Where a linear address lies now; nullopt when it is not mapped. Checks no rights and sets no bits.
    virtual std::optional<GuestPhysical> translate(u64 linear) = 0;
    /// How the bytes at CS:RIP are decoded.
    virtual x86::CodeMode code_mode() const = 0;
    /// Has the first translation of code at a linear address explained, by an engine that translates.
    virtual void explain(u64 linear) = 0;
    /// What explain() has led to; nullptr: nothing so far.
    virtual const Explanation* explanation() const = 0;
    /// @}

    /// The pins may be driven between runs, and by a device access in the middle of one; the vCPU then takes
    /// notice before its next instruction.
    /// @{

    /// x86::InterruptController::interrupt_pending() has changed to `pending`.
    virtual void set_interrupt(bool pending) = 0;
    virtual void nmi() = 0;
    /// INIT (Intel SDM Vol. 3, 10.1): afterwards a bootstrap processor starts at its reset vector, any other
    /// waits for startup().
    virtual void init() = 0;
    /// A STARTUP message: execution from `vector` << 12. Ignored unless the vCPU waits for one.
    virtual void startup(u8 vector) = 0;
    /// @}
};

} // namespace ringer::engine
