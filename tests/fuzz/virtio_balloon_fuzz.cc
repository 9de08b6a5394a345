#include "device/virtio/virtio_balloon.h"
#include "virtio_driver.h"

using namespace ringer;

/// For a balloon that an operator sets and asks.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    device::VirtioBalloon* balloon = nullptr;
    const auto operate = [&] {
        if (script.number(1) & 1)
            balloon->set_target(static_cast<u32>(script.number(4)));
        else
            (void)balloon->ask_for_statistics();
        RINGER_ASSERT(balloon->report().statistics.size() == device::VirtioBalloon::statistic_names.size());
    };
    const u64 mode = script.number(1);
    fuzz::VirtioDriver(
        script, mode, mode >> 4 & 1 ? 1 << 1 | 1 << 5 : 0, 5,
        [&](device::TimerQueue& timers) {
            auto device =
                std::make_unique<device::VirtioBalloon>(timers, device::VirtioBalloon::Options{.pages = 7});
            balloon = device.get();
            return device;
        },
        operate)
        .run();
    return 0;
}
