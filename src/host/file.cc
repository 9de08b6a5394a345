#include "host/file.h"

#include "host/failure.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace ringer::host {

namespace {

/// What is not a regular file may never end; no kernel or initramfs is larger.
constexpr std::size_t stream_limit = std::size_t{4} << 30;

std::unexpected<Error> input_error(std::string_view role, const std::string& path, int code) {
    switch (code) {
    case ENOENT:
    case ENOTDIR: return user_error("{} {}: there is no such file; check the path", role, path);
    case EACCES:
    case EPERM:
        return user_error("{} {}: not readable by this user; change its permissions or give another file",
                          role, path);
    case EISDIR: return user_error("{} {}: is a directory; give a file", role, path);
    case ENAMETOOLONG:
    case ELOOP: return user_error("{} {}: {}; give another path", role, path, reason(code));
    default:
        return host_error("{} {}: cannot be read ({}); check the disk or give another file", role, path,
                          reason(code));
    }
}

std::unexpected<Error> output_error(std::string_view role, const std::string& path, int code) {
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return user_error("{} {}: its directory does not exist; create it or give another path", role, path);
    case EACCES:
    case EPERM:
    case EROFS:
        return user_error("{} {}: not writable by this user ({}); give another path", role, path,
                          reason(code));
    case EISDIR: return user_error("{} {}: is a directory; give the path of a file", role, path);
    case ENAMETOOLONG:
    case ELOOP: return user_error("{} {}: {}; give another path", role, path, reason(code));
    default: return host_error("{} {}: cannot be written ({}); give another path", role, path, reason(code));
    }
}

/// Reads to the end of `descriptor`; 0 or an errno value.
int read_to_end(int descriptor, std::vector<u8>& contents) {
    constexpr std::size_t step = 64 * 1024;
    for (;;) {
        const std::size_t have = contents.size();
        if (have > stream_limit) return EFBIG;
        contents.resize(have + step);
        const ssize_t count = ::read(descriptor, contents.data() + have, step);
        const int code = errno;
        contents.resize(have + (count > 0 ? static_cast<std::size_t>(count) : 0));
        if (count == 0) return 0;
        if (count < 0 && code != EINTR) return code;
    }
}

} // namespace

Result<InputFile> InputFile::open(std::string_view role, const std::string& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    struct stat status{};
    if (!descriptor || fstat(descriptor.get(), &status) != 0) return input_error(role, path, errno);
    if (S_ISDIR(status.st_mode)) return input_error(role, path, EISDIR);

    InputFile file;
    if (S_ISREG(status.st_mode) && status.st_size > 0) {
        const auto size = static_cast<std::size_t>(status.st_size);
        void* const base = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
        if (base == MAP_FAILED) return input_error(role, path, errno);
        file.mapped_ = std::span(static_cast<const u8*>(base), size);
    } else if (const int code = read_to_end(descriptor.get(), file.read_)) {
        return input_error(role, path, code);
    }
    if (file.contents().empty()) return user_error("{} {}: is empty; give a complete file", role, path);
    return file;
}

InputFile::InputFile(InputFile&& other) noexcept
    : mapped_(std::exchange(other.mapped_, {})), read_(std::move(other.read_)) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
    std::swap(mapped_, other.mapped_);
    std::swap(read_, other.read_);
    return *this;
}

void InputFile::release() const {
    // It is only advice: a host that does not follow it keeps the memory.
    if (!mapped_.empty()) (void)madvise(const_cast<u8*>(mapped_.data()), mapped_.size(), MADV_DONTNEED);
}

InputFile::~InputFile() {
    if (!mapped_.empty()) munmap(const_cast<u8*>(mapped_.data()), mapped_.size());
}

Result<Descriptor> open_output(std::string_view role, const std::string& path) {
    Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666));
    if (!descriptor) return output_error(role, path, errno);
    return descriptor;
}

Result<ResultFile> ResultFile::prepare(std::string_view role, const std::string& path) {
    ResultFile file;
    file.role_ = role;
    if (path.empty()) return output_error(role, path, ENOENT);
    struct stat status{};
    const bool exists = stat(path.c_str(), &status) == 0;
    if (path.back() == '/' || (exists && S_ISDIR(status.st_mode))) return output_error(role, path, EISDIR);
    if (exists && !S_ISREG(status.st_mode)) {
        file.descriptor_ = Descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
        if (!file.descriptor_) return output_error(role, path, errno);
        file.path_ = path;
        return file;
    }
    if (exists && access(path.c_str(), W_OK) != 0) return output_error(role, path, errno);

    std::error_code failure;
    file.path_ = std::filesystem::weakly_canonical(path, failure).string();
    if (failure) return output_error(role, path, failure.value());
    std::string temporary = file.path_ + ".XXXXXX";
    file.descriptor_ = Descriptor(mkostemp(temporary.data(), O_CLOEXEC));
    if (!file.descriptor_) return output_error(role, path, errno);
    file.temporary_ = std::move(temporary);
    const mode_t mask = umask(0);
    umask(mask);
    if (fchmod(file.descriptor_.get(), exists ? status.st_mode & 0777 : 0666 & ~mask) != 0)
        return output_error(role, path, errno);
    return file;
}

ResultFile::ResultFile(ResultFile&& other) noexcept
    : role_(std::move(other.role_)), path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})), descriptor_(std::move(other.descriptor_)) {}

ResultFile::~ResultFile() {
    if (!temporary_.empty()) unlink(temporary_.c_str());
}

Result<void> ResultFile::commit(std::string_view contents) {
    const std::span bytes(reinterpret_cast<const u8*>(contents.data()), contents.size());
    int code = write_all(descriptor_.get(), bytes);
    if (code == 0 && !temporary_.empty() && fsync(descriptor_.get()) != 0) code = errno;
    if (const int late = descriptor_.close(); code == 0) code = late;
    if (code == 0 && !temporary_.empty() && rename(temporary_.c_str(), path_.c_str()) != 0) code = errno;
    if (code != 0)
        return host_error("{} {}: could not be written ({}); make room or give another path", role_, path_,
                          reason(code));
    temporary_.clear();
    return {};
}

} // namespace ringer::host
