#include "machine/serial_line.h"

#include "base/assert.h"

#include <algorithm>
#include <array>

namespace ringer::machine {

void SerialLine::transmit(u8 byte) {
    if (sent_.size() >= most_held) flush();
    sent_.push_back(byte);
    if (watch_) watch_->take(number_, byte);
}

bool SerialLine::deliver(device::ByteReceiver& end) {
    std::array<u8, 256> buffer;
    bool delivered = false;
    while (const std::size_t room = std::min(end.room(), buffer.size())) {
        const std::size_t count = outside_.receive(number_, std::span(buffer).first(room));
        if (count == 0) break;
        const std::size_t taken = end.receive(std::span(buffer).first(count));
        RINGER_ASSERT(taken == count);
        delivered = true;
    }
    return delivered;
}

void SerialLine::flush() {
    if (sent_.empty()) return;
    outside_.send(number_, sent_);
    sent_.clear();
}

} // namespace ringer::machine
