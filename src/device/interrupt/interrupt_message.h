#pragma once

#include "base/types.h"

#include <optional>

namespace ringer::device {

/// How an interrupt message is to be taken; the encoding of the ICR, of I/O APIC redirection entries, of LVT
/// entries and of MSI data (Intel SDM Vol. 3, "Interrupt Command Register"). 3 is reserved.
enum class DeliveryMode : u8 {
    fixed = 0,
    lowest_priority = 1,
    smi = 2,
    nmi = 4,
    init = 5,
    startup = 6,
    external = 7,
};

enum class DestinationMode : u8 { physical = 0, logical = 1 };
enum class Trigger : u8 { edge = 0, level = 1 };

/// The physical destination that addresses every local APIC, in either of its modes. Senders with 8-bit
/// destinations translate their 0xFF into it (widen_destination).
inline constexpr u32 broadcast_destination = 0xffff'ffff;

class InterruptTarget;

/// What travels between I/O APICs, devices that signal by message, and local APICs.
struct InterruptMessage {
    u32 destination = 0;
    DestinationMode destination_mode = DestinationMode::physical;
    DeliveryMode delivery_mode = DeliveryMode::fixed;
    u8 vector = 0;
    Trigger trigger = Trigger::edge;
    bool level = true;                         ///< False in a de-assert message, which has no effect.
    const InterruptTarget* excluded = nullptr; ///< The sender of an "all excluding self".
};

/// The 8-bit destination of an I/O APIC, an MSI address or an xAPIC's ICR as InterruptMessage has it.
constexpr u32 widen_destination(u8 destination, DestinationMode mode) {
    return destination == 0xff && mode == DestinationMode::physical ? broadcast_destination : destination;
}

/// The interrupt that a device's 32-bit write of `data` to `address` stands for (Intel SDM Vol. 3, "Message
/// Signalled Interrupts"). nullopt: the address lies outside of 0xFEEx_xxxx.
std::optional<InterruptMessage> message_signalled_interrupt(GuestPhysical address, u32 data);

/// What carries interrupt messages to the local APICs and the ends of interrupts back.
class InterruptBus {
  public:
    virtual ~InterruptBus() = default;

    /// Delivers to all local APICs addressed, or, with lowest priority, to one of them. True: one has taken
    /// it.
    virtual bool send(const InterruptMessage& message) = 0;

    /// A local APIC has ended the level-triggered interrupt `vector`.
    virtual void end_of_interrupt(u8 vector) = 0;
};

/// A local APIC as the bus sees it.
class InterruptTarget {
  public:
    virtual ~InterruptTarget() = default;

    virtual bool is_addressed_by(const InterruptMessage& message) const = 0;

    /// The arbitration priority; of those addressed, the lowest gets a lowest-priority interrupt. nullopt: it
    /// takes no such interrupts now.
    virtual std::optional<u8> arbitration_priority() const = 0;

    /// Takes a message that addresses it. False: it takes no such interrupts now.
    virtual bool deliver(const InterruptMessage& message) = 0;
};

/// Told of every end of a level-triggered interrupt: the I/O APIC.
class EndOfInterruptListener {
  public:
    virtual ~EndOfInterruptListener() = default;
    virtual void end_of_interrupt(u8 vector) = 0;
};

} // namespace ringer::device
