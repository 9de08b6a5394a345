#include "host/storage/image_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>

namespace ringer::host {

namespace {

/// Who does something has a lock of the byte at `doing` plus its number; who cannot bear that others do it,
/// of the one at `forbidding`.
constexpr off_t doing = 100, forbidding = 200;
constexpr off_t reading = 0, writing = 1, resizing = 3;
constexpr std::array as_reader{reading};
constexpr std::array as_writer{reading, writing};
constexpr std::array forbidden{writing, resizing};

struct flock byte_at(short type, off_t offset) {
    struct flock byte{};
    byte.l_type = type;
    byte.l_whence = SEEK_SET;
    byte.l_start = offset;
    byte.l_len = 1;
    return byte;
}

/// A lock that others may have too: it only shows that it is there.
bool show(int descriptor, off_t offset) {
    struct flock byte = byte_at(F_RDLCK, offset);
    return fcntl(descriptor, F_OFD_SETLK, &byte) == 0;
}

/// Whether another open file shows it. An error counts as that, and is left in errno.
bool is_shown(int descriptor, off_t offset) {
    struct flock byte = byte_at(F_WRLCK, offset);
    if (fcntl(descriptor, F_OFD_GETLK, &byte) != 0) return true;
    errno = EAGAIN;
    return byte.l_type != F_UNLCK;
}

} // namespace

/// Everything is shown before anything is looked at, so that of two that begin at once one sees the other.
int lock_image(int descriptor, bool is_writer) {
    const auto done = is_writer ? std::span<const off_t>(as_writer) : std::span<const off_t>(as_reader);
    for (const off_t number : done)
        if (!show(descriptor, doing + number)) return errno;
    for (const off_t number : forbidden)
        if (!show(descriptor, forbidding + number)) return errno;
    for (const off_t number : done)
        if (is_shown(descriptor, forbidding + number)) return errno;
    for (const off_t number : forbidden)
        if (is_shown(descriptor, doing + number)) return errno;
    return 0;
}

} // namespace ringer::host
