#include "host/storage/medium_thread.h"

#include "host/blocked_signals.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ringer::host {

MediumThread::MediumThread(device::Medium& medium, std::function<void()> wake_guest)
    : medium_(medium), wake_guest_(std::move(wake_guest)),
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
        std::vector<Task> tasks = take_next();
        busy_ = true;
        lock.unlock();
        carry_out(tasks);
        lock.lock();
        std::ranges::move(tasks, std::back_inserter(done_));
        any_done_ = true;
        busy_ = false;
        lock.unlock();
        changed_.notify_all();
        wake_guest_();
        lock.lock();
    }
}

/// The oldest one; if it is a read, with all reads that were started right after it.
std::vector<MediumThread::Task> MediumThread::take_next() {
    const auto is_read = [](const Task& task) { return std::holds_alternative<Read>(task.work); };
    auto end = std::ranges::find_if_not(waiting_, is_read);
    if (end == waiting_.begin()) ++end;
    std::vector<Task> tasks(std::move_iterator(waiting_.begin()), std::move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return tasks;
}

void MediumThread::carry_out(std::span<Task> tasks) {
    if (Job* const job = std::get_if<Job>(&tasks.front().work)) {
        tasks.front().success = (*job)();
        return;
    }
    std::vector<Read> reads;
    for (Task& task : tasks) reads.push_back(std::move(std::get<Read>(task.work)));
    medium_.read_all(reads);
    for (std::size_t i = 0; i < tasks.size(); ++i) tasks[i].success = reads[i].success;
}

void MediumThread::add(Task task) {
    {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back(std::move(task));
    }
    changed_.notify_all();
}

void MediumThread::start(Job job, Done done) { add({std::move(job), std::move(done)}); }

void MediumThread::start_read(Read read, Done done) { add({std::move(read), std::move(done)}); }

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
    changed_.wait(lock, [this] { return waiting_.empty() && !busy_; });
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
