#include "device/interrupt/local_apic.h"

#include "device/interrupt/apic_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

constexpr u32 masked = 1 << 16, level = 1 << 15, remote_irr = 1 << 14;
constexpr u32 mode_nmi = 4 << 8, mode_init = 5 << 8, mode_external = 7 << 8;
constexpr u32 self = 1 << 18;

class EndListener : public EndOfInterruptListener {
  public:
    MOCK_METHOD(void, end_of_interrupt, (u8 vector), (override));
};

class LocalApicTest : public testing::Test {
  protected:
    void SetUp() override {
        bus_.attach(ends_);
        cpu_.enable();
    }

    bool send(u8 vector, Trigger trigger = Trigger::edge) {
        return bus_.send({.destination = 0, .vector = vector, .trigger = trigger});
    }
    void run_until(Nanoseconds target) { fixture::run_until(clock_, timers_, target); }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    ApicBus bus_;
    testing::StrictMock<EndListener> ends_;
    fixture::ApicUnderTest cpu_{0, timers_, bus_};
};

TEST_F(LocalApicTest, HasTheRegistersOfThePowerOnState) {
    cpu_.apic.reset();
    EXPECT_EQ(cpu_.read(0x20), 0u);
    EXPECT_EQ(cpu_.read(0x30), 0x0105'0014u);
    EXPECT_EQ(cpu_.read(0x80), 0u);
    EXPECT_EQ(cpu_.read(0xd0), 0u);
    EXPECT_EQ(cpu_.read(0xe0), 0xffff'ffffu);
    EXPECT_EQ(cpu_.read(0xf0), 0xffu);
    for (u64 lvt = 0x320; lvt <= 0x370; lvt += 0x10) EXPECT_EQ(cpu_.read(lvt), masked) << lvt;
    EXPECT_EQ(cpu_.apic.read_msr(0x1b), 0xfee0'0900u);
    EXPECT_EQ(cpu_.errors(), 0u);
}

TEST_F(LocalApicTest, ShowsItsIdInTheTopByte) {
    fixture::ApicUnderTest other(7, timers_, bus_);
    EXPECT_EQ(other.read(0x20), 7u << 24);
    EXPECT_EQ(other.apic.read_msr(0x1b), 0xfee0'0800u);
    EXPECT_EQ(other.apic.name(), "local-apic7");
}

TEST_F(LocalApicTest, TakesAnInterruptThroughRequestServiceAndEnd) {
    EXPECT_TRUE(send(0x41));
    EXPECT_TRUE(cpu_.pins.interrupt);
    EXPECT_TRUE(cpu_.requested(0x41));
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x41);
    EXPECT_FALSE(cpu_.pins.interrupt);
    EXPECT_FALSE(cpu_.requested(0x41));
    EXPECT_TRUE(cpu_.in_service(0x41));
    EXPECT_EQ(cpu_.read(0xa0), 0x40u);
    cpu_.write(0xb0, 0);
    EXPECT_FALSE(cpu_.in_service(0x41));
    EXPECT_EQ(cpu_.read(0xa0), 0u);
}

TEST_F(LocalApicTest, LetsOnlyAHigherClassInterruptTheOneInService) {
    send(0x41);
    cpu_.apic.acknowledge();
    send(0x4f);
    EXPECT_FALSE(cpu_.apic.interrupt_pending());
    send(0x50);
    EXPECT_TRUE(cpu_.apic.interrupt_pending());
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x50);
    cpu_.write(0xb0, 0);
    EXPECT_FALSE(cpu_.apic.interrupt_pending());
    cpu_.write(0xb0, 0);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x4f);
}

TEST_F(LocalApicTest, HoldsBackWhatTheTaskPriorityOutranks) {
    cpu_.write(0x80, 0x5a);
    EXPECT_EQ(cpu_.apic.task_priority(), 5);
    EXPECT_EQ(cpu_.read(0xa0), 0x5au);
    send(0x5f);
    EXPECT_FALSE(cpu_.apic.interrupt_pending());
    cpu_.apic.set_task_priority(4);
    EXPECT_TRUE(cpu_.pins.interrupt);
    EXPECT_EQ(cpu_.read(0x80), 0x40u);
    cpu_.apic.set_task_priority(15);
    EXPECT_FALSE(cpu_.pins.interrupt);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0xff) << "nothing pending: the spurious vector";
    EXPECT_TRUE(cpu_.requested(0x5f));
}

TEST_F(LocalApicTest, ComputesTheArbitrationPriority) {
    cpu_.write(0x80, 0x35);
    EXPECT_EQ(cpu_.read(0x90), 0x35u);
    send(0x61);
    EXPECT_EQ(cpu_.read(0x90), 0x60u);
}

TEST_F(LocalApicTest, EndsWithoutAnInterruptInServiceHaveNoEffect) {
    cpu_.write(0xb0, 0);
    EXPECT_FALSE(cpu_.pins.interrupt);
}

TEST_F(LocalApicTest, BroadcastsTheEndOfLevelTriggeredInterruptsAlone) {
    send(0x61, Trigger::level);
    send(0x51);
    EXPECT_TRUE(cpu_.level_triggered(0x61));
    EXPECT_FALSE(cpu_.level_triggered(0x51));
    cpu_.apic.acknowledge();
    EXPECT_CALL(ends_, end_of_interrupt(0x61));
    cpu_.write(0xb0, 0);
    cpu_.apic.acknowledge();
    cpu_.write(0xb0, 0);
}

TEST_F(LocalApicTest, SuppressesTheBroadcastOnRequest) {
    cpu_.write(0xf0, 0x11ff);
    send(0x61, Trigger::level);
    cpu_.apic.acknowledge();
    cpu_.write(0xb0, 0);
    EXPECT_FALSE(cpu_.in_service(0x61));
}

TEST_F(LocalApicTest, TakesNoInterruptsWhileDisabledBySoftwareButKeepsThoseItHas) {
    cpu_.write(0x320, 0x30);
    send(0x41);
    cpu_.write(0xf0, 0xff);
    EXPECT_EQ(cpu_.read(0x320), masked | 0x30);
    cpu_.write(0x320, 0x31);
    EXPECT_EQ(cpu_.read(0x320), masked | 0x31) << "the mask cannot be cleared";
    EXPECT_FALSE(send(0x42));
    EXPECT_FALSE(
        bus_.send({.destination = 0, .delivery_mode = DeliveryMode::lowest_priority, .vector = 0x42}));
    EXPECT_TRUE(bus_.send({.destination = 0, .delivery_mode = DeliveryMode::nmi}));
    EXPECT_EQ(cpu_.pins.nmis, 1u);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x41);
}

TEST_F(LocalApicTest, ReportsIllegalVectorsOnceForEachWriteOfTheErrorStatus) {
    cpu_.write(0x370, 0xfe);
    EXPECT_FALSE(send(15));
    cpu_.write(0x300, 0x4005 | self);
    EXPECT_TRUE(cpu_.requested(0xfe));
    EXPECT_EQ(cpu_.read(0x280), 0u) << "not before the register is written";
    cpu_.apic.acknowledge();
    cpu_.write(0xb0, 0);
    send(3);
    EXPECT_FALSE(cpu_.apic.interrupt_pending()) << "not rearmed";
    EXPECT_EQ(cpu_.errors(), 0x60u);
    send(3);
    EXPECT_TRUE(cpu_.requested(0xfe));
    EXPECT_EQ(cpu_.errors(), 0x40u);
    EXPECT_EQ(cpu_.errors(), 0u);
}

TEST_F(LocalApicTest, SurvivesAnErrorVectorThatIsItselfIllegal) {
    cpu_.write(0x370, 5);
    send(3);
    EXPECT_EQ(cpu_.errors(), 0x40u);
    EXPECT_FALSE(cpu_.apic.interrupt_pending());
}

TEST_F(LocalApicTest, ReportsReservedRegisters) {
    for (u64 offset : {0x00, 0x40, 0x70, 0x290, 0x2f0, 0x3a0, 0x3f0, 0x400, 0xff0}) {
        EXPECT_EQ(cpu_.read(offset), 0u);
        EXPECT_EQ(cpu_.errors(), 0x80u) << offset;
        cpu_.write(offset, 0xffff'ffff);
        EXPECT_EQ(cpu_.errors(), 0x80u) << offset;
    }
}

TEST_F(LocalApicTest, AnswersEveryAccessOfThePage) {
    for (u64 offset = 0; offset < LocalApic::region_size; ++offset) {
        for (unsigned size : {1u, 2u, 4u, 8u}) {
            if (offset + size > LocalApic::region_size) continue;
            u64 value = 0;
            ASSERT_EQ(cpu_.apic.read(offset, size, value), memory::Answer::now);
        }
    }
    u64 value = 0;
    ASSERT_EQ(cpu_.apic.read(0x32, 1, value), memory::Answer::now);
    EXPECT_EQ(value, 0x05u) << "a byte of the version";
    ASSERT_EQ(cpu_.apic.write(0x80, 1, 0x20), memory::Answer::now);
    ASSERT_EQ(cpu_.apic.write(0x82, 4, 0x20), memory::Answer::now);
    EXPECT_EQ(cpu_.read(0x80), 0u);
}

TEST_F(LocalApicTest, KeepsTheWritableBitsOfTheLocalVectorTable) {
    const u32 expected[] = {0x700ff, 0x107ff, 0x107ff, 0x1a7ff, 0x1a7ff, 0x100ff};
    for (unsigned i = 0; i < 6; ++i) {
        cpu_.write(0x320 + 0x10 * i, 0xffff'ffff);
        EXPECT_EQ(cpu_.read(0x320 + 0x10 * i), expected[i]) << i;
    }
}

TEST_F(LocalApicTest, TimerInterruptsWithItsVectorUnlessMasked) {
    cpu_.write(0x3e0, 0b1011);
    cpu_.write(0x320, 0x2'00ec);
    cpu_.write(0x380, 1000);
    run_until(400);
    EXPECT_EQ(cpu_.read(0x390), 600u);
    run_until(1000);
    EXPECT_TRUE(cpu_.pins.interrupt);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0xec);
    cpu_.write(0xb0, 0);
    cpu_.write(0x320, 0x3'00ec);
    run_until(2000);
    EXPECT_FALSE(cpu_.pins.interrupt);
    cpu_.write(0x320, 0x2'00ec);
    EXPECT_FALSE(cpu_.pins.interrupt) << "lost, not held back";
    run_until(3000);
    EXPECT_TRUE(cpu_.pins.interrupt);
}

TEST_F(LocalApicTest, PassesThe8259ThroughInVirtualWireMode) {
    cpu_.apic.reset();
    cpu_.apic.enter_virtual_wire_mode();
    cpu_.write(0x80, 0xff);
    cpu_.external.intr.set(true);
    EXPECT_TRUE(cpu_.pins.interrupt) << "an ExtINT has no priority";
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x38);
    EXPECT_EQ(cpu_.external.acknowledged, 1u);
    EXPECT_FALSE(cpu_.pins.interrupt);
    EXPECT_FALSE(cpu_.in_service(0x38));
    cpu_.lint1.set(true);
    EXPECT_EQ(cpu_.pins.nmis, 1u);
}

TEST_F(LocalApicTest, FollowsTheExternalLineAndItsMask) {
    cpu_.external.intr.set(true);
    EXPECT_FALSE(cpu_.pins.interrupt);
    cpu_.write(0x350, mode_external);
    EXPECT_TRUE(cpu_.pins.interrupt);
    cpu_.external.intr.set(false);
    EXPECT_FALSE(cpu_.pins.interrupt);
    cpu_.external.intr.set(true);
    cpu_.write(0x350, mode_external | masked);
    EXPECT_FALSE(cpu_.pins.interrupt);
}

TEST_F(LocalApicTest, TakesAnExternalInterruptByMessage) {
    EXPECT_TRUE(bus_.send({.destination = 0, .delivery_mode = DeliveryMode::external}));
    EXPECT_TRUE(cpu_.pins.interrupt);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x38);
    EXPECT_FALSE(cpu_.pins.interrupt);
}

TEST_F(LocalApicTest, LintPinsRaiseFixedInterruptsOnEdges) {
    cpu_.write(0x350, 0x71);
    cpu_.external.intr.set(true);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x71);
    cpu_.write(0xb0, 0);
    EXPECT_FALSE(cpu_.pins.interrupt);
    cpu_.external.intr.set(false);
    cpu_.external.intr.set(true);
    EXPECT_TRUE(cpu_.pins.interrupt);
}

TEST_F(LocalApicTest, LevelTriggeredLint0ComesAgainUntilItFalls) {
    EXPECT_CALL(ends_, end_of_interrupt(0x71)).Times(2);
    cpu_.external.intr.set(true);
    cpu_.write(0x350, 0x71 | level);
    EXPECT_EQ(cpu_.read(0x350), 0x71 | level | remote_irr);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x71);
    EXPECT_FALSE(cpu_.pins.interrupt);
    cpu_.write(0xb0, 0);
    EXPECT_TRUE(cpu_.pins.interrupt);
    cpu_.apic.acknowledge();
    cpu_.external.intr.set(false);
    cpu_.write(0xb0, 0);
    EXPECT_FALSE(cpu_.pins.interrupt);
    EXPECT_EQ(cpu_.read(0x350), 0x71 | level);
}

TEST_F(LocalApicTest, ALintPinCanBeInitOrNmi) {
    cpu_.write(0x350, mode_nmi);
    cpu_.write(0x360, mode_init);
    cpu_.external.intr.set(true);
    EXPECT_EQ(cpu_.pins.nmis, 1u);
    cpu_.lint1.set(true);
    EXPECT_EQ(cpu_.pins.inits, 1u);
    EXPECT_EQ(cpu_.read(0x350), masked) << "INIT has reset the APIC";
}

TEST_F(LocalApicTest, SendsItselfFixedInterruptsAndNothingElse) {
    cpu_.write(0x300, 0x40f1 | self);
    EXPECT_TRUE(cpu_.requested(0xf1));
    EXPECT_EQ(cpu_.read(0x300), 0x40f1 | self) << "delivery status idle";
    cpu_.write(0x300, 0x4000 | mode_nmi | self);
    cpu_.write(0x300, 0x4000 | mode_init | self);
    EXPECT_EQ(cpu_.pins.nmis + cpu_.pins.inits, 0u);
}

TEST_F(LocalApicTest, InitKeepsItsModeAndResetsTheRest) {
    send(0x41);
    cpu_.write(0x80, 0x10);
    cpu_.write(0x380, 100);
    cpu_.write(0x310, 0);
    cpu_.write(0x300, 0x4000 | mode_init);
    EXPECT_EQ(cpu_.pins.inits, 1u);
    EXPECT_FALSE(cpu_.pins.interrupt);
    EXPECT_EQ(cpu_.read(0x80), 0u);
    EXPECT_EQ(cpu_.read(0xf0), 0xffu);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    EXPECT_EQ(cpu_.apic.read_msr(0x1b), 0xfee0'0900u);
    cpu_.write(0x300, 0x8000 | mode_init);
    EXPECT_EQ(cpu_.pins.inits, 1u) << "level de-assert has no effect";
}

TEST_F(LocalApicTest, IsAWireToThe8259WhileDisabledByHardware) {
    send(0x41);
    cpu_.write(0x380, 100);
    ASSERT_TRUE(cpu_.write_msr(0x1b, 0xfee0'0100));
    EXPECT_FALSE(cpu_.apic.enabled());
    EXPECT_FALSE(cpu_.pins.interrupt);
    EXPECT_EQ(cpu_.read(0x20), 0xffff'ffffu);
    EXPECT_FALSE(send(0x42));
    cpu_.external.intr.set(true);
    EXPECT_TRUE(cpu_.pins.interrupt);
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x38);
    cpu_.lint1.set(true);
    EXPECT_EQ(cpu_.pins.nmis, 1u);
    ASSERT_TRUE(cpu_.write_msr(0x1b, 0xfee0'0900));
    EXPECT_EQ(cpu_.read(0xf0), 0xffu) << "as after power-on";
    EXPECT_FALSE(cpu_.requested(0x41));
}

TEST_F(LocalApicTest, RestoresStateWithoutPokingTheProcessor) {
    cpu_.write(0x3e0, 0b1011);
    cpu_.write(0x320, 0x2'00ec);
    cpu_.write(0x380, 1000);
    cpu_.write(0x350, mode_external);
    send(0x61, Trigger::level);
    send(3);
    run_until(300);
    fixture::ApicUnderTest copy(0, timers_, bus_);
    fixture::copy(cpu_.apic, copy.apic);
    EXPECT_FALSE(copy.pins.interrupt);
    EXPECT_TRUE(copy.apic.interrupt_pending());
    EXPECT_EQ(fixture::saved(copy.apic), fixture::saved(cpu_.apic));
    EXPECT_EQ(copy.read(0x390), 700u);
    EXPECT_TRUE(copy.level_triggered(0x61));
    EXPECT_EQ(copy.errors(), 0x40u);
    run_until(1000);
    EXPECT_TRUE(copy.requested(0xec));
}

} // namespace
} // namespace ringer::device
