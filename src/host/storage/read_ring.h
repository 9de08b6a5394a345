#pragma once

#include "device/storage/medium.h"

#include <memory>
#include <span>

namespace ringer::host {

/// Has the host read many things at the same time, by io_uring(7). Many hosts have none or forbid it, as
/// those of containers do: then it reads nothing.
class ReadRing {
  public:
    /// How many reads are under way at most.
    static constexpr unsigned depth = 64;

    ReadRing();
    ~ReadRing();
    ReadRing(const ReadRing&) = delete;
    ReadRing& operator=(const ReadRing&) = delete;

    /// Returns when none is under way. Those have success which are complete; the others are to be read in
    /// another way, which may tell what is wrong.
    void read(int file, std::span<device::Medium::Read> reads);

  private:
    struct Ring;

    bool is_open();
    void read_few(int file, std::span<device::Medium::Read> reads);

    std::unique_ptr<Ring> ring_;
    bool is_usable_ = false;
};

} // namespace ringer::host
