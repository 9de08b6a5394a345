#include "host/sampler.h"

#include "host/blocked_signals.h"

#include <stop_token>
#include <utility>

namespace ringer::host {

Sampler::Sampler(unsigned kinds, std::function<unsigned()> look) : seen_(kinds) {
    thread_ = with_signals_blocked([&] {
        return std::jthread([this, look = std::move(look)](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                ++seen_[look()];
            }
        });
    });
}

std::vector<u64> Sampler::finish() {
    thread_.request_stop();
    thread_.join();
    return std::move(seen_);
}

} // namespace ringer::host
