#include "device/pci/piix3.h"

#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

class Piix3Test : public testing::Test {
  protected:
    /// INTA# to INTD# of a device.
    void drive(unsigned device, unsigned pin, bool level) {
        piix3_.pci_input().pin_changed(4 * device + pin, level);
    }
    void route(u8 pirq, u8 value) { piix3_.write_config(0x60 + pirq, 1, value); }

    Piix3 piix3_;
    fixture::WireProbe isa_10_{piix3_.isa_output(10)}, isa_11_{piix3_.isa_output(11)},
        io_apic_2_{piix3_.io_apic_output(2)};
};

TEST_F(Piix3Test, IsAnIsaBridgeOfSeveralFunctions) {
    EXPECT_EQ(piix3_.read_config(0x00, 4), 0x7000'8086u);
    EXPECT_EQ(piix3_.read_config(0x08, 4), 0x0601'0000u);
    EXPECT_EQ(piix3_.read_config(0x0e, 1), 0x80u);
    EXPECT_EQ(piix3_.read_config(0x60, 4), 0x8080'8080u) << "routing is disabled";
}

TEST_F(Piix3Test, CanBeRoutedWithoutFirmware) {
    Piix3 routed(Piix3::Routes{10, 10, 11, 11});
    const fixture::WireProbe isa_11(routed.isa_output(11));
    routed.write_config(0x60, 4, 0x8080'8080u);
    routed.reset();
    EXPECT_EQ(routed.read_config(0x60, 4), 0x0b0b'0a0au);
    routed.pci_input().pin_changed(3 * 4, true);
    EXPECT_TRUE(isa_11.level());
}

TEST_F(Piix3Test, PassesIsaLinesThrough) {
    piix3_.isa_input().pin_changed(10, true);
    EXPECT_TRUE(isa_10_.level());
    piix3_.isa_input().pin_changed(10, false);
    EXPECT_FALSE(isa_10_.level());
}

TEST_F(Piix3Test, RoutesPciInterrupts) {
    drive(2, 0, true); // PIRQB#
    EXPECT_TRUE(io_apic_2_.level());
    EXPECT_FALSE(isa_10_.level());
    route(1, 10);
    EXPECT_TRUE(isa_10_.level());
    route(1, 11);
    EXPECT_FALSE(isa_10_.level());
    EXPECT_TRUE(isa_11_.level());
    drive(2, 0, false);
    EXPECT_FALSE(isa_11_.level());
    EXPECT_FALSE(io_apic_2_.level());
}

TEST_F(Piix3Test, SharedLinesStayHighUntilTheLastIsLow) {
    route(0, 11);
    route(1, 11);
    drive(1, 0, true);
    drive(2, 0, true);
    piix3_.isa_input().pin_changed(11, true);
    drive(1, 0, false);
    drive(2, 0, false);
    EXPECT_TRUE(isa_11_.level());
    piix3_.isa_input().pin_changed(11, false);
    EXPECT_FALSE(isa_11_.level());
    EXPECT_EQ(isa_11_.rises(), 1u);
}

TEST_F(Piix3Test, DoesNotRouteToReservedLines) {
    fixture::WireProbe timer(piix3_.isa_output(0)), cascade(piix3_.isa_output(2)), fpu(piix3_.isa_output(13));
    drive(1, 0, true);
    for (const u8 line : {0, 1, 2, 8, 13}) route(0, line);
    EXPECT_EQ(timer.rises() + cascade.rises() + fpu.rises(), 0u);
}

TEST_F(Piix3Test, RestoresState) {
    route(0, 10);
    drive(1, 0, true);
    Piix3 loaded;
    fixture::copy(piix3_, loaded);
    EXPECT_TRUE(loaded.isa_output(10).level());
    EXPECT_EQ(fixture::saved(loaded), fixture::saved(piix3_));
}

} // namespace
} // namespace ringer::device
