#pragma once

#include "base/result.h"
#include "host/code_memory.h"
#include "host/fault_handler.h"
#include "host/ram.h"
#include "host/shadow_space.h"
#include "machine/pc.h"
#include "x86/cpuid.h"
#include "x86/host_stub.h"

#include <memory>
#include <span>
#include <string>
#include <utility>

namespace ringer::cli {

/// What one machine needs of the host besides the outside: RAM, memory for generated code, and the model of
/// the host's CPU. Must outlive the machine.
class MachineHost {
  public:
    /// RAM that is shared lets an engine map it for the guest's user code.
    static Result<std::unique_ptr<MachineHost>> make(const machine::MemoryLayout& layout,
                                                     host::HostRam::Kind ram_kind);
    MachineHost(const MachineHost&) = delete;
    MachineHost& operator=(const MachineHost&) = delete;

    std::span<u8> ram() const { return ram_.bytes(); }
    unsigned physical_address_bits() const { return model_.physical_bits; }

    /// Makes the machine's vCPU on the engine of that name.
    machine::Pc::MakeVcpu make_vcpu(std::string engine) const;

  private:
    MachineHost(host::HostRam ram, host::CodeMemory code);
    x86::CodeMemory generated_code() const;

    host::HostRam ram_;
    std::unique_ptr<host::HostShadowSpace> shadow_space_;
    host::CodeMemory code_;
    x86::HostStubs stubs_;
    host::FaultRecovery recovery_;
    x86::CpuModel model_;
};

} // namespace ringer::cli
