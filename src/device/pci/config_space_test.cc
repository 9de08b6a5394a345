#include "device/pci/config_space.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

TEST(PciConfigSpace, KeepsOnlyTheWritableBits) {
    PciConfigSpace space;
    space.define(0x04, 2, 0x0006, 0x0140);
    space.reset();
    EXPECT_EQ(space.read(0x04, 2), 0x0006u);
    space.write(0x04, 4, 0xffff'ffff);
    EXPECT_EQ(space.read(0x04, 4), 0x0000'0146u);
    space.write(0x05, 1, 0);
    EXPECT_EQ(space.read(0x04, 2), 0x0046u);
    space.reset();
    EXPECT_EQ(space.read(0x04, 2), 0x0006u);
}

TEST(PciConfigSpace, ClearsBitsByWritingOnes) {
    PciConfigSpace space;
    space.define(0x06, 2, 0xff80, 0, 0xf900);
    space.reset();
    space.write(0x06, 2, 0x8000);
    EXPECT_EQ(space.read(0x06, 2), 0x7f80u);
    space.write(0x06, 2, 0xffff);
    EXPECT_EQ(space.read(0x06, 2), 0x0680u);
}

TEST(PciConfigSpace, EndsAt256Bytes) {
    PciConfigSpace space;
    space.define(0xfc, 4, 0x12345678, 0xffff'ffff);
    space.reset();
    space.write(0xff, 4, 0xabcdef99);
    EXPECT_EQ(space.read(0xff, 4), 0x99u);
    EXPECT_EQ(space.read(0x00, 1), 0u);
}

TEST(PciConfigSpace, ListsItsCapabilities) {
    PciConfigSpace space;
    EXPECT_EQ(space.add_capability(0x11, 12), 0x40);
    EXPECT_EQ(space.add_capability(0x09, 19), 0x4c);
    EXPECT_EQ(space.add_capability(0x05, 2), 0x60);
    space.reset();
    EXPECT_EQ(space.read(0x06, 2), 0x0010u);
    EXPECT_EQ(space.read(0x34, 1), 0x40u);
    EXPECT_EQ(space.read(0x40, 2), 0x4c11u);
    EXPECT_EQ(space.read(0x4c, 2), 0x6009u);
    EXPECT_EQ(space.read(0x60, 2), 0x0005u);
}

} // namespace
} // namespace ringer::device
