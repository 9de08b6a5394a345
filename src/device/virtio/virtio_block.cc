#include "device/virtio/virtio_block.h"

#include "base/assert.h"
#include "base/bits.h"
#include "device/schedule.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ringer::device {

namespace {

/// From the notification to the work: as a fast drive takes, and enough for a driver to add more requests.
constexpr Nanoseconds latency = 5'000;
/// About how much is moved before the vCPU runs again, and how much one request may move.
constexpr u64 work_at_a_time = 4 * MiB, most_of_a_request = 64 * MiB;
/// How much the worker may have of one disk.
constexpr unsigned most_under_way = 64;
constexpr u64 most_bytes_under_way = 16 * MiB;
/// The most that is written by the vCPU's thread where there is a worker: to hand over more costs less than
/// to copy it.
constexpr u64 most_at_once = 64 * KiB;
/// What a request costs besides its data, so that many small ones are bounded too.
constexpr u64 request_cost = 4 * KiB;

// Features (5.2.3).
constexpr unsigned size_limit = 1, segment_limit = 2, read_only = 5, block_size = 6, flush_feature = 9,
                   write_cache_control = 11, several_queues = 12, discard_feature = 13,
                   write_zeroes_feature = 14;

// Requests (5.2.6).
enum RequestType : u32 {
    read_request = 0,
    write_request = 1,
    flush_request = 4,
    id_request = 8,
    discard_request = 11,
    write_zeroes_request = 13,
};
constexpr std::size_t id_size = 20;

/// Whether the host may take long for it, so that the vCPU runs before the next request.
bool is_lengthy(u32 type) {
    return type == flush_request || type == discard_request || type == write_zeroes_request;
}

struct Header {
    u32 type, reserved;
    u64 sector;
};

/// A range to be discarded or zeroed.
struct Range {
    u64 sector;
    u32 sectors, flags;
};
constexpr u32 unmap = 1;

constexpr u32 most_segments = VirtioBlock::queue_size - 2, most_segment_size = 256 * KiB;
constexpr u32 most_ranges = 16, most_cleared_sectors = 2 * MiB / VirtioBlock::sector_size;
constexpr u64 write_cache_offset = 32;

/// The configuration (5.2.4).
struct Configuration {
    u64 capacity;
    u32 size_max = most_segment_size, seg_max = most_segments;
    u32 geometry = 0;
    u32 blk_size = VirtioBlock::sector_size;
    u64 topology = 0;
    u8 writeback = 0, unused0 = 0;
    u16 num_queues = VirtioBlock::queues;
    u32 max_discard_sectors = most_cleared_sectors, max_discard_seg = most_ranges;
    u32 discard_sector_alignment = 1;
    u32 max_write_zeroes_sectors = most_cleared_sectors, max_write_zeroes_seg = most_ranges;
    u32 write_zeroes_may_unmap = 1;
};
static_assert(sizeof(Configuration) == 64 && offsetof(Configuration, writeback) == write_cache_offset &&
              offsetof(Configuration, write_zeroes_may_unmap) == 56);

/// What may be written to of a buffer was.
void note_writes(memory::AddressSpace& memory, const VirtioBuffer& buffer) {
    VirtioCursor written(memory, buffer.writable);
    std::vector<std::span<u8>> pieces;
    (void)written.take_in_place(written.left(), true, pieces);
}

template <class T>
bool read_value(VirtioCursor& from, T& value) {
    return from.read(std::span(reinterpret_cast<u8*>(&value), sizeof(value)));
}

} // namespace

VirtioBlock::VirtioBlock(TimerQueue& timers, Medium& medium, std::string id, MediumWorker* worker)
    : medium_(medium), worker_(worker), id_(std::move(id)), timers_(timers),
      timer_(timers, [this] { work(); }) {
    RINGER_ASSERT(medium.size() % sector_size == 0);
}

u64 VirtioBlock::features() const {
    u64 bits = u64{1} << size_limit | u64{1} << segment_limit | u64{1} << block_size |
               u64{1} << flush_feature | u64{1} << write_cache_control | u64{1} << several_queues;
    if (medium_.is_read_only()) return bits | u64{1} << read_only;
    return bits | u64{1} << discard_feature | u64{1} << write_zeroes_feature;
}

u8 VirtioBlock::read_configuration(u64 offset) const {
    const Configuration configuration{.capacity = medium_.size() / sector_size,
                                      .writeback = state_.write_cache};
    return offset < sizeof(configuration) ? reinterpret_cast<const u8*>(&configuration)[offset] : 0;
}

void VirtioBlock::write_configuration(u64 offset, u8 value) {
    if (offset == write_cache_offset && transport().has(write_cache_control)) state_.write_cache = value & 1;
}

void VirtioBlock::reset() {
    if (under_way_.requests > 0) worker_->abandon();
    under_way_ = {};
    state_ = {};
    timer_.disarm();
}

void VirtioBlock::visit(state::Archive& archive) {
    RINGER_ASSERT(under_way_.requests == 0);
    auto& [write_cache, due] = state_;
    archive.field(64, "write_cache", write_cache).field(65, "due", due);
    schedule(timer_, due);
}

void VirtioBlock::notified(unsigned) {
    if (state_.due) return;
    state_.due = timers_.clock().now() + latency;
    schedule(timer_, state_.due);
}

/// Takes turns between the queues until they are empty, or enough was done for now.
void VirtioBlock::work() {
    state_.due.reset();
    if (!transport().is_running()) return;
    u64 allowance = work_at_a_time;
    for (bool served = true; served && allowance > 0;) {
        served = false;
        for (unsigned index = 0; index < queues; ++index) served |= serve_queue(index, allowance);
    }
    for (unsigned index = 0; index < queues; ++index) {
        transport().queue(index).ask_for_notification();
        transport().finish(index);
    }
    if (allowance == 0) notified(0);
}

/// Serves a request of a queue; false when there was none, or no more can be under way.
bool VirtioBlock::serve_queue(unsigned index, u64& allowance) {
    VirtioQueue& queue = transport().queue(index);
    if (allowance == 0 || !has_room()) return false;
    auto buffer = queue.take();
    if (!buffer) return false;
    auto request = request_of(index, queue, std::move(*buffer));
    if (!request) {
        queue.mark_broken();
        return true;
    }
    const bool keeps_waiting = !worker_ && is_lengthy(request->type);
    allowance -= keeps_waiting ? allowance : std::min(allowance, request_cost + request->size);
    if (const auto status = carry_out(*request)) answer(*request, *status);
    return true;
}

/// What a buffer asks for; nullopt when it is no request.
std::optional<VirtioBlock::Request> VirtioBlock::request_of(unsigned index, VirtioQueue& queue,
                                                            VirtioBuffer buffer) {
    const VirtioCursor data_in(queue.memory(), buffer.writable), data_out(queue.memory(), buffer.readable);
    Request request{index, std::move(buffer), data_in, data_out};
    Header header{};
    if (!read_value(request.data_out, header) || request.data_in.left() == 0) return std::nullopt;
    request.type = header.type;
    request.sector = header.sector;
    request.room = request.data_in.left() - 1;
    request.size = request.room + request.data_out.left();
    return request;
}

std::optional<VirtioBlock::Status> VirtioBlock::carry_out(Request& request) {
    if (request.size > most_of_a_request) return Status::io_error;
    switch (request.type) {
    case read_request: return read(request);
    case write_request: return write(request);
    case flush_request: return leave_to_worker(request, [this] { return medium_.flush(); });
    case id_request: return tell_id(request);
    case discard_request:
    case write_zeroes_request: return clear(request);
    default: return Status::unsupported;
    }
}

/// What is done at once would only be slower elsewhere.
std::optional<VirtioBlock::Status> VirtioBlock::leave_to_worker(Request& request, MediumWorker::Job job) {
    if (!worker_) return job() ? Status::ok : Status::io_error;
    worker_->start(std::move(job), until_done(request));
    return std::nullopt;
}

/// From now on the worker has it.
MediumWorker::Done VirtioBlock::until_done(Request& request) {
    ++under_way_.requests;
    under_way_.bytes += request.size;
    return [this, request = std::move(request)](bool success) mutable { worker_has_done(request, success); };
}

void VirtioBlock::worker_has_done(Request& request, bool success) {
    const bool had_room = has_room();
    --under_way_.requests;
    under_way_.bytes -= request.size;
    // The vCPU may have come by while the data came in.
    if (request.type == read_request) note_writes(transport().queue(request.queue).memory(), request.buffer);
    answer(request, success ? Status::ok : Status::io_error);
    transport().finish(request.queue);
    if (!had_room) notified(request.queue);
}

/// Gives its buffer back.
void VirtioBlock::answer(const Request& request, Status status) {
    VirtioQueue& queue = transport().queue(request.queue);
    VirtioCursor place(queue.memory(), request.buffer.writable);
    place.skip(request.room);
    const u8 last = static_cast<u8>(status);
    if (!place.write(std::span(&last, 1))) return queue.mark_broken();
    queue.give(request.buffer, static_cast<u32>(std::min<u64>(request.room + 1, ~u32{0})));
}

/// A driver may make available more than its queue holds.
bool VirtioBlock::has_room() const {
    return under_way_.requests < most_under_way && under_way_.bytes < most_bytes_under_way;
}

/// The offset on the medium, if so many bytes from this sector on are there.
std::optional<u64> VirtioBlock::range_at(u64 sector, u64 bytes) const {
    const u64 sectors = medium_.size() / sector_size;
    if (bytes % sector_size != 0 || sector > sectors || bytes / sector_size > sectors - sector)
        return std::nullopt;
    return sector * sector_size;
}

/// Without the means to flush, what is written has to last at once (5.2.6.2).
bool VirtioBlock::has_write_cache() const { return transport().has(flush_feature) && state_.write_cache; }

std::optional<VirtioBlock::Status> VirtioBlock::read(Request& request) {
    const auto offset = range_at(request.sector, request.room);
    Pieces pieces;
    if (!offset || !request.data_in.take_in_place(request.room, true, pieces)) return Status::io_error;
    if (!worker_) return medium_.read_scattered(*offset, pieces) ? Status::ok : Status::io_error;
    if (medium_.read_at_once(*offset, pieces)) return Status::ok;
    worker_->start_read({*offset, std::move(pieces)}, until_done(request));
    return std::nullopt;
}

/// Written at once is what is small, when nothing is under way that it would have to wait for.
std::optional<VirtioBlock::Status> VirtioBlock::write(Request& request) {
    const auto offset = range_at(request.sector, request.data_out.left());
    Pieces pieces;
    if (!offset || medium_.is_read_only() ||
        !request.data_out.take_in_place(request.data_out.left(), false, pieces))
        return Status::io_error;
    const bool at_once =
        worker_ && has_write_cache() && under_way_.requests == 0 && request.size <= most_at_once;
    if (at_once && medium_.write_at_once(*offset, pieces)) return Status::ok;
    return leave_to_worker(request,
                           [this, at = *offset, pieces = std::move(pieces), lasts = !has_write_cache()] {
                               return medium_.write_gathered(at, pieces) && (!lasts || medium_.flush());
                           });
}

VirtioBlock::Status VirtioBlock::tell_id(Request& request) {
    std::array<u8, id_size> id{};
    std::copy_n(id_.begin(), std::min(id_.size(), id.size()), id.begin());
    const u64 room = std::min<u64>(request.room, id.size());
    return request.data_in.write(std::span(id).first(room)) ? Status::ok : Status::io_error;
}

/// All ranges are looked at before any is touched.
std::optional<VirtioBlock::Status> VirtioBlock::clear(Request& request) {
    std::array<Range, most_ranges> ranges{};
    const u64 size = request.data_out.left();
    if (size == 0 || size % sizeof(Range) != 0 || size > sizeof(ranges) || medium_.is_read_only())
        return Status::io_error;
    const auto given = std::span(ranges).first(size / sizeof(Range));
    const u32 known_flags = request.type == write_zeroes_request ? unmap : 0;
    for (Range& range : given) {
        if (!read_value(request.data_out, range)) return Status::io_error;
        if (range.flags & ~known_flags) return Status::unsupported;
        if (range.sectors > most_cleared_sectors || !range_at(range.sector, u64{range.sectors} * sector_size))
            return Status::io_error;
    }
    std::vector<Range> wanted(given.begin(), given.end());
    return leave_to_worker(
        request, [this, type = request.type, wanted = std::move(wanted), lasts = !has_write_cache()] {
            return std::ranges::all_of(wanted,
                                       [&](const Range& range) {
                                           return clear_range(type, range.sector * sector_size,
                                                              u64{range.sectors} * sector_size,
                                                              range.flags & unmap);
                                       }) &&
                   (!lasts || medium_.flush());
        });
}

bool VirtioBlock::clear_range(u32 type, u64 offset, u64 size, bool may_unmap) {
    if (size == 0) return true;
    return type == discard_request ? medium_.discard(offset, size)
                                   : medium_.write_zeroes(offset, size, may_unmap);
}

} // namespace ringer::device
