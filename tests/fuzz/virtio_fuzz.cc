#include "access_script.h"
#include "device/storage/test_medium.h"
#include "device/virtio/virtio_block.h"
#include "device/virtio/virtio_fixture.h"
#include "device/virtio/virtio_net.h"

#include <array>

using namespace ringer;

namespace {

using device::fixture::VirtioMachine;

class Discard final : public device::FrameSink {
    void transmit(const device::Frame& frame) override {
        const device::Offload& offload = frame.offload;
        RINGER_ASSERT(frame.bytes.size() <= device::most_frame && (offload.flags & ~1) == 0);
        RINGER_ASSERT(offload.segmentation == 0 || (offload.flags == 1 && offload.segment_size > 0));
    }
};

/// A device with a driver that does anything.
class Attack {
  public:
    explicit Attack(fuzz::Script& script)
        : script_(script), mode_(script.number(1)),
          machine_([this](device::TimerQueue& timers) { return make_device(timers); }) {
        u64 features = 0;
        if (mode_ & 2) features |= VirtioMachine::packed;
        if (mode_ & 4) features |= VirtioMachine::indirect;
        if (mode_ & 8) features |= VirtioMachine::event_index;
        // Of the device's own: mergeable buffers and offloads, or flush, discard and zeroes.
        if (mode_ & 16)
            features |= is_net() ? 1 << 15 | 1 << 12 | 1 << 11 | 1 << 8 | 1 << 7 | 1 << 1 | 1 << 0
                                 : 1 << 9 | 1 << 13 | 1 << 14;
        if (mode_ & 32) machine_.function.write_config(0x42, 2, 0x8000);
        machine_.start(features, 2);
    }

    void run() {
        for (unsigned step = 0; step < 2000 && !script_.ended(); ++step) act();
    }

  private:
    bool is_net() const { return mode_ & 1; }

    std::unique_ptr<device::VirtioDevice> make_device(device::TimerQueue& timers) {
        if (!is_net()) return std::make_unique<device::VirtioBlock>(timers, medium_, "fuzz");
        return std::make_unique<device::VirtioNet>(sink_,
                                                   device::VirtioNet::Options{{2}, 9000, (mode_ & 16) != 0});
    }

    /// A place within the rings of both queues, or right behind them.
    u64 place() { return 0x1000 + script_.number(2) % 0x6100; }

    void act() {
        const u64 choice = script_.number(1);
        switch (choice % 9) {
        case 0: machine_.put_up(); return machine_.notify_queue(choice >> 4 & 1);
        case 1: return machine_.let_time_pass();
        case 2: return machine_.memory.put(place(), script_.number(8));
        case 3: return machine_.memory.put(place(), static_cast<u16>(script_.number(2)));
        case 4: return add_buffer(choice >> 4 & 1);
        case 5: return access_registers();
        case 6:
            return machine_.function.write_config(static_cast<u8>(script_.number(1) & 0xfc), 4,
                                                  static_cast<u32>(script_.number(4)));
        case 7: return receive(choice & 0x10);
        case 8: return load_altered();
        }
    }

    /// As a proper driver would, of segments and with contents that may be anything.
    void add_buffer(u16 queue) {
        std::array<device::fixture::DriverRing::Segments, 2> parts;
        for (auto& segments : parts)
            for (u64 count = script_.number(1) % 4; count > 0; --count)
                segments.push_back(
                    {0x8000 + script_.number(3) % 0xf'9000, static_cast<u32>(script_.number(3))});
        if (parts[0].empty() && parts[1].empty()) return;
        if (!parts[0].empty() && parts[0][0].address < 0xf'0000)
            machine_.memory.put_bytes(parts[0][0].address, script_.bytes(32));
        if (script_.number(1) & 1)
            machine_.rings[queue]->add_indirect(0xf'8000, parts[0], parts[1]);
        else
            machine_.rings[queue]->add(parts[0], parts[1]);
    }

    void access_registers() {
        machine_.put_up();
        const auto structures =
            machine_.function.bars()->claim(device::PciSpace::memory, VirtioMachine::structures_base, 1);
        const auto msix =
            machine_.function.bars()->claim(device::PciSpace::memory, VirtioMachine::msix_base, 1);
        const std::array windows{fuzz::Window{structures->region, 0x38},
                                 fuzz::Window{structures->region, 0x4000},
                                 fuzz::Window{msix->region, device::PciMsix::region_size}};
        fuzz::access(script_, windows);
    }

    void receive(bool ends) {
        if (!is_net()) {
            medium_.fails = ends;
            return;
        }
        auto& net = static_cast<device::VirtioNet&>(machine_.function.device());
        const std::vector<u8> frame(14 + script_.number(2) % 9000, 0xab);
        device::Offload offload;
        if (mode_ & 16) {
            offload.flags = static_cast<u8>(script_.number(1) & 3);
            offload.segmentation = static_cast<u8>(script_.number(1));
            offload.checksum_start = static_cast<u16>(script_.number(2));
            offload.checksum_offset = static_cast<u16>(script_.number(1));
        }
        (void)net.receive({frame, offload});
        if (ends) net.end_of_frames();
    }

    /// Loads a state that was saved and then changed in one place.
    void load_altered() {
        std::vector<u8> contents = device::fixture::saved(machine_.function);
        contents[script_.number(2) % contents.size()] ^= static_cast<u8>(script_.number(1));
        state::Reader reader(contents, "fuzz");
        machine_.function.visit(reader);
    }

    fuzz::Script& script_;
    const u64 mode_;
    device::fixture::TestMedium medium_{512 * 64};
    Discard sink_;
    VirtioMachine machine_;
};

} // namespace

/// What a driver, a ring and a saved state can be, for a disk and for a network interface.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    fuzz::Script script({data, size});
    Attack(script).run();
    return 0;
}
