#include "machine/network_line.h"

namespace ringer::machine {

bool NetworkLine::deliver() {
    const bool delivered =
        link_.receive([this](std::span<const u8> frame) { return interface_->receive(frame); });
    if (delivered) interface_->end_of_frames();
    return delivered;
}

} // namespace ringer::machine
