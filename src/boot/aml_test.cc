#include "boot/aml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::boot::aml {
namespace {

using testing::ElementsAre;

/// The lead bytes of a term whose package length was encoded.
Code front(const Code& code, std::size_t count) {
    return Code(code.begin(), code.begin() + static_cast<long>(count));
}

TEST(Aml, IntegersTakeTheirShortestEncoding) {
    EXPECT_THAT(integer(0), ElementsAre(0x00));
    EXPECT_THAT(integer(1), ElementsAre(0x01));
    EXPECT_THAT(integer(2), ElementsAre(0x0a, 0x02));
    EXPECT_THAT(integer(0xff), ElementsAre(0x0a, 0xff));
    EXPECT_THAT(integer(0x100), ElementsAre(0x0b, 0x00, 0x01));
    EXPECT_THAT(integer(0xffff), ElementsAre(0x0b, 0xff, 0xff));
    EXPECT_THAT(integer(0x1'0000), ElementsAre(0x0c, 0x00, 0x00, 0x01, 0x00));
    EXPECT_THAT(integer(0x1'0000'0000), ElementsAre(0x0e, 0, 0, 0, 0, 1, 0, 0, 0));
}

TEST(Aml, StringsEndInNul) { EXPECT_THAT(string("QEMU"), ElementsAre(0x0d, 'Q', 'E', 'M', 'U', 0)); }

TEST(Aml, EisaIdentifiersAreCompressed) {
    EXPECT_THAT(eisa_id("PNP0A03"), ElementsAre(0x0c, 0x41, 0xd0, 0x0a, 0x03));
    EXPECT_THAT(eisa_id("PNP0501"), ElementsAre(0x0c, 0x41, 0xd0, 0x05, 0x01));
}

TEST(Aml, NameStringsArePaddedAndCounted) {
    EXPECT_THAT(name_string("_S5"), ElementsAre('_', 'S', '5', '_'));
    EXPECT_THAT(name_string("\\_SB"), ElementsAre('\\', '_', 'S', 'B', '_'));
    EXPECT_THAT(name_string("\\A.BCDE"), ElementsAre('\\', 0x2e, 'A', '_', '_', '_', 'B', 'C', 'D', 'E'));
    EXPECT_THAT(name_string("A.B.C"),
                ElementsAre(0x2f, 3, 'A', '_', '_', '_', 'B', '_', '_', '_', 'C', '_', '_', '_'));
}

TEST(Aml, PackageLengthsCountThemselves) {
    // One byte up to 63, then two up to 4095, then three.
    EXPECT_THAT(front(scope("X", Code(58)), 3), ElementsAre(0x10, 63, 'X'));
    EXPECT_THAT(front(scope("X", Code(59)), 4), ElementsAre(0x10, 0x40 | (65 & 15), 65 >> 4, 'X'));
    EXPECT_THAT(front(scope("X", Code(4089)), 4), ElementsAre(0x10, 0x4f, 0xff, 'X'));
    EXPECT_THAT(front(scope("X", Code(4090)), 5), ElementsAre(0x10, 0x80 | (4097 & 15), 0x00, 0x01, 'X'));
    EXPECT_THAT(front(scope("X", Code(0xf'ffff)), 6), ElementsAre(0x10, 0xc7, 0x00, 0x00, 0x01, 'X'));
}

TEST(Aml, TermsHoldTheirParts) {
    EXPECT_THAT(name("_UID", integer(1)), ElementsAre(0x08, '_', 'U', 'I', 'D', 0x01));
    EXPECT_THAT(device("COM1", integer(0)), ElementsAre(0x5b, 0x82, 6, 'C', 'O', 'M', '1', 0x00));
    EXPECT_THAT(buffer(Code{7, 8, 9}), ElementsAre(0x11, 6, 0x0a, 3, 7, 8, 9));
    EXPECT_THAT(package(std::vector<Code>{integer(5), integer(0)}), ElementsAre(0x12, 5, 2, 0x0a, 5, 0x00));
}

TEST(Aml, MethodsHoldStatements) {
    EXPECT_THAT(method("_PIC", 1, store(argument(0), "\\M")),
                ElementsAre(0x14, 13, '_', 'P', 'I', 'C', 1, 0x70, 0x68, '\\', 'M', '_', '_', '_'));
    EXPECT_THAT(if_true(argument(6), return_value(integer(1))), ElementsAre(0xa0, 4, 0x6e, 0xa4, 0x01));
}

TEST(AmlResource, SmallDescriptors) {
    EXPECT_THAT(resource::io(0x3f8, 8), ElementsAre(0x47, 1, 0xf8, 0x03, 0xf8, 0x03, 1, 8));
    EXPECT_THAT(resource::irq(4), ElementsAre(0x22, 0x10, 0x00));
    EXPECT_THAT(resource::irq(15), ElementsAre(0x22, 0x00, 0x80));
}

TEST(AmlResource, LargeDescriptors) {
    EXPECT_THAT(resource::memory(0xfec0'0000, 0x1000),
                ElementsAre(0x86, 9, 0, 1, 0x00, 0x00, 0xc0, 0xfe, 0x00, 0x10, 0x00, 0x00));
    EXPECT_THAT(resource::bus_window(0, 255),
                ElementsAre(0x88, 13, 0, 2, 0x0c, 0, 0, 0, 0, 0, 0xff, 0, 0, 0, 0x00, 0x01));
    EXPECT_THAT(resource::io_window(0, 0xcf7),
                ElementsAre(0x88, 13, 0, 1, 0x0c, 3, 0, 0, 0, 0, 0xf7, 0x0c, 0, 0, 0xf8, 0x0c));
    EXPECT_THAT(resource::memory_window(0xc000'0000, 0xfebf'ffff),
                ElementsAre(0x87, 23, 0, 0, 0x0c, 1, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0xff, 0xbf, 0xfe, 0, 0,
                            0, 0, 0, 0, 0xc0, 0x3e));
}

TEST(AmlResource, TemplatesEndInATag) {
    EXPECT_THAT(resource::template_of({resource::irq(0)}),
                ElementsAre(0x11, 8, 0x0a, 5, 0x22, 1, 0, 0x79, 0));
}

} // namespace
} // namespace ringer::boot::aml
