#pragma once

#include "engine/x86_engine.h"
#include "host/code_memory.h"
#include "host/fault_handler.h"
#include "host/ram.h"
#include "native_cpu.h"
#include "trial.h"
#include "x86/cpuid.h"
#include "x86/host_stub.h"
#include "x86/testing/test_machine.h"

#include <span>
#include <string_view>

namespace ringer::oracle {

/// The guest that stands beside the native process: RAM alone, with a GDT that looks like the host's, the
/// pages of layout.h mapped as the host maps them, and a HLT behind every vector, in the kernel's half of the
/// address space. No interrupt ever comes.
class GuestMachine final : public x86::Surroundings {
  public:
    GuestMachine(std::span<const VisibleDescriptor> descriptors, bool has_local_segments);

    memory::AddressSpace& memory() override { return memory_; }
    memory::AddressSpace& ports() override { return ports_; }
    x86::InterruptController& interrupts() override { return interrupts_; }
    Nanoseconds now() const override { return 0; }

    /// The pages of layout.h as a memory object.
    std::span<u8> object();
    /// What a process starts with under Linux, but for the registers of its own.
    const x86::CpuState& initial_state() const { return initial_; }
    /// The hidden part that `selector` gives, or of a null selector.
    x86::Segment segment(u16 selector) const;

    /// A quadword on the stack of CPL 0; `linear` within it.
    u64 kernel_stack_value(u64 linear) const;
    /// Which vector's handler stands at `rip`.
    static u64 handler_vector(u64 rip);

  private:
    u64 load(u64 physical) const;
    void store(u64 physical, u64 value);
    void map(u64 linear, u64 entry);
    void put_tables(std::span<const VisibleDescriptor> descriptors);
    void put_local_segments();
    void put_pages();

    host::HostRam ram_;
    memory::AddressSpace memory_, ports_;
    x86::testing::FakeInterruptController interrupts_;
    x86::CpuState initial_;
    u64 next_table_;
};

/// An engine, running trials on a guest of its own.
class EngineCpu {
  public:
    /// `has_local_segments`: load_local_segments() has succeeded.
    EngineCpu(std::string_view engine, std::span<const VisibleDescriptor> descriptors,
              bool has_local_segments);
    EngineCpu(const EngineCpu&) = delete;
    EngineCpu& operator=(const EngineCpu&) = delete;

    std::span<u8> memory() { return machine_.object(); }
    const x86::CpuModel& model() const { return model_; }
    Outcome run(const Trial& trial);

  private:
    x86::CpuState state_of(const Trial& trial) const;
    void read_frame(Outcome& outcome) const;

    x86::CodeMemory generated_code() const;

    host::CodeMemory code_memory_;
    x86::HostStubs stubs_;
    host::FaultRecovery recovery_;
    x86::CpuModel model_;
    GuestMachine machine_;
    std::unique_ptr<engine::X86Vcpu> vcpu_;
};

} // namespace ringer::oracle
