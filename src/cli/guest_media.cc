#include "cli/guest_media.h"

#include "device/floppy/floppy_format.h"
#include "device/storage/ata_disk.h"
#include "device/storage/atapi_cdrom.h"
#include "host/storage/disk_image.h"
#include "host/storage/medium_thread.h"
#include "host/storage/private_medium.h"

namespace ringer::cli {

namespace {

using Medium = std::unique_ptr<device::Medium>;

Result<Medium> open_drive(const DriveOptions& drive, bool for_reading) {
    const u64 sector_size = drive.kind == DriveOptions::Kind::disk ? device::AtaDisk::sector_size
                                                                   : device::AtapiCdrom::sector_size;
    host::DiskImage image = drive.image;
    if (for_reading && image.overlay)
        return user_error("{} {}: has an overlay, and here nothing is written; leave the overlay out",
                          drive.role(), image.path);
    if (for_reading) image.mode = host::MediumMode::read_only;
    return host::open_disk_image(drive.role(), image, sector_size);
}

Result<Medium> open_floppy(const FloppyOptions& floppy, bool for_reading) {
    const auto mode =
        floppy.is_read_only || for_reading ? host::MediumMode::read_only : host::MediumMode::read_write;
    auto medium = TRY(host::open_disk_image(
        "--floppy", {.path = floppy.path, .format = host::ImageFormat::raw, .mode = mode},
        device::FloppyFormat::sector_size));
    if (!device::FloppyFormat::of_size(medium->size()))
        return user_error("--floppy {}: {} bytes are no floppy disk; give a raw image of 160, 180, 320, 360, "
                          "720, 1200, 1440, 1680 or 2880 KiB",
                          floppy.path, medium->size());
    return medium;
}

} // namespace

Result<GuestMedia> GuestMedia::open(const RunOptions& options, bool for_reading) {
    GuestMedia media(options);
    for (const DriveOptions& each : options.drives)
        media.drives_.push_back(TRY(open_drive(each, for_reading)));
    for (const FloppyOptions& each : options.floppies)
        media.floppies_.push_back(TRY(open_floppy(each, for_reading)));
    return media;
}

Result<GuestMedia> GuestMedia::open(const RunOptions& options) { return open(options, false); }

Result<GuestMedia> GuestMedia::open_for_reading(const RunOptions& options) { return open(options, true); }

GuestMedia GuestMedia::private_view() const {
    GuestMedia view(*options_);
    for (std::size_t i = 0; i < drives_.size(); ++i) {
        const bool is_read_only = options_->drives[i].image.mode == host::MediumMode::read_only;
        view.drives_.push_back(std::make_unique<host::PrivateMedium>(*drives_[i], is_read_only));
    }
    for (std::size_t i = 0; i < floppies_.size(); ++i)
        view.floppies_.push_back(
            std::make_unique<host::PrivateMedium>(*floppies_[i], options_->floppies[i].is_read_only));
    return view;
}

void GuestMedia::start_workers(const std::function<void()>& wake) {
    workers_.clear();
    for (std::size_t i = 0; i < drives_.size(); ++i)
        workers_.push_back(options_->drives[i].kind == DriveOptions::Kind::disk
                               ? std::make_unique<host::MediumThread>(*drives_[i], wake)
                               : nullptr);
}

device::MediumWorker* GuestMedia::worker_of(std::size_t drive) const {
    return drive < workers_.size() ? workers_[drive].get() : nullptr;
}

std::vector<machine::IdeDriveOptions> GuestMedia::ide_drives() const {
    std::vector<machine::IdeDriveOptions> drives;
    for (std::size_t i = 0; i < drives_.size(); ++i) {
        const DriveOptions& drive = options_->drives[i];
        if (drive.bus == DriveOptions::Bus::ide)
            drives.push_back({drive.kind, drive.channel, drive.place, *drives_[i], worker_of(i)});
    }
    return drives;
}

std::vector<machine::VirtioDiskOptions> GuestMedia::virtio_disks() const {
    std::vector<machine::VirtioDiskOptions> disks;
    for (std::size_t i = 0; i < drives_.size(); ++i)
        if (options_->drives[i].bus == DriveOptions::Bus::virtio)
            disks.push_back({*drives_[i], worker_of(i)});
    return disks;
}

std::vector<device::Medium*> GuestMedia::floppies() const {
    std::vector<device::Medium*> disks;
    for (const Medium& each : floppies_) disks.push_back(each.get());
    return disks;
}

} // namespace ringer::cli
