#include "device/interrupt/io_apic.h"

#include "device/interrupt/apic_fixture.h"

#include <gtest/gtest.h>

#include <array>

namespace ringer::device {
namespace {

constexpr u32 masked = 1 << 16, level = 1 << 15, remote_irr = 1 << 14, logical = 1 << 11;

class IoApicTest : public testing::Test {
  protected:
    IoApicTest() {
        bus_.attach(io_apic_);
        cpu_.enable();
        for (unsigned pin = 0; pin < IoApic::pin_count; ++pin) wires_[pin].connect(io_apic_, pin);
    }

    u32 read(u8 index) {
        put(0x00, index);
        u64 value = 0;
        EXPECT_EQ(io_apic_.read(0x10, 4, value), memory::Answer::now);
        return static_cast<u32>(value);
    }
    void write(u8 index, u32 value) {
        put(0x00, index);
        put(0x10, value);
    }
    void put(u64 offset, u32 value) { EXPECT_EQ(io_apic_.write(offset, 4, value), memory::Answer::now); }

    u32 entry(unsigned pin) { return read(static_cast<u8>(0x10 + 2 * pin)); }
    void set_entry(unsigned pin, u32 low, u8 destination = 0) {
        write(static_cast<u8>(0x11 + 2 * pin), u32{destination} << 24);
        write(static_cast<u8>(0x10 + 2 * pin), low);
    }
    u8 take() {
        const u8 vector = cpu_.apic.acknowledge();
        EXPECT_FALSE(cpu_.pins.interrupt);
        return vector;
    }
    void end() { cpu_.write(0xb0, 0); }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    ApicBus bus_;
    fixture::ApicUnderTest cpu_{0, timers_, bus_};
    IoApic io_apic_{bus_, 1};
    std::array<Wire, IoApic::pin_count> wires_;
};

TEST_F(IoApicTest, HasTheRegistersOfThePowerOnState) {
    EXPECT_EQ(read(0), 0x0100'0000u);
    EXPECT_EQ(read(1), 0x0017'0020u);
    EXPECT_EQ(read(2), 0x0100'0000u);
    for (unsigned pin = 0; pin < 24; ++pin) {
        EXPECT_EQ(entry(pin), masked);
        EXPECT_EQ(read(static_cast<u8>(0x11 + 2 * pin)), 0u);
    }
    for (u8 index : {0x03, 0x0f, 0x40, 0xff}) {
        write(index, 0xffff'ffff);
        EXPECT_EQ(read(index), 0u);
    }
}

TEST_F(IoApicTest, KeepsTheWritableBits) {
    write(0x00, 0xffff'ffff);
    EXPECT_EQ(read(0x00), 0x0f00'0000u);
    write(0x01, 0);
    EXPECT_EQ(read(0x01), 0x0017'0020u);
    write(0x10, 0xffff'ffff);
    write(0x11, 0xffff'ffff);
    EXPECT_EQ(read(0x10), 0x0001'afffu);
    EXPECT_EQ(read(0x11), 0xff00'0000u);
}

TEST_F(IoApicTest, AnswersEveryAccessOfThePage) {
    put(0x00, 0x01);
    for (u64 offset = 0; offset < IoApic::region_size; ++offset) {
        for (unsigned size : {1u, 2u, 4u, 8u}) {
            if (offset + size > IoApic::region_size) continue;
            u64 value = 0;
            ASSERT_EQ(io_apic_.read(offset, size, value), memory::Answer::now);
        }
    }
    u64 value = 0;
    ASSERT_EQ(io_apic_.read(0x12, 1, value), memory::Answer::now);
    EXPECT_EQ(value, 0x17u);
    write(0x10, 0x1'0041);
    ASSERT_EQ(io_apic_.write(0x10, 1, 0x99), memory::Answer::now);
    EXPECT_EQ(entry(0), 0x1'0041u);
    ASSERT_EQ(io_apic_.write(0x00, 1, 0x01), memory::Answer::now);
    ASSERT_EQ(io_apic_.read(0x10, 4, value), memory::Answer::now);
    EXPECT_EQ(value, IoApic::version);
}

TEST_F(IoApicTest, SendsEachEdgeOnce) {
    set_entry(4, 0x41);
    wires_[4].set(true);
    EXPECT_EQ(take(), 0x41);
    EXPECT_FALSE(cpu_.level_triggered(0x41));
    end();
    EXPECT_FALSE(cpu_.pins.interrupt);
    wires_[4].set(false);
    EXPECT_FALSE(cpu_.pins.interrupt);
    wires_[4].set(true);
    EXPECT_TRUE(cpu_.pins.interrupt);
    EXPECT_EQ(entry(4), 0x41u) << "delivery status idle, no remote IRR";
}

TEST_F(IoApicTest, LosesAnEdgeThatMeetsAMaskedEntry) {
    wires_[4].set(true);
    set_entry(4, 0x41);
    EXPECT_FALSE(cpu_.pins.interrupt);
}

TEST_F(IoApicTest, SendsALevelAgainAfterItsEnd) {
    set_entry(9, 0x51 | level);
    wires_[9].set(true);
    EXPECT_EQ(entry(9), 0x51 | level | remote_irr);
    EXPECT_EQ(take(), 0x51);
    EXPECT_TRUE(cpu_.level_triggered(0x51));
    end();
    EXPECT_TRUE(cpu_.pins.interrupt) << "the wire is still high";
    take();
    wires_[9].set(false);
    end();
    EXPECT_FALSE(cpu_.pins.interrupt);
    EXPECT_EQ(entry(9), 0x51 | level);
}

TEST_F(IoApicTest, HoldsBackALevelThatRisesWhileInService) {
    set_entry(9, 0x51 | level);
    wires_[9].set(true);
    take();
    wires_[9].set(false);
    wires_[9].set(true);
    EXPECT_FALSE(cpu_.pins.interrupt);
    end();
    EXPECT_TRUE(cpu_.pins.interrupt);
}

TEST_F(IoApicTest, SendsALevelThatWaitsWhenItIsUnmasked) {
    set_entry(9, 0x51 | level | masked);
    wires_[9].set(true);
    EXPECT_FALSE(cpu_.pins.interrupt);
    set_entry(9, 0x51 | level);
    EXPECT_TRUE(cpu_.pins.interrupt);
    take();
    set_entry(9, 0x51 | level | masked);
    EXPECT_EQ(entry(9), 0x51 | level | masked | remote_irr);
    end();
    EXPECT_FALSE(cpu_.pins.interrupt) << "masked meanwhile";
    EXPECT_EQ(entry(9), 0x51 | level | masked);
}

TEST_F(IoApicTest, EndsByItsOwnRegister) {
    cpu_.write(0xf0, 0x11ff); // the local APIC does not broadcast
    set_entry(9, 0x51 | level);
    wires_[9].set(true);
    take();
    end();
    EXPECT_FALSE(cpu_.pins.interrupt);
    put(0x40, 0x52);
    EXPECT_FALSE(cpu_.pins.interrupt);
    put(0x40, 0x51);
    EXPECT_TRUE(cpu_.pins.interrupt);
}

TEST_F(IoApicTest, EndsByAChangeToEdgeAndBack) {
    set_entry(9, 0x51 | level);
    wires_[9].set(true);
    set_entry(9, 0x51 | masked);
    EXPECT_EQ(entry(9), 0x51 | masked);
    wires_[9].set(false);
    set_entry(9, 0x51 | level);
    EXPECT_EQ(entry(9), 0x51 | level);
}

TEST_F(IoApicTest, KeepsALevelThatNobodyTakes) {
    set_entry(9, 0x51 | level, 7);
    wires_[9].set(true);
    EXPECT_EQ(entry(9), 0x51 | level) << "no remote IRR, as no local APIC has it";
    set_entry(9, 0x51 | level, 0);
    EXPECT_TRUE(cpu_.pins.interrupt);
}

TEST_F(IoApicTest, AddressesPhysicallyLogicallyAndAll) {
    cpu_.write(0xd0, 0x0200'0000);
    set_entry(1, 0x41 | logical, 0b11);
    set_entry(2, 0x42 | logical, 0b01);
    set_entry(3, 0x43, 0xff);
    set_entry(4, 0x44, 1);
    for (unsigned pin : {1, 2, 3, 4}) wires_[pin].set(true);
    EXPECT_TRUE(cpu_.requested(0x41));
    EXPECT_FALSE(cpu_.requested(0x42));
    EXPECT_TRUE(cpu_.requested(0x43));
    EXPECT_FALSE(cpu_.requested(0x44));
}

TEST_F(IoApicTest, SendsTheOtherDeliveryModesAsEdges) {
    set_entry(0, 0x700 | level);
    set_entry(1, 0x400 | level);
    set_entry(2, 0x600);
    set_entry(3, 0x300);
    set_entry(5, 0x161);
    for (unsigned pin : {0, 1, 2, 3, 5}) wires_[pin].set(true);
    EXPECT_EQ(cpu_.pins.nmis, 1u);
    EXPECT_TRUE(cpu_.pins.startups.empty());
    EXPECT_EQ(entry(0), 0x700 | level);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x38) << "ExtINT: the PIC's vector";
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x61) << "lowest priority";
    set_entry(6, 0x500);
    wires_[6].set(true);
    EXPECT_EQ(cpu_.pins.inits, 1u);
}

TEST_F(IoApicTest, ResetMasksAllAndKeepsTheWires) {
    set_entry(9, 0x51 | level | masked);
    wires_[9].set(true);
    write(0x00, 0x0500'0000);
    io_apic_.reset();
    EXPECT_EQ(entry(9), masked);
    EXPECT_EQ(read(0x00), 0x0100'0000u);
    set_entry(9, 0x51 | level);
    EXPECT_TRUE(cpu_.pins.interrupt);
}

TEST_F(IoApicTest, RestoresStateWithoutSending) {
    set_entry(9, 0x51 | level, 3);
    wires_[9].set(true);
    set_entry(8, 0x61 | level | masked);
    wires_[8].set(true);
    IoApic other(bus_);
    fixture::copy(io_apic_, other);
    EXPECT_FALSE(cpu_.pins.interrupt);
    EXPECT_EQ(fixture::saved(other), fixture::saved(io_apic_));
}

} // namespace
} // namespace ringer::device
