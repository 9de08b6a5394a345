#include "host/storage/read_ring.h"

#include "base/assert.h"
#include "host/storage/io_vectors.h"

#include <liburing.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

namespace ringer::host {

struct ReadRing::Ring {
    io_uring handle{};
    bool exists = io_uring_queue_init(depth, &handle, 0) == 0;

    Ring() = default;
    ~Ring() {
        if (exists) io_uring_queue_exit(&handle);
    }
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    /// Has the host begin with what was prepared; returns how many reads that is. It may be fewer.
    unsigned submit() {
        unsigned submitted = 0;
        for (;;) {
            const int count = io_uring_submit(&handle);
            if (count == -EINTR) continue;
            if (count <= 0) return submitted;
            submitted += static_cast<unsigned>(count);
        }
    }

    /// The oldest read that has ended.
    io_uring_cqe& wait() {
        io_uring_cqe* ended = nullptr;
        int error;
        do error = io_uring_wait_cqe(&handle, &ended);
        while (error == -EINTR || error == -EAGAIN);
        RINGER_ASSERT(error == 0); // The host would go on to write to memory that nobody waits for.
        return *ended;
    }
};

ReadRing::ReadRing() = default;
ReadRing::~ReadRing() = default;

bool ReadRing::is_open() {
    if (!ring_) {
        ring_ = std::make_unique<Ring>();
        is_usable_ = ring_->exists;
    }
    return is_usable_;
}

void ReadRing::read(int file, std::span<device::Medium::Read> reads) {
    while (!reads.empty() && is_open()) {
        const auto few = reads.first(std::min<std::size_t>(reads.size(), depth));
        read_few(file, few);
        reads = reads.subspan(few.size());
    }
}

void ReadRing::read_few(int file, std::span<device::Medium::Read> reads) {
    std::vector<std::vector<iovec>> vectors;
    for (std::size_t i = 0; i < reads.size(); ++i) {
        vectors.push_back(vectors_of(reads[i].destination));
        io_uring_sqe* const entry = io_uring_get_sqe(&ring_->handle);
        RINGER_ASSERT(entry);
        io_uring_prep_readv(entry, file, vectors[i].data(), static_cast<unsigned>(vectors[i].size()),
                            reads[i].offset);
        io_uring_sqe_set_data64(entry, i);
    }
    const unsigned submitted = ring_->submit();
    for (unsigned left = submitted; left > 0; --left) {
        io_uring_cqe& ended = ring_->wait();
        auto& read = reads[io_uring_cqe_get_data64(&ended)];
        read.success = std::cmp_equal(ended.res, size_of(read.destination));
        io_uring_cqe_seen(&ring_->handle, &ended);
    }
    // What the host did not take is still in the ring, and would be submitted with what comes next.
    if (submitted < reads.size()) is_usable_ = false;
}

} // namespace ringer::host
