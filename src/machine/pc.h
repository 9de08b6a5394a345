#pragma once

#include "device/display/vga.h"
#include "device/dma/isa_dma.h"
#include "device/firmware/debug_port.h"
#include "device/firmware/fw_cfg.h"
#include "device/firmware/rom.h"
#include "device/floppy/floppy_controller.h"
#include "device/pci/host_bridge.h"
#include "device/pci/pci_bus.h"
#include "device/pci/piix3.h"
#include "device/platform/acpi_pm.h"
#include "device/platform/debug_exit.h"
#include "device/platform/keyboard_controller.h"
#include "device/platform/power_control.h"
#include "device/platform/pvpanic.h"
#include "device/platform/reset_control.h"
#include "device/serial/uart16550.h"
#include "device/storage/medium.h"
#include "device/storage/medium_worker.h"
#include "device/storage/piix_ide.h"
#include "device/timer/hpet.h"
#include "device/timer/pit8254.h"
#include "device/timer/rtc.h"
#include "device/virtio/entropy_source.h"
#include "device/virtio/virtio_balloon.h"
#include "display/screen.h"
#include "engine/x86_vcpu.h"
#include "machine/memory_layout.h"
#include "machine/network_line.h"
#include "machine/panic_watch.h"
#include "machine/pc_interrupts.h"
#include "machine/run_loop.h"
#include "machine/serial_line.h"
#include "machine/virtio_slots.h"
#include "memory/address_space.h"
#include "world/clocks.h"
#include "x86/surroundings.h"

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace ringer::machine {

/// What drives a machine's clock.
enum class ClockKind : u8 {
    host,         ///< The host's time.
    instructions, ///< Retired instructions: `--clock virtual`.
};

/// A drive on one of the two IDE cables.
struct IdeDriveOptions {
    enum class Kind : u8 { disk, cdrom };
    Kind kind = Kind::disk;
    unsigned channel = 0, place = 0;
    device::Medium& medium;                 ///< Must outlive the machine, as the worker.
    device::MediumWorker* worker = nullptr; ///< Where there is one.
};

/// A virtio disk.
struct VirtioDiskOptions {
    device::Medium& medium;                 ///< Must outlive the machine, as the worker.
    device::MediumWorker* worker = nullptr; ///< Where there is one.
};

/// A network interface.
struct NetworkOptions {
    world::NetworkLink& link; ///< Must outlive the machine.
    device::VirtioNet::Options interface;
};

struct PcOptions {
    MemoryLayout layout;
    ClockKind clock = ClockKind::host;
    unsigned physical_address_bits = 40; ///< As the vCPU's CPUID tells.
    /// What the vCPU starts with after a reset, a multiple of 64 KiB; it must outlive the machine. Empty: the
    /// machine is left as firmware leaves it, for a kernel to be loaded.
    std::span<const u8> firmware{};
    /// The display adapter's, at most 64 KiB; it must outlive the machine. Empty: it has none.
    std::span<const u8> vga_bios{};
    /// Whether a reset, or a triple fault, starts the machine anew instead of ending the run.
    bool restarts = false;
    std::vector<IdeDriveOptions> drives{};
    std::vector<VirtioDiskOptions> virtio_disks{};
    /// Drive A: and drive B:, at most, each of the size of a FloppyFormat; not null, must outlive the
    /// machine.
    std::vector<device::Medium*> floppies{};
    std::vector<NetworkOptions> networks{};
    device::EntropySource* entropy = nullptr; ///< Of the entropy device, if there is to be one.
    bool has_console = false;                 ///< By virtio, besides the serial ports.
    std::optional<device::VirtioBalloon::Options> balloon{};
    /// Has pages of RAM that the guest does without given back to the host, and makes them zeros.
    std::function<void(std::span<u8>)> release_ram{};
};

/// A PC with one vCPU: RAM, buses, devices, interrupt controllers and clock, wired as its ACPI tables say.
class Pc final : private x86::Surroundings, private device::PowerControl {
  public:
    using MakeVcpu = std::function<std::unique_ptr<engine::X86Vcpu>(x86::Surroundings&)>;

    /// The power-on date of a machine whose clock counts instructions, in seconds since 1970-01-01 UTC: every
    /// run begins at 2025-01-01 00:00:00.
    static constexpr u64 virtual_power_on = 1'735'689'600;

    /// How much host memory a machine of this layout needs: for its RAM and the display adapter's.
    static u64 host_memory(const MemoryLayout& layout) { return layout.size() + device::Vga::memory_size; }

    /// `ram` has host_memory() bytes. It and `outside` must outlive the machine.
    Pc(const PcOptions& options, std::span<u8> ram, world::Outside& outside, const MakeVcpu& make_vcpu);

    /// Physical memory, for loaders.
    memory::AddressSpace& memory() override { return memory_; }

    engine::X86Vcpu& vcpu() { return *vcpu_; }

    /// Whose memory tells firmware what was configured.
    device::Rtc& rtc() { return rtc_; }

    /// The disks in the floppy drives, drive A: first.
    const std::vector<device::FloppyFormat>& floppies() const { return floppy_formats_; }

    /// What firmware is told and handed.
    device::FwCfg& firmware_configuration() { return fw_cfg_; }

    /// What the display adapter shows.
    const display::Screen& screen() const { return screen_; }

    RunOutcome run(const RunLimits& limits);

    /// Visits everything that the guest can observe but RAM.
    void visit(state::Archive& archive);

    /// A digest of the whole machine: vCPU, devices, clock, and RAM. Pages that were never written, or are
    /// zero throughout, make no difference.
    std::string digest();

    /// The pages of RAM that were written since the last call.
    std::vector<GuestPhysical> take_dirty_pages();

    /// Calls `take` with the address of every page of RAM that was ever written.
    void for_each_touched_page(const std::function<void(GuestPhysical)>& take) const;

    /// How much of RAM has been written, in bytes; whole pages count.
    u64 ram_touched() const;

  private:
    memory::AddressSpace& ports() override { return ports_; }
    x86::InterruptController& interrupts() override { return interrupts_; }
    Nanoseconds now() const override { return clock_->now(); }

    void power_off() override { loop_->end(EndReason::power_off); }
    void reset() override { loop_->end(EndReason::reset); }
    void debug_exit(u8 code) override { loop_->end(EndReason::debug_exit, code); }
    void panic() override { loop_->end(EndReason::panic); }
    void crash_loaded() override {}

    std::unique_ptr<world::MachineClock> make_clock(ClockKind kind, world::Outside& outside);
    /// Before any device is made that changes what is seen of it.
    memory::AddressSpace& map_ram(std::span<u8> ram);
    void map_firmware();
    std::unique_ptr<device::IdeDrive> make_drive(const IdeDriveOptions& options);
    void attach_drives(const std::vector<IdeDriveOptions>& drives);
    void add_virtio_devices(const PcOptions& options, world::Outside& outside);
    void add_floppy_drives(const std::vector<device::Medium*>& floppies);
    std::vector<NetworkLine*> networks() const;
    std::vector<RunLoop::Serial> serial_lines();
    void map_ports();
    void restart();
    void connect_interrupts();
    std::vector<device::Device*> devices();

    MemoryLayout layout_;
    std::span<const u8> firmware_;
    bool restarts_;
    memory::AddressSpace memory_;
    memory::AddressSpace ports_;
    std::unique_ptr<engine::X86Vcpu> vcpu_;
    std::unique_ptr<world::MachineClock> clock_;
    device::TimerQueue timers_;
    PcInterrupts interrupts_;

    PanicWatch panic_watch_;
    SerialLine first_line_;
    SerialLine second_line_;
    SerialLine firmware_line_;
    SerialLine console_line_;
    device::Uart16550 first_serial_;
    device::Uart16550 second_serial_;

    device::Hpet hpet_;
    device::Pit8254 pit_;
    device::Rtc rtc_;
    device::AcpiPm acpi_pm_;
    device::ResetControl reset_control_;
    device::KeyboardController keyboard_controller_;
    device::DebugExit debug_exit_;
    device::PvPanic pvpanic_;
    device::PciBus pci_bus_;
    device::PciHostBridge host_bridge_;
    device::Piix3 piix3_;
    device::PiixIde ide_;
    device::IsaDma dma_{memory_};
    std::unique_ptr<device::FloppyController> floppy_; ///< Where there are floppy drives.
    std::vector<device::FloppyFormat> floppy_formats_;
    VirtioSlots virtio_;
    std::vector<std::unique_ptr<NetworkLine>> network_lines_;
    device::VirtioConsole* console_ = nullptr; ///< If there is one, in one of the slots.
    device::VirtioBalloon* balloon_ = nullptr; ///< The same.
    device::Vga vga_;
    display::VgaScreen screen_{vga_};
    device::FwCfg fw_cfg_{memory_};
    device::DebugPort debug_port_{firmware_line_};
    device::Rom rom_{firmware_};
    device::Rom low_rom_;

    std::unique_ptr<RunLoop> loop_; ///< Made last, for it refers to most of the others.
};

} // namespace ringer::machine
