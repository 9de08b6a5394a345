#pragma once

#include "device/serial/byte_sink.h"
#include "machine/panic_watch.h"
#include "world/door.h"

#include <vector>

namespace ringer::machine {

/// The line between a serial port, or a console, and the outside. What the guest sends is held here until the
/// run loop carries it out between two runs of the vCPU; what comes in is delivered at such a moment too.
class SerialLine final : public device::ByteSink {
  public:
    /// `number` is that by which the outside knows the line. `watch`, when given, sees everything that is
    /// sent.
    SerialLine(unsigned number, world::Outside& outside, PanicWatch* watch = nullptr)
        : number_(number), outside_(outside), watch_(watch) {}

    void transmit(u8 byte) override;

    /// Hands `end` as much of what has come in as it takes; true when that was something.
    bool deliver(device::ByteReceiver& end);

    /// Carries out what the guest has sent.
    void flush();

  private:
    /// A guest can send without end within one instruction (REP OUTSB).
    static constexpr std::size_t most_held = 4096;

    unsigned number_;
    world::Outside& outside_;
    PanicWatch* watch_;
    std::vector<u8> sent_;
};

} // namespace ringer::machine
