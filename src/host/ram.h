#pragma once

#include "base/result.h"
#include "base/types.h"
#include "host/descriptor.h"

#include <span>
#include <utility>

namespace ringer::host {

/// Bytes for guest RAM: zero when made, and taken from the host page by page as they are first written. Owns
/// them.
class HostRam {
  public:
    enum class Kind : u8 {
        own,    ///< A copy of the process (fork) has a copy of it.
        shared, ///< It can be mapped at other places as well, by its file().
    };
    /// `size` is a multiple of the page size.
    static Result<HostRam> allocate(u64 size, Kind kind = Kind::own);

    HostRam(HostRam&& other) noexcept;
    HostRam& operator=(HostRam&& other) noexcept;
    ~HostRam();

    std::span<u8> bytes() const { return bytes_; }
    /// A memory object that has bytes() from its start; -1: none.
    int file() const { return file_.get(); }

    /// Makes whole pages of bytes() zeros again, which the host need not keep until they are written.
    static void release(std::span<u8> pages);

  private:
    HostRam(std::span<u8> bytes, Descriptor file) : bytes_(bytes), file_(std::move(file)) {}

    std::span<u8> bytes_;
    Descriptor file_;
};

/// The memory and swap space of this host, in bytes.
u64 host_memory();

} // namespace ringer::host
