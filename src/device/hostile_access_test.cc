#include "device/fixture/fixture.h"
#include "device/interrupt/pic8259.h"
#include "device/serial/uart16550.h"
#include "device/timer/hpet.h"
#include "device/timer/pit8254.h"
#include "device/timer/rtc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

namespace ringer::device {
namespace {

class Discard final : public ByteSink {
    void transmit(u8) override {}
};

/// Every access that the bus can make, in random order and at random moments. What must hold is in the
/// devices' assertions and in the sanitizers; here, that they stay alike when one is copied to another at any
/// moment.
class HostileAccessTest : public ::testing::TestWithParam<unsigned> {
  protected:
    struct Ports {
        memory::Region* region;
        u64 count;
    };

    u64 random(u64 most) { return std::uniform_int_distribution<u64>(0, most)(random_); }

    void access(const std::vector<Ports>& all) {
        const Ports& ports = all[random(all.size() - 1)];
        const u64 offset = random(ports.count - 1);
        unsigned size = 1u << random(3);
        while (offset + size > ports.count) size /= 2;
        u64 value = random(size == 8 ? ~u64{0} : (u64{1} << (8 * size)) - 1);
        if (random(1))
            EXPECT_EQ(ports.region->write(offset, size, value), memory::Answer::now);
        else
            EXPECT_EQ(ports.region->read(offset, size, value), memory::Answer::now);
    }

    void attack(Device& device, Device& copy, const std::vector<Ports>& ports,
                const std::function<void()>& event) {
        for (unsigned step = 0; step < 20'000 && !HasFailure(); ++step) {
            access(ports);
            if (random(3) == 0) event();
            if (random(9) == 0)
                fixture::run_until(clock_, timers_,
                                   clock_.now() + random(random(99) ? 100'000 : 100'000'000));
            if (random(999) == 0) clock_.set(clock_.now() + random(u64{3} * 365 * 86'400 * 1'000'000'000));
            timers_.expire_due();
            if (random(99) == 0) {
                fixture::copy(device, copy);
                EXPECT_EQ(fixture::saved(device), fixture::saved(copy));
            }
        }
    }

    std::mt19937_64 random_{GetParam()};
    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
};

TEST_P(HostileAccessTest, Uart) {
    Discard discard;
    Uart16550 uart("a", discard, timers_), copy("b", discard, timers_);
    attack(uart, copy, {{&uart, Uart16550::port_count}}, [&] {
        const std::vector<u8> line(random(20), 'x');
        const std::size_t room = uart.room();
        EXPECT_EQ(uart.receive(line), std::min(room, line.size()));
        if (random(9) == 0) uart.receive_break();
    });
}

TEST_P(HostileAccessTest, Pic) {
    Pic8259Pair pic, copy;
    const std::vector<Ports> ports{{&pic.master_ports(), 2}, {&pic.slave_ports(), 2}, {&pic.elcr_ports(), 2}};
    attack(pic, copy, ports, [&] {
        const auto pin = static_cast<unsigned>(random(15));
        if (pin != 2)
            pic.pin_changed(pin, random(1));
        else
            pic.acknowledge();
    });
}

TEST_P(HostileAccessTest, Pit) {
    Pit8254 pit(timers_), copy(timers_);
    attack(pit, copy, {{&pit.counter_ports(), 4}, {&pit.control_port(), 1}}, [] {});
}

TEST_P(HostileAccessTest, Rtc) {
    device::Rtc rtc(timers_, 1'700'000'000, 0, 0), copy(timers_, 0, 0, 0);
    attack(rtc, copy, {{&rtc, device::Rtc::port_count}}, [] {});
}

TEST_P(HostileAccessTest, Hpet) {
    device::Hpet hpet(timers_), copy(timers_);
    attack(hpet, copy, {{&hpet, 0x180}},
           [&] { hpet.pin_changed(static_cast<unsigned>(random(1)), random(1)); });
}

INSTANTIATE_TEST_SUITE_P(Seeds, HostileAccessTest, ::testing::Range(1u, 4u));

} // namespace
} // namespace ringer::device
