#pragma once

#include "device/clock.h"
#include "device/storage/medium.h"
#include "device/virtio/virtio_device.h"

#include <optional>
#include <string>

namespace ringer::device {

/// A disk (virtio 1.2, 5.2) with several queues, whose requests are carried out when a timer expires a moment
/// after the driver's notification.
class VirtioBlock final : public VirtioDevice {
  public:
    static constexpr u32 sector_size = 512;
    static constexpr unsigned queues = 4;
    static constexpr u16 queue_size = 256;

    /// `medium` holds a whole number of sectors and must outlive the device. `id` is what the driver is told
    /// as the disk's serial number, at most 20 characters of it.
    VirtioBlock(TimerQueue& timers, Medium& medium, std::string id);

    u16 type() const override { return 2; }
    u32 class_code() const override { return 0x01'0000; } // SCSI storage, as hosts expect it
    u64 features() const override;
    std::vector<u16> queue_sizes() const override { return std::vector<u16>(queues, queue_size); }
    u8 read_configuration(u64 offset) const override;
    void write_configuration(u64 offset, u8 value) override;
    void notified(unsigned index) override;
    void reset() override;
    void visit(state::Archive& archive) override;

  private:
    struct State {
        bool write_cache = true;          ///< Of the configuration: writeback.
        std::optional<Nanoseconds> due{}; ///< When the queues are looked at.
    };

    /// A request as it is carried out.
    struct Request {
        u32 type;
        u64 sector;
        u64 room;               ///< How many bytes the device may write to `data_in`.
        VirtioCursor& data_in;  ///< Where the status comes last, in a byte of its own.
        VirtioCursor& data_out; ///< What the driver gives besides the header.
    };
    enum class Status : u8 { ok, io_error, unsupported };

    void work();
    bool serve_queue(unsigned index, u64& allowance);
    std::optional<u32> serve(VirtioQueue& queue, const VirtioBuffer& buffer, u64& allowance);
    Status carry_out(const Request& request);
    Status read(const Request& request);
    Status write(const Request& request);
    Status flush();
    Status tell_id(const Request& request);
    Status clear(const Request& request);
    bool clear_range(u32 type, u64 offset, u64 size, bool may_unmap);

    std::optional<u64> range_at(u64 sector, u64 bytes) const;
    bool has_write_cache() const;
    Status settled(bool success);

    Medium& medium_;
    const std::string id_;
    TimerQueue& timers_;
    Timer timer_;
    State state_;
    std::vector<std::span<u8>> pieces_; ///< Of memory, while they are moved.
};

} // namespace ringer::device
