#include "device/virtio/virtio_console.h"
#include "discard.h"
#include "virtio_driver.h"

using namespace ringer;

/// For a console whose terminal types and changes its size.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    fuzz::DiscardBytes sink;
    device::VirtioConsole* console = nullptr;
    const auto from_world = [&] {
        const u64 choice = script.number(1);
        if (choice & 1) {
            console->resize({static_cast<u16>(script.number(2)), static_cast<u16>(script.number(2))});
            return;
        }
        const auto typed = script.bytes(choice);
        const std::size_t room = console->room();
        RINGER_ASSERT(console->receive(typed) == std::min(typed.size(), room));
    };
    const u64 mode = script.number(1);
    fuzz::VirtioDriver(
        script, mode, mode >> 4 & 1, 2,
        [&](device::TimerQueue& timers) {
            auto device = std::make_unique<device::VirtioConsole>(timers, sink, device::TerminalSize{80, 25});
            console = device.get();
            return device;
        },
        from_world)
        .run();
    return 0;
}
