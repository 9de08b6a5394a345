#include "cli/run_command.h"

#include "base/bits.h"
#include "boot/loader.h"
#include "cli/exit_status.h"
#include "cli/statistics.h"
#include "engine/x86_engine.h"
#include "host/code_memory.h"
#include "host/fault_handler.h"
#include "host/file.h"
#include "host/outside.h"
#include "host/process.h"
#include "host/ram.h"
#include "machine/pc.h"
#include "x86/cpuid.h"
#include "x86/host_stub.h"

#include <spdlog/spdlog.h>

namespace ringer::cli {

namespace {

/// Enough for every vector and x87 instruction of ordinary guests; touched as it is used.
constexpr u64 stub_code_bytes = 4 * MiB;

/// Loads the kernel and what goes with it, and sets the vCPU to its first instruction.
Result<void> boot_kernel(machine::Pc& pc, const RunOptions& options) {
    const auto kernel = TRY(host::InputFile::open("--kernel", options.kernel));
    std::optional<host::InputFile> initrd;
    if (options.initrd) initrd = TRY(host::InputFile::open("--initrd", *options.initrd));

    boot::KernelImage image{
        .kernel = {"--kernel " + options.kernel, kernel.contents()},
        .initrd = std::nullopt,
        .command_line = options.append,
        .entry = options.entry,
    };
    if (initrd) image.initrd = {"--initrd " + *options.initrd, initrd->contents()};
    pc.vcpu().set_state(TRY(boot::load_kernel(pc.memory(), options.layout, image)));
    return {};
}

/// Says why the run ended, where the guest itself did not want it to.
void report(const machine::RunOutcome& outcome) {
    using machine::EndReason;
    switch (outcome.reason) {
    case EndReason::power_off:
    case EndReason::debug_exit:
    case EndReason::quit: spdlog::info("the run ended: {}", machine::name(outcome.reason)); break;
    case EndReason::reset: spdlog::warn("the guest reset the machine"); break;
    case EndReason::panic: spdlog::warn("the guest's kernel panicked"); break;
    case EndReason::triple_fault: spdlog::warn("the guest's CPU shut down after a triple fault"); break;
    case EndReason::instruction_limit: spdlog::warn("stopped after {} instructions", outcome.retired); break;
    case EndReason::timeout: spdlog::warn("the time given by --timeout is over"); break;
    case EndReason::host_failure: break;
    }
}

} // namespace

Result<int> run(const RunOptions& options) {
    const auto code = TRY(host::CodeMemory::allocate(stub_code_bytes));
    x86::HostStubs stubs({.writable = code.writable(), .executable = code.executable()});
    const host::FaultRecovery recovery(stubs.executable(), stubs.fault_exit());
    x86::CpuModel model = x86::host_model();
    model.stubs = &stubs;
    std::optional<host::ResultFile> stats;
    if (options.stats) stats.emplace(TRY(host::ResultFile::prepare("--stats", *options.stats)));
    const auto ram = TRY(host::HostRam::allocate(options.layout.size()));
    const auto outside = TRY(host::HostOutside::open(options.serial));
    machine::Pc pc({options.layout, options.clock, model.physical_bits}, ram.bytes(), *outside,
                   [&](x86::Surroundings& surroundings) {
                       return engine::make_x86_vcpu(options.engine, surroundings, model);
                   });
    TRY(boot_kernel(pc, options));

    if (options.timeout) outside->set_timeout(*options.timeout);
    const Nanoseconds wall = host::monotonic_time(), cpu = host::cpu_time();
    const machine::RunOutcome outcome = pc.run({options.max_instructions});
    report(outcome);

    const int status = exit_status_of(outcome, outside->stop_signal());
    if (stats)
        TRY(stats->commit(to_json({
            .engine = pc.vcpu().engine_name(),
            .clock = options.clock == machine::ClockKind::host ? "host" : "virtual",
            .outcome = outcome,
            .exit_status = status,
            .wall = host::monotonic_time() - wall,
            .cpu = host::cpu_time() - cpu,
            .memory = options.layout.size(),
            .ram_touched = pc.ram_touched(),
            .peak_host_memory = host::peak_memory(),
            .digest = pc.digest(),
        })));
    if (outside->failure()) return std::unexpected(*outside->failure());
    return status;
}

} // namespace ringer::cli
