#include "device/platform/reset_control.h"

#include "device/fixture/fixture.h"
#include "device/platform/power_probe.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

class ResetControlTest : public testing::Test {
  protected:
    fixture::PowerProbe power_;
    ResetControl control_{power_};
    memory::Region& cf9_ = control_.reset_control_register();
    memory::Region& port_a_ = control_.system_control_port_a();
};

TEST_F(ResetControlTest, ResetsWhenTheCpuBitRises) {
    fixture::out(cf9_, 0, 0x02);
    EXPECT_EQ(power_.resets, 0u);
    EXPECT_EQ(fixture::in(cf9_, 0), 0x02);
    fixture::out(cf9_, 0, 0x06);
    EXPECT_EQ(power_.resets, 1u);
    fixture::out(cf9_, 0, 0x0e);
    EXPECT_EQ(power_.resets, 1u) << "no rise";
    fixture::out(cf9_, 0, 0x00);
    fixture::out(cf9_, 0, 0x04);
    EXPECT_EQ(power_.resets, 2u) << "a soft reset";
}

TEST_F(ResetControlTest, ResetsInOneWriteAsAcpiDoesIt) {
    fixture::out(cf9_, 0, 0x06);
    EXPECT_EQ(power_.resets, 1u);
    control_.reset();
    EXPECT_EQ(fixture::in(cf9_, 0), 0);
}

TEST_F(ResetControlTest, KeepsTheBitsThatExist) {
    fixture::out(cf9_, 0, 0xfb);
    EXPECT_EQ(fixture::in(cf9_, 0), 0x0a);
    fixture::out(port_a_, 0, 0xfe);
    EXPECT_EQ(fixture::in(port_a_, 0), 0x02);
}

TEST_F(ResetControlTest, ReportsA20AndResetsFast) {
    EXPECT_EQ(fixture::in(port_a_, 0), 0x02);
    fixture::out(port_a_, 0, 0x00);
    EXPECT_EQ(fixture::in(port_a_, 0), 0x00);
    fixture::out(port_a_, 0, 0x03);
    EXPECT_EQ(power_.resets, 1u);
    fixture::out(port_a_, 0, 0x01);
    EXPECT_EQ(power_.resets, 1u) << "no rise";
}

TEST_F(ResetControlTest, RestoresState) {
    fixture::out(cf9_, 0, 0x02);
    fixture::out(port_a_, 0, 0x00);
    ResetControl loaded(power_);
    fixture::copy(control_, loaded);
    EXPECT_EQ(fixture::in(loaded.reset_control_register(), 0), 0x02);
    EXPECT_EQ(fixture::in(loaded.system_control_port_a(), 0), 0x00);
    EXPECT_EQ(power_.resets, 0u);
}

} // namespace
} // namespace ringer::device
