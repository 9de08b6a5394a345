#include "access_script.h"
#include "device/fixture/fixture.h"
#include "device/platform/keyboard_controller.h"
#include "device/platform/power_probe.h"
#include "hostile_state.h"

#include <array>

using namespace ringer;

/// Any access to the keyboard controller's ports, keys and movements of all kinds at any time, and states
/// loaded into it that nobody vouches for.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    device::fixture::ManualClock clock;
    device::TimerQueue timers(clock);
    device::fixture::PowerProbe power;
    device::KeyboardController controller(power, timers);
    fuzz::Script script({data, size});
    const std::array windows{fuzz::Window{controller.data_port(), 1},
                             fuzz::Window{controller.command_port(), 1}};
    for (unsigned step = 0; step < 4000 && !script.ended(); ++step) {
        fuzz::access(script, windows);
        const u64 choice = script.number(1);
        if (choice & 1) device::fixture::run_until(clock, timers, clock.now() + 100'000);
        if (choice & 2)
            controller.take(device::KeyEvent{static_cast<u16>(script.number(2)), (choice & 4) != 0});
        if (choice & 8)
            controller.take(device::PointerEvent{.dx = static_cast<i32>(script.number(4)),
                                                 .dy = static_cast<i16>(script.number(2)),
                                                 .dz = static_cast<i8>(script.number(1)),
                                                 .buttons = static_cast<u8>(script.number(1))});
        if (choice == 0xf0) fuzz::load_changed_state(script, controller);
    }
    return 0;
}
