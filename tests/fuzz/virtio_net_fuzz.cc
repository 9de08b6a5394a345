#include "device/virtio/virtio_net.h"
#include "virtio_driver.h"

using namespace ringer;

namespace {

class Discard final : public device::FrameSink {
    void transmit(const device::Frame& frame) override {
        const device::Offload& offload = frame.offload;
        RINGER_ASSERT(frame.bytes.size() <= device::most_frame && (offload.flags & ~1) == 0);
        RINGER_ASSERT(offload.segmentation == 0 || (offload.flags == 1 && offload.segment_size > 0));
    }
};

} // namespace

/// For a network interface that frames of any kind arrive at.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    const u64 mode = script.number(1);
    const bool offloads = mode & 16;
    Discard sink;
    device::VirtioNet* net = nullptr;
    const auto receive = [&] {
        const std::vector<u8> frame(14 + script.number(2) % 9000, 0xab);
        device::Offload offload;
        if (offloads) {
            offload.flags = static_cast<u8>(script.number(1) & 3);
            offload.segmentation = static_cast<u8>(script.number(1));
            offload.checksum_start = static_cast<u16>(script.number(2));
            offload.checksum_offset = static_cast<u16>(script.number(1));
        }
        (void)net->receive({frame, offload});
        if (script.number(1) & 1) net->end_of_frames();
    };
    // Mergeable buffers and offloads.
    const u64 features = offloads ? 1 << 15 | 1 << 12 | 1 << 11 | 1 << 8 | 1 << 7 | 1 << 1 | 1 << 0 : 0;
    fuzz::VirtioDriver(
        script, mode, features, 2,
        [&](device::TimerQueue&) {
            auto device =
                std::make_unique<device::VirtioNet>(sink, device::VirtioNet::Options{{2}, 9000, offloads});
            net = device.get();
            return device;
        },
        receive)
        .run();
    return 0;
}
