#include "host/escape.h"

#include <utility>

namespace ringer::host {

EscapeFilter::Command EscapeFilter::take(u8 key, std::vector<u8>& guest) {
    if (!std::exchange(after_control_a_, false)) {
        if (key == control_a)
            after_control_a_ = true;
        else
            guest.push_back(key);
        return Command::none;
    }
    switch (key) {
    case 'x': return Command::quit;
    case 'h': return Command::help;
    case 's': return Command::screenshot;
    case control_a: guest.push_back(control_a); return Command::none;
    default:
        // No command of ours: the guest's line editor may know Ctrl-A too.
        guest.insert(guest.end(), {control_a, key});
        return Command::none;
    }
}

} // namespace ringer::host
