#include "host/storage/medium_thread.h"

#include "host/blocked_signals.h"

#include <utility>

namespace ringer::host {

MediumThread::MediumThread(std::function<void()> wake_guest)
    : wake_guest_(std::move(wake_guest)),
      thread_(with_signals_blocked([this] { return std::thread([this] { serve(); }); })) {}

MediumThread::~MediumThread() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void MediumThread::serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        Task& task = waiting_.front(); // A deque leaves it where it is.
        lock.unlock();
        task.success = task.job();
        lock.lock();
        done_.push_back(std::move(task));
        waiting_.pop_front();
        any_done_ = true;
        lock.unlock();
        changed_.notify_all();
        wake_guest_();
        lock.lock();
    }
}

void MediumThread::start(Job job, Done done) {
    {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back({std::move(job), std::move(done)});
    }
    changed_.notify_all();
}

bool MediumThread::deliver() {
    if (!any_done_) return false;
    std::vector<Task> done;
    {
        const std::scoped_lock lock(mutex_);
        done.swap(done_);
        any_done_ = false;
    }
    for (Task& task : done) task.done(task.success);
    return !done.empty();
}

void MediumThread::wait_until_idle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.empty(); });
}

void MediumThread::finish() {
    do wait_until_idle();
    while (deliver());
}

void MediumThread::abandon() {
    wait_until_idle();
    const std::scoped_lock lock(mutex_);
    done_.clear();
    any_done_ = false;
}

} // namespace ringer::host
