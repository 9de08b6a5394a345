#pragma once

#include "device/storage/medium_worker.h"

#include <deque>
#include <utility>

namespace ringer::device::fixture {

/// A worker that does its jobs when it is told to, on the thread of whoever tells it.
class TestWorker final : public MediumWorker {
  public:
    explicit TestWorker(Medium& medium) : medium_(medium) {}

    void start(Job job, Done done) override { tasks_.push_back({std::move(job), std::move(done)}); }
    void start_read(Medium::Read read, Done done) override {
        start(
            [this, read = std::move(read)] { return medium_.read_scattered(read.offset, read.destination); },
            std::move(done));
    }
    bool deliver() override { return false; }
    void finish() override {
        while (!tasks_.empty()) do_next();
    }
    void abandon() override {
        for (Task& task : std::exchange(tasks_, {})) (void)task.job();
    }

    /// Does the oldest job and tells of it.
    void do_next() {
        Task task = std::move(tasks_.front());
        tasks_.pop_front();
        task.done(task.job());
    }
    std::size_t under_way() const { return tasks_.size(); }

  private:
    struct Task {
        Job job;
        Done done;
    };
    Medium& medium_;
    std::deque<Task> tasks_;
};

} // namespace ringer::device::fixture
