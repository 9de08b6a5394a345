#include "device/interrupt/apic_bus.h"

#include "base/bits.h"

namespace ringer::device {

std::optional<InterruptMessage> message_signalled_interrupt(GuestPhysical address, u32 data) {
    if (address >> 20 != 0xfee) return std::nullopt;
    // The manual lets the destination mode count only together with the redirection hint. Linux gives logical
    // destinations without the hint, and processors take them so.
    const bool logical = bit(address, 2);
    const auto mode = logical ? DestinationMode::logical : DestinationMode::physical;
    return InterruptMessage{
        .destination = widen_destination(static_cast<u8>(bits(address, 12, 8)), mode),
        .destination_mode = mode,
        .delivery_mode = static_cast<DeliveryMode>(bits(data, 8, 3)),
        .vector = static_cast<u8>(data),
        .trigger = static_cast<Trigger>(bits(data, 15, 1)),
        .level = !bit(data, 15) || bit(data, 14),
        .excluded = nullptr,
    };
}

bool ApicBus::send(const InterruptMessage& message) {
    if (message.delivery_mode == DeliveryMode::lowest_priority) return send_to_lowest_priority(message);
    bool taken = false;
    for (InterruptTarget* target : local_apics_) {
        if (target != message.excluded && target->is_addressed_by(message)) taken |= target->deliver(message);
    }
    return taken;
}

bool ApicBus::send_to_lowest_priority(const InterruptMessage& message) {
    InterruptTarget* lowest = nullptr;
    unsigned lowest_priority = 0x100;
    for (InterruptTarget* target : local_apics_) {
        if (target == message.excluded || !target->is_addressed_by(message)) continue;
        const auto priority = target->arbitration_priority();
        if (!priority || *priority >= lowest_priority) continue;
        lowest = target;
        lowest_priority = *priority;
    }
    return lowest && lowest->deliver(message);
}

void ApicBus::end_of_interrupt(u8 vector) {
    for (EndOfInterruptListener* io_apic : io_apics_) io_apic->end_of_interrupt(vector);
}

} // namespace ringer::device
