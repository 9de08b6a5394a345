#include "device/platform/keyboard_controller.h"

#include "device/fixture/fixture.h"
#include "device/platform/power_probe.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

constexpr u8 output_full = 0x01, system_flag = 0x04, last_was_command = 0x08, unlocked = 0x10,
             from_auxiliary = 0x20, timeout = 0x40;

class KeyboardControllerTest : public testing::Test {
  protected:
    u8 status() { return fixture::in(controller_.command_port(), 0); }
    u8 read() { return fixture::in(controller_.data_port(), 0); }
    void command(u8 value) { fixture::out(controller_.command_port(), 0, value); }
    void data(u8 value) { fixture::out(controller_.data_port(), 0, value); }

    /// The answer to a command, which must be there at once, from the keyboard's side.
    u8 ask(u8 value) {
        command(value);
        EXPECT_EQ(status() & (output_full | from_auxiliary | timeout), output_full);
        const u8 answer = read();
        EXPECT_EQ(status() & output_full, 0);
        return answer;
    }
    void set_command_byte(u8 value) {
        command(0x60);
        data(value);
    }

    fixture::PowerProbe power_;
    KeyboardController controller_{power_};
    fixture::WireProbe irq1_{controller_.keyboard_interrupt()};
    fixture::WireProbe irq12_{controller_.auxiliary_interrupt()};
};

TEST_F(KeyboardControllerTest, StartsWithEmptyBuffersAndBothPortsDisabled) {
    EXPECT_EQ(status(), unlocked);
    EXPECT_EQ(ask(0x20), 0x30);
}

TEST_F(KeyboardControllerTest, PassesItsSelfTest) {
    EXPECT_EQ(ask(0xaa), 0x55);
    EXPECT_EQ(status(), unlocked | system_flag | last_was_command);
    EXPECT_EQ(ask(0xab), 0x00);
    EXPECT_EQ(ask(0xa9), 0x00);
    EXPECT_EQ(ask(0x20), 0x74);
}

TEST_F(KeyboardControllerTest, KeepsItsCommandByte) {
    set_command_byte(0xff);
    EXPECT_EQ(ask(0x20), 0x7f);
    EXPECT_EQ(ask(0x20), 0x7f);
    set_command_byte(0x00);
    EXPECT_EQ(ask(0x20), 0x00);
    EXPECT_EQ(status() & system_flag, 0);
}

TEST_F(KeyboardControllerTest, EnablesAndDisablesItsPorts) {
    set_command_byte(0x00);
    command(0xa7);
    EXPECT_EQ(ask(0x20), 0x20);
    command(0xad);
    EXPECT_EQ(ask(0x20), 0x30);
    EXPECT_EQ(ask(0xe0), 0x00) << "the clock lines are held low";
    command(0xa8);
    EXPECT_EQ(ask(0x20), 0x10);
    command(0xae);
    EXPECT_EQ(ask(0x20), 0x00);
    EXPECT_EQ(ask(0xe0), 0x03);
}

TEST_F(KeyboardControllerTest, TellsAtOnceThatNoKeyboardAnswers) {
    set_command_byte(0x31);
    data(0xf2);
    EXPECT_TRUE(irq1_.level());
    EXPECT_EQ(status(), unlocked | output_full | timeout);
    EXPECT_EQ(read(), 0xfe);
    EXPECT_FALSE(irq1_.level());
    EXPECT_EQ(status(), unlocked);
    EXPECT_EQ(ask(0x20), 0x21) << "sending has enabled the port";
}

TEST_F(KeyboardControllerTest, TellsAtOnceThatNoAuxiliaryDeviceAnswers) {
    set_command_byte(0x32);
    command(0xd4);
    data(0xf2);
    EXPECT_TRUE(irq12_.level());
    EXPECT_FALSE(irq1_.level());
    EXPECT_EQ(status(), unlocked | output_full | from_auxiliary | timeout);
    EXPECT_EQ(read(), 0xfe);
    EXPECT_FALSE(irq12_.level());
}

TEST_F(KeyboardControllerTest, LoopsBytesBackToEitherBuffer) {
    set_command_byte(0x03);
    command(0xd3);
    data(0x5a);
    EXPECT_EQ(status() & (output_full | from_auxiliary | timeout), output_full | from_auxiliary);
    EXPECT_TRUE(irq12_.level());
    EXPECT_EQ(read(), 0x5a);
    command(0xd2);
    data(0xa5);
    EXPECT_EQ(status() & (output_full | from_auxiliary), output_full);
    EXPECT_TRUE(irq1_.level());
    EXPECT_EQ(read(), 0xa5);
    EXPECT_EQ(irq1_.rises() + irq12_.rises(), 2u);
}

TEST_F(KeyboardControllerTest, InterruptsOnlyAsTheCommandByteAllows) {
    set_command_byte(0x00);
    data(0xf2);
    EXPECT_FALSE(irq1_.level());
    set_command_byte(0x01);
    EXPECT_TRUE(irq1_.level());
    set_command_byte(0x00);
    EXPECT_FALSE(irq1_.level());
}

TEST_F(KeyboardControllerTest, ReportsA20AndItsLinesInTheOutputPort) {
    EXPECT_EQ(ask(0xd0), 0xc3);
    command(0xd1);
    data(0xdd);
    EXPECT_EQ(ask(0xd0), 0xcd);
    command(0xd1);
    data(0xdf);
    EXPECT_EQ(ask(0xd0), 0xcf);
    EXPECT_EQ(power_.resets, 0u);
    command(0xd3);
    data(0x00);
    EXPECT_EQ(ask(0xd0), 0xef) << "an auxiliary byte waits";
}

TEST_F(KeyboardControllerTest, ResetsTheMachineByPulseAndByTheOutputPort) {
    command(0xff);
    EXPECT_EQ(power_.resets, 0u);
    command(0xfe);
    EXPECT_EQ(power_.resets, 1u);
    command(0xf0);
    EXPECT_EQ(power_.resets, 2u);
    command(0xd1);
    data(0xde);
    EXPECT_EQ(power_.resets, 3u);
}

TEST_F(KeyboardControllerTest, TakesACommandInPlaceOfAParameter) {
    command(0x60);
    EXPECT_EQ(ask(0xc0), 0xa0);
    set_command_byte(0x00);
    data(0x45);
    EXPECT_EQ(read(), 0xfe) << "for the keyboard, not a parameter";
    EXPECT_EQ(ask(0x20), 0x00);
    EXPECT_EQ(ask(0xa4), 0xf1);
}

TEST_F(KeyboardControllerTest, SurvivesEveryCommandAndParameter) {
    for (unsigned value = 0; value < 0x100; ++value) {
        command(static_cast<u8>(value));
        for (unsigned parameter : {0x00u, 0x01u, 0xffu}) data(static_cast<u8>(parameter));
        read();
        EXPECT_EQ(status() & output_full, 0) << value;
    }
}

TEST_F(KeyboardControllerTest, RestoresItsWires) {
    set_command_byte(0x01);
    data(0xf2);
    KeyboardController loaded(power_);
    fixture::WireProbe probe(loaded.keyboard_interrupt());
    fixture::copy(controller_, loaded);
    EXPECT_TRUE(loaded.keyboard_interrupt().level());
    EXPECT_EQ(probe.rises(), 0u);
    EXPECT_EQ(fixture::in(loaded.data_port(), 0), 0xfe);
    EXPECT_EQ(probe.falls(), 1u);
    controller_.reset();
    EXPECT_FALSE(irq1_.level());
    EXPECT_EQ(status(), unlocked);
}

} // namespace
} // namespace ringer::device
