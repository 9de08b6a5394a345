#include "device/platform/debug_exit.h"

#include "device/fixture/fixture.h"
#include "device/platform/power_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using testing::ElementsAre;

TEST(DebugExit, PassesOnTheLowByteOfAnyWrite) {
    fixture::PowerProbe power;
    DebugExit device(power);
    fixture::out(device, 0, 0x2a);
    EXPECT_EQ(device.write(0, 2, 0x1234), memory::Answer::now);
    EXPECT_EQ(device.write(0, 4, 0xffff'ff07), memory::Answer::now);
    EXPECT_THAT(power.exit_codes, ElementsAre(0x2a, 0x34, 0x07));
}

TEST(DebugExit, IgnoresItsOtherPortsAndReadsAsZero) {
    fixture::PowerProbe power;
    DebugExit device(power);
    fixture::out(device, 1, 0x2a);
    EXPECT_EQ(device.write(2, 2, 0x2a), memory::Answer::now);
    EXPECT_THAT(power.exit_codes, testing::IsEmpty());
    EXPECT_EQ(fixture::in(device, 0), 0);
}

} // namespace
} // namespace ringer::device
