#include "device/platform/pvpanic.h"

#include "device/fixture/fixture.h"
#include "device/platform/power_probe.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

class PvPanicTest : public testing::Test {
  protected:
    fixture::PowerProbe power_;
    PvPanic device_{power_};
};

TEST_F(PvPanicTest, TellsTheEventsItKnows) { EXPECT_EQ(fixture::in(device_, 0), 0x03); }

TEST_F(PvPanicTest, SignalsWhatIsWritten) {
    fixture::out(device_, 0, 0x01);
    EXPECT_EQ(power_.panics, 1u);
    EXPECT_EQ(power_.crashes, 0u);
    fixture::out(device_, 0, 0x02);
    EXPECT_EQ(power_.panics, 1u);
    EXPECT_EQ(power_.crashes, 1u);
}

TEST_F(PvPanicTest, IgnoresEventsItDoesNotKnow) {
    fixture::out(device_, 0, 0xfc);
    EXPECT_EQ(power_.panics + power_.crashes, 0u);
}

} // namespace
} // namespace ringer::device
