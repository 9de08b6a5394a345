#include "machine/pc_interrupts.h"

#include "machine/pc_platform.h"

namespace ringer::machine {

namespace {

constexpr u16 elcr_port = 0x4d0;

} // namespace

PcInterrupts::PcInterrupts(device::TimerQueue& timers, unsigned physical_address_bits)
    : local_apic_({.id = 0, .bootstrap = true, .physical_address_bits = physical_address_bits}, timers, bus_,
                  *this, pic_acknowledge_),
      io_apic_(bus_) {
    bus_.attach(static_cast<device::InterruptTarget&>(local_apic_));
    bus_.attach(static_cast<device::EndOfInterruptListener&>(io_apic_));
    pic_.interrupt().connect(local_apic_, device::LocalApic::lint0);
    reset();
}

void PcInterrupts::map(memory::AddressSpace& memory, memory::AddressSpace& ports) {
    ports.add_region(pc::pic_primary_port, device::Pic8259Pair::chip_port_count, pic_.master_ports());
    ports.add_region(pc::pic_secondary_port, device::Pic8259Pair::chip_port_count, pic_.slave_ports());
    ports.add_region(elcr_port, device::Pic8259Pair::elcr_port_count, pic_.elcr_ports());
    memory.add_region(pc::io_apic_base, device::IoApic::region_size, io_apic_);
    memory.add_region(pc::local_apic_base, device::LocalApic::region_size, local_apic_);
}

void PcInterrupts::reset() {
    pic_.reset();
    io_apic_.reset();
    local_apic_.reset();
    local_apic_.enter_virtual_wire_mode();
    u16 level_triggered = 1 << pc::sci_irq;
    for (const u8 irq : pc::pirq_irqs) level_triggered |= static_cast<u16>(1 << irq);
    (void)pic_.elcr_ports().write(0, 2, level_triggered);
}

void PcInterrupts::pin_changed(unsigned line, bool level) {
    if (line < pc::pci_first_io_apic_pin) pic_.pin_changed(line, level);
    io_apic_.pin_changed(line == pc::pit_irq ? pc::pit_io_apic_pin : line, level);
}

u8 PcInterrupts::acknowledge() { return local_apic_.acknowledge(); }

void PcInterrupts::set_interrupt(bool pending) {
    if (vcpu_) vcpu_->set_interrupt(pending);
}

void PcInterrupts::nmi() {
    if (vcpu_) vcpu_->nmi();
}

void PcInterrupts::init() {
    if (vcpu_) vcpu_->init();
}

void PcInterrupts::startup(u8 vector) {
    if (vcpu_) vcpu_->startup(vector);
}

} // namespace ringer::machine
