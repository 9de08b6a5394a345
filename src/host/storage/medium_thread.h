#pragma once

#include "device/storage/medium_worker.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <variant>
#include <vector>

namespace ringer::host {

/// A thread that does the jobs of one medium. Whoever starts them bounds how many there are.
class MediumThread final : public device::MediumWorker {
  public:
    /// `wake_guest` is called, by the thread, when a job is done. `medium` must outlive the thread.
    MediumThread(device::Medium& medium, std::function<void()> wake_guest);

    /// Waits for the job under way; others are not done.
    ~MediumThread() override;
    MediumThread(const MediumThread&) = delete;
    MediumThread& operator=(const MediumThread&) = delete;

    void start(Job job, Done done) override;
    void start_read(device::Medium::Read read, Done done) override;
    bool deliver() override;
    void finish() override;
    void abandon() override;

  private:
    using Read = device::Medium::Read;
    struct Task {
        std::variant<Job, Read> work;
        Done done;
        bool success = false;
    };

    void add(Task task);
    void serve();
    std::vector<Task> take_next();
    void carry_out(std::span<Task> tasks);
    void wait_until_idle();

    device::Medium& medium_;
    const std::function<void()> wake_guest_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> waiting_;
    bool busy_ = false; ///< With what it has taken from those.
    std::vector<Task> done_;
    std::atomic<bool> any_done_ = false; ///< To look without the mutex.
    bool stopping_ = false;
    std::thread thread_; ///< Last: it uses all of the above.
};

} // namespace ringer::host
