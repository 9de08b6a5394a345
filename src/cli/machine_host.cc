#include "cli/machine_host.h"

#include "base/bits.h"
#include "engine/x86_engine.h"

namespace ringer::cli {

namespace {

/// Enough for every vector and x87 instruction of ordinary guests; touched as it is used.
constexpr u64 stub_code_bytes = 4 * MiB;
/// The code cache of a translating engine: what leaves it, when it is full, and all else within 64 MiB.
constexpr u64 translation_bytes = 28 * MiB;

} // namespace

Result<std::unique_ptr<MachineHost>> MachineHost::make(const machine::MemoryLayout& layout,
                                                       host::HostRam::Kind ram_kind) {
    auto ram = TRY(host::HostRam::allocate(machine::Pc::host_memory(layout), ram_kind));
    auto code = TRY(host::CodeMemory::allocate(stub_code_bytes + translation_bytes));
    return std::unique_ptr<MachineHost>(new MachineHost(std::move(ram), std::move(code)));
}

MachineHost::MachineHost(host::HostRam ram, host::CodeMemory code)
    : ram_(std::move(ram)), shadow_space_(host::HostShadowSpace::make(ram_)), code_(std::move(code)),
      stubs_(generated_code().part(0, stub_code_bytes)), recovery_(stubs_.executable(), stubs_.fault_exit()),
      model_(x86::host_model()) {
    model_.stubs = &stubs_;
    model_.shadow_space = shadow_space_.get();
    model_.translations = generated_code().from(stub_code_bytes);
}

x86::CodeMemory MachineHost::generated_code() const {
    return {.writable = code_.writable(), .executable = code_.executable()};
}

machine::Pc::MakeVcpu MachineHost::make_vcpu(std::string engine) const {
    return [this, engine = std::move(engine)](x86::Surroundings& surroundings) {
        return engine::make_x86_vcpu(engine, surroundings, model_);
    };
}

} // namespace ringer::cli
