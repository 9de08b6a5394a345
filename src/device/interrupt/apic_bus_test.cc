#include "device/interrupt/apic_bus.h"

#include "device/interrupt/apic_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr u32 all = 2 << 18, all_but_self = 3 << 18;

class ApicBusTest : public testing::Test {
  protected:
    ApicBusTest() {
        for (auto* cpu : cpus_) cpu->enable();
    }

    /// The processors that have `vector` requested.
    std::vector<unsigned> requested(u8 vector) {
        std::vector<unsigned> found;
        for (unsigned i = 0; i < 3; ++i) {
            if (cpus_[i]->requested(vector)) found.push_back(i);
        }
        return found;
    }

    bool send_logical(u8 destination, u8 vector, DeliveryMode mode = DeliveryMode::fixed) {
        return bus_.send({.destination = destination,
                          .destination_mode = DestinationMode::logical,
                          .delivery_mode = mode,
                          .vector = vector});
    }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    ApicBus bus_;
    fixture::ApicUnderTest a_{0, timers_, bus_}, b_{1, timers_, bus_}, c_{2, timers_, bus_};
    fixture::ApicUnderTest* cpus_[3] = {&a_, &b_, &c_};
};

TEST_F(ApicBusTest, SendsToOnePhysicalDestination) {
    a_.write(0x310, 1 << 24);
    a_.write(0x300, 0x4041);
    EXPECT_THAT(requested(0x41), ElementsAre(1));
    a_.write(0x310, 9 << 24);
    a_.write(0x300, 0x4042);
    EXPECT_THAT(requested(0x42), IsEmpty());
    a_.write(0x310, 0xff00'0000);
    a_.write(0x300, 0x4043);
    EXPECT_THAT(requested(0x43), ElementsAre(0, 1, 2));
}

TEST_F(ApicBusTest, SendsByShorthand) {
    a_.write(0x310, 1 << 24);
    a_.write(0x300, 0x4041 | all);
    EXPECT_THAT(requested(0x41), ElementsAre(0, 1, 2));
    b_.write(0x300, 0x4042 | all_but_self);
    EXPECT_THAT(requested(0x42), ElementsAre(0, 2));
    b_.write(0x300, 0x4400 | all);
    EXPECT_EQ(a_.pins.nmis, 0u) << "an invalid combination";
    b_.write(0x300, 0x4400 | all_but_self);
    EXPECT_EQ(a_.pins.nmis + c_.pins.nmis, 2u);
    EXPECT_EQ(b_.pins.nmis, 0u);
}

TEST_F(ApicBusTest, StartsProcessorsWithInitAndStartup) {
    a_.write(0x300, 0xc500 | all_but_self);
    a_.write(0x300, 0x8500 | all_but_self);
    a_.write(0x310, 2 << 24);
    a_.write(0x300, 0x4699);
    EXPECT_EQ(a_.pins.inits, 0u);
    EXPECT_EQ(b_.pins.inits, 1u);
    EXPECT_EQ(c_.pins.inits, 1u);
    EXPECT_THAT(b_.pins.startups, IsEmpty());
    EXPECT_THAT(c_.pins.startups, ElementsAre(0x99));
}

TEST_F(ApicBusTest, MatchesLogicalDestinationsInTheFlatModel) {
    for (unsigned i = 0; i < 3; ++i) cpus_[i]->write(0xd0, 1u << (24 + i));
    EXPECT_TRUE(send_logical(0b101, 0x41));
    EXPECT_THAT(requested(0x41), ElementsAre(0, 2));
    EXPECT_TRUE(send_logical(0xff, 0x42));
    EXPECT_THAT(requested(0x42), ElementsAre(0, 1, 2));
    EXPECT_FALSE(send_logical(0b1000, 0x43));
}

TEST_F(ApicBusTest, MatchesLogicalDestinationsInTheClusterModel) {
    const u32 ids[] = {0x11, 0x12, 0x21};
    for (unsigned i = 0; i < 3; ++i) {
        cpus_[i]->write(0xe0, 0);
        EXPECT_EQ(cpus_[i]->read(0xe0), 0x0fff'ffffu);
        cpus_[i]->write(0xd0, ids[i] << 24);
    }
    EXPECT_TRUE(send_logical(0x13, 0x41));
    EXPECT_THAT(requested(0x41), ElementsAre(0, 1));
    EXPECT_TRUE(send_logical(0x21, 0x42));
    EXPECT_THAT(requested(0x42), ElementsAre(2));
    EXPECT_TRUE(send_logical(0xff, 0x43));
    EXPECT_THAT(requested(0x43), ElementsAre(0, 1, 2));
}

TEST_F(ApicBusTest, GivesALowestPriorityInterruptToTheLeastBusy) {
    for (auto* cpu : cpus_) cpu->write(0xd0, 0x0100'0000);
    a_.write(0x80, 0x20);
    c_.write(0x80, 0x30);
    EXPECT_TRUE(send_logical(1, 0x41, DeliveryMode::lowest_priority));
    EXPECT_THAT(requested(0x41), ElementsAre(1));
    b_.write(0xf0, 0xff);
    EXPECT_TRUE(send_logical(1, 0x42, DeliveryMode::lowest_priority));
    EXPECT_THAT(requested(0x42), ElementsAre(0)) << "one that takes no interrupts is passed over";
    EXPECT_FALSE(send_logical(2, 0x43, DeliveryMode::lowest_priority));
}

TEST_F(ApicBusTest, DropsReservedDeliveryModes) {
    EXPECT_FALSE(
        bus_.send({.destination = 0, .delivery_mode = static_cast<DeliveryMode>(3), .vector = 0x41}));
    a_.write(0x300, 0x4341);
    a_.write(0x300, 0x4741);
    EXPECT_FALSE(a_.pins.interrupt);
}

TEST(MessageSignalledInterrupt, TakesDestinationFromTheAddressAndTheRestFromTheData) {
    const auto message = message_signalled_interrupt(0xfee0'5000, 0x41);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->destination, 5u);
    EXPECT_EQ(message->destination_mode, DestinationMode::physical);
    EXPECT_EQ(message->delivery_mode, DeliveryMode::fixed);
    EXPECT_EQ(message->vector, 0x41);
    EXPECT_EQ(message->trigger, Trigger::edge);
    EXPECT_TRUE(message->level);
}

TEST(MessageSignalledInterrupt, TakesItsDestinationModeWithOrWithoutTheRedirectionHint) {
    EXPECT_EQ(message_signalled_interrupt(0xfeef'f008, 0)->destination, broadcast_destination);
    EXPECT_EQ(message_signalled_interrupt(0xfee0'1004, 0)->destination, 1u);
    EXPECT_EQ(message_signalled_interrupt(0xfee0'1004, 0)->destination_mode, DestinationMode::logical);
    const auto logical = message_signalled_interrupt(0xfeef'f00c, 0x141);
    EXPECT_EQ(logical->destination, 0xffu);
    EXPECT_EQ(logical->destination_mode, DestinationMode::logical);
    EXPECT_EQ(logical->delivery_mode, DeliveryMode::lowest_priority);
}

TEST(MessageSignalledInterrupt, CanBeLevelTriggered) {
    EXPECT_EQ(message_signalled_interrupt(0xfee0'0000, 0xc041)->trigger, Trigger::level);
    EXPECT_TRUE(message_signalled_interrupt(0xfee0'0000, 0xc041)->level);
    EXPECT_FALSE(message_signalled_interrupt(0xfee0'0000, 0x8041)->level);
}

TEST(MessageSignalledInterrupt, LiesAtItsAddressesAlone) {
    EXPECT_EQ(message_signalled_interrupt(0xfed0'0000, 0x41), std::nullopt);
    EXPECT_EQ(message_signalled_interrupt(0x1'fee0'0000, 0x41), std::nullopt);
}

} // namespace
} // namespace ringer::device
