#include "device/pci/piix3.h"

#include "base/assert.h"
#include "base/bits.h"

namespace ringer::device {

namespace {

constexpr unsigned route_disabled = 7;
constexpr u8 route_writable = 0x8f;

constexpr unsigned pins = 4;

} // namespace

Piix3::Piix3(const std::optional<Routes>& routes) {
    config_.define({.vendor = 0x8086, .device = 0x7000, .class_code = 0x06'0100}); // ISA bridge
    config_.define(pci_command::offset, 2, 0x0007, 0x0008);                        // SCE can be set
    config_.define(0x06, 2, 0x0200, 0x0000, 0x7800); // status: the error bits clear
    config_.define(0x0e, 1, 0x80);                   // header type: several functions
    config_.define(0x4c, 1, 0x4d, 0xff);             // IORT: ISA I/O recovery timer
    config_.define(0x4e, 2, 0x0003, 0x03ff);         // XBCS: X-bus chip select
    for (unsigned pirq = 0; pirq < pirq_lines; ++pirq)
        config_.define(route_control(pirq), 1, routes ? (*routes)[pirq] : 1 << route_disabled,
                       route_writable);
    config_.define(0x69, 1, 0x02, 0xfe); // TOM: top of memory
    reset();
}

void Piix3::reset() {
    config_.reset();
    update();
}

void Piix3::visit(state::Archive& archive) {
    auto& [isa_levels, pci_levels] = state_;
    archive.field(1, "config", config_).field(2, "isa_levels", isa_levels).field(3, "pci_levels", pci_levels);
    drive([](Wire& wire, bool level) { wire.restore(level); });
}

void Piix3::write_config(u8 offset, unsigned size, u32 value) {
    config_.write(offset, size, value);
    update();
}

void Piix3::IsaInput::pin_changed(unsigned pin, bool level) {
    RINGER_ASSERT(pin < isa_lines);
    owner_.state_.isa_levels = with_bit(owner_.state_.isa_levels, pin, level);
    owner_.update();
}

void Piix3::PciInput::pin_changed(unsigned pin, bool level) {
    u8& device = owner_.state_.pci_levels.at(pin / pins);
    device = with_bit(device, pin % pins, level);
    owner_.update();
}

u16 Piix3::isa_output_levels() const {
    u16 levels = state_.isa_levels;
    for (unsigned device = 0; device < state_.pci_levels.size(); ++device) {
        for (unsigned pin = 0; pin < pins; ++pin) {
            if (!bit(state_.pci_levels[device], pin)) continue;
            const u32 route = config_.read(route_control(pirq_of(device, pin)), 1);
            const u16 line = static_cast<u16>(1 << (route & 0xf));
            if (!bit(route, route_disabled)) levels |= line & routable;
        }
    }
    return levels;
}

u8 Piix3::io_apic_output_levels() const {
    u8 levels = 0;
    for (unsigned device = 0; device < state_.pci_levels.size(); ++device)
        for (unsigned pin = 0; pin < pins; ++pin)
            if (bit(state_.pci_levels[device], pin)) levels |= 1 << io_apic_line_of(device, pin);
    return levels;
}

template <class Set>
void Piix3::drive(Set&& set) {
    const u16 isa = isa_output_levels();
    for (unsigned line = 0; line < isa_lines; ++line) set(isa_outputs_[line], bit(isa, line));
    const u8 io_apic = io_apic_output_levels();
    for (unsigned line = 0; line < io_apic_lines; ++line) set(io_apic_outputs_[line], bit(io_apic, line));
}

void Piix3::update() {
    drive([](Wire& wire, bool level) { wire.set(level); });
}

} // namespace ringer::device
