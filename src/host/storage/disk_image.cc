#include "host/storage/disk_image.h"

#include "base/assert.h"
#include "host/child_program.h"
#include "host/failure.h"
#include "host/storage/nbd_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

namespace ringer::host {

namespace {

using Medium = std::unique_ptr<device::Medium>;

constexpr ChildProgram::Program image_tool{"qemu-img", "qemu-utils"};

/// As much as there is, up to `size`. What cannot be read is told of when the image is opened.
std::vector<u8> read_at(int file, u64 offset, std::size_t size) {
    std::vector<u8> bytes(size);
    const ssize_t count = pread(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
}

Result<ImageFormat> find_format(std::string_view role, const DiskImage& image, int file) {
    if (image.format) return *image.format;
    const off_t end = lseek(file, 0, SEEK_END);
    const u64 tail = end > static_cast<off_t>(image_tail_size) ? static_cast<u64>(end) - image_tail_size : 0;
    return detect_format(role, image.path, read_at(file, 0, image_head_size),
                         read_at(file, tail, image_tail_size));
}

/// QEMU's tools take a path with a colon for a protocol, unless it begins with a slash.
std::string absolute(const std::string& path) {
    std::error_code failed;
    const auto whole = std::filesystem::canonical(path, failed);
    return failed ? std::filesystem::absolute(path).string() : whole.string();
}

bool is_same_file(const std::string& path, const std::string& other) {
    struct stat one{}, two{};
    return stat(path.c_str(), &one) == 0 && stat(other.c_str(), &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino;
}

std::unexpected<Error> damaged(const std::string& subject, const std::string& how) {
    return user_error("{}: is damaged or cut off ({}); give a complete image, or mend it with qemu-img",
                      subject, how);
}

/// That the file is as long as its header tells.
Result<void> check_length(const std::string& subject, ImageFormat format, int file) {
    const off_t size = lseek(file, 0, SEEK_END);
    const u64 least = least_file_size(format, read_at(file, 0, image_head_size));
    if (size < 0 || static_cast<u64>(size) >= least) return {};
    return damaged(subject, fmt::format("it has {} bytes of at least {}", size, least));
}

/// That everything is there which a qcow2 image's tables name: the server would take what is not for zeros.
Result<void> check_tables(const std::string& subject, const NbdDisk::Image& image) {
    if (image.format != ImageFormat::qcow2) return {};
    auto program = TRY(ChildProgram::start(subject, image_tool, {"check", "-q", "-f", "qcow2", image.path}));
    const std::string words = program.words();
    constexpr int errors_found = 2;
    if (program.wait() == errors_found) return damaged(subject, words);
    return {};
}

/// The same of a VMDK image that a server has opened: neither its header nor another machine that writes to
/// it can be what is wrong then, which the status does not tell from what is missing. Servers of the other
/// formats find that out by themselves, or cannot be asked.
Result<void> check_extents(const std::string& subject, const NbdDisk::Image& image) {
    if (image.format != ImageFormat::vmdk) return {};
    auto program =
        TRY(ChildProgram::start(subject, image_tool, {"check", "-q", "-U", "-f", "vmdk", image.path}));
    const std::string words = program.words();
    if (program.wait() != 0) return damaged(subject, words);
    return {};
}

Result<Medium> open_by_server(std::string_view role, const std::string& path, const NbdDisk::Image& image,
                              u64 sector_size, Descriptor locked = {}) {
    const std::string subject = fmt::format("{} {}", role, path);
    TRY(check_tables(subject, image));
    auto disk = TRY(NbdDisk::open(subject, image, std::move(locked)));
    TRY(check_image_size(role, path, disk->size(), sector_size));
    TRY(check_extents(subject, image));
    return disk;
}

Result<void> create_overlay(std::string_view role, const std::string& overlay, const std::string& base,
                            ImageFormat base_format) {
    const std::string subject = fmt::format("{} overlay={}", role, overlay);
    const std::string folder = std::filesystem::path(absolute(overlay)).parent_path();
    if (access(folder.c_str(), W_OK) != 0)
        return user_error("{}: cannot be made in {} ({}); give another path", subject, folder, reason(errno));
    auto program =
        TRY(ChildProgram::start(subject, image_tool,
                                {"create", "-q", "-f", "qcow2", "-F", std::string(qemu_name_of(base_format)),
                                 "-b", base, absolute(overlay)}));
    const std::string words = program.words();
    if (program.wait() == 0) return {};
    // What may be there now is not removed: another machine may have made it in the meantime, and use it.
    return user_error("{}: cannot be made ({}); give a complete image to base it on", subject, words);
}

/// That what is there is an overlay of this base, so that nothing else is written to.
Result<void> check_overlay(std::string_view role, const std::string& overlay, const std::string& base,
                           ImageFormat base_format) {
    const Descriptor file =
        TRY(open_image_file(fmt::format("{} overlay", role), overlay, MediumMode::read_write));
    const auto backing = qcow2_backing(read_at(file.get(), 0, image_head_size));
    if (!backing)
        return user_error("{} overlay={}: is there and is no overlay; give a path where there is nothing yet",
                          role, overlay);
    const auto below = std::filesystem::path(absolute(overlay)).parent_path() / backing->file;
    if (!is_same_file(below, base))
        return user_error("{} overlay={}: is one of {}, not of {}; give that image, or another overlay", role,
                          overlay, backing->file, base);
    if (backing->format != qemu_name_of(base_format))
        return user_error("{} overlay={}: takes {} for a {} image; give format={}, or another overlay", role,
                          overlay, base, backing->format, backing->format);
    return check_length(fmt::format("{} {}", role, overlay), ImageFormat::qcow2, file.get());
}

/// `base` is open and locked, which the server does not do for a raw one.
Result<Medium> open_overlay(std::string_view role, const DiskImage& image, ImageFormat base_format,
                            Descriptor base, u64 sector_size) {
    RINGER_ASSERT(base && image.overlay);
    const std::string subject = fmt::format("{} {}", role, image.path), &overlay = *image.overlay;
    const NbdDisk::Image below{absolute(image.path), base_format, MediumMode::read_only};
    TRY(check_tables(subject, below));
    if (access(overlay.c_str(), F_OK) == 0)
        TRY(check_overlay(role, overlay, below.path, base_format));
    else
        TRY(create_overlay(role, overlay, below.path, base_format));
    auto disk =
        TRY(open_by_server(role, overlay, {absolute(overlay), ImageFormat::qcow2, MediumMode::read_write},
                           sector_size, std::move(base)));
    TRY(check_extents(subject, below));
    return disk;
}

} // namespace

Result<Medium> open_disk_image(std::string_view role, const DiskImage& image, u64 sector_size) {
    const MediumMode mode = image.overlay ? MediumMode::read_only : image.mode;
    Descriptor file = TRY(open_image_file(role, image.path, mode));
    const ImageFormat format = TRY(find_format(role, image, file.get()));
    TRY(check_length(fmt::format("{} {}", role, image.path), format, file.get()));
    if (image.overlay) return open_overlay(role, image, format, std::move(file), sector_size);
    if (format == ImageFormat::raw)
        return TRY(DiskFile::open(role, image.path, std::move(file), mode, sector_size));
    // The server locks it anew.
    file.close();
    return open_by_server(role, image.path, {absolute(image.path), format, mode}, sector_size);
}

} // namespace ringer::host
