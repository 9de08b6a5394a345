#include "cli/run_command.h"

#include "cli/exit_status.h"
#include "cli/guest_files.h"
#include "cli/machine_host.h"
#include "cli/statistics.h"
#include "device/floppy/floppy_format.h"
#include "device/storage/ata_disk.h"
#include "device/storage/atapi_cdrom.h"
#include "host/entropy.h"
#include "host/file.h"
#include "host/network/user_network.h"
#include "host/outside.h"
#include "host/process.h"
#include "host/sampler.h"
#include "host/screenshot_server.h"
#include "host/storage/disk_image.h"
#include "host/vnc_display.h"
#include "machine/pc.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace ringer::cli {

namespace {

using Media = std::vector<std::unique_ptr<device::Medium>>;

Result<Media> open_media(const std::vector<DriveOptions>& drives) {
    Media media;
    media.reserve(drives.size());
    for (const DriveOptions& each : drives) {
        const u64 sector_size = each.kind == DriveOptions::Kind::disk ? device::AtaDisk::sector_size
                                                                      : device::AtapiCdrom::sector_size;
        media.push_back(TRY(host::open_disk_image(each.role(), each.image, sector_size)));
    }
    return media;
}

Result<Media> open_floppies(const std::vector<FloppyOptions>& floppies) {
    Media media;
    media.reserve(floppies.size());
    for (const auto& [path, is_read_only] : floppies) {
        const auto mode = is_read_only ? host::MediumMode::read_only : host::MediumMode::read_write;
        media.push_back(TRY(
            host::open_disk_image("--floppy", {.path = path, .format = host::ImageFormat::raw, .mode = mode},
                                  device::FloppyFormat::sector_size)));
        if (!device::FloppyFormat::of_size(media.back()->size()))
            return user_error(
                "--floppy {}: {} bytes are no floppy disk; give a raw image of 160, 180, 320, 360, "
                "720, 1200, 1440, 1680 or 2880 KiB",
                path, media.back()->size());
    }
    return media;
}

std::vector<device::Medium*> as_media(const Media& media) {
    std::vector<device::Medium*> pointers;
    for (const auto& medium : media) pointers.push_back(medium.get());
    return pointers;
}

std::vector<machine::IdeDriveOptions> with_media(const std::vector<DriveOptions>& options,
                                                 const Media& media) {
    std::vector<machine::IdeDriveOptions> drives;
    drives.reserve(media.size());
    for (std::size_t i = 0; i < media.size(); ++i)
        if (options[i].bus == DriveOptions::Bus::ide)
            drives.push_back({options[i].kind, options[i].channel, options[i].place, *media[i]});
    return drives;
}

std::vector<device::Medium*> virtio_media(const std::vector<DriveOptions>& options, const Media& media) {
    std::vector<device::Medium*> disks;
    for (std::size_t i = 0; i < media.size(); ++i)
        if (options[i].bus == DriveOptions::Bus::virtio) disks.push_back(media[i].get());
    return disks;
}

using Networks = std::vector<std::unique_ptr<host::UserNetwork>>;

/// They wake `outside`, which must outlive them.
Result<Networks> open_networks(const std::vector<NetOptions>& nets, world::Outside& outside) {
    Networks networks;
    for (const NetOptions& each : nets)
        networks.push_back(
            TRY(host::UserNetwork::open("--net user", each.forwards, [&outside] { outside.wake(); })));
    return networks;
}

std::vector<machine::NetworkOptions> with_networks(const std::vector<NetOptions>& nets,
                                                   const Networks& networks) {
    std::vector<machine::NetworkOptions> options;
    options.reserve(nets.size());
    for (std::size_t i = 0; i < nets.size(); ++i)
        options.push_back({*networks[i], {.mac = nets[i].mac, .mtu = host::UserNetwork::mtu}});
    return options;
}

std::unique_ptr<device::EntropySource> entropy_source(const RunOptions& options) {
    if (!options.rng) return nullptr;
    if (options.clock == machine::ClockKind::host) return std::make_unique<host::HostEntropy>();
    return std::make_unique<device::RepeatableEntropy>();
}

/// The first line of the file.
Result<std::string> read_password(const std::string& path) {
    const auto file = TRY(host::InputFile::open("--display password-file", path));
    const std::span<const u8> contents = file.contents();
    std::string password(contents.begin(), std::ranges::find(contents, u8{'\n'}));
    if (password.empty() || password.size() > host::VncOptions::longest_password)
        return user_error(
            "--display password-file {}: its first line has {} characters; give 1 to {}, as VNC has them",
            path, password.size(), host::VncOptions::longest_password);
    return password;
}

Result<void> attach_viewers(host::HostOutside& outside, const DisplayOptions& display) {
    const auto wake = [&outside] { outside.wake(); };
    auto screenshots = host::ScreenshotServer::open(wake);
    if (screenshots)
        outside.add_viewer(std::move(*screenshots));
    else
        spdlog::warn("{}", screenshots.error().message);
    if (display.kind == DisplayOptions::Kind::text) TRY(outside.show_text());
    const bool is_web = display.kind == DisplayOptions::Kind::web;
    if (display.kind != DisplayOptions::Kind::vnc && !is_web) return {};
    const std::string password =
        display.password_file ? TRY(read_password(*display.password_file)) : std::string();
    host::VncOptions options{display.address, display.port, password};
    if (is_web) options.web_folder = host::VncOptions::default_web_folder;
    outside.add_viewer(TRY(host::VncDisplay::open(options, wake)));
    return {};
}

} // namespace

Result<int> run(const RunOptions& options) {
    std::optional<host::ResultFile> stats;
    if (options.stats) stats.emplace(TRY(host::ResultFile::prepare("--stats", *options.stats)));
    const auto machine_host = TRY(MachineHost::make(options.layout));
    const auto outside = TRY(host::HostOutside::open(options.serial));
    if (options.firmware.log) TRY(outside->log_firmware("--firmware log", *options.firmware.log));
    TRY(attach_viewers(*outside, options.display));
    const GuestFiles files = TRY(GuestFiles::open(options));
    const Media media = TRY(open_media(options.drives));
    const Media floppies = TRY(open_floppies(options.floppies));
    const Networks networks = TRY(open_networks(options.nets, *outside));
    const auto entropy = entropy_source(options);
    machine::Pc pc({.layout = options.layout,
                    .clock = options.clock,
                    .physical_address_bits = machine_host->physical_address_bits(),
                    .firmware = files.firmware(),
                    .vga_bios = files.vga_bios(),
                    .restarts = options.restarts,
                    .drives = with_media(options.drives, media),
                    .virtio_disks = virtio_media(options.drives, media),
                    .floppies = as_media(floppies),
                    .networks = with_networks(options.nets, networks),
                    .entropy = entropy.get()},
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
