#include "device/platform/keyboard_controller.h"

#include "device/fixture/fixture.h"
#include "device/platform/power_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using testing::ElementsAre;

constexpr u8 output_full = 0x01, system_flag = 0x04, last_was_command = 0x08, unlocked = 0x10,
             from_auxiliary = 0x20;

class KeyboardControllerTest : public testing::Test {
  protected:
    u8 status() { return fixture::in(controller_.command_port(), 0); }
    u8 read() { return fixture::in(controller_.data_port(), 0); }
    void command(u8 value) { fixture::out(controller_.command_port(), 0, value); }
    void data(u8 value) { fixture::out(controller_.data_port(), 0, value); }

    /// The answer to a command, which must be there at once, from the keyboard's side.
    u8 ask(u8 value) {
        command(value);
        EXPECT_EQ(status() & (output_full | from_auxiliary), output_full);
        const u8 answer = read();
        EXPECT_EQ(status() & output_full, 0);
        return answer;
    }
    void set_command_byte(u8 value) {
        command(0x60);
        data(value);
    }

    /// Lets the bytes of the devices arrive that are under way; each is to be read by the guest.
    void pass_time() { fixture::run_until(clock_, timers_, clock_.now() + KeyboardController::byte_time); }
    void send_to_mouse(u8 value) {
        command(0xd4);
        data(value);
    }
    /// What the devices send until they have nothing left.
    std::vector<u8> received() {
        std::vector<u8> bytes;
        // A prefix that is translated away takes time as well.
        for (unsigned idle = 0; idle < 3;) {
            pass_time();
            const bool has_come = status() & output_full;
            if (has_come) bytes.push_back(read());
            idle = has_come ? 0 : idle + 1;
        }
        return bytes;
    }
    void press(u16 code, bool pressed = true) { controller_.take(KeyEvent{code, pressed}); }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    fixture::PowerProbe power_;
    KeyboardController controller_{power_, timers_};
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

TEST_F(KeyboardControllerTest, PassesOnWhatItsKeyboardAnswers) {
    set_command_byte(0x31);
    data(0xf2);
    EXPECT_EQ(status(), unlocked) << "the answer is under way";
    pass_time();
    EXPECT_TRUE(irq1_.level());
    EXPECT_EQ(status(), unlocked | output_full);
    EXPECT_EQ(read(), 0xfa);
    EXPECT_FALSE(irq1_.level());
    EXPECT_THAT(received(), ElementsAre(0xab, 0x83));
    EXPECT_EQ(ask(0x20), 0x21) << "sending has enabled the port";
    EXPECT_EQ(irq1_.rises(), 4u);
}

TEST_F(KeyboardControllerTest, PassesOnWhatItsMouseAnswers) {
    set_command_byte(0x32);
    send_to_mouse(0xf2);
    pass_time();
    EXPECT_TRUE(irq12_.level());
    EXPECT_FALSE(irq1_.level());
    EXPECT_EQ(status(), unlocked | output_full | from_auxiliary);
    EXPECT_THAT(received(), ElementsAre(0xfa, 0x00));
    EXPECT_FALSE(irq12_.level());
}

TEST_F(KeyboardControllerTest, TranslatesKeysToScanCodeSet1) {
    set_command_byte(0x41);
    press(0x1e);
    press(0x1e, false);
    press(0xe04d);
    press(0xe04d, false);
    EXPECT_THAT(received(), ElementsAre(0x1e, 0x9e, 0xe0, 0x4d, 0xe0, 0xcd));
    press(0x41);
    press(0xe11d);
    EXPECT_THAT(received(), ElementsAre(0x41, 0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5));
    set_command_byte(0x01);
    press(0x1e);
    press(0xe04d, false);
    EXPECT_THAT(received(), ElementsAre(0x1c, 0xe0, 0xf0, 0x74));
}

TEST_F(KeyboardControllerTest, KeepsKeysWhileThePortIsDisabled) {
    set_command_byte(0x51);
    press(0x1e);
    EXPECT_THAT(received(), ElementsAre());
    command(0xae);
    EXPECT_THAT(received(), ElementsAre(0x1e));
}

TEST_F(KeyboardControllerTest, TellsWhenItTakesNoMoreKeys) {
    set_command_byte(0x51);
    unsigned taken = 0;
    for (; controller_.has_room(); ++taken) press(0x1e);
    EXPECT_GT(taken, 8u);
    command(0xae);
    EXPECT_EQ(received().size(), taken) << "none was lost";
    EXPECT_TRUE(controller_.has_room());
}

TEST_F(KeyboardControllerTest, AnAnswerWaitsUntilAKeyHasBeenRead) {
    set_command_byte(0x41);
    press(0x1e);
    pass_time();
    command(0x20);
    EXPECT_EQ(read(), 0x1e);
    EXPECT_EQ(status() & output_full, output_full);
    EXPECT_EQ(read(), 0x41);
    EXPECT_EQ(irq1_.rises(), 2u);
}

TEST_F(KeyboardControllerTest, TellsOfTheMouseInPackets) {
    set_command_byte(0x43);
    send_to_mouse(0xf4);
    EXPECT_THAT(received(), ElementsAre(0xfa));
    controller_.take(PointerEvent{.dx = 5, .dy = 3, .buttons = PointerEvent::left});
    EXPECT_THAT(received(), ElementsAre(0x29, 0x05, 0xfd));
}

TEST_F(KeyboardControllerTest, LoopsBytesBackToEitherBuffer) {
    set_command_byte(0x03);
    command(0xd3);
    data(0x5a);
    EXPECT_EQ(status() & (output_full | from_auxiliary), output_full | from_auxiliary);
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
    pass_time();
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
    command(0xd0);
    EXPECT_EQ(read(), 0x00);
    EXPECT_EQ(read(), 0xef) << "an auxiliary byte waited";
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
    EXPECT_THAT(received(), ElementsAre(0xfe)) << "for the keyboard, not a parameter";
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
    pass_time();
    KeyboardController loaded(power_, timers_);
    fixture::WireProbe probe(loaded.keyboard_interrupt());
    fixture::copy(controller_, loaded);
    EXPECT_TRUE(loaded.keyboard_interrupt().level());
    EXPECT_EQ(probe.rises(), 0u);
    EXPECT_EQ(fixture::in(loaded.data_port(), 0), 0xfa);
    EXPECT_EQ(probe.falls(), 1u);
    pass_time();
    EXPECT_EQ(fixture::in(loaded.data_port(), 0), 0xab) << "what was under way arrives";
    controller_.reset();
    EXPECT_FALSE(irq1_.level());
    EXPECT_EQ(status(), unlocked);
}

} // namespace
} // namespace ringer::device
