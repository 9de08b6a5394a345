#include "cli/explain_command.h"

#include "cli/exit_status.h"
#include "cli/guest_files.h"
#include "cli/guest_media.h"
#include "cli/machine_host.h"
#include "engine/explanation.h"
#include "engine/translator/translator.h"
#include "host/file.h"
#include "host/outside.h"
#include "host/process.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ringer::cli {

namespace {

using engine::Explanation;

std::string to_json(const Explanation& explanation) {
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    for (const Explanation::Line& each : explanation.lines)
        lines.push_back({{"address", each.address},
                         {"guest", each.guest},
                         {"treatment", each.treatment},
                         {"reason", each.reason},
                         {"host", each.host}});
    const nlohmann::ordered_json json{{"address", explanation.address},
                                      {"guest_bytes", explanation.guest_bytes},
                                      {"host_bytes", explanation.host_bytes},
                                      {"exits", explanation.exits},
                                      {"lines", lines}};
    return json.dump(2) + "\n";
}

/// The guest's instruction on the left, with what became of it below, and the host's on the right.
std::string to_text(const Explanation::Line& line) {
    std::vector<std::string> left;
    if (!line.guest.empty()) left.push_back(fmt::format("{:x}  {}", line.address, line.guest));
    left.push_back(fmt::format("    {}:", line.treatment));
    left.push_back(fmt::format("    {}", line.reason));
    std::string text;
    for (std::size_t i = 0; i < std::max(left.size(), line.host.size()); ++i)
        text += fmt::format("{:<58} | {}\n", i < left.size() ? left[i] : "",
                            i < line.host.size() ? line.host[i] : "");
    return text;
}

std::string to_text(const Explanation& explanation) {
    std::string text = fmt::format(
        "{:#x}: {} bytes of the guest's became {} bytes of the host's, with {} ways to the engine\n\n",
        explanation.address, explanation.guest_bytes, explanation.host_bytes, explanation.exits);
    for (const Explanation::Line& each : explanation.lines) text += to_text(each) + "\n";
    return text;
}

/// In pieces, between which it is seen whether the translation was made.
machine::RunOutcome run_until_explained(machine::Pc& pc, const std::optional<u64>& max_instructions) {
    constexpr u64 piece = 1'000'000;
    for (;;) {
        const u64 end = std::min(pc.vcpu().retired() + piece, max_instructions.value_or(~u64{0}));
        const machine::RunOutcome outcome = pc.run({end});
        const bool goes_on = outcome.reason == machine::EndReason::instruction_limit &&
                             end != max_instructions.value_or(~u64{0});
        if (pc.vcpu().explanation() || !goes_on) return outcome;
    }
}

} // namespace

Result<int> explain(const ExplainOptions& options) {
    std::optional<host::ResultFile> json;
    if (options.json) json.emplace(TRY(host::ResultFile::prepare("--json", *options.json)));
    const RunOptions& run = options.run;
    const auto machine_host = TRY(MachineHost::make(run.layout, host::HostRam::Kind::shared));
    const auto outside = TRY(host::HostOutside::open(run.serial, run.console));
    if (run.firmware.log) TRY(outside->log_firmware("--firmware log", *run.firmware.log));
    const GuestFiles files = TRY(GuestFiles::open(run));
    const GuestMedia images = TRY(GuestMedia::open_for_reading(run));
    const GuestMedia media = images.private_view();
    machine::Pc pc({.layout = run.layout,
                    .clock = run.clock,
                    .physical_address_bits = machine_host->physical_address_bits(),
                    .firmware = files.firmware(),
                    .vga_bios = files.vga_bios(),
                    .restarts = run.restarts,
                    .drives = media.ide_drives(),
                    .virtio_disks = media.virtio_disks(),
                    .floppies = media.floppies(),
                    .has_console = run.console.has_value()},
                   machine_host->ram(), *outside,
                   machine_host->make_vcpu(std::string(engine::Translator::names.front())));
    TRY(files.load_into(pc, run));
    pc.vcpu().explain(options.at);
    if (run.timeout) outside->set_timeout(*run.timeout);
    const machine::RunOutcome outcome = run_until_explained(pc, run.max_instructions);
    if (outside->failure()) return std::unexpected(*outside->failure());
    const Explanation* const explanation = pc.vcpu().explanation();
    if (!explanation)
        return user_error(
            "--at {:#x}: no translation began there before the run ended ({}); give the address of an "
            "instruction that is jumped to several times",
            options.at, machine::name(outcome.reason));
    TRY(host::print(to_text(*explanation)));
    if (json) TRY(json->commit(to_json(*explanation)));
    return exit_status::success;
}

} // namespace ringer::cli
