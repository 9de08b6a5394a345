#include "cli/lockstep_command.h"

#include "cli/exit_status.h"
#include "cli/guest_files.h"
#include "cli/guest_media.h"
#include "cli/machine_host.h"
#include "debug/lockstep/difference.h"
#include "debug/lockstep/lockstep.h"
#include "host/file.h"
#include "host/outside.h"
#include "host/process.h"

#include <nlohmann/json.hpp>

namespace ringer::cli {

namespace {

using debug::LockstepResult;
using debug::MachinePair;

Result<void> load(MachinePair& pair, const GuestFiles& files, const RunOptions& options) {
    for (const std::size_t i : {0, 1}) TRY(files.load_into(pair[i].pc(), options));
    return {};
}

Result<void> check_traits(MachinePair& pair, const LockstepOptions& options) {
    for (const std::size_t i : {0, 1}) {
        const engine::Traits traits = pair[i].pc().vcpu().traits();
        if (!traits.exact_stop || !traits.exact_count)
            return user_error(
                "--engines {}: it cannot stop after an exact number of instructions; give another",
                options.engines[i]);
    }
    return {};
}

/// How long the comparison took.
struct Effort {
    Nanoseconds wall = 0;
    Nanoseconds cpu = 0;
};

std::string to_json(const LockstepOptions& options, const LockstepResult& result, int status,
                    const std::string& digest, const Effort& effort) {
    nlohmann::ordered_json json{
        {"engines", options.engines},
        {"every", options.every},
        {"comparisons", result.comparisons},
        {"instructions", result.outcome.retired},
        {"wall_seconds", static_cast<double>(effort.wall) / 1e9},
        {"cpu_seconds", static_cast<double>(effort.cpu) / 1e9},
        {"exit_status", status},
        {"differ", result.difference.has_value()},
    };
    if (result.difference)
        json["difference"] = *result.difference;
    else
        json.update({{"reason", machine::name(result.outcome.reason)}, {"digest", digest}});
    return json.dump(2) + "\n";
}

void tell(const LockstepOptions& options, const LockstepResult& result) {
    if (result.difference) {
        host::print_error("ringer: " + debug::to_text(*result.difference, options.engines));
        return;
    }
    report(result.outcome);
    host::print_error(fmt::format("ringer: {} and {} did not differ in {} instructions, compared {} times\n",
                                  options.engines[0], options.engines[1], result.outcome.retired,
                                  result.comparisons));
}

} // namespace

Result<int> lockstep(const LockstepOptions& options) {
    std::optional<host::ResultFile> json;
    if (options.json) json.emplace(TRY(host::ResultFile::prepare("--json", *options.json)));
    std::array<std::unique_ptr<MachineHost>, 2> hosts;
    for (auto& host : hosts) host = TRY(MachineHost::make(options.run.layout, host::HostRam::Kind::own));
    const auto outside = TRY(host::HostOutside::open(options.run.serial, options.run.console));
    if (const auto& log = options.run.firmware.log) TRY(outside->log_firmware("--firmware log", *log));
    const GuestFiles files = TRY(GuestFiles::open(options.run));
    const GuestMedia images = TRY(GuestMedia::open_for_reading(options.run));
    const std::array media{images.private_view(), images.private_view()};
    const auto side = [&](std::size_t i) {
        return MachinePair::Side{{.layout = options.run.layout,
                                  .physical_address_bits = hosts[i]->physical_address_bits(),
                                  .firmware = files.firmware(),
                                  .vga_bios = files.vga_bios(),
                                  .restarts = options.run.restarts,
                                  .drives = media[i].ide_drives(),
                                  .virtio_disks = media[i].virtio_disks(),
                                  .floppies = media[i].floppies(),
                                  .has_console = options.run.console.has_value()},
                                 hosts[i]->ram(),
                                 hosts[i]->make_vcpu(options.engines[i])};
    };
    MachinePair pair({side(0), side(1)});
    TRY(check_traits(pair, options));
    TRY(load(pair, files, options.run));

    if (options.run.timeout) outside->set_timeout(*options.run.timeout);
    const Nanoseconds wall = host::monotonic_time(), cpu = host::cpu_time();
    debug::Lockstep run(pair, *outside,
                        {.every = options.every, .max_instructions = options.run.max_instructions});
    const LockstepResult result = TRY(run.run());
    const Effort effort{host::monotonic_time() - wall, host::cpu_time() - cpu};
    tell(options, result);

    const int status = result.difference ? exit_status::engines_differ
                                         : exit_status_of(result.outcome, outside->stop_signal());
    if (json) TRY(json->commit(to_json(options, result, status, pair[0].pc().digest(), effort)));
    if (outside->failure()) return std::unexpected(*outside->failure());
    return status;
}

} // namespace ringer::cli
