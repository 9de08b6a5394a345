#include "device/fixture/fixture.h"
#include "device/input/ps2_keyboard.h"
#include "device/input/ps2_mouse.h"
#include "device/input/scan_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<u8> sent_by(Ps2Device& device) {
    std::vector<u8> bytes;
    while (device.has_byte()) bytes.push_back(device.next_byte());
    return bytes;
}

std::vector<u8> answer(Ps2Device& device, std::initializer_list<u8> bytes) {
    for (const u8 byte : bytes) device.receive(byte);
    return sent_by(device);
}

TEST(ScanCodes, AreTheSameKeyInBothSets) {
    for (u8 code = 1; code <= 0x58; ++code) EXPECT_EQ(set_1_of(set_2_of(code)), code);
    EXPECT_EQ(set_2_of(0x1e), 0x1c);
    EXPECT_EQ(set_2_of(0x41), 0x83) << "F7";
    EXPECT_EQ(set_1_of(0xfa), 0xfa) << "answers are not translated";
}

TEST(Ps2Keyboard, AnswersCommands) {
    Ps2Keyboard keyboard;
    EXPECT_THAT(answer(keyboard, {0xff}), ElementsAre(0xfa, 0xaa));
    EXPECT_THAT(answer(keyboard, {0xfe}), ElementsAre(0xaa)) << "once more";
    EXPECT_THAT(answer(keyboard, {0xee}), ElementsAre(0xee));
    EXPECT_THAT(answer(keyboard, {0xf2}), ElementsAre(0xfa, 0xab, 0x83));
    EXPECT_THAT(answer(keyboard, {0xed, 0x05}), ElementsAre(0xfa, 0xfa));
    EXPECT_EQ(keyboard.indicators(), 5);
    EXPECT_THAT(answer(keyboard, {0xf3, 0x20}), ElementsAre(0xfa, 0xfa));
    EXPECT_THAT(answer(keyboard, {0x00}), ElementsAre(0xfe));
    EXPECT_THAT(answer(keyboard, {0xf1}), ElementsAre(0xfe));
}

TEST(Ps2Keyboard, TakesACommandInPlaceOfAParameter) {
    Ps2Keyboard keyboard;
    EXPECT_THAT(answer(keyboard, {0xed, 0xee}), ElementsAre(0xee));
    EXPECT_THAT(answer(keyboard, {0x05}), ElementsAre(0xfe));
}

TEST(Ps2Keyboard, SwitchesScanCodeSets) {
    Ps2Keyboard keyboard;
    EXPECT_THAT(answer(keyboard, {0xf0, 0x00}), ElementsAre(0xfa, 0xfa, 0x02));
    EXPECT_THAT(answer(keyboard, {0xf0, 0x01}), ElementsAre(0xfa, 0xfa));
    keyboard.take({0xe048, true});
    keyboard.take({0xe048, false});
    EXPECT_THAT(sent_by(keyboard), ElementsAre(0xe0, 0x48, 0xe0, 0xc8));
    EXPECT_THAT(answer(keyboard, {0xf0, 0x03}), ElementsAre(0xfa, 0xfe)) << "it has no set 3";
    EXPECT_THAT(answer(keyboard, {0xf6}), ElementsAre(0xfa));
    keyboard.take({0x1e, false});
    EXPECT_THAT(sent_by(keyboard), ElementsAre(0xf0, 0x1c));
}

TEST(Ps2Keyboard, SendsNothingWhileDisabled) {
    Ps2Keyboard keyboard;
    EXPECT_THAT(answer(keyboard, {0xf5}), ElementsAre(0xfa));
    keyboard.take({0x1e, true});
    EXPECT_THAT(sent_by(keyboard), IsEmpty());
    EXPECT_THAT(answer(keyboard, {0xf4}), ElementsAre(0xfa));
    keyboard.take({0x1e, true});
    EXPECT_THAT(sent_by(keyboard), ElementsAre(0x1c));
}

class Ps2MouseTest : public testing::Test {
  protected:
    void enable() { EXPECT_THAT(answer(mouse_, {0xf4}), ElementsAre(0xfa)); }

    Ps2Mouse mouse_;
};

TEST_F(Ps2MouseTest, AnswersCommands) {
    EXPECT_THAT(answer(mouse_, {0xff}), ElementsAre(0xfa, 0xaa, 0x00));
    EXPECT_THAT(answer(mouse_, {0xe8, 0x03}), ElementsAre(0xfa, 0xfa));
    EXPECT_THAT(answer(mouse_, {0xf3, 40}), ElementsAre(0xfa, 0xfa));
    EXPECT_THAT(answer(mouse_, {0xe7}), ElementsAre(0xfa));
    EXPECT_THAT(answer(mouse_, {0xe9}), ElementsAre(0xfa, 0x10, 3, 40));
    EXPECT_THAT(answer(mouse_, {0x01}), ElementsAre(0xfe));
    EXPECT_THAT(answer(mouse_, {0xee, 0xf4, 0x12, 0xec}), ElementsAre(0xfa))
        << "an ACK clears what was sent back";
}

TEST_F(Ps2MouseTest, MovesOnlyWhenEnabled) {
    mouse_.take({.dx = 5});
    EXPECT_THAT(sent_by(mouse_), IsEmpty());
    enable();
    mouse_.take({.dx = -1, .dy = 2});
    EXPECT_THAT(sent_by(mouse_), ElementsAre(0x38, 0xff, 0xfe));
    mouse_.take({.buttons = PointerEvent::right});
    mouse_.take({});
    EXPECT_THAT(sent_by(mouse_), ElementsAre(0x0a, 0, 0, 0x08, 0, 0));
}

TEST_F(Ps2MouseTest, TellsALongWayInSeveralPackets) {
    enable();
    mouse_.take({.dx = 300, .dy = -300});
    EXPECT_THAT(sent_by(mouse_), ElementsAre(0x08, 255, 255, 0x08, 45, 45));
}

TEST_F(Ps2MouseTest, HasAWheelWhenAskedLikeAnIntelliMouse) {
    enable();
    mouse_.take({.dz = 1});
    EXPECT_THAT(sent_by(mouse_), IsEmpty());
    EXPECT_THAT(answer(mouse_, {0xf2}), ElementsAre(0xfa, 0));
    EXPECT_THAT(answer(mouse_, {0xf3, 200, 0xf3, 100, 0xf3, 80, 0xf2}), ElementsAre(0xfa, 3));
    EXPECT_THAT(answer(mouse_, {0xf5, 0xf6, 0xf4}), ElementsAre(0xfa));
    mouse_.take({.dz = -1});
    EXPECT_THAT(sent_by(mouse_), ElementsAre(0x08, 0, 0, 0xff));
    EXPECT_THAT(answer(mouse_, {0xff, 0xf2}), ElementsAre(0xfa, 0)) << "a reset takes it away";
    EXPECT_THAT(answer(mouse_, {0xf3, 200, 0xf3, 100, 0xff, 0xf3, 80, 0xf2}), ElementsAre(0xfa, 0))
        << "and forgets half the question";
}

TEST_F(Ps2MouseTest, TellsOnRequestInRemoteMode) {
    EXPECT_THAT(answer(mouse_, {0xf0}), ElementsAre(0xfa));
    mouse_.take({.dx = 7, .buttons = PointerEvent::middle});
    EXPECT_THAT(sent_by(mouse_), IsEmpty());
    EXPECT_THAT(answer(mouse_, {0xeb}), ElementsAre(0xfa, 0x0c, 7, 0));
    EXPECT_THAT(answer(mouse_, {0xeb}), ElementsAre(0xfa, 0x0c, 0, 0));
}

TEST_F(Ps2MouseTest, ScalesSmallMovementsDown) {
    EXPECT_THAT(answer(mouse_, {0xe7, 0xf4}), ElementsAre(0xfa));
    mouse_.take({.dx = 2, .dy = -10});
    EXPECT_THAT(sent_by(mouse_), ElementsAre(0x08, 1, 20));
}

} // namespace
} // namespace ringer::device
