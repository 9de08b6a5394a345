#include "device/interrupt/pic8259_chip.h"

#include "base/bits.h"

namespace ringer::device {
namespace {

enum Icw1 : u8 { icw1_needs_icw4 = 0x01, icw1_single = 0x02, icw1_select = 0x10 };
enum Icw4 : u8 { icw4_auto_eoi = 0x02, icw4_special_fully_nested = 0x10 };
enum Ocw3 : u8 {
    ocw3_read_in_service = 0x01,
    ocw3_read_register = 0x02,
    ocw3_poll = 0x04,
    ocw3_select = 0x08,
    ocw3_special_mask = 0x20,
    ocw3_special_mask_enable = 0x40,
};

// The commands of OCW2, its bits R, SL and EOI.
enum class Ocw2 : u8 {
    rotate_in_auto_eoi_clear = 0,
    non_specific_eoi = 1,
    no_operation = 2,
    specific_eoi = 3,
    rotate_in_auto_eoi_set = 4,
    rotate_on_non_specific_eoi = 5,
    set_priority = 6,
    rotate_on_specific_eoi = 7,
};

constexpr u8 mask_of(unsigned input) { return static_cast<u8>(1u << input); }
constexpr u8 after(unsigned input) { return (input + 1) & 7; }

} // namespace

void visit(state::Archive& archive, Pic8259State& state) {
    auto& [lines, edges, level_triggered, mask, in_service, vector_base, cascade, first_priority, expects,
           initialized, single, needs_icw4, auto_eoi, rotate_on_auto_eoi, special_fully_nested, special_mask,
           read_in_service, poll] = state;
    archive.field(1, "lines", lines)
        .field(2, "edges", edges)
        .field(3, "level_triggered", level_triggered)
        .field(4, "mask", mask)
        .field(5, "in_service", in_service)
        .field(6, "vector_base", vector_base)
        .field(7, "cascade", cascade)
        .field(8, "first_priority", first_priority)
        .field(9, "expects", expects)
        .field(10, "initialized", initialized)
        .field(11, "single", single)
        .field(12, "needs_icw4", needs_icw4)
        .field(13, "auto_eoi", auto_eoi)
        .field(14, "rotate_on_auto_eoi", rotate_on_auto_eoi)
        .field(15, "special_fully_nested", special_fully_nested)
        .field(16, "special_mask", special_mask)
        .field(17, "read_in_service", read_in_service)
        .field(18, "poll", poll);
}

/// A power-on leaves the 8259A's registers undefined; here it is silent until its initialization is complete.
/// The lines keep the levels that their devices drive.
void Pic8259Chip::reset() {
    const u8 lines = state_.lines;
    state_ = {};
    state_.lines = lines;
}

/// An edge-triggered request that goes away before it is acknowledged is forgotten (8259A, "Interrupt
/// Sequence": the input must stay high until the first INTA).
void Pic8259Chip::set_line(unsigned input, bool level) {
    const u8 mask = mask_of(input);
    if (!level)
        state_.edges &= static_cast<u8>(~mask);
    else if (!(state_.lines & mask))
        state_.edges |= mask;
    state_.lines = with_bit(state_.lines, input, level);
}

bool Pic8259Chip::has_slave(unsigned input) const {
    return role_ == Role::master && !state_.single && bit(state_.cascade, input);
}

/// The interrupt request register (IRR).
u8 Pic8259Chip::requests() const {
    const u8 level = state_.level_triggered;
    return (state_.lines & level) | static_cast<u8>(state_.edges & ~level);
}

/// A request is served when no request or service of higher priority stands before it. A service at its own
/// level stands before it too, unless the input is a slave's in special fully nested mode. In special mask
/// mode, services at masked levels stand before nothing (8259A, "Fully Nested Mode", "Special Mask Mode").
std::optional<unsigned> Pic8259Chip::highest_request() const {
    if (!state_.initialized) return std::nullopt;
    const u8 wanted = requests() & static_cast<u8>(~state_.mask);
    const u8 blocking = state_.in_service & static_cast<u8>(state_.special_mask ? ~state_.mask : 0xff);
    for (unsigned i = 0; i < 8; ++i) {
        const unsigned input = (state_.first_priority + i) & 7;
        const bool nests = state_.special_fully_nested && has_slave(input);
        if (bit(wanted, input) && (nests || !bit(blocking, input))) return input;
        if (bit(blocking, input)) return std::nullopt;
    }
    return std::nullopt;
}

std::optional<unsigned> Pic8259Chip::highest_in_service() const {
    // A non-specific EOI does not reach masked levels in special mask mode.
    const u8 candidates = state_.in_service & static_cast<u8>(state_.special_mask ? ~state_.mask : 0xff);
    for (unsigned i = 0; i < 8; ++i)
        if (const unsigned input = (state_.first_priority + i) & 7; bit(candidates, input)) return input;
    return std::nullopt;
}

std::optional<unsigned> Pic8259Chip::accept() {
    const auto input = highest_request();
    if (!input) return std::nullopt;
    state_.edges &= static_cast<u8>(~mask_of(*input));
    if (!state_.auto_eoi)
        state_.in_service |= mask_of(*input);
    else if (state_.rotate_on_auto_eoi)
        state_.first_priority = after(*input);
    return input;
}

u8 Pic8259Chip::read(u64 offset) {
    if (state_.poll) return read_poll();
    if (offset & 1) return state_.mask;
    return state_.read_in_service ? state_.in_service : requests();
}

/// A poll takes the place of the INTA cycle: the next read, whatever its address, accepts a request and tells
/// which.
u8 Pic8259Chip::read_poll() {
    state_.poll = false;
    const auto input = accept();
    return input ? static_cast<u8>(0x80 | *input) : 0;
}

void Pic8259Chip::write(u64 offset, u8 value) {
    if (offset & 1) {
        if (state_.expects == Pic8259State::Expects::operation)
            state_.mask = value;
        else
            write_icw2_to_4(value);
    } else if (value & icw1_select) {
        write_icw1(value);
    } else if (value & ocw3_select) {
        write_ocw3(value);
    } else {
        write_ocw2(value);
    }
}

/// 8259A, "Initialization Command Words 1 and 2", items a to f: the edge sense circuit is reset, so that a
/// line that is high must fall and rise again to be seen.
void Pic8259Chip::write_icw1(u8 value) {
    const Pic8259State before = state_;
    state_ = {};
    state_.lines = before.lines;
    state_.level_triggered = before.level_triggered;
    state_.cascade = role_ == Role::slave ? 7 : 0;
    state_.single = value & icw1_single;
    state_.needs_icw4 = value & icw1_needs_icw4;
    state_.expects = Pic8259State::Expects::icw2;
}

void Pic8259Chip::write_icw2_to_4(u8 value) {
    using enum Pic8259State::Expects;
    switch (state_.expects) {
    case icw2:
        state_.vector_base = value & 0xf8;
        state_.expects = !state_.single ? icw3 : state_.needs_icw4 ? icw4 : operation;
        break;
    case icw3:
        state_.cascade = value;
        state_.expects = state_.needs_icw4 ? icw4 : operation;
        break;
    default:
        state_.auto_eoi = value & icw4_auto_eoi;
        state_.special_fully_nested = value & icw4_special_fully_nested;
        state_.expects = operation;
        break;
    }
    state_.initialized = state_.expects == operation;
}

void Pic8259Chip::write_ocw2(u8 value) {
    const auto command = static_cast<Ocw2>(value >> 5);
    const std::optional<unsigned> named = value & 7u;
    std::optional<unsigned> ended;
    switch (command) {
    case Ocw2::rotate_in_auto_eoi_clear: state_.rotate_on_auto_eoi = false; return;
    case Ocw2::rotate_in_auto_eoi_set: state_.rotate_on_auto_eoi = true; return;
    case Ocw2::no_operation: return;
    case Ocw2::set_priority: state_.first_priority = after(*named); return;
    case Ocw2::non_specific_eoi:
    case Ocw2::rotate_on_non_specific_eoi: ended = highest_in_service(); break;
    case Ocw2::specific_eoi:
    case Ocw2::rotate_on_specific_eoi: ended = named; break;
    }
    if (!ended) return;
    state_.in_service &= static_cast<u8>(~mask_of(*ended));
    if (command == Ocw2::rotate_on_non_specific_eoi || command == Ocw2::rotate_on_specific_eoi)
        state_.first_priority = after(*ended);
}

void Pic8259Chip::write_ocw3(u8 value) {
    if (value & ocw3_special_mask_enable) state_.special_mask = value & ocw3_special_mask;
    state_.poll = value & ocw3_poll;
    if ((value & ocw3_read_register) && !state_.poll) state_.read_in_service = value & ocw3_read_in_service;
}

} // namespace ringer::device
