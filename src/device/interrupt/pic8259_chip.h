#pragma once

#include "base/types.h"
#include "state/archive.h"

#include <optional>

namespace ringer::device {

/// What a guest can observe of one 8259A.
struct Pic8259State {
    enum class Expects : u8 { operation, icw2, icw3, icw4 };

    u8 lines = 0;           ///< The levels of IR0 to IR7.
    u8 edges = 0;           ///< Rising edges that have not been acknowledged, of lines that are still high.
    u8 level_triggered = 0; ///< The edge/level control register (ELCR).
    u8 mask = 0;
    u8 in_service = 0;
    u8 vector_base = 0;
    u8 cascade = 0;        ///< ICW3: the inputs that have a slave, or the slave's own identity.
    u8 first_priority = 0; ///< The input that has the highest priority now.
    Expects expects = Expects::operation;
    bool initialized = false;
    bool single = false;
    bool needs_icw4 = false;
    bool auto_eoi = false;
    bool rotate_on_auto_eoi = false;
    bool special_fully_nested = false;
    bool special_mask = false;
    bool read_in_service = false;
    bool poll = false;
};

void visit(state::Archive& archive, Pic8259State& state);

/// One 8259A programmable interrupt controller (Intel 8259A datasheet, order number 231468-003), with edge or
/// level triggering chosen per input by ELCR in place of ICW1's LTIM bit, as in Intel's PC chipsets (PIIX4
/// datasheet, ICW1).
class Pic8259Chip {
  public:
    enum class Role : u8 { master, slave };

    Pic8259Chip(Role role, u8 elcr_writable) : role_(role), elcr_writable_(elcr_writable) {}

    void reset();

    /// The level of input `input`, 0 to 7.
    void set_line(unsigned input, bool level);

    /// INT: some request is to be served.
    bool interrupt() const { return highest_request().has_value(); }

    /// The request that comes first is accepted and in service from now on; nothing when it has gone away
    /// meanwhile (the chip then answers with the vector of input 7, and nothing is in service).
    std::optional<unsigned> accept();

    u8 vector(unsigned input) const { return static_cast<u8>(state_.vector_base | input); }
    bool has_slave(unsigned input) const;
    /// ICW3 of a slave: whether it answers for the master's input `input`.
    bool is_slave_of(unsigned input) const { return state_.initialized && (state_.cascade & 7) == input; }

    /// Whether the next read is a poll, which accepts a request.
    bool polled() const { return state_.poll; }

    /// The chip's registers: address line A0 as `offset`.
    u8 read(u64 offset);
    void write(u64 offset, u8 value);

    u8 elcr() const { return state_.level_triggered; }
    void set_elcr(u8 value) { state_.level_triggered = value & elcr_writable_; }

    Pic8259State& state() { return state_; }

  private:
    u8 requests() const;
    std::optional<unsigned> highest_request() const;
    std::optional<unsigned> highest_in_service() const;

    void write_icw1(u8 value);
    void write_icw2_to_4(u8 value);
    void write_ocw2(u8 value);
    void write_ocw3(u8 value);
    u8 read_poll();

    Role role_;
    u8 elcr_writable_;
    Pic8259State state_;
};

} // namespace ringer::device
