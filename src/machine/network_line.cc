#include "machine/network_line.h"

namespace ringer::machine {

bool NetworkLine::deliver() {
    link_.set_offloads(interface_->offloads());
    const bool changed = interface_->set_link(link_.is_up());
    const bool delivered =
        link_.receive([this](const device::Frame& frame) { return interface_->receive(frame); });
    if (delivered) interface_->end_of_frames();
    return delivered || changed;
}

} // namespace ringer::machine
