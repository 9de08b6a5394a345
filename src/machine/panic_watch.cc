#include "machine/panic_watch.h"

namespace ringer::machine {

namespace {

constexpr std::size_t longest_line = 512;

} // namespace

void PanicWatch::take(u8 byte) {
    if (byte == '\n') {
        take_line();
        line_.clear();
        return;
    }
    if (ended_ && byte != '\r') guest_lives();
    if (line_.size() < longest_line) line_.push_back(static_cast<char>(byte));
}

void PanicWatch::take_line() {
    if (line_.find("Kernel panic - not syncing") == std::string::npos) return;
    panicked_ = true;
    if (line_.find("---[ end Kernel panic - not syncing") != std::string::npos) {
        ended_ = true;
        silent_.arm(timers_.clock().now() + silence);
    }
}

void PanicWatch::guest_lives() {
    panicked_ = false;
    ended_ = false;
    silent_.disarm();
}

} // namespace ringer::machine
