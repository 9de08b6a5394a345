#pragma once

#include "engine/x86_vcpu.h"
#include "x86/cpu.h"

#include <memory>
#include <span>
#include <string_view>

namespace ringer::engine {

/// One way to execute the instructions of an x86 vCPU. An engine is made for one vCPU, keeps nothing
/// guest-visible outside of it, and may be exchanged for another between two runs.
class X86Engine {
  public:
    virtual ~X86Engine() = default;

    /// As Vcpu::run().
    virtual RunResult run(Budget budget) = 0;

    virtual std::string_view name() const = 0;
    virtual Traits traits() const = 0;
    virtual Counters counters() const { return {}; }
    Activity activity() const { return activity_.load(std::memory_order_relaxed); }

  protected:
    CurrentActivity activity_ = Activity::elsewhere;
};

/// The engines that there are, by the names that --engine takes. The first is the reference, which the others
/// are held to.
std::span<const std::string_view> x86_engine_names();

/// A vCPU on the engine of that name, which must be one of x86_engine_names(). `surroundings` and `model`
/// must outlive it.
std::unique_ptr<X86Vcpu> make_x86_vcpu(std::string_view engine, x86::Surroundings& surroundings,
                                       const x86::CpuModel& model);

} // namespace ringer::engine
