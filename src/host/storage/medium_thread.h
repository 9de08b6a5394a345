#pragma once

#include "device/storage/medium_worker.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ringer::host {

/// A thread that does the jobs of one medium. Whoever starts them bounds how many there are.
class MediumThread final : public device::MediumWorker {
  public:
    /// `wake_guest` is called, by the thread, when a job is done. The medium must outlive the thread.
    explicit MediumThread(std::function<void()> wake_guest);

    /// Waits for the job under way; others are not done.
    ~MediumThread() override;
    MediumThread(const MediumThread&) = delete;
    MediumThread& operator=(const MediumThread&) = delete;

    void start(Job job, Done done) override;
    bool deliver() override;
    void finish() override;
    void abandon() override;

  private:
    struct Task {
        Job job;
        Done done;
        bool success = false;
    };

    void serve();
    void wait_until_idle();

    const std::function<void()> wake_guest_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> waiting_; ///< The first one stays here while it is done.
    std::vector<Task> done_;
    std::atomic<bool> any_done_ = false; ///< To look without the mutex.
    bool stopping_ = false;
    std::thread thread_; ///< Last: it uses all of the above.
};

} // namespace ringer::host
