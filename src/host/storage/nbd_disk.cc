#include "host/storage/nbd_disk.h"

#include "base/bits.h"
#include "host/failure.h"
#include "host/lazy_library.h"
#include "host/storage/io_vectors.h"

#include <libnbd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

namespace ringer::host {

namespace {

LazyLibrary libnbd("libnbd.so.0", "libnbd0");
RINGER_LAZY_FUNCTION(libnbd, nbd_aio_flush);
RINGER_LAZY_FUNCTION(libnbd, nbd_aio_is_closed);
RINGER_LAZY_FUNCTION(libnbd, nbd_aio_is_dead);
RINGER_LAZY_FUNCTION(libnbd, nbd_aio_pread);
RINGER_LAZY_FUNCTION(libnbd, nbd_aio_pwrite);
RINGER_LAZY_FUNCTION(libnbd, nbd_aio_trim);
RINGER_LAZY_FUNCTION(libnbd, nbd_aio_zero);
RINGER_LAZY_FUNCTION(libnbd, nbd_close);
RINGER_LAZY_FUNCTION(libnbd, nbd_connect_socket);
RINGER_LAZY_FUNCTION(libnbd, nbd_create);
RINGER_LAZY_FUNCTION(libnbd, nbd_get_errno);
RINGER_LAZY_FUNCTION(libnbd, nbd_get_error);
RINGER_LAZY_FUNCTION(libnbd, nbd_get_size);
RINGER_LAZY_FUNCTION(libnbd, nbd_poll);
RINGER_LAZY_FUNCTION(libnbd, nbd_shutdown);

constexpr ChildProgram::Program server_program{"qemu-nbd", "qemu-utils"};
/// What one command moves at most: servers need not take more than 32 MiB, and several commands make better
/// use of one than one that is large.
constexpr u64 most_of_a_command = 2 * MiB;

/// Both ends of a connection that nobody else can have: the end to listen at has this one waiting already
/// when its name goes away.
struct Connection {
    Descriptor listener, client;
};

std::optional<Connection> connect_in(const std::filesystem::path& folder) {
    const std::string path = folder / "socket";
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    if (path.size() >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return std::nullopt;
    }
    std::ranges::copy(path, static_cast<char*>(address.sun_path));
    const auto* const name = reinterpret_cast<const sockaddr*>(&address);
    Connection made{Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)),
                    Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))};
    const bool connected =
        made.listener && made.client && bind(made.listener.get(), name, sizeof(address)) == 0 &&
        listen(made.listener.get(), 1) == 0 && ::connect(made.client.get(), name, sizeof(address)) == 0;
    const int code = errno;
    unlink(path.c_str());
    errno = code;
    return connected ? std::optional(std::move(made)) : std::nullopt;
}

Result<Connection> connect(std::string_view subject) {
    std::error_code failed;
    std::string folder = (std::filesystem::temp_directory_path(failed) / "ringer-XXXXXX").string();
    const bool made = !failed && mkdtemp(folder.data());
    std::optional<Connection> connection = made ? connect_in(folder) : std::nullopt;
    const int code = errno;
    if (made) rmdir(folder.c_str());
    if (!connection)
        return host_error("{}: no connection to {} ({}); make {} writable", subject, server_program.name,
                          reason(code), folder);
    return std::move(*connection);
}

std::vector<std::string> server_arguments(const NbdDisk::Image& image) {
    std::vector<std::string> arguments{fmt::format("--format={}", qemu_name_of(image.format)),
                                       "--cache=writeback", "--discard=unmap"};
    if (image.mode == MediumMode::read_only) arguments.emplace_back("--read-only");
    arguments.push_back(image.path);
    return arguments;
}

/// Fills `pieces` with the first of `bytes`; returns the others.
std::span<const u8> scatter(std::span<const u8> bytes, device::Medium::Pieces pieces) {
    for (const auto piece : pieces) {
        std::ranges::copy(bytes.first(piece.size()), piece.begin());
        bytes = bytes.subspan(piece.size());
    }
    return bytes;
}

} // namespace

void NbdDisk::Close::operator()(nbd_handle* handle) const { nbd_close(handle); }

Result<std::unique_ptr<NbdDisk>> NbdDisk::open(std::string subject, const Image& image, Descriptor locked) {
    TRY(libnbd.load(subject));
    Connection connection = TRY(connect(subject));
    ChildProgram server = TRY(ChildProgram::start(subject, server_program, server_arguments(image),
                                                  std::move(connection.listener)));
    Handle handle(nbd_create());
    if (!handle) return host_error("{}: {}; free some memory", subject, nbd_get_error());
    const int socket = connection.client.release();
    if (nbd_connect_socket(handle.get(), socket) != 0) {
        const std::string why = nbd_get_error();
        handle.reset();
        const std::string words = server.words();
        return user_error("{}: qemu-nbd cannot open it ({}); give a complete image, or its format by format=",
                          subject, words.empty() ? why : words);
    }
    const int64_t size = nbd_get_size(handle.get());
    if (size < 0) return host_error("{}: its size cannot be told ({})", subject, nbd_get_error());
    return std::unique_ptr<NbdDisk>(new NbdDisk(std::move(subject), std::move(locked), std::move(server),
                                                std::move(handle), static_cast<u64>(size), image.mode));
}

NbdDisk::NbdDisk(std::string subject, Descriptor locked, ChildProgram server, Handle handle, u64 size,
                 Mode mode)
    : failures_(std::move(subject)), locked_(std::move(locked)), server_(std::move(server)),
      handle_(std::move(handle)), size_(size), mode_(mode) {}

NbdDisk::~NbdDisk() { nbd_shutdown(handle_.get(), 0); }

int NbdDisk::completed(void* commands, int* error) {
    auto& all = *static_cast<Commands*>(commands);
    --all.left;
    if (*error != 0) all.error = *error;
    return 1; // It need not be asked about.
}

template <class Begin>
void NbdDisk::begin(Begin&& begin) {
    const nbd_completion_callback at_end{.callback = completed, .user_data = &commands_, .free = nullptr};
    ++commands_.left;
    if (begin(handle_.get(), at_end) >= 0) return;
    --commands_.left;
    commands_.error = nbd_get_errno() ? nbd_get_errno() : EIO;
}

int NbdDisk::wait() {
    while (commands_.left > 0 && !is_lost())
        if (nbd_poll(handle_.get(), -1) < 0 && nbd_get_errno() != EINTR) commands_.error = EIO;
    commands_.left = 0;
    return std::exchange(commands_.error, 0);
}

bool NbdDisk::finish(std::string_view what) {
    const int code = wait();
    const bool success = code == 0 && !is_lost();
    return failures_.settle(success, what, is_lost() ? "its qemu-nbd has ended" : reason(code));
}

bool NbdDisk::is_lost() const {
    return nbd_aio_is_dead(handle_.get()) > 0 || nbd_aio_is_closed(handle_.get()) > 0;
}

void NbdDisk::begin_read(u64 offset, std::span<u8> destination) {
    for (u64 at = 0; at < destination.size(); at += most_of_a_command) {
        const auto piece =
            destination.subspan(at).first(std::min(destination.size() - at, most_of_a_command));
        begin([&](nbd_handle* handle, nbd_completion_callback at_end) {
            return nbd_aio_pread(handle, piece.data(), piece.size(), offset + at, at_end, 0);
        });
    }
}

bool NbdDisk::read(u64 offset, std::span<u8> destination) {
    begin_read(offset, destination);
    return finish("read");
}

bool NbdDisk::write(u64 offset, std::span<const u8> source) {
    for (u64 at = 0; at < source.size(); at += most_of_a_command) {
        const auto piece = source.subspan(at).first(std::min(source.size() - at, most_of_a_command));
        begin([&](nbd_handle* handle, nbd_completion_callback at_end) {
            return nbd_aio_pwrite(handle, piece.data(), piece.size(), offset + at, at_end, 0);
        });
    }
    return finish("written");
}

/// One command for all of them: what moving the bytes once more costs is less than a command does.
bool NbdDisk::read_scattered(u64 offset, Pieces destination) {
    if (destination.size() == 1) return read(offset, destination.front());
    gathered_.resize(size_of(destination));
    if (!read(offset, gathered_)) return false;
    (void)scatter(gathered_, destination);
    return true;
}

bool NbdDisk::write_gathered(u64 offset, Pieces source) {
    if (source.size() == 1) return write(offset, source.front());
    gathered_.clear();
    for (const auto piece : source) gathered_.insert(gathered_.end(), piece.begin(), piece.end());
    return write(offset, gathered_);
}

/// Where any fails, each is tried by itself, to tell which.
void NbdDisk::read_all(std::span<Read> reads) {
    u64 size = 0;
    for (const Read& each : reads) size += size_of(each.destination);
    gathered_.resize(size);
    auto room = std::span(gathered_);
    for (const Read& each : reads) {
        const auto bytes = room.first(size_of(each.destination));
        begin_read(each.offset, bytes);
        room = room.subspan(bytes.size());
    }
    if (wait() != 0 || is_lost()) return Medium::read_all(reads);
    std::span<const u8> found = gathered_;
    for (Read& each : reads) {
        found = scatter(found, each.destination);
        each.success = true;
    }
}

bool NbdDisk::flush() {
    if (is_read_only()) return true;
    begin(
        [](nbd_handle* handle, nbd_completion_callback at_end) { return nbd_aio_flush(handle, at_end, 0); });
    return finish("brought to the disk");
}

bool NbdDisk::write_zeroes(u64 offset, u64 size, bool may_unmap) {
    begin([&](nbd_handle* handle, nbd_completion_callback at_end) {
        return nbd_aio_zero(handle, size, offset, at_end, may_unmap ? 0 : LIBNBD_CMD_FLAG_NO_HOLE);
    });
    return finish("written");
}

/// That the image keeps its room is no failure.
bool NbdDisk::discard(u64 offset, u64 size) {
    begin([&](nbd_handle* handle, nbd_completion_callback at_end) {
        return nbd_aio_trim(handle, size, offset, at_end, 0);
    });
    (void)wait();
    return true;
}

} // namespace ringer::host
