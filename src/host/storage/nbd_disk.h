#pragma once

#include "base/result.h"
#include "device/storage/medium.h"
#include "host/child_program.h"
#include "host/storage/disk_file.h"
#include "host/storage/image_format.h"
#include "host/storage/medium_failures.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct nbd_handle;

namespace ringer::host {

/// An image of any format, which a qemu-nbd of its own reads and writes, and which is spoken to by NBD (the
/// NetworkBlockDevice project, doc/proto.md). The qemu-nbd ends when the connection does, so with this
/// process too, however that ends; it then finishes what it was told to do. Ranges are of whole sectors of
/// 512 bytes.
class NbdDisk final : public device::Medium {
  public:
    using Mode = MediumMode;

    /// An image, its format, and what is to be done with it.
    struct Image {
        std::string path;
        ImageFormat format;
        Mode mode;
    };

    /// Waits until the image is open. `subject` is what errors begin with: the option, and the path that it
    /// gave. `locked` is a file that the image needs, which stays open and locked for as long as the disk
    /// lives.
    static Result<std::unique_ptr<NbdDisk>> open(std::string subject, const Image& image,
                                                 Descriptor locked = {});
    NbdDisk(const NbdDisk&) = delete;
    NbdDisk& operator=(const NbdDisk&) = delete;

    /// Waits until qemu-nbd has closed the image.
    ~NbdDisk() override;

    u64 size() const override { return size_; }
    bool is_read_only() const override { return mode_ == Mode::read_only; }
    [[nodiscard]] bool read(u64 offset, std::span<u8> destination) override;
    [[nodiscard]] bool write(u64 offset, std::span<const u8> source) override;
    [[nodiscard]] bool read_scattered(u64 offset, Pieces destination) override;
    [[nodiscard]] bool write_gathered(u64 offset, Pieces source) override;
    void read_all(std::span<Read> reads) override;
    [[nodiscard]] bool flush() override;
    [[nodiscard]] bool write_zeroes(u64 offset, u64 size, bool may_unmap) override;
    [[nodiscard]] bool discard(u64 offset, u64 size) override;

  private:
    struct Close {
        void operator()(nbd_handle* handle) const;
    };
    using Handle = std::unique_ptr<nbd_handle, Close>;

    /// The commands that are under way.
    struct Commands {
        unsigned left = 0;
        int error = 0; ///< An errno value of one that failed.
    };

    NbdDisk(std::string subject, Descriptor locked, ChildProgram server, Handle handle, u64 size, Mode mode);

    static int completed(void* commands, int* error);
    /// Begins one command by `begin`, which is given what to do at its end and returns libnbd's cookie.
    template <class Begin>
    void begin(Begin&& begin);
    void begin_read(u64 offset, std::span<u8> destination);
    /// Waits for all that was begun; 0 or an errno value.
    int wait();
    /// The same, and tells the user when it was for nothing.
    bool finish(std::string_view what);
    /// Whether the connection is gone, and with it all that was under way.
    bool is_lost() const;

    MediumFailures failures_;
    Descriptor locked_;
    ChildProgram server_;
    Handle handle_; ///< Goes before the server, which ends then.
    u64 size_;
    Mode mode_;
    Commands commands_;
    std::vector<u8> gathered_; ///< The bytes of several pieces, as NBD has them.
};

} // namespace ringer::host
