#include "device/virtio/virtio_block.h"
#include "pattern_medium.h"
#include "virtio_driver.h"

using namespace ringer;

/// For a disk that fails at times.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    fuzz::PatternMedium medium{512 * 64};
    const u64 mode = script.number(1);
    const u64 features = mode & 16 ? 1 << 9 | 1 << 13 | 1 << 14 : 0; // flush, discard and zeroes
    fuzz::VirtioDriver(
        script, mode, features, 2,
        [&](device::TimerQueue& timers) {
            return std::make_unique<device::VirtioBlock>(timers, medium, "fuzz");
        },
        [&] { medium.fails = script.number(1) & 1; })
        .run();
    return 0;
}
