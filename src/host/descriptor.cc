#include "host/descriptor.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace ringer::host {

Descriptor::~Descriptor() { close(); }

int Descriptor::close() {
    if (number_ < 0) return 0;
    return ::close(std::exchange(number_, -1)) == 0 ? 0 : errno;
}

Descriptor make_memory_file(const char* name, u64 size) {
    Descriptor file(memfd_create(name, MFD_CLOEXEC));
    if (file && ftruncate(file.get(), static_cast<off_t>(size)) != 0) return {};
    return file;
}

int write_all(int descriptor, std::span<const u8> contents) {
    while (!contents.empty()) {
        const ssize_t written = ::write(descriptor, contents.data(), contents.size());
        if (written >= 0)
            contents = contents.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

} // namespace ringer::host
