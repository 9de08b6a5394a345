#pragma once

#include "base/result.h"
#include "base/types.h"

#include <span>

namespace ringer::host {

/// Bytes for guest RAM: zero when made, and taken from the host page by page as they are first written. Owns
/// them.
class HostRam {
  public:
    /// `size` is a multiple of the page size.
    static Result<HostRam> allocate(u64 size);

    HostRam(HostRam&& other) noexcept;
    HostRam& operator=(HostRam&& other) noexcept;
    ~HostRam();

    std::span<u8> bytes() const { return bytes_; }

    /// Makes whole pages of bytes() zeros again, which the host need not keep until they are written.
    static void release(std::span<u8> pages);

  private:
    explicit HostRam(std::span<u8> bytes) : bytes_(bytes) {}

    std::span<u8> bytes_;
};

/// The memory and swap space of this host, in bytes.
u64 host_memory();

} // namespace ringer::host
