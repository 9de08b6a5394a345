#include "host/sampler.h"

#include <csignal>
#include <stop_token>
#include <utility>

namespace ringer::host {

Sampler::Sampler(unsigned kinds, std::function<unsigned()> look) : seen_(kinds) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // The thread inherits it.
    thread_ = std::jthread([this, look = std::move(look)](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            ++seen_[look()];
        }
    });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

std::vector<u64> Sampler::finish() {
    thread_.request_stop();
    thread_.join();
    return std::move(seen_);
}

} // namespace ringer::host
