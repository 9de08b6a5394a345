#pragma once

#include "base/types.h"

#include <span>
#include <vector>

namespace ringer::device {

/// The contents of a disk or disc: the world's end of a drive. What it reads is input like any other, so a
/// drive calls it only when a timer expires, which the run loop lets happen between two runs of the vCPU, or
/// has a MediumWorker do it.
class Medium {
  public:
    virtual ~Medium() = default;

    /// In bytes. It does not change.
    virtual u64 size() const = 0;
    virtual bool is_read_only() const = 0;

    /// All of a range within size(), or false: the host could not do it, and has told why. What is written
    /// lasts once flush() has succeeded.
    [[nodiscard]] virtual bool read(u64 offset, std::span<u8> destination) = 0;
    [[nodiscard]] virtual bool write(u64 offset, std::span<const u8> source) = 0;
    [[nodiscard]] virtual bool flush() = 0;

    /// The same for a range whose bytes lie in several places, one after the other.
    using Pieces = std::span<const std::span<u8>>;
    [[nodiscard]] virtual bool read_scattered(u64 offset, Pieces destination) = 0;
    [[nodiscard]] virtual bool write_gathered(u64 offset, Pieces source) = 0;

    /// read_scattered() once for each of several, in any order, or all of them at the same time.
    struct Read {
        u64 offset;
        std::vector<std::span<u8>> destination;
        bool success = false;
    };
    virtual void read_all(std::span<Read> reads) {
        for (Read& each : reads) each.success = read_scattered(each.offset, each.destination);
    }

    /// The same where the host's disk need not be waited for, as far as anybody can tell. False: it would
    /// have to be, or something failed; the calls above are to do it all. Reading may go on while another
    /// thread calls anything else.
    [[nodiscard]] virtual bool read_at_once(u64 /*offset*/, Pieces /*destination*/) { return false; }
    [[nodiscard]] virtual bool write_at_once(u64 /*offset*/, Pieces /*source*/) { return false; }

    /// Has a range read as zeros; with `may_unmap` its room on the host may be given up.
    [[nodiscard]] virtual bool write_zeroes(u64 offset, u64 size, bool may_unmap) = 0;

    /// Nobody needs what a range holds any more. What it reads as afterwards is open; where the host cannot
    /// give up its room, it stays as it is.
    [[nodiscard]] virtual bool discard(u64 offset, u64 size) = 0;
};

} // namespace ringer::device
