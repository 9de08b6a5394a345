#pragma once

#include "base/result.h"
#include "device/storage/medium.h"
#include "host/descriptor.h"

#include <memory>
#include <string>
#include <string_view>

namespace ringer::host {

/// A raw disk image, or a block device: the guest's sectors one after the other. While it is open it is
/// locked against every other Ringer that would write it, or that it would write to.
class DiskFile final : public device::Medium {
  public:
    enum class Mode { read_write, read_only };

    /// `role` is the option that named the file. The file must hold a whole number of `sector_size` bytes, at
    /// least one.
    static Result<std::unique_ptr<DiskFile>> open(std::string_view role, const std::string& path, Mode mode,
                                                  u64 sector_size);

    u64 size() const override { return size_; }
    bool is_read_only() const override { return mode_ == Mode::read_only; }
    [[nodiscard]] bool read(u64 offset, std::span<u8> destination) override;
    [[nodiscard]] bool write(u64 offset, std::span<const u8> source) override;
    [[nodiscard]] bool read_scattered(u64 offset, Pieces destination) override;
    [[nodiscard]] bool write_gathered(u64 offset, Pieces source) override;
    [[nodiscard]] bool flush() override;
    [[nodiscard]] bool write_zeroes(u64 offset, u64 size, bool may_unmap) override;
    [[nodiscard]] bool discard(u64 offset, u64 size) override;

  private:
    DiskFile(std::string name, Descriptor file, u64 size, Mode mode)
        : name_(std::move(name)), file_(std::move(file)), size_(size), mode_(mode) {}

    /// Moves all of `pieces` by preadv(2) or pwritev(2); false, with errno, or 0 at the file's end, when it
    /// cannot.
    template <class Move>
    bool move_pieces(u64 offset, Pieces pieces, Move&& move);

    /// Has the file system change how a range is kept (fallocate(2)); false where it cannot.
    bool allocate(int mode, u64 offset, u64 size);

    /// Says once what has gone wrong, until something succeeds again.
    bool succeeded(bool success, std::string_view what, std::string_view why);

    std::string name_;
    Descriptor file_;
    u64 size_;
    Mode mode_;
    bool has_complained_ = false;
};

} // namespace ringer::host
