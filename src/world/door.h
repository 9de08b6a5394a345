#pragma once

#include "base/types.h"
#include "device/input/input_event.h"
#include "device/serial/terminal_size.h"
#include "device/virtio/virtio_balloon.h"
#include "display/screen.h"

#include <functional>
#include <optional>
#include <span>

namespace ringer::world {

/// The lines of bytes between the machine and the outside, by their numbers: the two serial ports, what
/// firmware says of itself, and the console.
inline constexpr unsigned first_serial_line = 0, second_serial_line = 1, firmware_line = 2, console_line = 3,
                          lines = 4;

/// The outside as the machine sees it through the one door: implemented by the host layer, called by the run
/// loop alone and only between runs of the vCPU. Devices never see it.
class Outside {
  public:
    virtual ~Outside() = default;

    /// The host's monotonic time, and its time of day as seconds since 1970-01-01 UTC. monotonic() is the one
    /// call that a HostClock also makes in the middle of a run, when an instruction asks for the time.
    virtual Nanoseconds monotonic() = 0;
    virtual u64 time_of_day() = 0;

    /// Takes the bytes that have come in on a line since the last call, at most `buffer.size()` of them,
    /// without waiting. Returns how many.
    virtual std::size_t receive(unsigned line, std::span<u8> buffer) = 0;

    /// Sends bytes of a line to the outside. Also called in the middle of a run, when more has piled up than
    /// is to be held; what leaves the machine does not change it.
    virtual void send(unsigned line, std::span<const u8> contents) = 0;

    /// The size of the terminal that the console's line leads to; nullopt when that is none.
    virtual std::optional<device::TerminalSize> console_size() { return std::nullopt; }

    /// What a person has done at keyboard and pointer, one event after the other. Without a person: nothing.
    virtual std::optional<device::InputEvent> next_input() { return std::nullopt; }

    /// Lets the outside look at the screen, which it does when somebody wants to see it: nobody does without
    /// a person. Called often, so it must cost nothing then.
    virtual void look(const display::Screen&) {}

    /// Lets the operator see and set the balloon. Called often, before look().
    virtual void operate(device::VirtioBalloon&) {}

    /// Waits until something comes in, wake() is called, or the time is over; nullopt waits without limit.
    virtual void wait(std::optional<Nanoseconds> at_most) = 0;

    /// Ends a wait(), or the next one. Any thread or signal handler may call it.
    virtual void wake() = 0;

    /// Why the run is to end, if so: the operator's wish (a key sequence or a signal), the --timeout, or a
    /// host that can no longer carry what the machine sends.
    enum class Request { none, quit, timeout, failure };
    virtual Request request() = 0;
};

} // namespace ringer::world
