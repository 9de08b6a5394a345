#pragma once

#include "base/types.h"
#include "device/clock.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace ringer::machine {

/// Notices a Linux kernel's panic by what it writes to its consoles, for guests that have no pvpanic driver.
///
/// The text alone proves nothing, for a program may print it too. A panicked kernel never goes idle again: it
/// resets the machine, halts for good, or, having written the message's last line, spins without another word
/// (Linux kernel/panic.c, panic()). A HLT that an interrupt can end therefore shows that the guest lives.
class PanicWatch {
  public:
    /// For how long, in the machine's time, the console has to be silent after the message's last line.
    static constexpr Nanoseconds silence = 1'000'000'000;

    /// `hung` is called when the guest has panicked and does nothing more.
    PanicWatch(device::TimerQueue& timers, std::function<void()> hung)
        : timers_(timers), silent_(timers, std::move(hung)) {}

    /// The guest has written `byte` to the console that has this number.
    void take(unsigned console, u8 byte);

    /// The vCPU has halted with interrupts enabled.
    void guest_lives();

    /// The message was seen, and no sign of life since.
    bool panicked() const { return panicked_; }

  private:
    void take_line(std::string_view line);

    device::TimerQueue& timers_;
    device::Timer silent_;                  ///< Armed after the message's last line.
    std::map<unsigned, std::string> lines_; ///< The beginning of each console's current line.
    bool panicked_ = false;
    bool ended_ = false; ///< The message's last line was seen.
};

} // namespace ringer::machine
