#pragma once

#include "device/interrupt/apic_bus.h"
#include "device/interrupt/external_interrupt.h"
#include "device/interrupt/io_apic.h"
#include "device/interrupt/local_apic.h"
#include "device/interrupt/pic8259.h"
#include "engine/x86_vcpu.h"
#include "memory/address_space.h"
#include "x86/surroundings.h"

namespace ringer::machine {

/// The interrupt controllers of a PC with one vCPU, and the wires between them: an ISA interrupt line leads
/// to the PICs and to the I/O APIC, the PICs' output to LINT0 of the local APIC, and the local APIC to the
/// vCPU.
class PcInterrupts final : public x86::InterruptController, public device::WireSink, private device::CpuPins {
  public:
    PcInterrupts(device::TimerQueue& timers, unsigned physical_address_bits);

    /// Maps the controllers' registers.
    void map(memory::AddressSpace& memory, memory::AddressSpace& ports);

    /// Drives `vcpu`, which must outlive this, from now on.
    void attach(engine::X86Vcpu& vcpu) { vcpu_ = &vcpu; }

    /// After power-on and what firmware leaves behind: virtual wire mode, and IRQ9 level-triggered for the
    /// SCI.
    void reset();

    /// An ISA interrupt line, 0 to 15, or, from pc::pci_first_io_apic_pin on, a pin of the I/O APIC's own.
    void pin_changed(unsigned line, bool level) override;

    device::Pic8259Pair& pic() { return pic_; }
    device::IoApic& io_apic() { return io_apic_; }
    device::LocalApic& local_apic() { return local_apic_; }

    /// For devices that signal by message.
    device::InterruptBus& messages() { return bus_; }

    bool interrupt_pending() const override { return local_apic_.interrupt_pending(); }
    u8 acknowledge() override;
    u8 task_priority() const override { return local_apic_.task_priority(); }
    void set_task_priority(u8 cr8) override { local_apic_.set_task_priority(cr8); }
    std::optional<u64> read_msr(u32 number) override { return local_apic_.read_msr(number); }
    bool write_msr(u32 number, u64 value, u64 tsc_offset) override {
        return local_apic_.write_msr(number, value, tsc_offset);
    }
    void tsc_offset_changed(u64 tsc_offset) override { local_apic_.tsc_offset_changed(tsc_offset); }
    bool enabled() const override { return local_apic_.enabled(); }
    u32 id() const override { return local_apic_.id(); }

  private:
    /// The PICs' side of the acknowledge cycle.
    struct PicAcknowledge final : device::ExternalInterrupt {
        explicit PicAcknowledge(device::Pic8259Pair& pic) : pic_(pic) {}
        u8 acknowledge() override { return pic_.acknowledge(); }
        device::Pic8259Pair& pic_;
    };

    void set_interrupt(bool pending) override;
    void nmi() override;
    void init() override;
    void startup(u8 vector) override;

    engine::X86Vcpu* vcpu_ = nullptr;
    device::Pic8259Pair pic_;
    PicAcknowledge pic_acknowledge_{pic_};
    device::ApicBus bus_;
    device::LocalApic local_apic_;
    device::IoApic io_apic_;
};

} // namespace ringer::machine
