#include "engine/translator/x87_image.h"

#include <gtest/gtest.h>

namespace ringer::engine::translator {
namespace {

/// By the host: what FNSAVE makes of what FRSTOR has loaded.
X87Image through_registers(X87Image image) {
    asm volatile("frstor %0; fnsave %0" : "+m"(image));
    return image;
}

x86::X87State some_state(u8 valid, unsigned top) {
    x86::X87State x87{.control = 0x27f, .status = static_cast<u16>(0x4122 | top << 11), .valid = valid};
    for (unsigned i = 0; i < 8; ++i)
        for (unsigned byte = 0; byte < 10; ++byte) x87.st[i][byte] = static_cast<u8>(0x11 * i + 3 * byte + 1);
    return x87;
}

TEST(X87Image, HostTakesAndGivesBackEveryTagAndTop) {
    for (unsigned valid = 0; valid < 256; ++valid) {
        for (unsigned top = 0; top < 8; ++top) {
            const x86::X87State before = some_state(static_cast<u8>(valid), top);
            X87Image image{};
            write_image(before, image);
            x86::X87State after{};
            read_image(through_registers(image), after);
            EXPECT_EQ(after.control, before.control);
            EXPECT_EQ(after.status, before.status);
            EXPECT_EQ(after.valid, before.valid);
            EXPECT_EQ(after.st, before.st);
        }
    }
}

TEST(X87Image, PointersAndPaddingStay) {
    x86::X87State x87 = some_state(0x81, 3);
    x87.instruction_pointer = 0x1234'5678'9abc;
    x87.data_pointer = 0x7fff'0000'1111;
    x87.opcode = 0x123;
    X87Image image{};
    write_image(some_state(0, 0), image);
    read_image(image, x87);
    EXPECT_EQ(x87.instruction_pointer, 0x1234'5678'9abcu);
    EXPECT_EQ(x87.data_pointer, 0x7fff'0000'1111u);
    EXPECT_EQ(x87.opcode, 0x123);
    for (const auto& each : x87.st)
        for (unsigned byte = 10; byte < 16; ++byte) EXPECT_EQ(each[byte], 0);
}

} // namespace
} // namespace ringer::engine::translator
