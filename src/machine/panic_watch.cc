#include "machine/panic_watch.h"

namespace ringer::machine {

namespace {

constexpr std::size_t longest_line = 512;

} // namespace

void PanicWatch::take(unsigned console, u8 byte) {
    std::string& line = lines_[console];
    if (byte == '\n') {
        take_line(line);
        line.clear();
        return;
    }
    if (ended_ && byte != '\r') guest_lives();
    if (line.size() < longest_line) line.push_back(static_cast<char>(byte));
}

void PanicWatch::take_line(std::string_view line) {
    if (line.find("Kernel panic - not syncing") == std::string_view::npos) return;
    panicked_ = true;
    if (line.find("---[ end Kernel panic - not syncing") != std::string_view::npos) {
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
