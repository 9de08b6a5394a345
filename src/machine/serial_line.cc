#include "machine/serial_line.h"

#include "base/assert.h"

#include <algorithm>
#include <array>

namespace ringer::machine {

void SerialLine::transmit(u8 byte) {
    if (sent_.size() >= most_held) flush();
    sent_.push_back(byte);
    if (watch_) watch_->take(byte);
}

bool SerialLine::deliver(device::Uart16550& uart) {
    std::array<u8, 16> buffer;
    bool delivered = false;
    while (const std::size_t room = std::min(uart.room(), buffer.size())) {
        const std::size_t count = outside_.receive(port_, std::span(buffer).first(room));
        if (count == 0) break;
        const std::size_t taken = uart.receive(std::span(buffer).first(count));
        RINGER_ASSERT(taken == count);
        delivered = true;
    }
    return delivered;
}

void SerialLine::flush() {
    if (sent_.empty()) return;
    outside_.send(port_, sent_);
    sent_.clear();
}

} // namespace ringer::machine
