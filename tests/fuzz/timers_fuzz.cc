#include "access_script.h"
#include "device/fixture/fixture.h"
#include "device/timer/pit8254.h"
#include "device/timer/rtc.h"
#include "hostile_state.h"

#include <array>

using namespace ringer;

/// Any access to the interval timer, the system control port that gates the speaker, and the real-time clock
/// with its memory, while time passes, and any state of theirs.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    device::fixture::ManualClock clock;
    device::TimerQueue timers(clock);
    device::Pit8254 pit(timers);
    device::Rtc rtc(timers, 1'700'000'000, 0x4000'0000, 0x4000'0000);
    const std::array windows{fuzz::Window{pit.counter_ports(), device::Pit8254::counter_port_count},
                             fuzz::Window{pit.control_port(), device::Pit8254::control_port_count},
                             fuzz::Window{rtc, device::Rtc::port_count}};
    for (unsigned step = 0; step < 4000 && !script.ended(); ++step) {
        const u64 choice = script.number(1);
        switch (choice % 8) {
        case 0: clock.set(clock.now() + (script.number(2) << choice / 8)); break;
        case 1:
            if (choice & 8) fuzz::load_changed_state(script, pit);
            if (choice & 16) fuzz::load_changed_state(script, rtc);
            break;
        default: fuzz::access(script, windows);
        }
        timers.expire_due();
    }
    return 0;
}
