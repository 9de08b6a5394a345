#include "access_script.h"
#include "device/firmware/debug_port.h"
#include "device/firmware/rom.h"
#include "device/fixture/fixture.h"
#include "device/platform/acpi_pm.h"
#include "device/platform/debug_exit.h"
#include "device/platform/power_probe.h"
#include "device/platform/pvpanic.h"
#include "device/platform/reset_control.h"
#include "discard.h"
#include "hostile_state.h"

#include <array>

using namespace ringer;

/// Any access to power management and to the small devices around it (reset ports, pvpanic, debug exit, debug
/// port, read-only memory), while time passes and buttons are pressed, and any state of theirs.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    device::fixture::ManualClock clock;
    device::TimerQueue timers(clock);
    device::fixture::PowerProbe power;
    fuzz::DiscardBytes log;
    constexpr std::array<u8, 100> contents{0x55, 0xaa};
    device::AcpiPm acpi(timers, power, script.number(1) & 1 ? 24 : 32);
    device::ResetControl reset(power);
    device::PvPanic panic(power);
    device::DebugExit debug_exit(power);
    device::DebugPort debug_port(log);
    device::Rom rom(contents);
    const std::array windows{fuzz::Window{acpi.pm_registers(), device::AcpiPm::pm_size},
                             fuzz::Window{acpi.gpe0_registers(), device::AcpiPm::gpe0_size},
                             fuzz::Window{acpi.smi_command(), device::AcpiPm::smi_command_size},
                             fuzz::Window{reset.reset_control_register(), 1},
                             fuzz::Window{reset.system_control_port_a(), 1},
                             fuzz::Window{panic, device::PvPanic::region_size},
                             fuzz::Window{debug_exit, device::DebugExit::region_size},
                             fuzz::Window{debug_port, device::DebugPort::region_size},
                             fuzz::Window{rom, contents.size() + 8}};
    for (unsigned step = 0; step < 4000 && !script.ended(); ++step) {
        const u64 choice = script.number(1);
        switch (choice % 8) {
        case 0: clock.set(clock.now() + (script.number(2) << choice / 8)); break;
        case 1:
            if (choice & 8)
                acpi.raise_event(choice >> 4);
            else
                acpi.press_power_button();
            break;
        case 2:
            if (choice & 8) fuzz::load_changed_state(script, acpi);
            if (choice & 16) fuzz::load_changed_state(script, reset);
            break;
        default: fuzz::access(script, windows);
        }
        timers.expire_due();
    }
    return 0;
}
