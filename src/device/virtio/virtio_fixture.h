#pragma once

#include "device/fixture/fixture.h"
#include "device/interrupt/message_probe.h"
#include "device/virtio/driver_ring.h"
#include "device/virtio/virtio_pci.h"

namespace ringer::device::fixture {

/// A virtio device on the bus with its driver, which goes by what the capabilities say.
class VirtioMachine {
  public:
    static constexpr u32 structures_base = 0xe000'0000, msix_base = 0xe000'8000;
    static constexpr u16 common = 0, interrupt_status = 0x1000, configuration = 0x2000, notify = 0x3000;
    static constexpr u8 acknowledge = 1, driver = 2, driver_ok = 4, features_ok = 8, needs_reset = 0x40;
    static constexpr u64 version_1 = u64{1} << 32, packed = u64{1} << 34, indirect = 1 << 28,
                         event_index = 1 << 29;

    /// `make` is given the timers; `ram` is what DriverMemory takes.
    template <class Make, class... Ram>
    explicit VirtioMachine(const Make& make, Ram&&... ram)
        : memory(std::forward<Ram>(ram)...), function("virtio", make(timers), memory.space, messages) {
        put_up();
    }

    /// Gives the function its addresses and lets it be bus master.
    void put_up() {
        function.write_config(0x10, 4, structures_base);
        function.write_config(0x14, 4, msix_base);
        function.write_config(0x04, 2, 6);
    }

    u64 get(u64 offset, unsigned size) {
        const auto claim = function.bars()->claim(PciSpace::memory, structures_base + offset, size);
        u64 value = 0;
        RINGER_ASSERT(claim && claim->region.read(claim->offset, size, value) == memory::Answer::now);
        return value;
    }
    void put(u64 offset, unsigned size, u64 value) {
        const auto claim = function.bars()->claim(PciSpace::memory, structures_base + offset, size);
        RINGER_ASSERT(claim && claim->region.write(claim->offset, size, value) == memory::Answer::now);
    }
    void put_msix(u64 offset, u64 value) {
        const auto claim = function.bars()->claim(PciSpace::memory, msix_base + offset, 4);
        RINGER_ASSERT(claim && claim->region.write(claim->offset, 4, value) == memory::Answer::now);
    }

    u8 status() { return static_cast<u8>(get(20, 1)); }
    void put_status(u8 value) { put(20, 1, value); }
    u64 offered() {
        u64 features = 0;
        for (u32 word = 0; word < 2; ++word) {
            put(0, 4, word);
            features |= get(4, 4) << 32 * word;
        }
        return features;
    }
    /// Up to FEATURES_OK; whether the device has agreed.
    bool negotiate(u64 features) {
        put_status(0);
        put_status(acknowledge);
        put_status(acknowledge | driver);
        for (u32 word = 0; word < 2; ++word) {
            put(8, 4, word);
            put(12, 4, features >> 32 * word & 0xffff'ffff);
        }
        put_status(acknowledge | driver | features_ok);
        return status() & features_ok;
    }
    /// Puts queue `index` to 0x1000 + 0x3000 * index, of 16 descriptors.
    DriverRing& set_up_queue(u16 index, u16 vector = VirtioQueue::no_vector) {
        const u64 base = 0x1000 + 0x3000 * u64{index};
        const VirtioRingPlace place{16, base, base + 0x1000, base + 0x2000};
        put(22, 2, index);
        put(24, 2, place.size);
        put(26, 2, vector);
        put(32, 8, place.descriptors);
        put(40, 4, place.driver);
        put(44, 4, 0);
        put(48, 8, place.device);
        put(28, 2, 1);
        if (rings.size() <= index) rings.resize(index + 1);
        rings[index] = make_ring(is_packed, memory, place);
        return *rings[index];
    }
    /// All that a driver does up to DRIVER_OK, with the first queues.
    void start(u64 features, u16 queues) {
        is_packed = features & packed;
        RINGER_ASSERT(negotiate(features | version_1));
        for (u16 index = 0; index < queues; ++index) set_up_queue(index);
        put_status(acknowledge | driver | features_ok | driver_ok);
    }
    void notify_queue(u16 index) { put(notify + 4u * index, 2, index); }
    void let_time_pass() { run_until(clock, timers, clock.now() + 1'000'000); }

    ManualClock clock;
    TimerQueue timers{clock};
    DriverMemory memory;
    MessageProbe messages;
    VirtioPci function;
    WireProbe pin{function.interrupt()};
    bool is_packed = false;
    std::vector<std::unique_ptr<DriverRing>> rings;
};

} // namespace ringer::device::fixture
