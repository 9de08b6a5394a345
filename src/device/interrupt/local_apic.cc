#include "device/interrupt/local_apic.h"

#include "base/assert.h"
#include "base/bits.h"

#include <algorithm>

#include <fmt/format.h>

namespace ringer::device {

namespace {

constexpr unsigned entry_of(local_apic::Register lvt) { return lvt - local_apic::lvt_timer; }
constexpr unsigned lint0_entry = entry_of(local_apic::lvt_lint0);

DeliveryMode delivery_mode(u32 lvt) {
    return static_cast<DeliveryMode>(bits(lvt, local_apic::lvt_delivery_mode_shift, 3));
}

constexpr u8 priority_class(u8 vector_or_priority) { return vector_or_priority >> 4; }

} // namespace

LocalApic::LocalApic(const Identity& identity, TimerQueue& timers, InterruptBus& bus, CpuPins& pins,
                     ExternalInterrupt& external)
    : identity_(identity), name_(fmt::format("local-apic{}", identity.id)), bus_(bus), pins_(pins),
      external_(external), timer_(timers, [this] {
          raise_local(entry_of(local_apic::lvt_timer));
          update();
      }) {
    RINGER_ASSERT(identity.physical_address_bits >= 32 && identity.physical_address_bits <= 52);
    reset();
}

void LocalApic::reset() {
    state_.base = local_apic::default_base | local_apic::base_enable;
    if (identity_.bootstrap) state_.base |= local_apic::base_bootstrap;
    reset_registers();
    update();
}

/// To the state after power-on, or INIT, which keep IA32_APIC_BASE and, being others' outputs, the pins.
void LocalApic::reset_registers() {
    State fresh;
    fresh.base = state_.base;
    fresh.pins = state_.pins;
    fresh.lvt.fill(local_apic::lvt_masked);
    state_ = fresh;
    timer_.reset();
}

void LocalApic::visit(state::Archive& archive) {
    auto& [base, task_priority, logical_destination, destination_format, spurious_vector, in_service,
           trigger_mode, request, error_status, pending_errors, interrupt_command, lvt, external_request,
           pins] = state_;
    archive.field(1, "base", base)
        .field(2, "task_priority", task_priority)
        .field(3, "logical_destination", logical_destination)
        .field(4, "destination_format", destination_format)
        .field(5, "spurious_vector", spurious_vector)
        .field(6, "in_service", in_service)
        .field(7, "trigger_mode", trigger_mode)
        .field(8, "request", request)
        .field(9, "error_status", error_status)
        .field(10, "pending_errors", pending_errors)
        .field(11, "interrupt_command", interrupt_command)
        .field(12, "lvt", lvt)
        .field(13, "external_request", external_request)
        .field(14, "pins", pins)
        .field(15, "timer", timer_);
    interrupt_output_ = compute_pending();
}

void LocalApic::enter_virtual_wire_mode() {
    using namespace local_apic;
    const auto in_mode = [](DeliveryMode mode) { return static_cast<u32>(mode) << lvt_delivery_mode_shift; };
    write_register(local_apic::spurious_vector, 0xff | spurious_enable);
    write_register(lvt_lint0, in_mode(DeliveryMode::external));
    write_register(lvt_lint1, in_mode(DeliveryMode::nmi));
    update();
}

/// To be called after whatever could change whether an interrupt is pending.
void LocalApic::update() {
    const bool pending = compute_pending();
    if (pending == interrupt_output_) return;
    interrupt_output_ = pending;
    pins_.set_interrupt(pending);
}

bool LocalApic::compute_pending() const {
    if (!enabled()) return state_.pins[lint0]; // LINT0 is the INTR pin
    return external_pending() ||
           priority_class(state_.request.highest()) > priority_class(processor_priority());
}

u8 LocalApic::acknowledge() {
    if (!enabled() || external_pending()) {
        state_.external_request = false;
        const u8 vector = external_.acknowledge();
        update();
        return vector;
    }
    if (!interrupt_output_) return static_cast<u8>(state_.spurious_vector);
    const u8 vector = state_.request.highest();
    state_.request.assign(vector, false);
    state_.in_service.assign(vector, true);
    update();
    return vector;
}

void LocalApic::set_task_priority(u8 cr8) {
    state_.task_priority = static_cast<u8>(cr8 << 4);
    update();
}

/// SDM, "Task and Processor Priorities".
u8 LocalApic::processor_priority() const {
    const u8 in_service = state_.in_service.highest();
    if (priority_class(state_.task_priority) >= priority_class(in_service)) return state_.task_priority;
    return in_service & 0xf0;
}

/// SDM, "Lowest Priority Delivery Mode" (arbitration priority register).
u8 LocalApic::arbitration_priority_register() const {
    const u8 task = priority_class(state_.task_priority);
    const u8 in_service = priority_class(state_.in_service.highest());
    const u8 request = priority_class(state_.request.highest());
    if (task >= request && task > in_service) return state_.task_priority;
    return static_cast<u8>(std::max<u8>(task & in_service, request) << 4);
}

/// Takes an interrupt into the IRR.
bool LocalApic::accept(u8 vector, Trigger trigger) {
    if (vector < 16) {
        record_error(local_apic::error_receive_vector);
        return false;
    }
    state_.request.assign(vector, true);
    state_.trigger_mode.assign(vector, trigger == Trigger::level);
    update();
    return true;
}

void LocalApic::end_of_interrupt() {
    const u8 vector = state_.in_service.highest();
    if (vector == 0) return;
    state_.in_service.assign(vector, false);
    if (state_.trigger_mode.contains(vector)) {
        u32& lint0_lvt = state_.lvt[lint0_entry];
        if (lint0_lvt & local_apic::lvt_remote_irr && static_cast<u8>(lint0_lvt) == vector) {
            lint0_lvt &= ~local_apic::lvt_remote_irr;
            if (state_.pins[lint0]) lint_asserted(lint0);
        }
        if (!(state_.spurious_vector & local_apic::spurious_suppress_broadcast))
            bus_.end_of_interrupt(vector);
    }
    update();
}

/// The error interrupt comes with the first error after a write of the error status register.
void LocalApic::record_error(u32 error) {
    const bool armed = state_.pending_errors == 0;
    state_.pending_errors |= error;
    if (armed) raise_local(entry_of(local_apic::lvt_error));
}

/// A fixed interrupt of one of the APIC's own sources.
void LocalApic::raise_local(unsigned entry) {
    const u32 lvt = state_.lvt[entry];
    if (!(lvt & local_apic::lvt_masked)) accept(static_cast<u8>(lvt), Trigger::edge);
}

void LocalApic::pin_changed(unsigned pin, bool level) {
    RINGER_ASSERT(pin < state_.pins.size());
    state_.pins[pin] = level;
    if (level && enabled())
        lint_asserted(pin);
    else if (level && pin == lint1)
        pins_.nmi();
    update();
}

/// Level sensitivity is LINT0's alone, and in fixed mode alone.
bool LocalApic::lint0_is_level_triggered() const {
    const u32 lvt = state_.lvt[lint0_entry];
    return lvt & local_apic::lvt_level && delivery_mode(lvt) == DeliveryMode::fixed;
}

bool LocalApic::external_pending() const {
    const auto passes = [this](unsigned pin) {
        const u32 lvt = state_.lvt[lint0_entry + pin];
        return state_.pins[pin] && !(lvt & local_apic::lvt_masked) &&
               delivery_mode(lvt) == DeliveryMode::external;
    };
    return state_.external_request || passes(lint0) || passes(lint1);
}

/// What a pin's LVT entry makes of its rise, or of its being high when a level-triggered interrupt may come
/// again.
void LocalApic::lint_asserted(unsigned pin) {
    u32& lvt = state_.lvt[lint0_entry + pin];
    if (lvt & local_apic::lvt_masked) return;
    switch (delivery_mode(lvt)) {
    case DeliveryMode::fixed:
        if (pin == lint0 && lint0_is_level_triggered()) {
            if (lvt & local_apic::lvt_remote_irr) return;
            if (accept(static_cast<u8>(lvt), Trigger::level)) lvt |= local_apic::lvt_remote_irr;
        } else {
            accept(static_cast<u8>(lvt), Trigger::edge);
        }
        return;
    case DeliveryMode::nmi: return pins_.nmi();
    case DeliveryMode::init: return take_init();
    case DeliveryMode::external:        // passed through by its level: external_pending()
    case DeliveryMode::lowest_priority: // reserved in an LVT entry, as is startup
    case DeliveryMode::startup:
    case DeliveryMode::smi: return;
    }
}

void LocalApic::take_init() {
    reset_registers();
    update();
    pins_.init();
}

u32 LocalApic::logical_id() const {
    if (x2apic()) return (identity_.id >> 4) << 16 | u32{1} << (identity_.id & 0xf);
    return state_.logical_destination;
}

/// SDM, "Determining IPI Destination".
bool LocalApic::is_addressed_by(const InterruptMessage& message) const {
    const u32 destination = message.destination;
    if (!enabled()) return false;
    if (destination == broadcast_destination) return true;
    if (message.destination_mode == DestinationMode::physical) return destination == identity_.id;
    if (x2apic()) return destination >> 16 == logical_id() >> 16 && (destination & logical_id() & 0xffff);
    if (destination > 0xff) return false;
    const u32 logical = logical_id() >> 24;
    switch (state_.destination_format >> 28) {
    case 0xf: return destination & logical;
    case 0x0:
        return destination == 0xff || (destination >> 4 == logical >> 4 && (destination & logical & 0xf));
    default: return false;
    }
}

std::optional<u8> LocalApic::arbitration_priority() const {
    if (!software_enabled()) return std::nullopt;
    return arbitration_priority_register();
}

/// A software-disabled APIC takes NMI, INIT, SMI and STARTUP, and nothing else.
bool LocalApic::deliver(const InterruptMessage& message) {
    if (!message.level) return true;
    switch (message.delivery_mode) {
    case DeliveryMode::fixed:
    case DeliveryMode::lowest_priority: {
        const bool taken = software_enabled() && accept(message.vector, message.trigger);
        update();
        return taken;
    }
    case DeliveryMode::smi: return true;
    case DeliveryMode::nmi: pins_.nmi(); return true;
    case DeliveryMode::init: take_init(); return true;
    case DeliveryMode::startup: pins_.startup(message.vector); return true;
    case DeliveryMode::external:
        if (!software_enabled()) return false;
        state_.external_request = true;
        update();
        return true;
    }
    return false;
}

/// Sends what has been written to the interrupt command register (SDM, "Interrupt Command Register (ICR)" and
/// its tables of valid combinations).
void LocalApic::send_command() {
    const u64 command = state_.interrupt_command;
    const auto mode = static_cast<DeliveryMode>(bits(command, 8, 3));
    const bool is_level = bit(command, 15);
    const bool asserts = bit(command, 14);
    const auto destination_mode = static_cast<DestinationMode>(bits(command, 11, 1));
    const auto vector = static_cast<u8>(command);
    const bool has_vector = mode == DeliveryMode::fixed || mode == DeliveryMode::lowest_priority;
    if (has_vector && vector < 16) return record_error(local_apic::error_send_vector);
    if (mode == DeliveryMode::external) return; // reserved here

    InterruptMessage message{.destination = static_cast<u32>(command >> 32),
                             .destination_mode = destination_mode,
                             .delivery_mode = mode,
                             .vector = vector,
                             .trigger = Trigger::edge,
                             .level = mode != DeliveryMode::init || !is_level || asserts,
                             .excluded = nullptr};
    if (!x2apic()) message.destination = widen_destination(static_cast<u8>(command >> 56), destination_mode);

    enum Shorthand { none, self, all, all_but_self };
    const auto shorthand = static_cast<Shorthand>(bits(command, 18, 2));
    if (shorthand == none) {
        bus_.send(message);
    } else if (shorthand == self) {
        if (mode == DeliveryMode::fixed) deliver(message);
    } else if (shorthand == all_but_self || mode == DeliveryMode::fixed) {
        message.destination = broadcast_destination;
        message.destination_mode = DestinationMode::physical;
        if (shorthand == all_but_self) message.excluded = this;
        bus_.send(message);
    }
}

/// x2APIC's SELF IPI register, which leaves the interrupt command register alone.
void LocalApic::send_self_ipi(u8 vector) {
    if (vector < 16) return record_error(local_apic::error_send_vector);
    deliver({.vector = vector});
}

} // namespace ringer::device
