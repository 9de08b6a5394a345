#include "access_script.h"
#include "device/fixture/fixture.h"
#include "device/timer/hpet.h"
#include "hostile_state.h"

#include <array>

using namespace ringer;

/// Any access to the high precision event timers while time passes, and any state of theirs.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    device::fixture::ManualClock clock;
    device::TimerQueue timers(clock);
    device::Hpet hpet(timers);
    const std::array windows{fuzz::Window{hpet, 0x180}};
    for (unsigned step = 0; step < 4000 && !script.ended(); ++step) {
        const u64 choice = script.number(1);
        switch (choice % 8) {
        case 0: clock.set(clock.now() + (script.number(2) << choice / 8)); break;
        case 1: hpet.pin_changed(choice >> 3 & 1, choice & 0x10); break;
        case 2:
            if (choice & 8) fuzz::load_changed_state(script, hpet);
            break;
        default: fuzz::access(script, windows);
        }
        timers.expire_due();
    }
    return 0;
}
