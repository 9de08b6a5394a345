#include "device/storage/test_worker.h"
#include "device/virtio/virtio_block.h"
#include "pattern_medium.h"
#include "virtio_driver.h"

using namespace ringer;

/// For a disk that fails at times, with and without a worker.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    fuzz::PatternMedium medium{512 * 64};
    device::fixture::TestWorker worker{medium};
    const u64 mode = script.number(1);
    const u64 features = mode & 16 ? 1 << 9 | 1 << 13 | 1 << 14 : 0; // flush, discard and zeroes
    fuzz::VirtioDriver(
        script, mode, features, 2,
        [&](device::TimerQueue& timers) {
            return std::make_unique<device::VirtioBlock>(timers, medium, "fuzz",
                                                         mode & 32 ? &worker : nullptr);
        },
        [&] {
            const u64 choice = script.number(1);
            medium.fails = choice & 1;
            medium.is_at_hand = choice & 2;
            // Whoever wants work done bounds it.
            RINGER_ASSERT(worker.under_way() <= 64);
            if (choice & 4 && worker.under_way() > 0) worker.do_next();
        },
        [&] { worker.finish(); })
        .run();
    return 0;
}
