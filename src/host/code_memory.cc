#include "host/code_memory.h"

#include "base/assert.h"
#include "host/descriptor.h"
#include "host/failure.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <utility>
#include <vector>

namespace ringer::host {

namespace {

/// A memory object and where it is mapped.
struct Region {
    Descriptor file;
    u8* writable = nullptr;
    u8* executable = nullptr;
    u64 size = 0;
};

std::mutex registration;
std::vector<Region> regions; ///< Of all CodeMemory objects, for separate().

/// Maps the file of `region` twice: where it is mapped already, or where the host likes.
bool map(Region& region) {
    const auto view = [&region](u8*& place, int protection) {
        const int flags = MAP_SHARED | (place ? MAP_FIXED : 0);
        void* const mapped = mmap(place, region.size, protection, flags, region.file.get(), 0);
        if (mapped == MAP_FAILED) return false;
        place = static_cast<u8*>(mapped);
        return true;
    };
    return view(region.writable, PROT_READ | PROT_WRITE) && view(region.executable, PROT_READ | PROT_EXEC);
}

void unmap(const Region& region) {
    if (region.executable) munmap(region.executable, region.size);
    if (region.writable) munmap(region.writable, region.size);
}

/// Copies what was ever written; the rest of a memory object reads as zeros.
bool copy_contents(const Region& region, int to) {
    off_t next = 0;
    for (;;) {
        const off_t first = lseek(region.file.get(), next, SEEK_DATA);
        if (first < 0) return errno == ENXIO; // No more.
        next = lseek(region.file.get(), first, SEEK_HOLE);
        if (next < 0) return false;
        for (off_t at = first; at < next;) {
            const ssize_t count = pwrite(to, region.writable + at, static_cast<std::size_t>(next - at), at);
            if (count <= 0) return false;
            at += count;
        }
    }
}

} // namespace

Result<CodeMemory> CodeMemory::allocate(u64 size) {
    Region region{.file = make_memory_file(CodeMemory::object_name, size), .size = size};
    if (!region.file || !map(region)) {
        const auto refused =
            host_error("code memory: the host refused {} bytes to write code to and run it from ({}); allow "
                       "memory files to be mapped executable",
                       size, reason(errno));
        unmap(region);
        return refused;
    }
    CodeMemory memory(std::span(region.writable, size), region.executable);
    const std::lock_guard lock(registration);
    regions.push_back(std::move(region));
    return memory;
}

bool CodeMemory::separate() {
    for (Region& region : regions) {
        Descriptor file = make_memory_file(CodeMemory::object_name, region.size);
        if (!file || !copy_contents(region, file.get())) return false;
        std::swap(region.file, file);
        if (!map(region)) return false;
    }
    return true;
}

CodeMemory::CodeMemory(CodeMemory&& other) noexcept
    : writable_(std::exchange(other.writable_, {})), executable_(std::exchange(other.executable_, nullptr)) {}

CodeMemory& CodeMemory::operator=(CodeMemory&& other) noexcept {
    std::swap(writable_, other.writable_);
    std::swap(executable_, other.executable_);
    return *this;
}

CodeMemory::~CodeMemory() {
    if (writable_.empty()) return;
    const std::lock_guard lock(registration);
    const auto region = std::ranges::find(regions, writable_.data(), &Region::writable);
    RINGER_ASSERT(region != regions.end());
    unmap(*region);
    regions.erase(region);
}

} // namespace ringer::host
