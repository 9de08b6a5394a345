#include "access_script.h"
#include "device/fixture/fixture.h"
#include "device/serial/uart16550.h"
#include "discard.h"
#include "hostile_state.h"

#include <array>

using namespace ringer;

/// Any access to a serial port while bytes arrive and time passes, and any state of it.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    device::fixture::ManualClock clock;
    device::TimerQueue timers(clock);
    fuzz::DiscardBytes line;
    device::Uart16550 uart("serial0", line, timers);
    const std::array windows{fuzz::Window{uart, device::Uart16550::port_count}};
    for (unsigned step = 0; step < 4000 && !script.ended(); ++step) {
        const u64 choice = script.number(1);
        switch (choice % 8) {
        case 0: clock.set(clock.now() + (script.number(2) << choice / 8)); break;
        case 1: {
            const auto typed = script.bytes(choice >> 3);
            const std::size_t room = uart.room();
            RINGER_ASSERT(uart.receive(typed) == std::min(typed.size(), room));
            break;
        }
        case 2:
            if (choice & 8)
                uart.receive_break();
            else
                fuzz::load_changed_state(script, uart);
            break;
        default: fuzz::access(script, windows);
        }
        timers.expire_due();
    }
    return 0;
}
