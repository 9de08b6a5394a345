#include "machine/pc.h"

#include "base/assert.h"
#include "machine/pc_platform.h"
#include "state/digester.h"

#include <cstring>

namespace ringer::machine {

namespace {

/// Parts of a machine as fields of its state.
struct Part {
    device::Device& device;
};
void visit(state::Archive& archive, Part& part) { part.device.visit(archive); }

struct VcpuPart {
    engine::Vcpu& vcpu;
};
void visit(state::Archive& archive, VcpuPart& part) { part.vcpu.visit(archive); }

struct ClockPart {
    world::MachineClock& clock;
};
void visit(state::Archive& archive, ClockPart& part) { part.clock.visit(archive); }

bool is_zero(std::span<const u8> page) {
    return page[0] == 0 && std::memcmp(page.data(), page.data() + 1, page.size() - 1) == 0;
}

} // namespace

Pc::Pc(const PcOptions& options, std::span<u8> ram, world::Outside& outside, const MakeVcpu& make_vcpu)
    : layout_(options.layout), clock_(make_clock(options.clock, outside)), timers_(*clock_),
      interrupts_(timers_, options.physical_address_bits),
      panic_watch_(timers_, [this] { loop_->end(EndReason::panic); }),
      console_line_(0, outside, &panic_watch_), second_line_(1, outside),
      console_("serial0", console_line_, timers_), second_serial_("serial1", second_line_, timers_),
      pit_(timers_),
      rtc_(timers_, options.clock == ClockKind::host ? outside.time_of_day() : virtual_power_on,
           layout_.low_end(), layout_.size() - layout_.low_end()),
      acpi_pm_(timers_, *this, 32), reset_control_(*this), keyboard_controller_(*this), debug_exit_(*this),
      pvpanic_(*this), host_bridge_(reset_control_.reset_control_register()) {
    map_ram(ram);
    map_ports();
    interrupts_.map(memory_, ports_);
    connect_interrupts();
    vcpu_ = make_vcpu(*this);
    interrupts_.attach(*vcpu_);
    loop_ = std::make_unique<RunLoop>(
        RunLoop::Parts{*vcpu_,
                       *clock_,
                       timers_,
                       outside,
                       panic_watch_,
                       {{console_, console_line_}, {second_serial_, second_line_}}});
}

std::unique_ptr<world::MachineClock> Pc::make_clock(ClockKind kind, world::Outside& outside) {
    if (kind == ClockKind::host) return std::make_unique<world::HostClock>(outside);
    return std::make_unique<world::VirtualClock>([this] { return vcpu_ ? vcpu_->retired() : 0; });
}

void Pc::map_ram(std::span<u8> ram) {
    RINGER_ASSERT(ram.size() >= layout_.size());
    for (const MemoryRange& range : layout_.ram()) {
        memory_.add_ram({range.base, ram.first(range.size)});
        ram = ram.subspan(range.size);
    }
}

void Pc::map_ports() {
    ports_.add_region(pc::serial_ports[0], device::Uart16550::port_count, console_);
    ports_.add_region(pc::serial_ports[1], device::Uart16550::port_count, second_serial_);
    ports_.add_region(pc::pit_port, device::Pit8254::counter_port_count, pit_.counter_ports());
    ports_.add_region(pc::speaker_port, device::Pit8254::control_port_count, pit_.control_port());
    ports_.add_region(pc::rtc_port, device::Rtc::port_count, rtc_);
    ports_.add_region(pc::pm_port, device::AcpiPm::pm_size, acpi_pm_.pm_registers());
    ports_.add_region(pc::gpe0_port, device::AcpiPm::gpe0_size, acpi_pm_.gpe0_registers());
    ports_.add_region(pc::smi_command_port, device::AcpiPm::smi_command_size, acpi_pm_.smi_command());
    ports_.add_region(pc::keyboard_data_port, 1, keyboard_controller_.data_port());
    ports_.add_region(pc::keyboard_command_port, 1, keyboard_controller_.command_port());
    ports_.add_region(pc::system_control_port_a, 1, reset_control_.system_control_port_a());
    ports_.add_region(pc::pvpanic_port, device::PvPanic::region_size, pvpanic_);
    ports_.add_region(pc::pci_config_port, device::PciHostBridge::address_port_size,
                      host_bridge_.address_port());
    ports_.add_region(pc::pci_data_port, device::PciHostBridge::data_port_size, host_bridge_.data_port());
    for (const u16 port : pc::debug_exit_ports)
        ports_.add_region(port, device::DebugExit::region_size, debug_exit_);
}

void Pc::connect_interrupts() {
    pit_.interrupt().connect(interrupts_, pc::pit_irq);
    keyboard_controller_.keyboard_interrupt().connect(interrupts_, pc::keyboard_irq);
    second_serial_.interrupt().connect(interrupts_, pc::serial_irqs[1]);
    console_.interrupt().connect(interrupts_, pc::serial_irqs[0]);
    rtc_.interrupt().connect(interrupts_, pc::rtc_irq);
    acpi_pm_.sci().connect(interrupts_, pc::sci_irq);
    keyboard_controller_.auxiliary_interrupt().connect(interrupts_, pc::auxiliary_irq);
}

std::vector<device::Device*> Pc::devices() {
    return {&interrupts_.local_apic(),
            &interrupts_.io_apic(),
            &interrupts_.pic(),
            &console_,
            &second_serial_,
            &pit_,
            &rtc_,
            &acpi_pm_,
            &reset_control_,
            &keyboard_controller_,
            &debug_exit_,
            &pvpanic_,
            &host_bridge_};
}

void Pc::visit(state::Archive& archive) {
    VcpuPart vcpu{*vcpu_};
    ClockPart clock{*clock_};
    archive.field(1, "vcpu0", vcpu).field(2, "clock", clock);
    u16 number = 16;
    for (device::Device* const device : devices()) {
        Part part{*device};
        archive.field(number++, device->name(), part);
    }
}

std::string Pc::digest() {
    state::Digester digester;
    visit(digester);
    for_each_touched_page([&](GuestPhysical address) {
        const std::span<const u8> page(memory_.ram(address), memory::page_size);
        if (is_zero(page)) return;
        digester.update(std::span(reinterpret_cast<const u8*>(&address), sizeof(address)));
        digester.update(page);
    });
    return digester.hex();
}

std::vector<GuestPhysical> Pc::take_dirty_pages() {
    vcpu_->watch_writes();
    return memory_.take_dirty_pages();
}

void Pc::for_each_touched_page(const std::function<void(GuestPhysical)>& take) const {
    for (const memory::RamSlot& slot : memory_.ram_slots())
        for (u64 offset = 0; offset < slot.host.size(); offset += memory::page_size)
            if (*memory_.page_flags(slot.base + offset) & memory::page_touched) take(slot.base + offset);
}

u64 Pc::ram_touched() const {
    u64 touched = 0;
    for_each_touched_page([&](GuestPhysical) { touched += memory::page_size; });
    return touched;
}

} // namespace ringer::machine
