#pragma once

#include "base/result.h"
#include "device/storage/medium.h"
#include "host/storage/disk_file.h"
#include "host/storage/image_format.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ringer::host {

/// A disk as the user describes it.
struct DiskImage {
    std::string path;
    std::optional<ImageFormat> format{};  ///< nullopt: as name and contents tell (detect_format()).
    std::optional<std::string> overlay{}; ///< Where writes go, and reads of what was written.
    MediumMode mode = MediumMode::read_write;
};

/// Opens it and locks its files, an overlay's base for reading. An overlay that does not exist is made: a
/// qcow2 image with the base as its backing file. One that does must be such an image, of this base. `role`
/// is the option that named it.
Result<std::unique_ptr<device::Medium>> open_disk_image(std::string_view role, const DiskImage& image,
                                                        u64 sector_size);

} // namespace ringer::host
