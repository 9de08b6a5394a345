#include "device/interrupt/pic8259.h"

#include "base/assert.h"

namespace ringer::device {
namespace {

constexpr unsigned cascade_input = 2;
constexpr unsigned spurious_input = 7;
constexpr u8 floating_bus = 0xff;

} // namespace

Pic8259Pair::Pic8259Pair()
    : master_ports_(*this, &Pic8259Pair::read_master, &Pic8259Pair::write_master),
      slave_ports_(*this, &Pic8259Pair::read_slave, &Pic8259Pair::write_slave),
      elcr_ports_(*this, &Pic8259Pair::read_elcr, &Pic8259Pair::write_elcr) {}

void Pic8259Pair::reset() {
    master_.reset();
    slave_.reset();
    update();
}

void Pic8259Pair::visit(state::Archive& archive) {
    archive.field(1, "master", master_.state()).field(2, "slave", slave_.state());
    interrupt_.restore(master_.interrupt());
}

void Pic8259Pair::pin_changed(unsigned pin, bool level) {
    RINGER_ASSERT(pin < 16 && pin != cascade_input);
    (pin < 8 ? master_ : slave_).set_line(pin & 7, level);
    update();
}

void Pic8259Pair::update() {
    master_.set_line(cascade_input, slave_.interrupt());
    interrupt_.set(master_.interrupt());
}

/// INT of either chip falls with the acknowledge cycle and rises again if there is more to serve, so that an
/// edge-triggered input behind it sees every request.
u8 Pic8259Pair::acknowledge() {
    interrupt_.set(false);
    const unsigned input = master_.accept().value_or(spurious_input);
    u8 vector = master_.vector(input);
    if (master_.has_slave(input)) {
        const bool answers = input == cascade_input && slave_.is_slave_of(input);
        vector = answers ? slave_.vector(slave_.accept().value_or(spurious_input)) : floating_bus;
        master_.set_line(cascade_input, false);
    }
    update();
    return vector;
}

u8 Pic8259Pair::read_master(u64 offset) {
    if (master_.polled()) interrupt_.set(false);
    const u8 value = master_.read(offset);
    update();
    return value;
}

void Pic8259Pair::write_master(u64 offset, u8 value) {
    master_.write(offset, value);
    update();
}

u8 Pic8259Pair::read_slave(u64 offset) {
    if (slave_.polled()) master_.set_line(cascade_input, false);
    const u8 value = slave_.read(offset);
    update();
    return value;
}

void Pic8259Pair::write_slave(u64 offset, u8 value) {
    slave_.write(offset, value);
    update();
}

u8 Pic8259Pair::read_elcr(u64 offset) { return (offset & 1 ? slave_ : master_).elcr(); }

void Pic8259Pair::write_elcr(u64 offset, u8 value) {
    (offset & 1 ? slave_ : master_).set_elcr(value);
    update();
}

} // namespace ringer::device
