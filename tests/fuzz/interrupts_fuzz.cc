#include "access_script.h"
#include "device/fixture/fixture.h"
#include "device/interrupt/apic_bus.h"
#include "device/interrupt/io_apic.h"
#include "device/interrupt/local_apic.h"
#include "device/interrupt/pic8259.h"
#include "hostile_state.h"

#include <array>

using namespace ringer;

namespace {

/// A vCPU as its local APIC knows it.
class Cpu final : private device::CpuPins, private device::ExternalInterrupt {
  public:
    Cpu(u32 id, device::TimerQueue& timers, device::ApicBus& bus, device::Pic8259Pair& pic)
        : pic_(pic),
          apic({.id = id, .bootstrap = id == 0, .physical_address_bits = 40}, timers, bus, *this, *this) {
        bus.attach(apic);
        apic.enter_virtual_wire_mode();
    }

    /// Takes the interrupt that there is, if any.
    void take_interrupt() {
        if (apic.interrupt_pending()) (void)apic.acknowledge();
    }

    void access_register(fuzz::Script& script, u64 choice) {
        constexpr std::array<u32, 2> others{0x1b, 0x6e0}; // IA32_APIC_BASE, IA32_TSC_DEADLINE
        const u32 number =
            choice & 0x10 ? others[choice >> 5 & 1] : 0x800 + static_cast<u32>(script.number(1));
        if (choice & 0x40)
            (void)apic.write_msr(number, script.number(8), script.number(1));
        else
            (void)apic.read_msr(number);
    }

    /// Loading touches no other device, so the vCPU is to ask.
    void load(fuzz::Script& script) {
        fuzz::load_changed_state(script, apic);
        told_ = apic.interrupt_pending();
    }

    void check() const { RINGER_ASSERT(told_ == apic.interrupt_pending()); }

  private:
    void set_interrupt(bool pending) override { told_ = pending; }
    void nmi() override {}
    void init() override {}
    void startup(u8) override {}
    u8 acknowledge() override { return pic_.acknowledge(); }

    device::Pic8259Pair& pic_;
    bool told_ = false;

  public:
    device::LocalApic apic;
};

/// The interrupt controllers of a PC with two vCPUs.
class Machine {
  public:
    Machine() {
        bus_.attach(io_apic_);
        pic_.reset();
        pic_.interrupt().connect(cpus_[0].apic, device::LocalApic::lint0);
    }

    void run(fuzz::Script& script) {
        const std::array windows{fuzz::Window{pic_.master_ports(), device::Pic8259Pair::chip_port_count},
                                 fuzz::Window{pic_.slave_ports(), device::Pic8259Pair::chip_port_count},
                                 fuzz::Window{pic_.elcr_ports(), device::Pic8259Pair::elcr_port_count},
                                 fuzz::Window{io_apic_, 0x50},
                                 fuzz::Window{io_apic_, device::IoApic::region_size},
                                 fuzz::Window{cpus_[0].apic, device::LocalApic::region_size},
                                 fuzz::Window{cpus_[1].apic, device::LocalApic::region_size}};
        for (unsigned step = 0; step < 4000 && !script.ended(); ++step) {
            const u64 choice = script.number(1);
            Cpu& cpu = cpus_[choice >> 3 & 1];
            switch (choice % 8) {
            case 0: clock_.set(clock_.now() + (script.number(2) << choice / 8)); break;
            case 1: move_line(script.number(1)); break;
            case 2: cpu.take_interrupt(); break;
            case 3: cpu.access_register(script, choice); break;
            case 4: load(script, choice >> 3); break;
            case 5: send_message(script); break;
            case 6: cpu.apic.set_task_priority(choice >> 4); break;
            default: fuzz::access(script, windows);
            }
            timers_.expire_due();
            for (const Cpu& each : cpus_) each.check();
        }
    }

  private:
    /// An ISA interrupt line, a pin of the I/O APIC's own, or LINT1 of a vCPU.
    void move_line(u64 choice) {
        const auto line = static_cast<unsigned>(choice % 32);
        const bool level = choice & 0x20;
        if (line >= device::IoApic::pin_count)
            return cpus_[line & 1].apic.pin_changed(device::LocalApic::lint1, level);
        if (line < 16 && line != 2) pic_.pin_changed(line, level);
        io_apic_.pin_changed(line, level);
    }

    void send_message(fuzz::Script& script) {
        const u64 address = 0xfee0'0000 | script.number(3) % 0x20'0000;
        const auto message = device::message_signalled_interrupt(address, static_cast<u32>(script.number(2)));
        if (message) bus_.send(*message);
    }

    void load(fuzz::Script& script, u64 choice) {
        switch (choice % 4) {
        case 0: return fuzz::load_changed_state(script, pic_);
        case 1: return fuzz::load_changed_state(script, io_apic_);
        default: return cpus_[choice & 1].load(script);
        }
    }

    device::fixture::ManualClock clock_;
    device::TimerQueue timers_{clock_};
    device::Pic8259Pair pic_;
    device::ApicBus bus_;
    device::IoApic io_apic_{bus_};
    std::array<Cpu, 2> cpus_{Cpu{0, timers_, bus_, pic_}, Cpu{1, timers_, bus_, pic_}};
};

} // namespace

/// Any access to a PC's interrupt controllers and to the registers of its two local APICs, while lines move,
/// messages arrive and time passes, and any state of theirs. What a vCPU was told must be what it would find.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    Machine machine;
    machine.run(script);
    return 0;
}
