#pragma once

#include "base/assert.h"
#include "base/bits.h"
#include "x86/host_stub.h"

#include <sys/mman.h>
#include <unistd.h>

namespace ringer::x86::testing {

/// The two views of code memory that `host` provides outside of tests.
class TestCodeMemory {
  public:
    explicit TestCodeMemory(u64 size = 4 * MiB) : size_(size) {
        const int file = memfd_create("code", MFD_CLOEXEC);
        RINGER_ASSERT(file >= 0 && ftruncate(file, static_cast<off_t>(size)) == 0);
        writable_ = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        executable_ = mmap(nullptr, size, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
        RINGER_ASSERT(writable_ != MAP_FAILED && executable_ != MAP_FAILED);
        close(file);
    }
    TestCodeMemory(const TestCodeMemory&) = delete;
    TestCodeMemory& operator=(const TestCodeMemory&) = delete;
    ~TestCodeMemory() {
        munmap(writable_, size_);
        munmap(executable_, size_);
    }

    CodeMemory memory() const {
        return {.writable = {static_cast<u8*>(writable_), size_},
                .executable = static_cast<const u8*>(executable_)};
    }

  private:
    u64 size_;
    void* writable_;
    void* executable_;
};

} // namespace ringer::x86::testing
