#include "machine/pc.h"

#include "base/assert.h"
#include "base/bits.h"
#include "device/storage/ata_disk.h"
#include "device/storage/atapi_cdrom.h"
#include "device/virtio/virtio_block.h"
#include "device/virtio/virtio_console.h"
#include "device/virtio/virtio_entropy.h"
#include "machine/pc_platform.h"
#include "state/digester.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace ringer::machine {

using ShadowRam = device::PciHostBridge::ShadowRam;
using Decode = device::PiixIde::Decode;

static_assert(MemoryLayout::shadow == MemoryRange{device::ShadowMap::base, device::ShadowMap::size});

namespace {

/// What of firmware is seen below 1 MiB as well: its end, as far as there is room for a BIOS.
std::span<const u8> low_part(std::span<const u8> firmware) {
    return firmware.last(std::min<std::size_t>(firmware.size(), 128 * KiB));
}

std::vector<device::MediumWorker*> workers_of(const PcOptions& options) {
    std::vector<device::MediumWorker*> workers;
    workers.reserve(options.drives.size() + options.virtio_disks.size());
    for (const IdeDriveOptions& each : options.drives) workers.push_back(each.worker);
    for (const VirtioDiskOptions& each : options.virtio_disks) workers.push_back(each.worker);
    std::erase(workers, nullptr);
    return workers;
}

bool is_zero(std::span<const u8> page) {
    return page[0] == 0 && std::memcmp(page.data(), page.data() + 1, page.size() - 1) == 0;
}

} // namespace

Pc::Pc(const PcOptions& options, std::span<u8> ram, world::Outside& outside, const MakeVcpu& make_vcpu)
    : layout_(options.layout), firmware_(options.firmware), restarts_(options.restarts),
      clock_(make_clock(options.clock, outside)), timers_(*clock_),
      interrupts_(timers_, options.physical_address_bits),
      panic_watch_(timers_, [this] { loop_->end(EndReason::panic); }),
      first_line_(world::first_serial_line, outside, &panic_watch_),
      second_line_(world::second_serial_line, outside), firmware_line_(world::firmware_line, outside),
      console_line_(world::console_line, outside, &panic_watch_),
      first_serial_("serial0", first_line_, timers_), second_serial_("serial1", second_line_, timers_),
      hpet_(timers_), pit_(timers_),
      rtc_(timers_, options.clock == ClockKind::host ? outside.time_of_day() : virtual_power_on,
           layout_.low_end(), layout_.size() - layout_.low_end()),
      acpi_pm_(timers_, *this, 32), reset_control_(*this), keyboard_controller_(*this, timers_),
      debug_exit_(*this), pvpanic_(*this),
      host_bridge_(pci_bus_, reset_control_.reset_control_register(), map_ram(ram),
                   firmware_.empty() ? ShadowRam::open : ShadowRam::hidden),
      piix3_(firmware_.empty() ? std::optional(pc::pirq_irqs) : std::nullopt),
      ide_(memory_, firmware_.empty() ? Decode::after_reset : Decode::when_enabled),
      virtio_(pci_bus_, piix3_.pci_input(), memory_, interrupts_.messages()),
      vga_(memory_, *clock_, ram.last(device::Vga::memory_size), options.vga_bios),
      low_rom_(low_part(firmware_)) {
    pci_bus_.attach(pc::isa_bridge_address, piix3_);
    pci_bus_.attach(pc::ide_address, ide_);
    pci_bus_.attach(pc::display_address, vga_);
    attach_drives(options.drives);
    add_virtio_devices(options, outside);
    add_floppy_drives(options.floppies);
    memory_.set_backstop(pci_bus_.memory_space());
    ports_.set_backstop(pci_bus_.io_space());
    map_ports();
    if (!firmware_.empty()) map_firmware();
    interrupts_.map(memory_, ports_);
    connect_interrupts();
    vcpu_ = make_vcpu(*this);
    vcpu_->reset();
    interrupts_.attach(*vcpu_);
    loop_ = std::make_unique<RunLoop>(RunLoop::Parts{*vcpu_,
                                                     *clock_,
                                                     timers_,
                                                     outside,
                                                     panic_watch_,
                                                     serial_lines(),
                                                     console_,
                                                     balloon_,
                                                     {&firmware_line_},
                                                     networks(),
                                                     RunLoop::Seat{keyboard_controller_, screen_},
                                                     workers_of(options)});
}

std::unique_ptr<world::MachineClock> Pc::make_clock(ClockKind kind, world::Outside& outside) {
    const auto retired = [this] { return vcpu_ ? vcpu_->retired() : 0; };
    if (kind == ClockKind::host) return std::make_unique<world::HostClock>(outside, retired);
    return std::make_unique<world::VirtualClock>(retired);
}

memory::AddressSpace& Pc::map_ram(std::span<u8> ram) {
    RINGER_ASSERT(ram.size() >= host_memory(layout_));
    std::span<u8> shadow;
    for (const MemoryRange& range : layout_.ram()) {
        const std::span<u8> bytes = ram.first(range.size);
        ram = ram.subspan(range.size);
        if (range == MemoryLayout::shadow)
            shadow = bytes;
        else
            memory_.add_ram({range.base, bytes});
    }
    // Last, for they are looked for in this order and the others are used more.
    for (unsigned i = 0; i < device::ShadowMap::segment_count; ++i) {
        const auto [base, size] = device::ShadowMap::segment(i);
        memory_.add_shadow_ram({base, shadow.subspan(base - MemoryLayout::shadow.base, size)});
    }
    return memory_;
}

std::unique_ptr<device::IdeDrive> Pc::make_drive(const IdeDriveOptions& options) {
    const auto& [kind, channel, place, medium, worker] = options;
    const unsigned serial = 2 * channel + place + 1;
    if (kind == IdeDriveOptions::Kind::cdrom)
        return std::make_unique<device::AtapiCdrom>(timers_, medium, serial);
    return std::make_unique<device::AtaDisk>(timers_, medium, serial, worker);
}

void Pc::attach_drives(const std::vector<IdeDriveOptions>& drives) {
    for (const IdeDriveOptions& each : drives)
        ide_.channel(each.channel).attach(each.place, make_drive(each));
}

void Pc::add_virtio_devices(const PcOptions& options, world::Outside& outside) {
    for (std::size_t i = 0; i < options.virtio_disks.size(); ++i)
        virtio_.add(fmt::format("virtio-disk{}", i),
                    std::make_unique<device::VirtioBlock>(timers_, options.virtio_disks[i].medium,
                                                          fmt::format("RINGER-DISK-{}", i),
                                                          options.virtio_disks[i].worker));
    for (std::size_t i = 0; i < options.networks.size(); ++i) {
        network_lines_.push_back(std::make_unique<NetworkLine>(options.networks[i].link));
        auto interface =
            std::make_unique<device::VirtioNet>(*network_lines_.back(), options.networks[i].interface);
        network_lines_.back()->attach(*interface);
        virtio_.add(fmt::format("virtio-net{}", i), std::move(interface));
    }
    if (options.entropy)
        virtio_.add("virtio-rng", std::make_unique<device::VirtioEntropy>(timers_, *options.entropy));
    if (options.has_console) {
        auto console =
            std::make_unique<device::VirtioConsole>(timers_, console_line_, outside.console_size());
        console_ = console.get();
        virtio_.add("virtio-console", std::move(console));
    }
    if (options.balloon) {
        memory_.set_releaser(options.release_ram);
        auto balloon = std::make_unique<device::VirtioBalloon>(timers_, *options.balloon);
        balloon_ = balloon.get();
        virtio_.add("virtio-balloon", std::move(balloon));
    }
}

/// What a BIOS setup would have left in CMOS memory tells of them, for firmware and systems alike.
void Pc::add_floppy_drives(const std::vector<device::Medium*>& floppies) {
    if (floppies.empty()) return;
    constexpr u8 has_floppies = 1 << 0;
    constexpr unsigned number_shift = 6;
    floppy_ = std::make_unique<device::FloppyController>(timers_, dma_);
    u8 types = 0;
    for (unsigned place = 0; place < floppies.size(); ++place) {
        floppy_->attach(place, *floppies[place]);
        floppy_formats_.push_back(device::FloppyFormat::of_size(floppies[place]->size()).value());
        types |= static_cast<u8>(floppy_formats_.back().drive_type << (place == 0 ? 4 : 0));
    }
    rtc_.preset(pc::cmos_floppy_drives_index, types);
    const auto number = static_cast<u8>((floppies.size() - 1) << number_shift);
    rtc_.preset(pc::cmos_equipment_index, device::Rtc::equipment_has_fpu | has_floppies | number);
}

std::vector<NetworkLine*> Pc::networks() const {
    std::vector<NetworkLine*> lines;
    lines.reserve(network_lines_.size());
    for (const auto& line : network_lines_) lines.push_back(line.get());
    return lines;
}

std::vector<RunLoop::Serial> Pc::serial_lines() {
    std::vector<RunLoop::Serial> lines{{first_serial_, first_line_}, {second_serial_, second_line_}};
    if (console_) lines.push_back({*console_, console_line_});
    return lines;
}

void Pc::map_firmware() {
    const u64 low_size = low_part(firmware_).size();
    memory_.add_region(4 * GiB - firmware_.size(), firmware_.size(), rom_);
    memory_.add_region(MiB - low_size, low_size, low_rom_);
    ports_.add_region(pc::fw_cfg_port, device::FwCfg::select_size, fw_cfg_.select_and_data());
    ports_.add_region(pc::fw_cfg_dma_port, device::FwCfg::dma_size, fw_cfg_.dma_address());
    ports_.add_region(pc::firmware_debug_port, device::DebugPort::region_size, debug_port_);
}

void Pc::map_ports() {
    ports_.add_region(pc::serial_ports[0], device::Uart16550::port_count, first_serial_);
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
    for (unsigned channel = 0; channel < device::PiixIde::channel_count; ++channel) {
        ports_.add_region(pc::ide_command_ports[channel], device::IdeChannel::command_block_size,
                          ide_.command_block(channel));
        ports_.add_region(pc::ide_control_ports[channel], device::IdeChannel::control_block_size,
                          ide_.control_block(channel));
    }
    ports_.add_region(pc::dma_byte_port, device::IsaDma::byte_port_count, dma_.byte_ports());
    ports_.add_region(pc::dma_word_port, device::IsaDma::word_port_count, dma_.word_ports());
    ports_.add_region(pc::dma_page_port, device::IsaDma::page_port_count, dma_.page_ports());
    if (floppy_) {
        ports_.add_region(pc::floppy_port, device::FloppyController::register_count, floppy_->registers());
        ports_.add_region(pc::floppy_input_port, device::FloppyController::input_register_count,
                          floppy_->input_register());
    }
    ports_.add_region(pc::vga_port, device::VgaRegisters::port_count, vga_.vga_ports());
    ports_.add_region(pc::vbe_port, device::Vga::vbe_port_count, vga_.vbe_ports());
    memory_.add_region(pc::hpet_base, device::Hpet::region_size, hpet_);
    memory_.add_region(device::VgaMemory::window_base, device::VgaMemory::window_size, vga_.window());
    for (const u16 port : pc::debug_exit_ports)
        ports_.add_region(port, device::DebugExit::region_size, debug_exit_);
}

void Pc::connect_interrupts() {
    for (unsigned line = 0; line < device::Piix3::isa_lines; ++line)
        piix3_.isa_output(line).connect(interrupts_, line);
    for (unsigned line = 0; line < device::Piix3::io_apic_lines; ++line)
        piix3_.io_apic_output(line).connect(interrupts_, pc::pci_first_io_apic_pin + line);
    device::WireSink& isa = piix3_.isa_input();
    // The newer timers may take over the lines of the older ones.
    pit_.interrupt().connect(hpet_, device::Hpet::pit_input);
    rtc_.interrupt().connect(hpet_, device::Hpet::rtc_input);
    hpet_.timer_interrupt().connect(isa, pc::pit_irq);
    hpet_.rtc_interrupt().connect(isa, pc::rtc_irq);
    keyboard_controller_.keyboard_interrupt().connect(isa, pc::keyboard_irq);
    second_serial_.interrupt().connect(isa, pc::serial_irqs[1]);
    first_serial_.interrupt().connect(isa, pc::serial_irqs[0]);
    if (floppy_) floppy_->interrupt().connect(isa, pc::floppy_irq);
    acpi_pm_.sci().connect(isa, pc::sci_irq);
    for (unsigned channel = 0; channel < device::PiixIde::channel_count; ++channel)
        ide_.channel(channel).interrupt().connect(isa, pc::ide_irqs[channel]);
    keyboard_controller_.auxiliary_interrupt().connect(isa, pc::auxiliary_irq);
}

std::vector<device::Device*> Pc::devices() {
    std::vector<device::Device*> all{&interrupts_.local_apic(),
                                     &interrupts_.io_apic(),
                                     &interrupts_.pic(),
                                     &first_serial_,
                                     &second_serial_,
                                     &hpet_,
                                     &pit_,
                                     &rtc_,
                                     &acpi_pm_,
                                     &reset_control_,
                                     &keyboard_controller_,
                                     &debug_exit_,
                                     &pvpanic_,
                                     &host_bridge_,
                                     &piix3_,
                                     &ide_,
                                     &dma_,
                                     &fw_cfg_,
                                     &vga_};
    if (floppy_) all.push_back(floppy_.get());
    for (const auto& function : virtio_.functions()) all.push_back(function.get());
    return all;
}

RunOutcome Pc::run(const RunLimits& limits) {
    for (;;) {
        RunOutcome outcome = loop_->run(limits);
        const bool asks = outcome.reason == EndReason::reset || outcome.reason == EndReason::triple_fault;
        if (!restarts_ || !asks) return outcome;
        restart();
    }
}

/// Memory keeps its contents, and time goes on.
void Pc::restart() {
    const u64 retired = vcpu_->retired();
    vcpu_->reset();
    x86::CpuState state = vcpu_->state();
    state.retired = retired;
    vcpu_->set_state(state);
    for (device::Device* const device : devices()) device->reset();
    interrupts_.reset();
}

void Pc::visit(state::Archive& archive) {
    archive.field(1, "vcpu0", *vcpu_).field(2, "clock", *clock_);
    u16 number = 16;
    for (device::Device* const device : devices()) archive.field(number++, device->name(), *device);
}

std::string Pc::digest() {
    state::Digester digester;
    visit(digester);
    for_each_touched_page([&](GuestPhysical address) {
        const std::span<const u8> page(memory_.any_ram(address), memory::page_size);
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
    for (const auto& slot : memory_.ram_slots())
        for (std::size_t page = 0; page < slot.flags.size(); ++page)
            if (slot.flags[page] & memory::page_touched) take(slot.base + (page << memory::page_shift));
}

u64 Pc::ram_touched() const {
    u64 touched = 0;
    for_each_touched_page([&](GuestPhysical) { touched += memory::page_size; });
    return touched;
}

} // namespace ringer::machine
