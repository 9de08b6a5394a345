#include "device/interrupt/pic8259.h"

#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using fixture::in;
using fixture::out;

class Pic8259Test : public ::testing::Test {
  protected:
    /// As Linux and most others do: vectors 0x30 and 0x38, cascade on IR2, 8086 mode, everything unmasked.
    void initialize(u8 icw4 = 0x01) {
        for (auto* chip : {&master_, &slave_}) out(*chip, 0, 0x11);
        out(master_, 1, 0x30);
        out(slave_, 1, 0x38);
        out(master_, 1, 0x04);
        out(slave_, 1, 0x02);
        for (auto* chip : {&master_, &slave_}) {
            out(*chip, 1, icw4);
            out(*chip, 1, 0x00);
        }
    }

    void raise(unsigned pin) { pic_.pin_changed(pin, true); }
    void lower(unsigned pin) { pic_.pin_changed(pin, false); }
    void pulse(unsigned pin) {
        lower(pin);
        raise(pin);
    }

    u8 requests(memory::Region& chip) {
        out(chip, 0, 0x0a);
        return in(chip, 0);
    }
    u8 in_service(memory::Region& chip) {
        out(chip, 0, 0x0b);
        return in(chip, 0);
    }

    Pic8259Pair pic_;
    memory::Region& master_ = pic_.master_ports();
    memory::Region& slave_ = pic_.slave_ports();
    fixture::WireProbe intr_{pic_.interrupt()};
};

constexpr u8 eoi = 0x20;

TEST_F(Pic8259Test, IsSilentUntilInitialized) {
    raise(3);
    EXPECT_FALSE(intr_.level());
    out(master_, 1, 0xfb);
    EXPECT_EQ(in(master_, 1), 0xfb) << "Linux probes for the chip by its mask before initializing it";
    out(master_, 0, 0x11);
    out(master_, 1, 0x30);
    pulse(3);
    EXPECT_FALSE(intr_.level()) << "ICW3 and ICW4 are missing";
    out(master_, 1, 0x04);
    EXPECT_FALSE(intr_.level());
    out(master_, 1, 0x01);
    EXPECT_TRUE(intr_.level());
}

TEST_F(Pic8259Test, Icw1ClearsMaskServiceAndEdges) {
    initialize();
    raise(1);
    pic_.acknowledge();
    raise(4);
    out(master_, 1, 0xa5);
    out(master_, 0, 0x11);
    out(master_, 1, 0x20);
    out(master_, 1, 0x04);
    out(master_, 1, 0x01);
    EXPECT_EQ(in(master_, 1), 0x00);
    EXPECT_EQ(in(master_, 0), 0x00) << "reads IRR; the line that stayed high is not seen";
    EXPECT_EQ(in_service(master_), 0x00);
    pulse(4);
    EXPECT_EQ(pic_.acknowledge(), 0x24);
}

TEST_F(Pic8259Test, SingleModeWithoutIcw4TakesTwoWords) {
    out(master_, 0, 0x12);
    out(master_, 1, 0x47);
    out(master_, 1, 0x01);
    EXPECT_EQ(in(master_, 1), 0x01) << "the third word is a mask";
    raise(5);
    EXPECT_EQ(pic_.acknowledge(), 0x45);
}

TEST_F(Pic8259Test, EdgeIsServedOnceUntilItRisesAgain) {
    initialize();
    raise(4);
    EXPECT_TRUE(intr_.level());
    EXPECT_EQ(requests(master_), 0x10);
    EXPECT_EQ(pic_.acknowledge(), 0x34);
    EXPECT_FALSE(intr_.level());
    EXPECT_EQ(requests(master_), 0x00);
    EXPECT_EQ(in_service(master_), 0x10);
    out(master_, 0, eoi);
    EXPECT_FALSE(intr_.level()) << "the line is still high, but there was no new edge";
    pulse(4);
    EXPECT_TRUE(intr_.level());
}

TEST_F(Pic8259Test, AnEdgeThatGoesAwayIsForgottenAndAcknowledgedAsSpurious) {
    initialize();
    raise(4);
    lower(4);
    EXPECT_FALSE(intr_.level());
    EXPECT_EQ(pic_.acknowledge(), 0x37) << "the default IR7";
    EXPECT_EQ(in_service(master_), 0x00);
}

TEST_F(Pic8259Test, APollOfTheSlaveTakesTheRequestFromTheMaster) {
    initialize();
    raise(10);
    out(slave_, 0, 0x0c);
    EXPECT_EQ(in(slave_, 0), 0x82) << "a poll serves IRQ10 behind the master's back";
    EXPECT_FALSE(intr_.level());
    EXPECT_EQ(pic_.acknowledge(), 0x37);
    EXPECT_EQ(in_service(slave_), 0x04);
}

TEST_F(Pic8259Test, LevelTriggeredRequestsLastAsLongAsTheLine) {
    initialize();
    out(pic_.elcr_ports(), 0, 0xff);
    out(pic_.elcr_ports(), 1, 0xff);
    EXPECT_EQ(in(pic_.elcr_ports(), 0), 0xf8);
    EXPECT_EQ(in(pic_.elcr_ports(), 1), 0xde);
    raise(11);
    EXPECT_EQ(pic_.acknowledge(), 0x3b);
    out(slave_, 0, eoi);
    out(master_, 0, eoi);
    EXPECT_TRUE(intr_.level());
    lower(11);
    EXPECT_FALSE(intr_.level());
}

TEST_F(Pic8259Test, MaskHoldsRequestsBack) {
    initialize();
    out(master_, 1, 0x10);
    raise(4);
    EXPECT_FALSE(intr_.level());
    EXPECT_EQ(requests(master_), 0x10);
    out(master_, 1, 0x00);
    EXPECT_TRUE(intr_.level());
}

TEST_F(Pic8259Test, HigherPriorityNestsAndLowerWaits) {
    initialize();
    raise(4);
    pic_.acknowledge();
    raise(6);
    EXPECT_FALSE(intr_.level());
    raise(1);
    EXPECT_TRUE(intr_.level());
    EXPECT_EQ(pic_.acknowledge(), 0x31);
    EXPECT_EQ(in_service(master_), 0x12);
    out(master_, 0, eoi);
    EXPECT_EQ(in_service(master_), 0x10) << "a non-specific EOI ends the highest service";
    EXPECT_FALSE(intr_.level());
    out(master_, 0, eoi);
    EXPECT_EQ(pic_.acknowledge(), 0x36);
}

TEST_F(Pic8259Test, SlaveInterruptsComeThroughTheCascade) {
    initialize();
    raise(8);
    raise(14);
    EXPECT_EQ(requests(master_), 0x04);
    EXPECT_EQ(pic_.acknowledge(), 0x38);
    EXPECT_EQ(in_service(master_), 0x04);
    EXPECT_EQ(in_service(slave_), 0x01);
    EXPECT_FALSE(intr_.level());
    out(slave_, 0, eoi);
    EXPECT_FALSE(intr_.level()) << "the master still serves the cascade";
    out(master_, 0, eoi);
    EXPECT_TRUE(intr_.level());
    EXPECT_EQ(pic_.acknowledge(), 0x3e);
}

TEST_F(Pic8259Test, ASlaveWithAnotherIdentityDoesNotAnswer) {
    initialize();
    out(slave_, 0, 0x11);
    out(slave_, 1, 0x38);
    out(slave_, 1, 0x03);
    out(slave_, 1, 0x01);
    raise(9);
    EXPECT_EQ(pic_.acknowledge(), 0xff);
}

TEST_F(Pic8259Test, SpecificEoiEndsTheNamedService) {
    initialize();
    raise(4);
    pic_.acknowledge();
    raise(1);
    pic_.acknowledge();
    out(master_, 0, 0x64);
    EXPECT_EQ(in_service(master_), 0x02);
}

TEST_F(Pic8259Test, RotationMovesTheServedInputToTheEnd) {
    initialize();
    raise(0);
    raise(1);
    EXPECT_EQ(pic_.acknowledge(), 0x30);
    out(master_, 0, 0xa0); // rotate on non-specific EOI
    pulse(0);
    EXPECT_EQ(pic_.acknowledge(), 0x31);
    out(master_, 0, 0xe1); // rotate on specific EOI
    pulse(1);
    raise(3);
    EXPECT_EQ(pic_.acknowledge(), 0x33);
    out(master_, 0, 0x63);
    out(master_, 0, 0xc0); // IR0 lowest
    EXPECT_EQ(pic_.acknowledge(), 0x31);
    out(master_, 0, 0x61);
    EXPECT_EQ(pic_.acknowledge(), 0x30);
}

TEST_F(Pic8259Test, AutomaticEoiLeavesNothingInService) {
    initialize(0x03);
    raise(0);
    raise(1);
    EXPECT_EQ(pic_.acknowledge(), 0x30);
    EXPECT_EQ(in_service(master_), 0x00);
    EXPECT_TRUE(intr_.level());
    EXPECT_EQ(intr_.rises(), 2u) << "INTR fell with the acknowledge cycle";
    out(master_, 0, 0x80); // rotate in automatic EOI mode
    EXPECT_EQ(pic_.acknowledge(), 0x31);
    raise(2 + 1);
    pulse(0);
    pulse(1);
    EXPECT_EQ(pic_.acknowledge(), 0x33);
    out(master_, 0, 0x00);
    EXPECT_EQ(pic_.acknowledge(), 0x30);
    pulse(0);
    EXPECT_EQ(pic_.acknowledge(), 0x30) << "no rotation any more; IR4 is first, IR0 before IR1";
}

TEST_F(Pic8259Test, AutomaticEoiOfTheSlavePulsesTheCascade) {
    initialize(0x03);
    raise(9);
    raise(12);
    EXPECT_EQ(pic_.acknowledge(), 0x39);
    EXPECT_TRUE(intr_.level());
    EXPECT_EQ(pic_.acknowledge(), 0x3c);
    EXPECT_FALSE(intr_.level());
}

TEST_F(Pic8259Test, SpecialMaskModeLetsLowerPrioritiesThrough) {
    initialize();
    raise(1);
    pic_.acknowledge();
    raise(5);
    out(master_, 0, 0x68);
    EXPECT_FALSE(intr_.level()) << "IR1 is in service and not masked";
    out(master_, 1, 0x02);
    EXPECT_TRUE(intr_.level());
    EXPECT_EQ(pic_.acknowledge(), 0x35);
    out(master_, 0, eoi);
    EXPECT_EQ(in_service(master_), 0x02) << "a non-specific EOI passes over masked services";
    out(master_, 0, 0x48);
    raise(6);
    EXPECT_FALSE(intr_.level());
}

TEST_F(Pic8259Test, SpecialFullyNestedModeLetsTheSlaveNest) {
    initialize(0x11);
    raise(12);
    EXPECT_EQ(pic_.acknowledge(), 0x3c);
    raise(9);
    EXPECT_TRUE(intr_.level());
    raise(3);
    EXPECT_EQ(pic_.acknowledge(), 0x39);
    EXPECT_FALSE(intr_.level()) << "IRQ3 is below the cascade";
    initialize(0x01);
    pulse(12);
    EXPECT_EQ(pic_.acknowledge(), 0x3c);
    pulse(9);
    EXPECT_FALSE(intr_.level()) << "fully nested mode holds it until the EOI";
}

TEST_F(Pic8259Test, PollTakesThePlaceOfAcknowledge) {
    initialize();
    out(master_, 0, 0x0c);
    EXPECT_EQ(in(master_, 0), 0x00);
    raise(5);
    out(master_, 0, 0x0c);
    EXPECT_EQ(in(master_, 1), 0x85) << "at either address";
    EXPECT_EQ(in(master_, 1), 0x00) << "only one read is a poll";
    EXPECT_EQ(in_service(master_), 0x20);
    EXPECT_FALSE(intr_.level());
    raise(9);
    out(master_, 0, 0x0c);
    EXPECT_EQ(in(master_, 0), 0x82);
    out(slave_, 0, 0x0c);
    EXPECT_EQ(in(slave_, 0), 0x81);
}

TEST_F(Pic8259Test, StateMovesToAnotherPair) {
    initialize();
    out(pic_.elcr_ports(), 1, 0x0c);
    raise(1);
    pic_.acknowledge();
    raise(0);
    raise(10);
    Pic8259Pair other;
    fixture::WireProbe other_intr(other.interrupt());
    fixture::copy(pic_, other);
    EXPECT_EQ(fixture::saved(other), fixture::saved(pic_));
    EXPECT_TRUE(other.interrupt().level());
    EXPECT_EQ(other_intr.rises(), 0u);
    EXPECT_EQ(other.acknowledge(), 0x30);
    out(other.master_ports(), 0, eoi);
    out(other.master_ports(), 0, eoi);
    EXPECT_EQ(other.acknowledge(), 0x3a);
}

TEST_F(Pic8259Test, ResetKeepsTheLevelsThatDevicesDrive) {
    initialize();
    raise(11);
    pic_.reset();
    EXPECT_FALSE(intr_.level());
    initialize();
    out(pic_.elcr_ports(), 1, 0x08);
    EXPECT_EQ(pic_.acknowledge(), 0x3b);
}

} // namespace
} // namespace ringer::device
