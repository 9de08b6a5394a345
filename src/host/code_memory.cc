#include "host/code_memory.h"

#include "host/descriptor.h"
#include "host/failure.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace ringer::host {

Result<CodeMemory> CodeMemory::allocate(u64 size) {
    const auto refused = [size] {
        return host_error(
            "code memory: the host refused {} bytes to write code to and run it from ({}); allow "
            "memory files to be mapped executable",
            size, reason(errno));
    };
    const Descriptor file(memfd_create("ringer-code", MFD_CLOEXEC));
    if (!file || ftruncate(file.get(), static_cast<off_t>(size)) != 0) return refused();
    void* const writable = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (writable == MAP_FAILED) return refused();
    void* const executable = mmap(nullptr, size, PROT_READ | PROT_EXEC, MAP_SHARED, file.get(), 0);
    if (executable == MAP_FAILED) {
        const auto error = refused();
        munmap(writable, size);
        return error;
    }
    return CodeMemory(std::span(static_cast<u8*>(writable), size), static_cast<const u8*>(executable));
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
    munmap(const_cast<u8*>(executable_), writable_.size());
    munmap(writable_.data(), writable_.size());
}

} // namespace ringer::host
