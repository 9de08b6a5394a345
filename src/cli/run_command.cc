#include "cli/run_command.h"

#include "cli/exit_status.h"
#include "cli/guest_files.h"
#include "cli/guest_media.h"
#include "cli/machine_host.h"
#include "cli/networks.h"
#include "cli/statistics.h"
#include "cli/viewers.h"
#include "host/entropy.h"
#include "host/file.h"
#include "host/outside.h"
#include "host/process.h"
#include "host/sampler.h"
#include "machine/pc.h"

namespace ringer::cli {

namespace {

std::unique_ptr<device::EntropySource> entropy_source(const RunOptions& options) {
    if (!options.rng) return nullptr;
    if (options.clock == machine::ClockKind::host) return std::make_unique<host::HostEntropy>();
    return std::make_unique<device::RepeatableEntropy>();
}

} // namespace

Result<int> run(const RunOptions& options) {
    std::optional<host::ResultFile> stats;
    if (options.stats) stats.emplace(TRY(host::ResultFile::prepare("--stats", *options.stats)));
    const auto machine_host = TRY(MachineHost::make(options.layout, host::HostRam::Kind::shared));
    const auto outside = TRY(host::HostOutside::open(options.serial, options.console));
    if (options.firmware.log) TRY(outside->log_firmware("--firmware log", *options.firmware.log));
    TRY(attach_viewers(*outside, options.display,
                       options.balloon ? std::optional(options.layout.size()) : std::nullopt));
    const GuestFiles files = TRY(GuestFiles::open(options));
    GuestMedia media = TRY(GuestMedia::open(options));
    if (options.clock == machine::ClockKind::host)
        media.start_workers([&outside = *outside] { outside.wake(); });
    const Networks networks = TRY(Networks::open(options.nets, *outside));
    const auto entropy = entropy_source(options);
    machine::Pc pc({.layout = options.layout,
                    .clock = options.clock,
                    .physical_address_bits = machine_host->physical_address_bits(),
                    .firmware = files.firmware(),
                    .vga_bios = files.vga_bios(),
                    .restarts = options.restarts,
                    .drives = media.ide_drives(),
                    .virtio_disks = media.virtio_disks(),
                    .floppies = media.floppies(),
                    .networks = networks.interfaces(),
                    .entropy = entropy.get(),
                    .has_console = options.console.has_value(),
                    .balloon = options.balloon,
                    .release_ram = host::HostRam::release},
                   machine_host->ram(), *outside, machine_host->make_vcpu(options.engine));
    TRY(files.load_into(pc, options));

    if (options.timeout) outside->set_timeout(*options.timeout);
    const Nanoseconds wall = host::monotonic_time(), cpu = host::cpu_time();
    std::optional<host::Sampler> sampler;
    if (stats)
        sampler.emplace(engine::activity_names.size(),
                        [&] { return static_cast<unsigned>(pc.vcpu().activity()); });
    const machine::RunOutcome outcome = pc.run({options.max_instructions});
    std::vector<u64> activities;
    if (sampler) activities = sampler->finish();
    report(outcome);

    const int status = exit_status_of(outcome, outside->stop_signal());
    if (stats)
        TRY(stats->commit(to_json({
            .engine = pc.vcpu().engine_name(),
            .counters = pc.vcpu().counters(),
            .activities = activities,
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
