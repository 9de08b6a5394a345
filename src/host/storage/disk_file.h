#pragma once

#include "base/result.h"
#include "device/storage/medium.h"
#include "host/descriptor.h"
#include "host/storage/medium_failures.h"
#include "host/storage/read_ring.h"
#include "host/storage/write_behind.h"

#include <memory>
#include <string>
#include <string_view>

namespace ringer::host {

enum class MediumMode : u8 { read_write, read_only };

/// Opens an image file of any kind, or a block device, and locks it against every other program that would
/// write it, or that it would be written for. `role` is the option that named it.
Result<Descriptor> open_image_file(std::string_view role, const std::string& path, MediumMode mode);

/// That an image which holds `size` bytes has a whole number of sectors, at least one.
Result<void> check_image_size(std::string_view role, const std::string& path, u64 size, u64 sector_size);

/// A raw disk image, or a block device: the guest's sectors one after the other.
class DiskFile final : public device::Medium {
  public:
    using Mode = MediumMode;

    /// `file` is as open_image_file() has opened it in this mode.
    static Result<std::unique_ptr<DiskFile>> open(std::string_view role, const std::string& path,
                                                  Descriptor file, Mode mode, u64 sector_size);

    u64 size() const override { return size_; }
    bool is_read_only() const override { return mode_ == Mode::read_only; }
    [[nodiscard]] bool read(u64 offset, std::span<u8> destination) override;
    [[nodiscard]] bool write(u64 offset, std::span<const u8> source) override;
    [[nodiscard]] bool read_scattered(u64 offset, Pieces destination) override;
    [[nodiscard]] bool write_gathered(u64 offset, Pieces source) override;
    void read_all(std::span<Read> reads) override;
    [[nodiscard]] bool read_at_once(u64 offset, Pieces destination) override;
    [[nodiscard]] bool write_at_once(u64 offset, Pieces source) override;
    [[nodiscard]] bool flush() override;
    [[nodiscard]] bool write_zeroes(u64 offset, u64 size, bool may_unmap) override;
    [[nodiscard]] bool discard(u64 offset, u64 size) override;

  private:
    DiskFile(std::string name, Descriptor file, u64 size, Mode mode)
        : failures_(std::move(name)), file_(std::move(file)), size_(size), mode_(mode) {}

    /// Moves all of `pieces` by preadv(2) or pwritev(2); false, with errno, or 0 at the file's end, when it
    /// cannot.
    template <class Move>
    bool move_pieces(u64 offset, Pieces pieces, Move&& move);

    /// Has the host begin to bring what was written to the disk, where it is time for that.
    void write_behind(u64 offset, u64 size);

    /// Has the file system change how a range is kept (fallocate(2)); false where it cannot.
    bool allocate(int mode, u64 offset, u64 size);

    MediumFailures failures_;
    Descriptor file_;
    u64 size_;
    Mode mode_;
    WriteBehind write_behind_;
    ReadRing ring_;
};

} // namespace ringer::host
