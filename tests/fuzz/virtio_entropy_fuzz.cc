#include "device/virtio/virtio_entropy.h"
#include "virtio_driver.h"

using namespace ringer;

/// For a source of random bytes.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    device::RepeatableEntropy source;
    fuzz::VirtioDriver(
        script, script.number(1), 0, 1,
        [&](device::TimerQueue& timers) { return std::make_unique<device::VirtioEntropy>(timers, source); },
        [] {})
        .run();
    return 0;
}
