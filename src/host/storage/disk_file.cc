#include "host/storage/disk_file.h"

#include "base/bits.h"
#include "host/failure.h"
#include "host/storage/image_lock.h"
#include "host/storage/io_vectors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>
#include <vector>

namespace ringer::host {

namespace {

std::unexpected<Error> open_error(std::string_view role, const std::string& path, MediumMode mode, int code) {
    switch (code) {
    case ENOENT:
    case ENOTDIR: return user_error("{} {}: no such file; give the path of a disk image", role, path);
    case EISDIR: return user_error("{} {}: is a directory; give the path of a disk image", role, path);
    case EACCES:
    case EPERM:
    case EROFS:
        if (mode == MediumMode::read_write)
            return user_error(
                "{} {}: not writable by this user ({}); change its permissions or add ,readonly", role, path,
                reason(code));
        return user_error("{} {}: not readable by this user; change its permissions", role, path);
    default: return host_error("{} {}: cannot be opened ({}); give another path", role, path, reason(code));
    }
}

} // namespace

Result<Descriptor> open_image_file(std::string_view role, const std::string& path, MediumMode mode) {
    const int access = mode == MediumMode::read_write ? O_RDWR : O_RDONLY;
    Descriptor file(::open(path.c_str(), access | O_CLOEXEC | O_NOCTTY));
    struct stat status{};
    if (!file || fstat(file.get(), &status) != 0) return open_error(role, path, mode, errno);
    if (S_ISDIR(status.st_mode)) return open_error(role, path, mode, EISDIR);
    if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
        return user_error("{} {}: is neither a file nor a block device; give the path of a disk image", role,
                          path);
    if (const int code = lock_image(file.get(), mode == MediumMode::read_write)) {
        if (code != EAGAIN && code != EACCES)
            return host_error("{} {}: cannot be locked ({}); move it to a file system with locks", role, path,
                              reason(code));
        return user_error("{} {}: is in use by another machine{}; stop that one, or give a copy", role, path,
                          mode == MediumMode::read_only ? ", which writes to it" : "");
    }
    return file;
}

Result<void> check_image_size(std::string_view role, const std::string& path, u64 size, u64 sector_size) {
    if (size == 0) return user_error("{} {}: is empty; give a complete disk image", role, path);
    if (size % sector_size != 0)
        return user_error(
            "{} {}: {} bytes are no whole number of sectors of {} bytes, so it may be cut off; give a "
            "complete raw image",
            role, path, size, sector_size);
    return {};
}

Result<std::unique_ptr<DiskFile>> DiskFile::open(std::string_view role, const std::string& path,
                                                 Descriptor file, Mode mode, u64 sector_size) {
    const off_t size = lseek(file.get(), 0, SEEK_END);
    if (size < 0) return host_error("{} {}: its size cannot be told ({})", role, path, reason(errno));
    TRY(check_image_size(role, path, static_cast<u64>(size), sector_size));
    return std::unique_ptr<DiskFile>(
        new DiskFile(fmt::format("{} {}", role, path), std::move(file), static_cast<u64>(size), mode));
}

bool DiskFile::read(u64 offset, std::span<u8> destination) {
    while (!destination.empty()) {
        const ssize_t count =
            pread(file_.get(), destination.data(), destination.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0)
            return failures_.settle(false, "read", count < 0 ? reason(errno) : "it has become shorter");
        destination = destination.subspan(static_cast<std::size_t>(count));
        offset += static_cast<u64>(count);
    }
    return failures_.settle(true, "read", "");
}

bool DiskFile::write(u64 offset, std::span<const u8> source) {
    while (!source.empty()) {
        const ssize_t count = pwrite(file_.get(), source.data(), source.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return failures_.settle(false, "written", reason(count < 0 ? errno : ENOSPC));
        write_behind(offset, static_cast<u64>(count));
        source = source.subspan(static_cast<std::size_t>(count));
        offset += static_cast<u64>(count);
    }
    return failures_.settle(true, "written", "");
}

template <class Move>
bool DiskFile::move_pieces(u64 offset, Pieces pieces, Move&& move) {
    std::vector<iovec> left = vectors_of(pieces);
    for (std::size_t first = 0; first < left.size();) {
        const auto count = static_cast<int>(std::min<std::size_t>(left.size() - first, IOV_MAX));
        const ssize_t moved = move(file_.get(), &left[first], count, static_cast<off_t>(offset));
        if (moved < 0 && errno == EINTR) continue;
        if (moved == 0) errno = 0;
        if (moved <= 0) return false;
        offset += static_cast<u64>(moved);
        for (auto rest = static_cast<std::size_t>(moved); rest > 0;) {
            iovec& piece = left[first];
            const std::size_t here = std::min(rest, piece.iov_len);
            piece = {static_cast<u8*>(piece.iov_base) + here, piece.iov_len - here};
            rest -= here;
            if (piece.iov_len == 0) ++first;
        }
    }
    return true;
}

bool DiskFile::read_scattered(u64 offset, Pieces destination) {
    const bool success = move_pieces(offset, destination, preadv);
    if (success) return failures_.settle(true, "read", "");
    return failures_.settle(false, "read", errno ? reason(errno) : "it has become shorter");
}

bool DiskFile::write_gathered(u64 offset, Pieces source) {
    const bool success = move_pieces(offset, source, pwritev);
    if (success) write_behind(offset, size_of(source));
    return failures_.settle(success, "written", success ? "" : reason(errno ? errno : ENOSPC));
}

/// A single one is no faster by the ring. What has failed by it is tried again, to tell why.
void DiskFile::read_all(std::span<Read> reads) {
    if (reads.size() > 1) ring_.read(file_.get(), reads);
    for (Read& each : reads)
        if (!each.success) each.success = read_scattered(each.offset, each.destination);
}

/// What is in the page cache. Not all file systems can tell.
bool DiskFile::read_at_once(u64 offset, Pieces destination) {
    const std::vector<iovec> all = vectors_of(destination);
    return all.size() <= IOV_MAX &&
           std::cmp_equal(preadv2(file_.get(), all.data(), static_cast<int>(all.size()),
                                  static_cast<off_t>(offset), RWF_NOWAIT),
                          size_of(destination));
}

/// Into the page cache, as long as the host does not hold back those who write more than its disks take.
bool DiskFile::write_at_once(u64 offset, Pieces source) {
    if (!move_pieces(offset, source, pwritev)) return false;
    write_behind(offset, size_of(source));
    return true;
}

/// Where the host cannot begin, flush() does it all; and it is flush() that is told of what fails.
void DiskFile::write_behind(u64 offset, u64 size) {
    if (const auto range = write_behind_.wrote(offset, size))
        (void)sync_file_range(file_.get(), static_cast<off_t>(range->offset), static_cast<off_t>(range->size),
                              SYNC_FILE_RANGE_WRITE);
}

bool DiskFile::allocate(int mode, u64 offset, u64 size) {
    return fallocate(file_.get(), mode | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                     static_cast<off_t>(size)) == 0;
}

/// Where the file system knows no better, by writing them.
bool DiskFile::write_zeroes(u64 offset, u64 size, bool may_unmap) {
    if (allocate(may_unmap ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE, offset, size)) return true;
    static constexpr std::array<u8, 64 * KiB> zeroes{};
    while (size > 0) {
        const auto piece = std::span(zeroes).first(std::min<u64>(size, zeroes.size()));
        if (!write(offset, piece)) return false;
        offset += piece.size();
        size -= piece.size();
    }
    return true;
}

bool DiskFile::discard(u64 offset, u64 size) {
    (void)allocate(FALLOC_FL_PUNCH_HOLE, offset, size);
    return true;
}

bool DiskFile::flush() {
    const bool flushed = mode_ == Mode::read_only || fdatasync(file_.get()) == 0;
    return failures_.settle(flushed, "brought to the disk", flushed ? "" : reason(errno));
}

} // namespace ringer::host
