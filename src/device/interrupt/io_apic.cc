#include "device/interrupt/io_apic.h"

#include "base/assert.h"
#include "base/bits.h"

namespace ringer::device {

using memory::Answer;

namespace {

enum Offset : u64 { register_select = 0x00, window = 0x10, end_of_interrupt_register = 0x40 };
enum Index : u8 { index_id = 0, index_version = 1, index_arbitration = 2, index_entries = 0x10 };

// A redirection table entry.
constexpr u64 remote_irr = 1 << 14, trigger_level = 1 << 15, masked = 1 << 16;
constexpr u64 writable = 0xff00'0000'0001'afff;

DeliveryMode delivery_mode(u64 entry) { return static_cast<DeliveryMode>(bits(entry, 8, 3)); }

/// Only interrupts with a vector can be level-triggered; the datasheet treats the others as edges.
bool is_level_triggered(u64 entry) {
    const DeliveryMode mode = delivery_mode(entry);
    return entry & trigger_level && (mode == DeliveryMode::fixed || mode == DeliveryMode::lowest_priority);
}

} // namespace

IoApic::IoApic(InterruptBus& bus, u8 id) : bus_(bus), power_on_id_(id & 0xf) { reset(); }

/// The pins are other devices' outputs and keep their levels.
void IoApic::reset() {
    state_.id = power_on_id_;
    state_.selected = 0;
    state_.entries.fill(masked);
}

void IoApic::visit(state::Archive& archive) {
    auto& [id, selected, pins, entries] = state_;
    archive.field(1, "id", id)
        .field(2, "selected", selected)
        .field(3, "pins", pins)
        .field(4, "entries", entries);
}

Answer IoApic::read(u64 offset, unsigned size, u64& value) {
    const u64 base = align_down(offset, 16);
    const unsigned byte = offset % 16;
    u32 contents = 0;
    if (base == register_select)
        contents = state_.selected;
    else if (base == window)
        contents = read_selected();
    value = byte < sizeof(contents) ? contents >> 8 * byte & byte_mask(size) : 0;
    return Answer::now;
}

Answer IoApic::write(u64 offset, unsigned size, u64 value) {
    if (offset == register_select)
        state_.selected = static_cast<u8>(value);
    else if (offset == window && size >= sizeof(u32))
        write_selected(static_cast<u32>(value));
    else if (offset == end_of_interrupt_register)
        end_of_interrupt(static_cast<u8>(value));
    return Answer::now;
}

u32 IoApic::read_selected() const {
    const unsigned index = state_.selected;
    if (index >= index_entries && index < index_entries + 2 * pin_count) {
        const u64 entry = state_.entries[(index - index_entries) / 2];
        return static_cast<u32>(index & 1 ? entry >> 32 : entry);
    }
    switch (index) {
    case index_id:
    case index_arbitration: return u32{state_.id} << 24;
    case index_version: return version;
    default: return 0;
    }
}

void IoApic::write_selected(u32 value) {
    const unsigned index = state_.selected;
    if (index == index_id) state_.id = value >> 24 & 0xf;
    if (index < index_entries || index >= index_entries + 2 * pin_count) return;
    const unsigned pin = (index - index_entries) / 2;
    const u64 old = state_.entries[pin];
    if (index & 1)
        write_entry(pin, u64{value} << 32 | static_cast<u32>(old));
    else
        write_entry(pin, align_down(old, u64{1} << 32) | value);
}

/// Delivery status and remote IRR are read-only; but to make an entry edge-triggered clears its remote IRR,
/// by which systems without the EOI register end an interrupt.
void IoApic::write_entry(unsigned pin, u64 value) {
    u64& entry = state_.entries[pin];
    entry = (entry & remote_irr) | (value & writable);
    if (!is_level_triggered(entry)) entry &= ~remote_irr;
    serve_level(pin);
}

void IoApic::pin_changed(unsigned pin, bool level) {
    RINGER_ASSERT(pin < pin_count);
    state_.pins = with_bit(state_.pins, pin, level);
    if (!level) return;
    const u64 entry = state_.entries[pin];
    if (is_level_triggered(entry))
        serve_level(pin);
    else if (!(entry & masked))
        send(entry); // an edge that meets a masked entry is lost
}

void IoApic::end_of_interrupt(u8 vector) {
    for (unsigned pin = 0; pin < pin_count; ++pin) {
        u64& entry = state_.entries[pin];
        if (!(entry & remote_irr) || static_cast<u8>(entry) != vector) continue;
        entry &= ~remote_irr;
        serve_level(pin);
    }
}

/// Sends a level-triggered interrupt that is asserted, unmasked, and not in service already.
void IoApic::serve_level(unsigned pin) {
    u64& entry = state_.entries[pin];
    if (!is_level_triggered(entry) || entry & (masked | remote_irr) || !bit(state_.pins, pin)) return;
    if (send(entry)) entry |= remote_irr;
}

bool IoApic::send(u64 entry) {
    const auto mode = static_cast<DestinationMode>(bits(entry, 11, 1));
    if (delivery_mode(entry) == DeliveryMode::startup) return false; // reserved here
    return bus_.send({
        .destination = widen_destination(static_cast<u8>(entry >> 56), mode),
        .destination_mode = mode,
        .delivery_mode = delivery_mode(entry),
        .vector = static_cast<u8>(entry),
        .trigger = is_level_triggered(entry) ? Trigger::level : Trigger::edge,
        .level = true,
        .excluded = nullptr,
    });
}

} // namespace ringer::device
