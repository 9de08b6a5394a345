#include "host/ram.h"

#include "host/failure.h"

#include <sys/mman.h>
#include <sys/sysinfo.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace ringer::host {

Result<HostRam> HostRam::allocate(u64 size, Kind kind) {
    Descriptor file = kind == Kind::shared ? make_memory_file("ringer-ram", size) : Descriptor();
    const int sharing = file ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
    void* const base = mmap(nullptr, size, PROT_READ | PROT_WRITE, sharing | MAP_NORESERVE, file.get(), 0);
    if (base == MAP_FAILED)
        return host_error("guest RAM: the host refused {} bytes ({}); give less --memory", size,
                          reason(errno));
    // A huge page would take 2 MiB from the host for the first byte that the guest writes in it. Core dumps
    // are for Ringer's own state. Both are wishes: a host that does not know them is no worse.
    (void)madvise(base, size, MADV_NOHUGEPAGE);
    (void)madvise(base, size, MADV_DONTDUMP);
    return HostRam(std::span(static_cast<u8*>(base), size), std::move(file));
}

HostRam::HostRam(HostRam&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})), file_(std::move(other.file_)) {}

HostRam& HostRam::operator=(HostRam&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(file_, other.file_);
    return *this;
}

HostRam::~HostRam() {
    if (!bytes_.empty()) munmap(bytes_.data(), bytes_.size());
}

/// Of a memory object pages are only given back by MADV_REMOVE, which memory of the process's own refuses.
void HostRam::release(std::span<u8> pages) {
    const bool removed = madvise(pages.data(), pages.size(), MADV_REMOVE) == 0;
    if (!removed && (errno != EINVAL || madvise(pages.data(), pages.size(), MADV_DONTNEED) != 0))
        std::ranges::fill(pages, u8{0});
}

u64 host_memory() {
    struct sysinfo info{};
    if (sysinfo(&info) != 0) return 0;
    return (u64{info.totalram} + info.totalswap) * info.mem_unit;
}

} // namespace ringer::host
