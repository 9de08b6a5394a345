#pragma once

#include "device/clock.h"
#include "device/storage/medium.h"
#include "device/storage/medium_worker.h"
#include "device/virtio/virtio_device.h"

#include <optional>
#include <string>
#include <vector>

namespace ringer::device {

/// A disk (virtio 1.2, 5.2) with several queues, whose requests are carried out when a timer expires a moment
/// after the driver's notification. What takes long is done by a worker, if there is one, and then several
/// are under way at a time.
class VirtioBlock final : public VirtioDevice {
  public:
    static constexpr u32 sector_size = 512;
    static constexpr unsigned queues = 4;
    static constexpr u16 queue_size = 256;

    /// `medium` holds a whole number of sectors. It and its `worker`, nullptr being none, must outlive the
    /// device. `id` is what the driver is told as the disk's serial number, at most 20 characters of it.
    VirtioBlock(TimerQueue& timers, Medium& medium, std::string id, MediumWorker* worker = nullptr);

    u16 type() const override { return 2; }
    u32 class_code() const override { return 0x01'0000; } // SCSI storage, as hosts expect it
    u64 features() const override;
    std::vector<u16> queue_sizes() const override { return std::vector<u16>(queues, queue_size); }
    u8 read_configuration(u64 offset) const override;
    void write_configuration(u64 offset, u8 value) override;
    void notified(unsigned index) override;
    /// Waits for requests that are under way, without an answer to them.
    void reset() override;

    /// While the machine does not run, for no request is under way then.
    void visit(state::Archive& archive) override;

  private:
    struct State {
        bool write_cache = true;          ///< Of the configuration: writeback.
        std::optional<Nanoseconds> due{}; ///< When the queues are looked at.
    };

    /// A request until it is answered. The cursors go over `buffer`'s segments, which stay where they are
    /// when it is moved.
    struct Request {
        unsigned queue;
        VirtioBuffer buffer;
        VirtioCursor data_in;  ///< Where the status comes last, in a byte of its own.
        VirtioCursor data_out; ///< What the driver gives besides the header.
        u32 type = 0;
        u64 sector = 0;
        u64 room = 0; ///< How many bytes the device may write to `data_in`.
        u64 size = 0; ///< Of the data in both directions.
    };
    enum class Status : u8 { ok, io_error, unsupported };
    using Pieces = std::vector<std::span<u8>>;

    void work();
    bool serve_queue(unsigned index, u64& allowance);
    static std::optional<Request> request_of(unsigned index, VirtioQueue& queue, VirtioBuffer buffer);

    /// @name Carrying it out: nullopt when the worker does it
    /// @{
    std::optional<Status> carry_out(Request& request);
    std::optional<Status> read(Request& request);
    std::optional<Status> write(Request& request);
    std::optional<Status> clear(Request& request);
    std::optional<Status> leave_to_worker(Request& request, MediumWorker::Job job);
    MediumWorker::Done until_done(Request& request);
    /// @}
    Status tell_id(Request& request);
    bool clear_range(u32 type, u64 offset, u64 size, bool may_unmap);

    void worker_has_done(Request& request, bool success);
    void answer(const Request& request, Status status);

    bool has_room() const;
    std::optional<u64> range_at(u64 sector, u64 bytes) const;
    bool has_write_cache() const;

    Medium& medium_;
    MediumWorker* const worker_;
    const std::string id_;
    TimerQueue& timers_;
    Timer timer_;
    State state_;
    /// What the worker has. No state: nothing is under way while the machine does not run.
    struct {
        unsigned requests = 0;
        u64 bytes = 0;
    } under_way_;
};

} // namespace ringer::device
