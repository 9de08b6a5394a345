#include "cli/guest_media.h"

#include "device/floppy/floppy_format.h"
#include "device/storage/ata_disk.h"
#include "device/storage/atapi_cdrom.h"
#include "host/storage/disk_image.h"

namespace ringer::cli {

namespace {

using Medium = std::unique_ptr<device::Medium>;

Result<Medium> open_drive(const DriveOptions& drive) {
    const u64 sector_size = drive.kind == DriveOptions::Kind::disk ? device::AtaDisk::sector_size
                                                                   : device::AtapiCdrom::sector_size;
    return host::open_disk_image(drive.role(), drive.image, sector_size);
}

Result<Medium> open_floppy(const FloppyOptions& floppy) {
    const auto mode = floppy.is_read_only ? host::MediumMode::read_only : host::MediumMode::read_write;
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

Result<GuestMedia> GuestMedia::open(const RunOptions& options) {
    GuestMedia media(options);
    for (const DriveOptions& each : options.drives) media.drives_.push_back(TRY(open_drive(each)));
    for (const FloppyOptions& each : options.floppies) media.floppies_.push_back(TRY(open_floppy(each)));
    return media;
}

std::vector<machine::IdeDriveOptions> GuestMedia::ide_drives() const {
    std::vector<machine::IdeDriveOptions> drives;
    for (std::size_t i = 0; i < drives_.size(); ++i) {
        const DriveOptions& drive = options_->drives[i];
        if (drive.bus == DriveOptions::Bus::ide)
            drives.push_back({drive.kind, drive.channel, drive.place, *drives_[i]});
    }
    return drives;
}

std::vector<device::Medium*> GuestMedia::virtio_disks() const {
    std::vector<device::Medium*> disks;
    for (std::size_t i = 0; i < drives_.size(); ++i)
        if (options_->drives[i].bus == DriveOptions::Bus::virtio) disks.push_back(drives_[i].get());
    return disks;
}

std::vector<device::Medium*> GuestMedia::floppies() const {
    std::vector<device::Medium*> disks;
    for (const Medium& each : floppies_) disks.push_back(each.get());
    return disks;
}

} // namespace ringer::cli
